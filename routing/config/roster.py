"""Rosters: who works, with what skills and capacity, and when; calendars become instants here, because the core knows none."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
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
    is_overtime: bool = False

    @property
    def break_ms(self) -> Duration:
        """The time of its breaks."""
        return sum(pause.ends_at - pause.starts_at for pause in self.breaks)

    @property
    def net_ms(self) -> Duration:
        """Its time without the breaks."""
        return self.ends_at - self.starts_at - self.break_ms


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
    is_overtime: bool = False

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
        if starts_at >= ends_at:
            return None
        return Shift(starts_at=starts_at, ends_at=ends_at, breaks=breaks, is_overtime=self.is_overtime)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosteredAgent:
    """An agent and when they work.

    `patterns` return every week, `dated` are further shifts by the local date on which they begin, and on the dates of `absent_on` no shift
    begins. All of them are on the clock of `zone`, an IANA name; None leaves the zone to whoever asks. `shrinkage_per_mille` is the chance
    that all work of a day is missed (illness); `planned_shrinkage_per_mille` the share of every shift, net of breaks, that is paid and
    planned for something else (meetings, training). `hourly_cost` is per paid hour, None where the roster does not say.
    """

    agent: Agent
    patterns: tuple[ShiftPattern, ...]
    shrinkage_per_mille: int
    planned_shrinkage_per_mille: int = 0
    dated: Mapping[dt.date, tuple[ShiftPattern, ...]] = field(default_factory=dict)
    absent_on: frozenset[dt.date] = frozenset()
    zone: str | None = None
    hourly_cost: float | None = None

    @property
    def has_shifts(self) -> bool:
        """Whether they come to work on any date."""
        return bool(self.patterns or self.dated)

    @property
    def has_breaks(self) -> bool:
        """Whether any of their shifts has a break."""
        return any(pattern.breaks for pattern in chain(self.patterns, *self.dated.values()))

    def shifts_on(self, date: dt.date, zone: ZoneInfo) -> tuple[Shift, ...]:
        """The shifts that begin on a local date, earliest first, on the agent's own clock, or that of `zone` where they have none."""
        if date in self.absent_on:
            return ()
        clock = zone if self.zone is None else ZoneInfo(self.zone)
        found = (pattern.on(date, clock) for pattern in chain(self.patterns, self.dated.get(date, ())))
        return tuple(sorted((shift for shift in found if shift is not None), key=lambda shift: shift.starts_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Everybody on a roster file, in the order of the file; `assumptions` are the statements a report repeats.

    `overtime_factor` is what an hour of overtime costs in hours of the agent's `hourly_cost`.
    """

    name: str
    members: tuple[RosteredAgent, ...]
    assumptions: tuple[str, ...] = ()
    overtime_factor: float = 1.0

    @property
    def agents(self) -> tuple[Agent, ...]:
        """The agents alone, as the router registers them."""
        return tuple(member.agent for member in self.members)

    def shifts_on(self, date: dt.date, zone: ZoneInfo) -> Mapping[AgentId, tuple[Shift, ...]]:
        """The shifts that begin on a local date, earliest first, of every agent who has one."""
        by_agent = {member.agent.id: member.shifts_on(date, zone) for member in self.members}
        return {agent_id: shifts for agent_id, shifts in by_agent.items() if shifts}


def local_instant(date: dt.date, after_midnight_ms: Duration, zone: ZoneInfo) -> Instant:
    """The instant at which the clock on the wall shows that long after the midnight of `date`; beyond a day it shows the next date."""
    days, within_ms = divmod(after_midnight_ms, DAY_MS)
    wall = dt.datetime.combine(date, dt.time(), tzinfo=None) + dt.timedelta(days=days, milliseconds=within_ms)
    return (wall.replace(tzinfo=zone).astimezone(dt.UTC) - _EPOCH) // _MS
