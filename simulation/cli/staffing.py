"""`careroute staffing`: the agents of a roster beside those that the load asks for."""

from pathlib import Path
from typing import Annotated

import typer

from simulation.staffing.required import Method
from simulation.staffing.rules import Rule


def staffing(
    scenario: Annotated[Path, typer.Argument(help="The scenario file (careroute/scenario/1).")],
    *,
    roster: Annotated[str | None, typer.Option(help="A roster of the scenario. Default: its first.")] = None,
    channels: Annotated[str | None, typer.Option(help="Channels that count, separated by commas. Default: the live ones.")] = None,
    interval: Annotated[int, typer.Option(min=1, max=1440, help="Minutes of an interval.")] = 30,
    rule: Annotated[Rule, typer.Option(help="Which load an interval is staffed for; isa simulates.")] = Rule.SIPP,
    method: Annotated[Method | None, typer.Option(help="Default: erlang_a where customers lose patience.")] = None,
    target: Annotated[float | None, typer.Option(min=0, help="Seconds within which to answer. Default: the strictest queue's.")] = None,
    share: Annotated[float | None, typer.Option(help="Share of customers to answer so. Default: the strictest queue's.")] = None,
    replications: Annotated[int, typer.Option(min=1, help="Days in every round of isa.")] = 20,
    workers: Annotated[int, typer.Option(min=1, help="Processes that simulate for isa; the result is the same.")] = 1,
    csv: Annotated[Path | None, typer.Option(help="Write the intervals as a table.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the page, one file that needs nothing else.")] = None,
) -> None:
    """Compare scheduled agents with those that the load asks for by formula, with hours too many and too few, and cost.

    A first look at a roster; whether it really suffices, a comparison says.

    Example: `careroute staffing examples/front-desk/scenario.toml --roster four --html out/staffing.html`
    """
    from rich.console import Console

    from simulation.files import check_can_write, write_text
    from simulation.staffing.interface import staffing_table
    from simulation.staffing.report import print_table, to_json

    for path in (csv, html):
        if path is not None:
            check_can_write(path)
    table = staffing_table(
        scenario,
        roster=roster,
        channels=None if channels is None else [name.strip() for name in channels.split(",") if name.strip()],
        interval_ms=interval * 60_000,
        rule=rule,
        method=method,
        target_ms=None if target is None else round(target * 1_000),
        share=share,
        replications=replications,
        workers=workers,
        by_queue=json or html is not None,
    )
    if json:
        print(to_json(table), end="")
    else:
        print_table(table, Console())
    if csv is not None:
        typer.echo(f"wrote {write_text(csv, table.frame().write_csv())}", err=True)
    if html is not None:
        typer.echo(f"wrote {write_text(html, table.to_html())}", err=True)
