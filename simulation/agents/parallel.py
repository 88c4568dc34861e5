"""Several conversations at once: how fast an agent works on each, and when the first of them is done.

With k conversations at hand an agent works at a total rate of `rates[k - 1]`, where one conversation held alone is worked on at rate 1. The
rate is parted evenly, so that each goes at `rates[k - 1] / k`. With 1, 1.6 and 1.95 a chat that takes ten minutes alone takes 12.5 beside
another one and 15.4 beside two. A total that stays 1 is processor sharing.

Kleinrock, Queueing Systems II, 4.4 (processor sharing); Luo and Zhang 2013 (chat agents as limited processor sharing).
"""

import math
from dataclasses import dataclass

from routing.model.ids import ChannelId, InteractionId
from routing.model.time import Duration, Instant

ONE = 1_000_000
"""The rate of one conversation held alone: rates are whole parts of a million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel:
    """Total rates with 1, 2, ... conversations of `channels` at hand, in parts of a million; more than listed go at the last rate."""

    channels: tuple[ChannelId, ...]
    total_rates: tuple[int, ...]
    source: str


class Bench:
    """The conversations that share an agent's attention, and how much work each still needs. It keeps no clock: every call says when.

    Everything is counted in whole parts of a millisecond's work, so that however often the pace changes nothing is rounded: a conversation
    ends in the first whole millisecond at which all of its work is done. Without `total_rates` each is worked on as if it were alone.
    """

    def __init__(self, total_rates: tuple[int, ...] | None, now: Instant) -> None:
        self._total_rates = total_rates
        self._scale = ONE  # parts in a millisecond's work
        self._rest: dict[InteractionId, int] = {}
        self._at = now

    def add(self, interaction_id: InteractionId, work: tuple[int, int], now: Instant) -> None:
        """Work on it from now on: `work` is a number of parts, and how many of them make a millisecond."""
        self._advance(now)
        parts, scale = work
        self._widen(scale)
        self._rest[interaction_id] = parts * (self._scale // scale)
        if self._total_rates is not None:
            self._widen(ONE * len(self._rest))

    def take(self, interaction_id: InteractionId, now: Instant) -> tuple[int, int]:
        """Work on it no longer: the work that is left, as `add` takes it."""
        self._advance(now)
        return self._rest.pop(interaction_id), self._scale

    def due_at(self) -> Instant | None:
        """The first instant at which one of them is done, if nothing changes before."""
        if not self._rest:
            return None
        return self._at + -(-max(0, min(self._rest.values())) // self._speed())

    def take_done(self, now: Instant) -> list[InteractionId]:
        """Those whose work is done; they leave."""
        self._advance(now)
        done = [interaction_id for interaction_id, rest in self._rest.items() if rest <= 0]
        for interaction_id in done:
            del self._rest[interaction_id]
        return done

    def _advance(self, now: Instant) -> None:
        if self._rest and now > self._at:
            by = (now - self._at) * self._speed()
            for interaction_id in self._rest:
                self._rest[interaction_id] -= by
        self._at = now

    def _speed(self) -> int:
        """The parts of each conversation that are done in a millisecond."""
        if self._total_rates is None:
            return self._scale
        count = len(self._rest)
        return self._total_rates[min(count, len(self._total_rates)) - 1] * (self._scale // (ONE * count))

    def _widen(self, scale: int) -> None:
        """Make the parts so small that `scale` of them, and of all counts so far, are whole."""
        wider = math.lcm(self._scale, scale)
        if wider != self._scale:
            by = wider // self._scale
            self._rest = {interaction_id: rest * by for interaction_id, rest in self._rest.items()}
            self._scale = wider


def work_of(duration_ms: Duration) -> tuple[int, int]:
    """So many milliseconds of work, as a bench takes it."""
    return duration_ms * ONE, ONE
