"""Where one day more would lie: bands from the order of the days themselves, whatever their law.

Of n days and one more like them, each is as likely as any other to have any rank. So the one more lies between the k-th smallest and the
k-th largest of the n with probability (n + 1 - 2 k) / (n + 1) at least.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from simulation.statistics.estimates import CONFIDENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From the k-th smallest to the k-th largest value of `days` days, between which one more lies with probability `chance` at least."""

    low: float
    high: float
    rank: int
    days: int

    @property
    def chance(self) -> float:
        """The probability."""
        return (self.days + 1 - 2 * self.rank) / (self.days + 1)


def rank_for(days: int) -> int:
    """The largest k with which a band holds one day more with 95 % or more; 0 where the days are too few for that."""
    return math.floor((days + 1) * (1 - CONFIDENCE) / 2 + 1e-9)


def band_of(values: Sequence[float]) -> Band | None:
    """The band of 95 % or a little more; of too few days, from the smallest to the largest, with the chance that has. None below two."""
    days = len(values)
    if days < 2:
        return None
    ranked, rank = sorted(values), max(1, rank_for(days))
    return Band(low=ranked[rank - 1], high=ranked[-rank], rank=rank, days=days)
