"""`careroute compare`: policies and rosters on one scenario, with differences, intervals and a report."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.config.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.api import Comparison


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
    save_logs: Annotated[Path | None, typer.Option(help="Save every event log as a journal into this new folder.")] = None,
) -> None:
    """Compare policies and rosters on a scenario: same customers, paired differences, 95 % intervals.

    Every policy is simulated under every roster. Same input and seed give the same output, whatever the number of workers.

    Example: `careroute compare examples/boston-311/busy-day-x10.toml --policies longest-idle,least-cost --html out/report.html`
    """
    from simulation.workers import crew_of

    # Before anything else, so that processes load what they need while this one does.
    with crew_of(workers=min(workers or os.cpu_count() or 1, replications), cluster=cluster) as crew, progress(replications) as on_done:
        from simulation import api
        from simulation.files import check_can_hold, check_can_write

        if csv is not None:
            check_can_hold(csv)
        if html is not None:
            check_can_write(html)
        comparison = api.compare(
            scenario,
            policies=names_of("policies", policies),
            rosters=None if rosters is None else names_of("rosters", rosters),
            replications=replications,
            seed=seed,
            crew=crew,
            save_logs=save_logs,
            on_done=on_done,
        )
    show(comparison, as_json=as_json, csv=csv, html=html)


def show(comparison: "Comparison", *, as_json: bool, csv: Path | None, html: Path | None) -> None:
    """Write the files that were asked for, then print the results; on standard error, say where the files are."""
    from rich.console import Console

    from simulation.files import write_text
    from simulation.report.csv import write_csv
    from simulation.report.terminal import print_comparison

    written: list[Path] = []
    if csv is not None:
        written += write_csv(comparison.results, csv)
    if html is not None:
        written.append(write_text(html, comparison.to_html()))
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
def progress(replications: int) -> Iterator["Callable[[], None]"]:
    """A bar on standard error while replications run, where that is a terminal; gives the function to call after each."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("replications", total=replications)
        yield lambda: bar.advance(task)
