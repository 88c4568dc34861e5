"""The site's time: read from the machine's clock here, and nowhere else in the server. It never runs back."""

import time
from typing import Protocol

from routing.model.time import SECOND_MS, Duration, Instant

_NS_PER_MS = 1_000_000


class Clock(Protocol):
    """Where the writer reads the instant that it stamps on commands."""

    @property
    def speed(self) -> float:
        """How many times faster than the machine's clock it runs."""
        ...

    def now(self) -> Instant:
        """The present instant, never before one that was given earlier."""
        ...

    def seconds(self, duration_ms: Duration) -> float:
        """How long a duration of the site's time takes on the machine, in seconds."""
        ...


class WallClock:
    """The machine's clock, held back where it would run back: `max(last, wall)`. It goes on from `last`, the last journalled instant."""

    speed = 1.0

    def __init__(self, last: Instant) -> None:
        self._last = last

    def now(self) -> Instant:
        """The machine's time, or the last instant while that lies ahead."""
        self._last = max(self._last, wall_now())
        return self._last

    def seconds(self, duration_ms: Duration) -> float:
        """The duration in seconds."""
        return duration_ms / SECOND_MS


class ScaledClock:
    """A clock for demonstrations that runs `speed` times as fast as the machine's, on from `begin`."""

    def __init__(self, begin: Instant, speed: float) -> None:
        self._begin = begin
        self._began_ns = time.monotonic_ns()
        self.speed = speed

    def now(self) -> Instant:
        """The scaled time."""
        return self._begin + int((time.monotonic_ns() - self._began_ns) * self.speed) // _NS_PER_MS

    def seconds(self, duration_ms: Duration) -> float:
        """The duration in seconds of the machine."""
        return duration_ms / SECOND_MS / self.speed


def wall_now() -> Instant:
    """The machine's clock."""
    return time.time_ns() // _NS_PER_MS
