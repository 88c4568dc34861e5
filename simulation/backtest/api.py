"""The Python interface of back-tests: what `careroute backtest` does, as a function with the same result."""

import datetime as dt
from collections.abc import Callable, Collection
from pathlib import Path

from simulation.backtest import run
from simulation.fits.demand.counts import DayGroups


def backtest(
    scenario: Path | str,
    log: Path | str,
    *,
    out: Path | str,
    held_out: int | Collection[dt.date] = 3,
    without: Collection[dt.date] = (),
    by: DayGroups = DayGroups.WEEKDAY,
    arrivals: run.Arrivals = run.Arrivals.FITTED,
    roster: str | None = None,
    policy: str | None = None,
    replications: int = 79,
    seed: int | None = None,
    on_done: Callable[[], None] = lambda: None,
) -> run.Backtest:
    """Fit on some days of a log, predict those held out, and compare with what happened; what was fitted is in the folder `out`.

    `held_out` is how many of the last days, or which; the other arguments are the options of the command. `on_done` is called after each
    simulated day.

    Raises:
        ConfigError: a file, a name or a number cannot be used, or the log does not tell what is needed.
    """
    options = run.Options(
        held_out=held_out,
        without=without,
        by=by,
        arrivals=arrivals,
        roster=roster,
        policy=policy,
        replications=replications,
        seed=seed,
    )
    return run.backtest(run.Files(scenario=Path(scenario), log=Path(log), out=Path(out)), options, on_done)
