"""`careroute counterfactual`: a recorded day under other policies and rosters, what its log does not hold imputed several times."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from routing.model.time import MINUTE_MS
from simulation.cli.compare import names_of, progress


def counterfactual(
    log: Annotated[Path, typer.Argument(help="Recorded interactions with what became of them, or the directory of a journal.")],
    *,
    scenario: Annotated[
        Path, typer.Option(help="The scenario file: its site, rosters, horizon and other behaviour; its demand is replaced.")
    ],
    policies: Annotated[str, typer.Option(help="Policies, by name or file, with commas; the first is the baseline, such as the live one.")],
    rosters: Annotated[str | None, typer.Option(help="Rosters of the scenario, with commas. Default: its first.")] = None,
    imputations: Annotated[int, typer.Option(help="How often what is missing is drawn; five at least.")] = 20,
    fit_to: Annotated[Path | None, typer.Option(help="A longer log to fit patience and handling to. Default: the log itself.")] = None,
    redials_within: Annotated[
        float | None, typer.Option(min=0.001, help="Minutes: a known customer's next interaction so soon after an abandoned one redials.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of every random stream. Default: the scenario's.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use; the result is the same. Default: all cores.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON (careroute/counterfactual/1).")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the page, one file that needs nothing else.")] = None,
) -> None:
    """What a recorded day would have been under another policy or roster.

    Customers arrive as recorded. Who left keeps their patience, who was answered their handling; what the log cannot hold is drawn from
    laws fitted to it, several times, and the intervals are widened by Rubin's rules.

    Example: `careroute counterfactual LOG --scenario SCENARIO --policies longest-idle,least-cost --html day.html`
    """
    from rich.console import Console

    from simulation.counterfactual import api
    from simulation.counterfactual.words import document_of, print_counterfactual
    from simulation.files import check_can_write, write_text

    if html is not None:
        check_can_write(html)
    with progress(imputations) as on_done:
        found = api.counterfactual(
            log,
            scenario=scenario,
            policies=names_of("policies", policies),
            rosters=None if rosters is None else names_of("rosters", rosters),
            imputations=imputations,
            fit_to=fit_to,
            redials_within_ms=None if redials_within is None else round(redials_within * MINUTE_MS),
            seed=seed,
            workers=workers or os.cpu_count() or 1,
            on_done=on_done,
        )
    if as_json:
        print(json.dumps(document_of(found), indent=2, ensure_ascii=False))
    else:
        print_counterfactual(found, Console())
    if html is not None:
        typer.echo(f"wrote {write_text(html, found.to_html())}", err=True)
