"""How often intervals held the truth, by name."""

import math
from collections import Counter


class Tally:
    """Hits and tries by name, in the order in which names came first."""

    def __init__(self) -> None:
        self.tries: Counter[str] = Counter()
        self.hits: Counter[str] = Counter()

    def count(self, name: str, *, held: bool) -> None:
        """One interval more."""
        self.tries[name] += 1
        self.hits[name] += held

    def lines(self, confidence: float) -> list[str]:
        """A line for each name, with what chance alone makes of so many intervals that hold as often as they say."""
        width = max(map(len, self.tries), default=0)
        return [
            f"{name:<{width}}  {self.hits[name]:>4} of {tries}  {_verdict(self.hits[name], tries, confidence)}"
            for name, tries in self.tries.items()
        ]


def _verdict(hits: int, tries: int, confidence: float) -> str:
    """Whether fewer hits than that would come by chance in one of a hundred cases, were the intervals as good as they say."""
    at_most = math.fsum(math.comb(tries, k) * confidence**k * (1 - confidence) ** (tries - k) for k in range(hits + 1))
    return f"as stated ({confidence:.0%})" if at_most > 0.01 else f"TOO NARROW for {confidence:.0%}"
