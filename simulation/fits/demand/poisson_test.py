"""Tests whether arrivals within short intervals are Poisson: the transformed times between arrivals are exponential if they are.

For J arrivals at T(1) < ... < T(J) within an interval of length L, with T(0) = 0, the J values

    (J + 1 - j) (-log((L - T(j)) / (L - T(j - 1))))

are independent and exponential with mean 1 if the rate is constant within the interval, whatever it is (Brown et al. 2005, Statistical
Analysis of a Telephone Call Center). They are compared with that law by Kolmogorov and Smirnov's test. Day and interval factors leave no
trace here: given them the arrivals of an interval are Poisson. Instants that were written down in whole seconds or minutes tie; they are
spread evenly over the unit they were cut to, as Kim and Whitt (2014) advise.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from routing.model.time import DAY_MS
from simulation.fits.demand.counts import CountTable
from simulation.statistics import holm
from simulation.streams import Purpose, Streams

_FEWEST = 20
_SPREADING = Streams(seed=311, replication=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoissonTest:
    """The test over the whole log and by interval of the day.

    `values` are the transformed times, rising. `distance` is the largest difference between their law and the exponential one, `p` how
    often chance makes one as large. `by_interval` has (interval, arrivals, distance, p, p corrected by Holm) where 20 or more came.
    `unit_ms` is the unit to which the log's instants are cut.
    """

    values: npt.NDArray[np.float64]
    distance: float
    p: float
    by_interval: tuple[tuple[int, int, float, float, float], ...]
    unit_ms: int


def poisson_test(table: CountTable) -> PoissonTest | None:
    """The test on all streams together; None where fewer than 20 arrived."""
    if len(table.arrivals) < _FEWEST:
        return None
    unit_ms = unit_of(table.arrivals)
    starts = np.array([table.starts_at(date, 0) for date in table.dates], dtype=np.int64)
    day = np.searchsorted(starts, table.arrivals, side="right") - 1
    spread = _SPREADING.generator(Purpose.ARRIVALS, "spreading").random(len(table.arrivals)) * unit_ms
    within_day = np.minimum(table.arrivals - starts[day] + spread, DAY_MS - 1e-6)
    interval = (within_day // table.interval_ms).astype(np.int64)
    order = np.lexsort((within_day, day))
    interval, cell = interval[order], (day * (DAY_MS // table.interval_ms) + interval)[order]
    values = _transformed(within_day[order] - interval * table.interval_ms, cell, float(table.interval_ms))
    tested = [(number, values[interval == number]) for number in range(DAY_MS // table.interval_ms)]
    found = [(number, len(some), stats.kstest(some, "expon")) for number, some in tested if len(some) >= _FEWEST]
    corrected = holm({str(number): float(test.pvalue) for number, _, test in found})
    overall = stats.kstest(values, "expon")
    return PoissonTest(
        values=np.sort(values),
        distance=float(overall.statistic),
        p=float(overall.pvalue),
        by_interval=tuple(
            (number, count, float(test.statistic), float(test.pvalue), corrected[str(number)]) for number, count, test in found
        ),
        unit_ms=unit_ms,
    )


def unit_of(arrivals: npt.NDArray[np.int64]) -> int:
    """The coarsest of a minute, a second and a millisecond that nine in ten instants are whole numbers of."""
    for unit_ms in (60_000, 1_000):
        if (arrivals % unit_ms == 0).mean() >= 0.9:
            return unit_ms
    return 1


def _transformed(within: npt.NDArray[np.float64], cell: npt.NDArray[np.int64], length: float) -> npt.NDArray[np.float64]:
    """The transformed times of arrivals `within` their cell, sorted by cell and time."""
    first = np.searchsorted(cell, cell, side="left")
    after = np.searchsorted(cell, cell, side="right")
    place = np.arange(len(cell))
    before = np.where(place == first, 0.0, np.concatenate(([0.0], within[:-1])))
    return np.asarray((after - place) * -np.log((length - within) / (length - before)), dtype=np.float64)
