"""How often intervals held the truth, by name."""

import math
from collections import Counter

from scipy import stats


class Tally:
    """Hits and tries by name, in the order in which names came first."""

    def __init__(self) -> None:
        self.tries: Counter[str] = Counter()
        self.hits: Counter[str] = Counter()
        self.halves: dict[str, list[float]] = {}

    def count(self, name: str, *, held: bool, half_width: float | None = None) -> None:
        """One interval more; with its half-width, where a reader has to see that it holds without being endless."""
        self.tries[name] += 1
        self.hits[name] += held
        if half_width is not None:
            self.halves.setdefault(name, []).append(half_width)

    def lines(self, confidence: float) -> list[str]:
        """A line for each name, with what chance alone makes of so many intervals that hold as often as they say."""
        width = max(map(len, self.tries), default=0)
        return [
            f"{name:<{width}}  {self.hits[name]:>4} of {tries}  {_verdict(self.hits[name], tries, confidence)}{self._half_width(name)}"
            for name, tries in self.tries.items()
        ]

    def _half_width(self, name: str) -> str:
        halves = self.halves.get(name)
        return "" if halves is None else f"; half-width {math.fsum(halves) / len(halves):.3g} on average"


def _verdict(hits: int, tries: int, confidence: float) -> str:
    """Whether fewer hits than that would come by chance in one of a hundred cases, were the intervals as good as they say."""
    at_most = float(stats.binom.cdf(hits, tries, confidence))
    return f"as stated ({confidence:.0%})" if at_most > 0.01 else f"TOO NARROW for {confidence:.0%}"
