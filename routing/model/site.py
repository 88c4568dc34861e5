"""Sites: one routing domain, complete: everything the router must know beyond agents and interactions."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from routing.model.channel import Channel
from routing.model.hours import Calendar
from routing.model.ids import ChannelId, QueueId
from routing.model.later import LATER
from routing.model.leg import LegAge
from routing.model.memory import MemoryRule
from routing.model.queue import Queue
from routing.model.record import record
from routing.model.requirement import AttributeValue
from routing.model.route import RouteRule
from routing.model.time import Duration


class IdleClock(StrEnum):
    """Since when an agent counts as idle, for ties between agents."""

    SINCE_FREE = "since_free"
    """The last end of an interaction, or becoming available if that is later."""
    SINCE_ASSIGNED = "since_assigned"
    """The last accepted offer, or becoming available where there was none."""
    SINCE_WORKED = "since_worked"
    """The last end of an interaction, whatever the agent said of themselves since; whoever had none is idle longest."""
    SINCE_OFFERED = "since_offered"
    """The last offer made, accepted or not, or becoming available where there was none."""
    NONE = "none"
    """Idleness does not count: agents go in the order of their registration."""


@record(frozen=True, slots=True, kw_only=True)
class WeightedScorer:
    """A scorer by its registered name, and how many milliseconds of wait one unit of its cost is worth.

    `parameters` are for a scorer that takes some; what is left out has the scorer's own default.
    """

    name: str
    weight_ms: int
    parameters: Mapping[str, AttributeValue] | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class PolicySpec:
    """A policy as data: the names of its parts and its numbers; a registry turns it into functions.

    `match_interval_ms` 0 decides on every event; a positive interval collects that long after the first change and decides jointly, except
    for classes at or above `bypass_class_rank`. A policy that is not work-conserving leaves a pair apart while its cost exceeds the
    interaction's urgency. `wait_price` names what waiting is worth. Where interactions come first, the one whose waiting is worth most
    chooses its agent, and what a pair costs never moves an interaction.
    """

    name: str
    version: int
    filters: tuple[str, ...]
    scorers: tuple[WeightedScorer, ...]
    assigner: str
    match_interval_ms: Duration
    bypass_class_rank: int | None
    is_work_conserving: bool
    idle_clock: IdleClock
    wait_price: str = field(default="urgency", metadata=LATER)
    is_interaction_first: bool = field(default=False, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class NotReadyReason:
    """A code that an agent who is not ready may give, and whether that time counts as working time for whoever reads the journal."""

    code: str
    is_working_time: bool


@record(frozen=True, slots=True, kw_only=True)
class ShiftRule:
    """How work respects what agents are committed to.

    No agent is offered an interaction whose expected handling would last more than `tolerance_ms` into their next commitment, except for
    classes at or above `override_class_rank`; `None` excepts nobody.
    """

    tolerance_ms: Duration
    override_class_rank: int | None = None


@record(frozen=True, slots=True, kw_only=True)
class Site:
    """One routing domain: channels, queues, classification rules, the active policy and the rules for lost sessions.

    `session_lease_ms`: how long an agent's desktop may be gone before its live offers are withdrawn and its deferrable work returns.
    `handling_grace_ms`: how much longer live handling is kept before it returns to its queue.
    `retention_ms`: how long answers to requests and ended interactions are remembered.
    `keeps_waiting_routes`: whether what waits when this site comes into force keeps the route it has; it is classified again otherwise.
    `transfer_age`: how much age a transferred conversation takes along where the request does not say.
    `memory`: what is remembered of customers, if anything.
    `running_callbacks_max`: how many call-backs may be offered or have an attempt running at once; 0 sets no limit.
    `calendars`: opening hours by name, for the queues that have any.
    `not_ready_reasons`: the codes agents may give; where the list is empty, any.
    `shift_rule`: without it nobody's commitments keep them from work.
    """

    id: str
    channels: Mapping[ChannelId, Channel]
    queues: Mapping[QueueId, Queue]
    skills: tuple[str, ...]
    rules: tuple[RouteRule, ...]
    policy: PolicySpec
    session_lease_ms: Duration
    handling_grace_ms: Duration
    retention_ms: Duration
    keeps_waiting_routes: bool = field(default=False, metadata=LATER)
    transfer_age: LegAge = field(default=LegAge(), metadata=LATER)
    memory: MemoryRule | None = field(default=None, metadata=LATER)
    running_callbacks_max: int = field(default=0, metadata=LATER)
    calendars: Mapping[str, Calendar] | None = field(default=None, metadata=LATER)
    not_ready_reasons: tuple[NotReadyReason, ...] = field(default=(), metadata=LATER)
    shift_rule: ShiftRule | None = field(default=None, metadata=LATER)

    def calendar_of(self, queue_id: QueueId) -> Calendar | None:
        """The calendar of a queue, `None` for one that is always open."""
        hours = self.queues[queue_id].hours
        return None if hours is None else (self.calendars or {})[hours.calendar]
