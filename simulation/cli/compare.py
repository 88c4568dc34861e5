"""`careroute compare`: policies and rosters on one scenario, with differences, intervals and a report."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.config.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.api import Choice, Comparison
    from simulation.workers import Crew


def compare(
    scenario: Annotated[Path, typer.Argument(help="The scenario file (careroute/scenario/1).")],
    *,
    policies: Annotated[str, typer.Option(help="Policies by name, group or file, with commas between; the first is the baseline.")],
    rosters: Annotated[str | None, typer.Option(help="Rosters of the scenario, with commas between. Default: its first.")] = None,
    replications: Annotated[int, typer.Option(min=1, help="How many days to simulate for each arm.")] = 10,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of every random stream. Default: the scenario's.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use; the result is the same. Default: all cores.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Compute on a Dask cluster: its scheduler's address, as tcp://HOST:PORT.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON (careroute/compare/1).")] = False,
    csv: Annotated[Path | None, typer.Option(help="Write measures, differences and replications as CSV files into this folder.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report page, one file that needs nothing else.")] = None,
    raw: Annotated[Path | None, typer.Option(help="Write what every measure is computed from, as .parquet or .csv.")] = None,
    select: Annotated[str | None, typer.Option(help="Only choose the best arm: best:MEASURE (KN) or ocba:MEASURE.")] = None,
    indifference: Annotated[str | None, typer.Option(help="For --select best: the difference that matters, as 1pp or 2s.")] = None,
    budget: Annotated[int | None, typer.Option(min=2, help="For --select ocba: the replications of all arms together.")] = None,
    until: Annotated[str | None, typer.Option(help="Go on, --replications at a time, until all differences are as sure: asa_s:2s.")] = None,
    at_most: Annotated[int, typer.Option(min=2, help="The most replications that --until may take.")] = 1_000,
    steady_state: Annotated[bool, typer.Option("--steady-state", help="Also what holds after a warm-up, found by MSER-5.")] = False,
    control_variates: Annotated[bool, typer.Option("--control-variates", help="Also without the luck of arrivals and work.")] = False,
    save_logs: Annotated[Path | None, typer.Option(help="Save every event log as a journal into this new folder.")] = None,
) -> None:
    """Compare policies and rosters on a scenario: same customers, paired differences, 95 % intervals.

    Every policy is simulated under every roster. Same input and seed give the same output, whatever the number of workers.

    Example: `careroute compare examples/boston-311/busy-day-x10.toml --policies longest-idle,least-cost --html out/report.html`
    """
    named = names_of("policies", policies)
    under = None if rosters is None else names_of("rosters", rosters)
    total = None if select or until else replications
    with opened(workers, cluster, total) as crew, progress(total) as on_done:
        from simulation import api

        if select is not None:
            _refuse("does not go with --select", {"--csv": csv, "--html": html, "--raw": raw, "--until": until, "--save-logs": save_logs})
            _refuse("does not go with --select", {"--steady-state": steady_state or None, "--control-variates": control_variates or None})
            outcome: Choice | Comparison = api.select(
                scenario,
                policies=named,
                by=select,
                indifference=indifference,
                budget=budget,
                rosters=under,
                replications=replications,
                seed=seed,
                crew=crew,
                on_done=on_done,
            )
        else:
            _refuse("means nothing without --select", {"--indifference": indifference, "--budget": budget})
            _check_outputs(csv=csv, html=html, raw=raw)
            outcome = api.compare(
                scenario,
                policies=named,
                rosters=under,
                replications=replications,
                seed=seed,
                crew=crew,
                save_logs=save_logs,
                until=until,
                at_most=at_most,
                steady_state=steady_state,
                control_variates=control_variates,
                on_done=on_done,
            )
    if isinstance(outcome, api.Choice):
        show_choice(outcome, as_json=as_json)
    else:
        show(outcome, as_json=as_json, csv=csv, html=html, raw=raw)


def show_choice(choice: "Choice", *, as_json: bool) -> None:
    """Print which arm was chosen, and why."""
    from rich.console import Console

    from simulation.report.selection import print_selection

    if as_json:
        print(choice.to_json(), end="")
    else:
        print_selection(choice.selection, Console())


def opened(workers: int | None, cluster: str | None, tasks: int | None) -> "Crew":
    """The crew for so many tasks (None: nobody knows), opened before anything else is loaded: its processes load while this one does."""
    from simulation.workers import crew_of

    return crew_of(workers=min(workers or os.cpu_count() or 1, tasks or sys.maxsize), cluster=cluster, is_early=True)


def _refuse(why: str, options: Mapping[str, object]) -> None:
    """Refuses the first option that is given.

    Raises:
        ConfigError: one is.
    """
    for option, value in options.items():
        if value is not None:
            raise ConfigError(why, key=option, value=value, remedy="Leave it out.")


def _check_outputs(*, csv: Path | None, html: Path | None, raw: Path | None) -> None:
    from simulation.files import check_can_hold, check_can_write
    from simulation.report.raw import check_raw

    if csv is not None:
        check_can_hold(csv)
    for path in (html, raw):
        if path is not None:
            check_can_write(path)
    if raw is not None:
        check_raw(raw)


def show(comparison: "Comparison", *, as_json: bool, csv: Path | None, html: Path | None, raw: Path | None = None) -> None:
    """Write the files that were asked for, then print the results; on standard error, say where the files are."""
    from rich.console import Console

    from simulation.files import write_text
    from simulation.report.csv import write_csv
    from simulation.report.raw import write_frame
    from simulation.report.terminal import print_comparison

    written: list[Path] = []
    if csv is not None:
        written += write_csv(comparison.results, csv)
    if html is not None:
        written.append(write_text(html, comparison.to_html()))
    if raw is not None:
        written.append(write_frame(comparison.raw_frame(), raw))
    if as_json:
        print(comparison.to_json(), end="")
    else:
        print_comparison(comparison.results, Console())
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    for path in written:
        errors.print(f"wrote {path}", markup=False)


def names_of(option: str, text: str) -> list[str]:
    """The names in a text with commas between them.

    Raises:
        ConfigError: a name is empty.
    """
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise ConfigError("holds an empty name", key=f"--{option}", value=text, remedy="Write names with one comma between them, as a,b,c.")
    return names


@contextmanager
def progress(replications: int | None) -> Iterator["Callable[[], None]"]:
    """A bar on standard error while replications run, where that is a terminal; gives the function to call after each.

    None: nobody knows how many there will be.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("replications", total=replications)
        yield lambda: bar.advance(task)
