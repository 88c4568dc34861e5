"""`careroute replay`: a router's journal under the policies it names, or one policy over what really arrived."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.config.errors import ConfigError
from routing.model.time import MINUTE_MS
from simulation.cli.compare import progress

if TYPE_CHECKING:
    from rich.console import Console

    from simulation.api import Replay


def replay(
    log: Annotated[Path, typer.Argument(help="Recorded interactions (careroute/interactions/1), or the directory of a journal.")],
    *,
    scenario: Annotated[
        Path | None, typer.Option(help="The scenario file: its site, roster, behaviour and horizon; its demand is replaced.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="The policy, by name or file.")] = None,
    roster: Annotated[str | None, typer.Option(help="A roster of the scenario. Default: its first.")] = None,
    replications: Annotated[int, typer.Option(min=1, help="How often to draw what the log does not hold.")] = 10,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of every random stream. Default: the scenario's.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use; the result is the same. Default: all cores.")] = None,
    redials_within: Annotated[
        float | None, typer.Option(min=0.001, help="Minutes: a known customer's next interaction so soon after an abandoned one redials.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON (careroute/replay/1).")] = False,
) -> None:
    """Replay a journal under the policies it names, or recorded interactions under another policy.

    Without a scenario the log is a router's journal: everything that came from outside is given to a fresh router at the same instants, and
    every fact it records is compared with the journal's. The first difference is shown with its reason. Exit 1: there is one.

    With a scenario the same interactions arrive at the same instants, and everything else is as the scenario has it. For a journal the
    measures of what really happened are shown beside those of the replay, measured by the same code. What the log does
    not hold is drawn, and stated.

    Example: `careroute replay examples/boston-311/day-2015-08-11.interactions.csv.gz --scenario examples/boston-311/busy-day.toml
    --policy least-cost`
    """
    if scenario is None or policy is None:
        if scenario is not None or policy is not None or roster is not None or redials_within is not None:
            remedy = "Name both --scenario and --policy for another day, or neither to have the journal's own decisions checked."
            raise ConfigError("names only a part of what a replay under another policy needs", value="replay", remedy=remedy)
        _check(log, as_json=as_json)
        return
    from rich.console import Console

    from simulation import api
    from simulation.report.terminal import print_comparison

    with progress(replications) as on_done:
        replayed = api.replay(
            log,
            scenario=scenario,
            policy=policy,
            roster=roster,
            replications=replications,
            seed=seed,
            workers=workers or os.cpu_count() or 1,
            redials_within_ms=None if redials_within is None else round(redials_within * MINUTE_MS),
            on_done=on_done,
        )
    if as_json:
        print(json.dumps(replayed.to_dict(), indent=2, ensure_ascii=False))
        return
    console = Console()
    _print_measured(replayed, console)
    print_comparison(replayed.comparison.results, console)


def _check(log: Path, *, as_json: bool) -> None:
    """Replay a journal under its own policies; exit 1 where a fact differs."""
    from simulation.fidelity.check import check_journal
    from simulation.fidelity.words import as_document, as_lines

    if log.is_file():
        remedy = "Name --scenario and --policy to replay it, or the directory of a router's journal to have its decisions checked."
        raise ConfigError("is a table of arrivals, which holds no decisions", file=log, remedy=remedy)
    found = check_journal(log)
    typer.echo(json.dumps(as_document(found), indent=2, ensure_ascii=False) if as_json else "\n".join(as_lines(found)))
    if not found.holds:
        raise typer.Exit(1)


def _print_measured(replayed: "Replay", console: "Console") -> None:
    """What the log says of itself."""
    from rich.text import Text

    from simulation.kpis.registry import MEASURES
    from simulation.report.numbers import mean_text
    from simulation.report.terminal import SHOWN, TITLES

    console.print(Text(f"{replayed.log.name}: {len(replayed.log.interactions):,} interactions", style="bold"))
    measured = replayed.measured()
    if measured is not None:
        for kind, group in measured.by_kind.items():
            told = (f"{TITLES[name]} {mean_text(MEASURES[name], group[name])}" for name in ("offered", *SHOWN) if name in group)
            console.print(Text(f"As it happened, {kind} interactions: {', '.join(told)}."))
    for line in replayed.log.inferred:
        console.print(Text(f"- {line}"))
    console.print()
