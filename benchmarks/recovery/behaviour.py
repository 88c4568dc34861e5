"""Patience and work of known laws, seen through a log in which most are answered before they would leave."""

import numpy as np

from benchmarks.recovery.tally import Tally
from simulation import laws
from simulation.fits.likelihood import Fit, fits_of_waits, fits_of_work
from simulation.fits.observed import Waits

WAITS, SERVICES = 2_000, 500
OFFERED = laws.Exponential(mean_ms=60_000)
"""When an agent would answer: sooner than most would leave, so that four waits in five are censored."""
PATIENCE: tuple[tuple[laws.Law, dict[str, float]], ...] = (
    (laws.Exponential(mean_ms=300_000), {"mean_s": 300.0}),
    (laws.Weibull(scale_ms=300_000, shape=0.8), {"scale_s": 300.0, "shape": 0.8}),
    (laws.lognormal_of(median_ms=250_000, cv=1.3), {"median_s": 250.0, "cv": 1.3}),
)
WORK: tuple[tuple[laws.Law, dict[str, float]], ...] = (
    (laws.lognormal_of(median_ms=200_000, cv=1.2), {"median_s": 200.0, "cv": 1.2}),
    (laws.Gamma(mean_ms=200_000, cv=0.7), {"mean_s": 200.0, "cv": 0.7}),
)


def repeat(number: int, tally: Tally) -> None:
    """One repetition with luck of its own."""
    rng = np.random.Generator(np.random.Philox(key=number))
    for law, truth in PATIENCE:
        patience, offered = (laws.durations_ms(one, rng.random(WAITS)).astype(np.float64) for one in (law, OFFERED))
        waits = Waits(waits_ms=np.maximum(1, np.minimum(patience, offered)), has_left=patience < offered)
        _count(tally, "patience", law, truth, fits_of_waits(waits))
    for law, truth in WORK:
        _count(tally, "work", law, truth, fits_of_work(laws.durations_ms(law, rng.random(SERVICES)).astype(np.float64)))


def _count(tally: Tally, what: str, law: laws.Law, truth: dict[str, float], fits: tuple[Fit, ...]) -> None:
    family = type(law).__name__.lower()
    fit = next(one for one in fits if one.family.name == family)
    for name, value in truth.items():
        tally.count(f"{what}, {family}: {name}", held=fit.parameters[name].holds(value))
