"""`careroute fit-demand`: rates, busy days and intervals from a log, as a demand file, with a page that shows how well they fit."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simulation.fits.demand.fitted import FittedDemand


def fit_demand(
    log: Annotated[Path, typer.Argument(help="Recorded interactions (careroute/interactions/1), or the directory of a journal.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder to write demand.toml, rates.csv, fit.json and goodness-of-fit.html into.")],
    zone: Annotated[str, typer.Option(help="The IANA time zone of the clock that customers and planners live by.")],
    interval: Annotated[str, typer.Option(help="How long an interval is; it divides a day.")] = "30min",
    by: Annotated[str, typer.Option(help="Which days are alike: weekday, workday or all.")] = "weekday",
    first_day: Annotated[str | None, typer.Option(help="The first whole day to use. Default: that of the first arrival.")] = None,
    last_day: Annotated[str | None, typer.Option(help="The last whole day to use. Default: that of the last arrival.")] = None,
    without: Annotated[str | None, typer.Option(help="Days to leave out, such as holidays, with commas between them.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON (careroute/fit-demand/1).")] = False,
) -> None:
    """Fit demand to a log: rates by interval and weekday, how much days and intervals vary, and whether arrivals are Poisson.

    The demand file is one that a scenario can name; the page shows observed against fitted counts. All estimates have 99 % intervals.

    Example: `careroute fit-demand examples/boston-311/week-2015-08-17.interactions.csv.gz --zone America/New_York --by workday
    --without 2015-08-22,2015-08-23 --out out/fitted`
    """
    import json

    from simulation.files import check_can_hold, write_text
    from simulation.fits.demand.files import document_of, write_fit
    from simulation.fits.demand.options import fit_of
    from simulation.fits.demand.page import page_of

    check_can_hold(out)
    fit = fit_of(log, zone=zone, interval=interval, by=by, first_day=first_day, last_day=last_day, without=without)
    written = [*write_fit(fit, out), write_text(out / "goodness-of-fit.html", page_of(fit))]
    if as_json:
        print(json.dumps(document_of(fit), indent=2, ensure_ascii=False))
    else:
        _print(fit)
    _tell(written)


def _print(fit: "FittedDemand") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from simulation.fits.demand.words import answer, notes, parameters

    console = Console()
    console.print(Text(f"{answer(fit)}.", style="bold"))
    table = Table("parameter", "estimate", "99 % interval", box=SIMPLE_HEAD)
    for name, interval in parameters(fit).items():
        low, high = ("?" if end is None else f"{end:.4g}" for end in (interval.low, interval.high))
        table.add_row(name, f"{interval.mean:.4g}", f"{low} to {high}")
    console.print(table)
    for line in notes(fit):
        console.print(Text(f"- {line}"))


def _tell(written: list[Path]) -> None:
    from rich.console import Console

    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    for path in written:
        errors.print(f"wrote {path}", markup=False)
