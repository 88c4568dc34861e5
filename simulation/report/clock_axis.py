"""An axis of time that runs on evenly while its ticks show the clock on the wall: a day of 23 or 25 hours is drawn as long as it is.

Points lie where they are in hours since the start of the axis. An axis of local times would draw the hour that comes twice over itself, and
a gap where one is left out.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from routing.model.time import HOUR_MS, MINUTE_MS, Instant

_TICKS_MAX = 13
_STEPS_H = (1, 2, 3, 4, 6, 12, 24)
_LOOK_MS = 15 * MINUTE_MS
"""Zones differ by quarters of an hour, so that every full local hour is at one of them."""


class ClockAxis:
    """The axis from one instant to another, the clock being that of a time zone.

    `changes` are the instants at which clocks are put forward or back on the way, to a quarter of an hour.
    """

    def __init__(self, starts_at: Instant, ends_at: Instant, zone: ZoneInfo) -> None:
        self.starts_at, self.ends_at = starts_at, ends_at
        self._zone = zone
        looks = range(starts_at + _LOOK_MS, ends_at, _LOOK_MS)
        self.changes = [at for at in looks if self._utc_offset(at) != self._utc_offset(at - _LOOK_MS)]

    def hours(self, instants: Sequence[Instant]) -> list[float]:
        """Where instants lie."""
        return [(at - self.starts_at) / HOUR_MS for at in instants]

    def clock(self, at: Instant) -> str:
        """What a clock on the wall shows, with the date where the axis has several and the offset where it changes on the way."""
        local = self.local(at)
        date = f"{local:%a %d %b} " if self._has_days() else ""
        return f"{date}{local:%H:%M}{self._offset(at)}"

    def change_texts(self) -> list[str]:
        """What happens to the clocks, in sentences."""
        texts = []
        for at in self.changes:
            before = self.local(at) + (self._utc_offset(at - _LOOK_MS) - self._utc_offset(at))
            way = "forward" if self._utc_offset(at) > self._utc_offset(at - _LOOK_MS) else "back"
            texts.append(f"On {before:%A %d %B} at {before:%H:%M} clocks are put {way} to {self.local(at):%H:%M}.")
        return texts

    def local(self, at: Instant) -> dt.datetime:
        """An instant on the clock."""
        return dt.datetime.fromtimestamp(at / 1_000, self._zone)

    def draw(self, figure: Any) -> None:
        """Give all horizontal axes of a figure the ticks, and mark where clocks change."""
        ticks = self.ticks()
        figure.update_xaxes(ticks="outside", ticklen=6, tickcolor="white")  # keeps the first hour clear of the 0 of the other axis
        figure.update_xaxes(
            range=[0, (self.ends_at - self.starts_at) / HOUR_MS], tickvals=self.hours(ticks), ticktext=self.tick_texts(ticks), tickangle=0
        )
        for at in self.hours(self.changes):
            figure.add_vline(x=at, line={"color": "#5b6770", "width": 1, "dash": "dot"})

    def ticks(self) -> list[Instant]:
        """Full hours of the clock, as far apart as it takes for a dozen of them to do."""
        first = -(-self.starts_at // _LOOK_MS) * _LOOK_MS
        full = [at for at in range(first, self.ends_at + 1, _LOOK_MS) if not self.local(at).minute]
        found = full
        for step in _STEPS_H:
            found = [at for at in full if not self.local(at).hour % step]
            if len(found) <= _TICKS_MAX:
                break
        return found[:: max(1, -(-len(found) // _TICKS_MAX))]

    def tick_texts(self, ticks: Sequence[Instant]) -> list[str]:
        """The hours, with the date below the first of each day where there are several."""
        texts, told = [], None
        for at in ticks:
            local = self.local(at)
            is_new = self._has_days() and local.date() != told
            told = local.date()
            texts.append(f"{local:%H:%M}" + (f"<br>{local:%a %d %b}" if is_new else ""))
        return texts

    def _has_days(self) -> bool:
        return self.local(self.starts_at).date() != self.local(self.ends_at - 1).date()

    def _offset(self, at: Instant) -> str:
        return f" {self.local(at):%Z}" if self.changes else ""

    def _utc_offset(self, at: Instant) -> dt.timedelta:
        offset = self.local(at).utcoffset()
        return dt.timedelta() if offset is None else offset
