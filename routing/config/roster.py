"""Rosters: who works, with what skills and capacity, and when; calendars become instants here, because the core knows none."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from routing.model.agent import Agent
from routing.model.ids import AgentId
from routing.model.time import DAY_MS, Duration, Instant

EVERY_DAY: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
_MS = dt.timedelta(milliseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A break within a shift, from `starts_at` until `ends_at`."""

    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One agent's working time on one day, from `starts_at` until `ends_at`, with its breaks, earliest first."""

    starts_at: Instant
    ends_at: Instant
    breaks: tuple[Break, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPattern:
    """A shift as a roster writes it: local times that return on `weekdays` (0 is Monday).

    `start_ms` and `end_ms` are milliseconds after the local midnight of the shift's first day, on the clock on the wall; a shift past
    midnight ends beyond 86,400,000. `breaks` are (start, end) on the same scale, within the shift, earliest first, never overlapping.
    """

    start_ms: Duration
    end_ms: Duration
    breaks: tuple[tuple[Duration, Duration], ...] = ()
    weekdays: tuple[int, ...] = EVERY_DAY

    def on(self, date: dt.date, zone: ZoneInfo) -> Shift | None:
        """The shift that begins on a local date, or None on other weekdays and where the clocks skip all of it.

        A wall-clock time that occurs twice in autumn means the first; one that is skipped in spring is read with the offset before the
        change, so that 02:30 becomes 03:30. A break that the change leaves no time for falls out.
        """
        if date.weekday() not in self.weekdays:
            return None
        starts_at, ends_at = local_instant(date, self.start_ms, zone), local_instant(date, self.end_ms, zone)
        spans = [(local_instant(date, start_ms, zone), local_instant(date, end_ms, zone)) for start_ms, end_ms in self.breaks]
        breaks = tuple(Break(starts_at=start, ends_at=end) for start, end in spans if start < end)
        return Shift(starts_at=starts_at, ends_at=ends_at, breaks=breaks) if starts_at < ends_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosteredAgent:
    """An agent and when they work. `shrinkage_per_mille` is the chance that a whole shift is not worked at all (illness, training)."""

    agent: Agent
    patterns: tuple[ShiftPattern, ...]
    shrinkage_per_mille: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Everybody on a roster file, in the order of the file; `assumptions` are the statements a report repeats."""

    name: str
    members: tuple[RosteredAgent, ...]
    assumptions: tuple[str, ...] = ()

    @property
    def agents(self) -> tuple[Agent, ...]:
        """The agents alone, as the router registers them."""
        return tuple(member.agent for member in self.members)

    def shifts_on(self, date: dt.date, zone: ZoneInfo) -> Mapping[AgentId, tuple[Shift, ...]]:
        """The shifts that begin on a local date, earliest first, of every agent who has one."""
        found: dict[AgentId, tuple[Shift, ...]] = {}
        for member in self.members:
            shifts = [shift for pattern in member.patterns if (shift := pattern.on(date, zone)) is not None]
            if shifts:
                found[member.agent.id] = tuple(sorted(shifts, key=lambda shift: shift.starts_at))
        return found


def local_instant(date: dt.date, after_midnight_ms: Duration, zone: ZoneInfo) -> Instant:
    """The instant at which the clock on the wall shows that long after the midnight of `date`; beyond a day it shows the next date."""
    days, within_ms = divmod(after_midnight_ms, DAY_MS)
    wall = dt.datetime.combine(date, dt.time(), tzinfo=None) + dt.timedelta(days=days, milliseconds=within_ms)
    return (wall.replace(tzinfo=zone).astimezone(dt.UTC) - _EPOCH) // _MS
