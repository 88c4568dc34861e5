"""`careroute backtest`: fit on some days of a log, predict others, and compare with what happened."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simulation.backtest.run import Backtest


def backtest(
    scenario: Annotated[Path, typer.Argument(help="The scenario file: its site, opening hours, horizon, and the agents of its rosters.")],
    log: Annotated[Path, typer.Argument(help="Recorded interactions with answers and ends, or the directory of a journal.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder for what is fitted, backtest.json and backtest.html.")],
    held_out: Annotated[str, typer.Option(help="How many of the last days are predicted, or which, with commas between them.")] = "3",
    without: Annotated[str | None, typer.Option(help="Days to leave out altogether, with commas between them.")] = None,
    by: Annotated[str, typer.Option(help="Which days are alike: weekday, workday or all.")] = "weekday",
    arrivals: Annotated[str, typer.Option(help="fitted: drawn from the fit; recorded: those of the day itself.")] = "fitted",
    roster: Annotated[str | None, typer.Option(help="The scenario's roster with the recorded staffing. Default: inferred.")] = None,
    policy: Annotated[str | None, typer.Option(help="The policy that was live, by name or file. Default: the site's.")] = None,
    replications: Annotated[int, typer.Option(min=1, help="How often each held-out day is simulated; 39 or more.")] = 79,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of every random stream. Default: the scenario's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON (careroute/backtest/1).")] = False,
) -> None:
    """Fit on some days, simulate the held-out ones with their staffing, and compare half hour by half hour.

    A log that does not tell what is needed is refused, with the column that is missing.

    Example: `careroute backtest SCENARIO LOG --held-out 5 --out out/backtest`
    """
    import json

    from simulation.backtest.document import document_of
    from simulation.backtest.options import options_of
    from simulation.backtest.page import page_of
    from simulation.backtest.run import Files
    from simulation.backtest.run import backtest as run
    from simulation.cli.compare import progress
    from simulation.files import check_can_hold, write_text

    check_can_hold(out)
    options = options_of(
        held_out=held_out, without=without, by=by, arrivals=arrivals, roster=roster, policy=policy, replications=replications, seed=seed
    )
    days = options.held_out if isinstance(options.held_out, int) else len(options.held_out)
    with progress(days * replications) as on_done:
        found = run(Files(scenario=scenario, log=log, out=out), options, on_done)
    text = json.dumps(document_of(found), indent=2, ensure_ascii=False)
    written = [write_text(out / "backtest.json", text + "\n"), write_text(out / "backtest.html", page_of(found))]
    if as_json:
        print(text)
    else:
        _print(found)
    for path in written:
        typer.echo(f"wrote {path}", err=True)


def _print(found: "Backtest") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from simulation.backtest.words import NAMES, answer, held_text, interval_scores, notes, value_text

    console = Console()
    console.print(Text(f"{answer(found)}.", style="bold"))
    table = Table("by half hour", "happened", "bias", "mean error", "held by 95 % intervals", box=SIMPLE_HEAD)
    for measure, one in interval_scores(found).items():
        figures = (value_text(measure, value) for value in (one.level, one.bias, one.mean_absolute_error))
        table.add_row(NAMES[measure], *figures, held_text(one))
    console.print(table)
    for line in notes(found):
        console.print(Text(f"- {line}"))
