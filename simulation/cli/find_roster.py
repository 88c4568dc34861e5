"""`careroute find-roster`: the cheapest roster that keeps the promise."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.compare import names_of, opened


def find_roster(
    scenario: Annotated[Path, typer.Argument(help="The scenario file (careroute/scenario/1).")],
    *,
    roster: Annotated[str | None, typer.Option(help="The roster whose agents make the groups. Default: the scenario's first.")] = None,
    policy: Annotated[str | None, typer.Option(help="A policy's name or path. Default: the site's own.")] = None,
    queues: Annotated[str | None, typer.Option(help="Queues to promise for, with commas. Default: all with live work.")] = None,
    target: Annotated[float | None, typer.Option(min=0, help="Seconds within which to answer. Default: each queue's own.")] = None,
    share: Annotated[float | None, typer.Option(help="Share of customers to answer so. Default: each queue's own goal.")] = None,
    every: Annotated[int | None, typer.Option(min=1, max=1440, help="In every interval of so many minutes. Default: over the day.")] = None,
    at_most: Annotated[int | None, typer.Option(min=1, help="Agents of each group at most.")] = None,
    replications: Annotated[int, typer.Option(min=2, help="Days on which plans are tried, the same for all.")] = 20,
    fresh_days: Annotated[int, typer.Option(min=2, help="Days of the first certificate; a refused one is followed by twice as many.")] = 50,
    plans_max: Annotated[int, typer.Option(min=1, help="Plans that are simulated at most, for each certificate.")] = 300,
    seed: Annotated[int | None, typer.Option(min=0, help="In place of the scenario's.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use; the result is the same. Default: all cores.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the found roster (careroute/roster/1).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON (careroute/staffing-plan/1).")] = False,
) -> None:
    """Find the numbers of alike agents of least cost with which every queue reaches its service level, by simulation, with a certificate.

    Exit code 1: no plan was found, or none that is certified.

    Example: `careroute find-roster examples/two-skills/scenario.toml --out out/roster.toml`
    """
    from simulation.files import check_can_write, write_text
    from simulation.scenario_file import load_scenario
    from simulation.staffing import interface
    from simulation.staffing.cuts.report import lines, step_line, to_json
    from simulation.staffing.cuts.sample import Problem
    from simulation.staffing.cuts.search import Step
    from simulation.staffing.roster_text import check_can_be_written, roster_text

    begun: list[Problem] = []
    tried: list[Step] = []

    def on_begin(problem: Problem) -> None:
        if out is not None:
            check_can_be_written(problem.roster)
        begun.append(problem)

    def on_step(step: Step) -> None:
        tried.append(step)
        print(step_line(begun[0], step, len(tried)), file=sys.stderr)

    if out is not None:
        check_can_write(out)
    with opened(workers, None, replications) as crew:
        found = interface.find_roster(
            load_scenario(scenario),
            roster=roster,
            policy=policy,
            queues=None if queues is None else names_of("queues", queues),
            every_ms=None if every is None else every * 60_000,
            target_ms=None if target is None else round(target * 1_000),
            share=share,
            at_most=at_most,
            replications=replications,
            fresh_days=fresh_days,
            plans_max=plans_max,
            seed=seed,
            crew=crew,
            on_begin=on_begin,
            on_step=on_step,
        )
    print(to_json(found) if json else "\n".join(lines(found)) + "\n", end="")
    if out is not None and found.roster is not None:
        print(f"wrote {write_text(out, roster_text(found.roster))}", file=sys.stderr)
    if not found.is_certified:
        raise typer.Exit(1)
