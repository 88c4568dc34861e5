"""`careroute timeline`: one simulated day as it passed."""

from pathlib import Path
from typing import Annotated

import typer


def timeline(
    scenario: Annotated[Path, typer.Argument(help="The scenario file (careroute/scenario/1).")],
    *,
    policy: Annotated[str, typer.Option(help="The policy, by name or file.")],
    roster: Annotated[str | None, typer.Option(help="A roster of the scenario. Default: its first.")] = None,
    replication: Annotated[int, typer.Option(min=0, help="Which replication, counted from 0.")] = 0,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of every random stream. Default: the scenario's.")] = None,
    step: Annotated[int, typer.Option(min=1, help="Seconds between two looks at the day.")] = 60,
    html: Annotated[Path | None, typer.Option(help="Write the page, one file that needs nothing else.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write queues.csv, agents.csv and, where there are lines, lines.csv into it.")] = None,
) -> None:
    """Look at one simulated day: who waited where, and what every agent did, minute by minute.

    One day shows how things happen; a comparison says what happens on average.

    Example: `careroute timeline examples/boston-311/busy-day-x10.toml --policy longest-idle --html out/day.html`
    """
    from simulation import api
    from simulation.files import check_can_hold, check_can_write, write_text

    if html is not None:
        check_can_write(html)
    if csv is not None:
        check_can_hold(csv)
    day = api.timeline(scenario, policy=policy, roster=roster, replication=replication, seed=seed, step_ms=step * 1_000)
    written = [] if html is None else [write_text(html, day.to_html())]
    if csv is not None:
        frames = {"queues": day.queues_frame(), "agents": day.agents_frame()}
        if day.timeline.lines:
            frames["lines"] = day.lines_frame()
        written += [write_text(csv / f"{name}.csv", frame.write_csv()) for name, frame in frames.items()]
    print(day.headline)
    for line in day.figures():
        print(f"- {line}")
    for path in written:
        typer.echo(f"wrote {path}", err=True)
