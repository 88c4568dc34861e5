"""`careroute verify`: an installation against everything that is known by other means."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable


def verify(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Within a minute: every calculator, and the simulations that are quick.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Every simulation, within half an hour on two cores. The default.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="The id of a case; may be given several times. Default: all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON (careroute/verify/1).")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use; the result is the same. Default: all cores.")] = None,
) -> None:
    """Check the router, the simulator and the formulas against figures that are known: exact, published, or worked out by hand.

    Prints expected figure, found figure, interval and verdict, and ends with 1 where anything fails. Seeds are fixed: the same installation
    prints the same.

    Example: `careroute verify --quick`
    """
    from rich.console import Console

    from routing.config.errors import ConfigError
    from simulation.verify.cases import chosen_cases
    from simulation.verify.report import as_document, has_failed, print_results
    from simulation.verify.suite import verify as verify_cases
    from simulation.workers import crew_of

    if quick and full:
        raise ConfigError("cannot go together with --full", key="--quick", remedy="Give one of them.")
    cases = chosen_cases(only or [])
    with crew_of(workers=workers or os.cpu_count() or 1) as crew, _progress() as on_done:
        results = verify_cases(cases, is_quick=quick, crew=crew, on_done=on_done)
    if as_json:
        print(json.dumps(as_document(results, is_quick=quick), indent=2, ensure_ascii=False))
    else:
        print_results(results, cases, Console())
    if has_failed(results):
        raise typer.Exit(1)


@contextmanager
def _progress() -> Iterator["Callable[[int, int], None]"]:
    """A bar on standard error where that is a terminal; gives the function to call after each job."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("verifying"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("jobs", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
