"""The player's clock: the plan's time, faster than real time, standing still while the server is away.

The server's own clock stands still then too: it goes on from its last journalled instant. So a crash costs neither customers nor agents any
of their time.
"""

import asyncio
import time


class PlanClock:
    """Plan time in ms. It begins paused at `starts_at_ms` and runs `speed` times as fast as real time."""

    def __init__(self, starts_at_ms: int, speed: float) -> None:
        self._at_ms = float(starts_at_ms)
        self._speed = speed
        self._resumed_at: float | None = None
        self._running = asyncio.Event()

    def now_ms(self) -> float:
        """The plan's present."""
        if self._resumed_at is None:
            return self._at_ms
        return self._at_ms + (time.monotonic() - self._resumed_at) * 1_000 * self._speed

    def pause(self) -> None:
        """Stand still until `resume`."""
        self._at_ms = self.now_ms()
        self._resumed_at = None
        self._running.clear()

    def resume(self) -> None:
        """Run on."""
        if self._resumed_at is None:
            self._resumed_at = time.monotonic()
            self._running.set()

    async def until(self, at_ms: float) -> None:
        """Wait until the plan's time has come."""
        while (left_ms := at_ms - self.now_ms()) > 0 or self._resumed_at is None:
            if self._resumed_at is None:
                await self._running.wait()
            else:
                await asyncio.sleep(left_ms / 1_000 / self._speed)
