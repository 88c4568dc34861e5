"""A scenario: one site, one demand, rosters, behaviour and a horizon, with all calendars already turned into instants."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from routing.config.roster import Roster
from routing.model.ids import ChannelId
from routing.model.site import PolicySpec, Site
from routing.model.time import Duration, Instant
from simulation.agents.outbound import OutboundList
from simulation.behaviour import Behaviour
from simulation.customers.lines import LineGroup
from simulation.demand import BacklogItem, Demand
from simulation.penalties import Penalties

_HANDED_BACK = (
    "at the end of a shift agents hand their conversations back: the customer waits again, with new patience, and what is left of the work "
    "is done by another agent"
)


class AtEnd(StrEnum):
    """What happens when the horizon ends."""

    SERVE_OUT = "serve_out"
    """No new arrivals; agents still on shift go on with what waits, until their shifts end or `serve_out_limit_ms` has passed."""
    CUT = "cut"
    """Everything stops; what waits or is handled counts as in progress."""


class ShiftEnd(StrEnum):
    """What becomes of the conversations of an agent whose shift ends."""

    FINISH = "finish"
    """The agent finishes them and takes nothing new; meanwhile they are busy beyond their shift, a ghost."""
    HAND_BACK = "hand_back"
    """They wait again, with what is left of their work; notes that the agent is writing are finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The local days a scenario covers: `days` days from `date` in the IANA time zone `zone`. Shifts begin on these days."""

    date: dt.date
    days: int
    zone: str

    @property
    def zone_info(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.zone)

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The local days, first to last."""
        return tuple(self.date + dt.timedelta(days=offset) for offset in range(self.days))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSpan:
    """A span of opening hours, [starts_at, ends_at)."""

    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything a replication needs, as plain records that travel to worker processes.

    The horizon is [starts_at, ends_at), within the days of `calendar`. A live channel that `opening_hours` lists takes arrivals only within
    its spans, one that it does not list at any time. With `shifts_of_day_before` the shifts of the day before count that last into the
    horizon. `policies` are those that the site's file names beside its active one. `assumptions`
    and `notes` are repeated in every report; those of the roster and the sources of the behaviour come on top (`stated_assumptions`).
    """

    name: str
    site: Site
    policies: Mapping[str, PolicySpec]
    behaviour: Behaviour
    rosters: Mapping[str, Roster]
    demand: Demand
    backlog: tuple[BacklogItem, ...]
    calendar: Calendar
    starts_at: Instant
    ends_at: Instant
    opening_hours: Mapping[ChannelId, tuple[OpenSpan, ...]]
    at_end: AtEnd
    serve_out_limit_ms: Duration
    seed: int
    shifts_of_day_before: bool = False
    at_shift_end: ShiftEnd = ShiftEnd.FINISH
    penalties: Penalties | None = None
    outbound: tuple[OutboundList, ...] = ()
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[LineGroup, ...] = ()

    @property
    def date(self) -> dt.date:
        """The first local day."""
        return self.calendar.date

    @property
    def days(self) -> int:
        """How many local days the calendar covers."""
        return self.calendar.days

    @property
    def zone(self) -> str:
        """The name of the calendar's time zone."""
        return self.calendar.zone

    @property
    def zone_info(self) -> ZoneInfo:
        """The calendar's time zone."""
        return self.calendar.zone_info

    @property
    def stops_at(self) -> Instant:
        """The instant at which a run stops at the latest."""
        return self.ends_at + (self.serve_out_limit_ms if self.at_end is AtEnd.SERVE_OUT else 0)

    def is_open(self, channel: ChannelId, at: Instant) -> bool:
        """Whether a live arrival on `channel` at `at` falls into the opening hours."""
        spans = self.opening_hours.get(channel)
        return spans is None or any(span.starts_at <= at < span.ends_at for span in spans)

    def stated_assumptions(self, roster: str) -> tuple[str, ...]:
        """Every assumption that a result under `roster` rests on: the scenario's, the roster's, and the sources of behaviour and demand."""
        rules = () if self.at_shift_end is ShiftEnd.FINISH else (_HANDED_BACK,)
        stated = (*self.assumptions, *rules, *self.rosters[roster].assumptions, *self.behaviour.sources(), *self.demand.sources)
        return tuple(dict.fromkeys(stated))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What a comparison varies: a policy and a roster of the scenario. `name` is unique within the comparison."""

    name: str
    policy: PolicySpec
    roster: str
