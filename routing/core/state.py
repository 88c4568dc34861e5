"""The router's one mutable state: rows for agents, live interactions and live offers, and what must be remembered.

Rows are plain and complete: everything else (the deadline heap, the marks below, the matching columns) is derived from them and may be
thrown away. Nobody but `evolve` writes here.
"""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, assert_never

from routing.core.attendance import Attendance
from routing.core.deadlines import Deadline, DeadlineIndex, DeadlineKind
from routing.core.holders import Holders
from routing.core.kept import Ended, ExternalWork, Remembered
from routing.core.lifecycle import InteractionPhase, OfferPhase
from routing.model.admission import Reception
from routing.model.agent import Agent, Commitment, Presence
from routing.model.callback import CallbackKind, CallbackStage, Promise
from routing.model.ids import AgentId, ChannelId, CustomerId, ExternalWorkId, InteractionId, OfferId, QueueId, RequestId, SessionId
from routing.model.interaction import EndCause, Interaction
from routing.model.later import LATER
from routing.model.leg import Tie
from routing.model.queue import ExclusionScope
from routing.model.record import row
from routing.model.route import Route
from routing.model.site import Site
from routing.model.time import Duration, Instant

if TYPE_CHECKING:  # derived from the rows below, and so knowing them
    from routing.core.cover import Cover
    from routing.core.lines import Lines


@dataclass(slots=True, kw_only=True)
class AgentRow:
    """An agent and the work they hold. `used` is the budget taken by offers, handling, wrap-up and external work together.

    What strategies ask of the past is counted since registration: offers `accepted`, ms of handling (`talk_ms`) and of handling with
    wrap-up (`worked_ms`, and by queue), credited when an interaction leaves the agent; `staffed_ms` is the time not offline before
    `staffed_since`.

    `set_aside` maps interrupted work, oldest interruption first, to what it will take of the budget again; it is part of `work` and keeps
    its place among the channel's maximum. `resume_at` is due where the last of it fits again. `interrupting` is the live offer for which
    work will be set aside: only while there is one may `used` exceed the capacity. `kept` is the handling that the grace of an expired
    session is for. `paused` maps a queue to the reason why the agent takes nothing from it, `assignments` to the instants until which
    accepted work counts, and `limited_until` to the instant at which the agent is below the queue's limit again.
    """

    agent: Agent
    sequence: int
    presence: Presence
    presence_reason: str
    available_since: Instant
    free_since: Instant | None = None
    assigned_at: Instant | None = None
    misses: int = 0
    used: int = 0
    held_by_channel: dict[ChannelId, int] = field(default_factory=dict)
    offers: dict[OfferId, None] = field(default_factory=dict)
    work: dict[InteractionId, None] = field(default_factory=dict)
    session_id: SessionId | None = None
    session_expires_at: Instant | None = None
    release_at: Instant | None = None
    offered_at: Instant | None = None
    accepted: int = 0
    talk_ms: Duration = 0
    worked_ms: Duration = 0
    worked_by_queue: dict[QueueId, Duration] = field(default_factory=dict)
    staffed_ms: Duration = 0
    staffed_since: Instant | None = None
    set_aside: dict[InteractionId, int] = field(default_factory=dict, metadata=LATER)
    resume_at: Instant | None = field(default=None, metadata=LATER)
    interrupting: OfferId | None = field(default=None, metadata=LATER)
    kept: dict[InteractionId, None] | None = field(default=None, metadata=LATER)
    external: dict[ExternalWorkId, ExternalWork] = field(default_factory=dict, metadata=LATER)
    queue_misses: dict[QueueId, int] = field(default_factory=dict, metadata=LATER)
    paused: dict[QueueId, str] = field(default_factory=dict, metadata=LATER)
    assignments: dict[QueueId, tuple[Instant, ...]] = field(default_factory=dict, metadata=LATER)
    limited_until: dict[QueueId, Instant] = field(default_factory=dict, metadata=LATER)
    commitments: tuple[Commitment, ...] = field(default=(), metadata=LATER)


@dataclass(slots=True, kw_only=True)
class CallbackRow:
    """What an interaction carries from the request of a call-back on; the interaction keeps its id, its sequence and its place.

    `not_before` is there while it is deferred, `attempt_expires_at` while an attempt runs, `urgent_at` until the promise is near, and
    `class_rank` from then on. `attempts` counts those that ended without reaching the customer. `paused_ms`: how long the customer
    wished not to be called; that time makes nothing older.
    """

    kind: CallbackKind
    stage: CallbackStage
    requested_at: Instant
    not_before: Instant | None
    promise: Promise
    promised_at: Instant | None
    urgent_at: Instant | None
    paused_ms: Duration
    class_rank: int | None = None
    attempts: int = 0
    attempt_expires_at: Instant | None = None

    @property
    def is_pending(self) -> bool:
        """Whether the customer waits for a call, and not on the line."""
        return self.stage is not CallbackStage.REACHED

    @property
    def is_reserving(self) -> bool:
        """Whether an offer only keeps an agent free for a customer who is rung up first."""
        return self.kind is CallbackKind.CUSTOMER_FIRST and self.is_pending


@row(slots=True, kw_only=True)
class InteractionRow:
    """A live interaction. `exclusions` maps an agent to the instant until which the pair is apart, `apart` to why that has no instant.

    `leg_id` is the leg that came out of it and `tie` how they hang together: both or neither.
    `handled_since` is the accept by the agent who holds it, `handled_until` the end of handling once wrap-up has begun.
    `is_round_closed`: an offer of the present round failed, and nobody else is asked until the others have ended. `away_at`: when the
    reservation ends because none of its agents is on the floor.
    `opens_at`: when its queue was to open, where it arrived before that; until it does, `awaits_opening`, and nobody is offered it.
    `leave_at`: when it leaves because nobody is there for it. `closed_at`: when its queue closed on it and keeps nobody.
    `place` is that in line on arrival, 0 where its queue tells none.
    """

    interaction: Interaction
    phase: InteractionPhase
    sequence: int
    version: int
    enqueued_at: Instant
    route: Route
    offers: dict[OfferId, AgentId] = field(default_factory=dict)
    exclusions: dict[AgentId, Instant] = field(default_factory=dict)
    deferred_until: Instant | None = None
    agent_id: AgentId | None = None
    capacity_cost: int = 0
    wrap_up_until: Instant | None = None
    leg_id: InteractionId | None = field(default=None, metadata=LATER)
    tie: Tie | None = field(default=None, metadata=LATER)
    handled_since: Instant | None = None
    handled_until: Instant | None = None
    apart: dict[AgentId, ExclusionScope] = field(default_factory=dict, metadata=LATER)
    is_round_closed: bool = field(default=False, metadata=LATER)
    away_at: Instant | None = field(default=None, metadata=LATER)
    callback: CallbackRow | None = field(default=None, metadata=LATER)
    opens_at: Instant | None = field(default=None, metadata=LATER)
    awaits_opening: bool = field(default=False, metadata=LATER)
    leave_at: Instant | None = field(default=None, metadata=LATER)
    closed_at: Instant | None = field(default=None, metadata=LATER)
    place: int = field(default=0, metadata=LATER)

    @property
    def eligible_since(self) -> Instant:
        """From when its ladder and its age count: the arrival, or the opening of its queue.

        Later by as long as a customer wished not to be called.
        """
        begin = self.enqueued_at if self.opens_at is None else self.opens_at
        return begin if self.callback is None else begin + self.callback.paused_ms

    @property
    def is_on_line(self) -> bool:
        """Whether the customer is there, and does not wait for a call-back."""
        return self.callback is None or not self.callback.is_pending

    @property
    def class_rank(self) -> int:
        """Its class: that of its route, or the higher one of a call-back whose promise is near."""
        own = self.route.urgency.class_rank
        raised = None if self.callback is None else self.callback.class_rank
        return own if raised is None else max(own, raised)

    def waited_ms(self, now: Instant) -> Duration:
        """How long the customer has waited on the line; it ends with the request of a call-back."""
        return (now if self.callback is None else self.callback.requested_at) - self.enqueued_at


@row(slots=True, kw_only=True)
class OfferRow:
    """A live offer: the lease of an agent's capacity, with the cost it took (a site change must not alter what is given back).

    `queue_id` as in `OfferMade`.
    """

    offer_id: OfferId
    interaction_id: InteractionId
    agent_id: AgentId
    phase: OfferPhase
    version: int
    expires_at: Instant
    capacity_cost: int
    queue_id: QueueId = field(default="", metadata=LATER)


class Customer(NamedTuple):
    """What is remembered of a customer; see `CustomerRemembered`. `at` is when they were heard of last."""

    at: Instant
    agent_id: AgentId | None
    served_at: Instant | None
    aged_from: Instant | None
    left_at: Instant | None


class Pace(NamedTuple):
    """What the waits of those answered in a queue have taught: `hold_s` and `per_place_ms` are moving averages, whole numbers.

    `hold_s` is of the wait, `per_place_ms` of the wait divided by the place in line on arrival.
    """

    hold_s: int
    per_place_ms: Duration


@dataclass(slots=True, kw_only=True)
class Marks:
    """Derived: what changed since the matching columns were last refreshed, what a match has to look at, and whose next step may be early.

    Used as ordered sets.
    """

    stale_agents: dict[AgentId, None] = field(default_factory=dict)
    stale_interactions: dict[InteractionId, None] = field(default_factory=dict)
    dirty_agents: dict[AgentId, None] = field(default_factory=dict)
    dirty_interactions: dict[InteractionId, None] = field(default_factory=dict)
    may_step_early: dict[InteractionId, None] = field(default_factory=dict)

    def forget_dirty(self) -> None:
        """All that changed was matched."""
        self.dirty_agents.clear()
        self.dirty_interactions.clear()


@dataclass(slots=True, kw_only=True)
class CallbackIndex:
    """Derived: the call-backs that did not reach their customer yet, and which of those are offered or running. Used as ordered sets."""

    pending: dict[InteractionId, None] = field(default_factory=dict)
    in_flight: dict[InteractionId, None] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class State:
    """Everything the router knows. `seq` and `at` are those of the last event.

    `turns` holds for each queue the registration number of the agent who was offered its last interaction.

    `requests`, `ended` and `customers` are kept oldest first and forgotten from that end; a plain dict would search its emptied front each
    time. `receptions` are what arrivals among `requests` were answered beyond the plain. `turns_at` says when a queue next opens or closes.

    Derived from the rows, for those who ask by agent: `reserved_for` (interactions kept for them) and `apart_until_present` (interactions
    they declined or missed and are kept from until they have been away); `holders` of attributes; and `lines` and `cover`, where the site
    needs them.
    """

    seq: int = 0
    at: Instant = 0
    site: Site | None = None
    site_hash: str = ""
    agents: dict[AgentId, AgentRow] = field(default_factory=dict)
    interactions: dict[InteractionId, InteractionRow] = field(default_factory=dict)
    offers: dict[OfferId, OfferRow] = field(default_factory=dict)
    requests: OrderedDict[RequestId, Remembered] = field(default_factory=OrderedDict)
    ended: OrderedDict[InteractionId, Ended] = field(default_factory=OrderedDict)
    ended_by_cause: Counter[EndCause] = field(default_factory=Counter)
    arrived: int = 0
    agents_put: int = 0
    offers_made: int = 0
    turns: dict[QueueId, int] = field(default_factory=dict)
    window_due_at: Instant | None = None
    customers: OrderedDict[CustomerId, Customer] = field(default_factory=OrderedDict, metadata=LATER)
    reserved_for: dict[AgentId, dict[InteractionId, None]] = field(default_factory=dict)
    apart_until_present: dict[AgentId, dict[InteractionId, None]] = field(default_factory=dict)
    receptions: dict[RequestId, Reception] = field(default_factory=dict, metadata=LATER)
    turns_at: dict[QueueId, Instant] = field(default_factory=dict, metadata=LATER)
    paces: dict[QueueId, Pace] = field(default_factory=dict, metadata=LATER)
    lines: "Lines | None" = None
    cover: "Cover | None" = None
    deadlines: DeadlineIndex = field(init=False)
    marks: Marks = field(default_factory=Marks)
    attendance: Attendance = field(default_factory=Attendance)
    holders: Holders = field(default_factory=Holders)
    callbacks: CallbackIndex = field(default_factory=CallbackIndex)

    def __post_init__(self) -> None:
        self.deadlines = DeadlineIndex(self.carries)

    def carries(self, deadline: Deadline) -> bool:
        """Whether the row that `deadline` belongs to still has that due time."""
        due_at, kind, key, partner = deadline
        return self._due_at(kind, key, partner) == due_at

    def _due_at(self, kind: DeadlineKind, key: str, partner: str) -> Instant | None:
        match kind:
            case DeadlineKind.OFFER_EXPIRY:
                return self.offers[key].expires_at if key in self.offers else None
            case (
                DeadlineKind.EXCLUSION_END
                | DeadlineKind.ROUTE_STEP
                | DeadlineKind.WRAP_UP_LIMIT
                | DeadlineKind.MATCH_DEFERRED
                | DeadlineKind.RESERVATION_END
                | DeadlineKind.STAY_LIMIT
                | DeadlineKind.CLOSED_ON
                | DeadlineKind.LEFT_ALONE
            ):
                row = self.interactions.get(key)
                return None if row is None else _interaction_due_at(row, kind, partner)
            case DeadlineKind.WINDOW:
                return self.window_due_at
            case DeadlineKind.QUEUE_HOURS:
                return self.turns_at.get(key)
            case (
                DeadlineKind.SESSION_EXPIRY
                | DeadlineKind.HANDLING_GRACE
                | DeadlineKind.INTERRUPTION_END
                | DeadlineKind.ASSIGNMENT_LIMIT
                | DeadlineKind.COMMITMENT_END
            ):
                agent = self.agents.get(key)
                return None if agent is None else _agent_due_at(agent, kind, partner)
            case DeadlineKind.CALLBACK_ATTEMPT | DeadlineKind.CALLBACK_DUE | DeadlineKind.CALLBACK_URGENT | DeadlineKind.PROMISE_END:
                item = self.interactions.get(key)
                return None if item is None or item.callback is None else callback_due_at(item.callback, kind)
        assert_never(kind)


def _agent_due_at(row: AgentRow, kind: DeadlineKind, partner: str) -> Instant | None:
    if kind is DeadlineKind.SESSION_EXPIRY:
        return row.session_expires_at
    if kind is DeadlineKind.HANDLING_GRACE:
        return row.release_at
    if kind is DeadlineKind.INTERRUPTION_END:
        return row.resume_at
    if kind is DeadlineKind.ASSIGNMENT_LIMIT:
        return row.limited_until.get(partner)
    return row.commitments[0].ends_at if row.commitments else None


def _interaction_due_at(row: InteractionRow, kind: DeadlineKind, partner: str) -> Instant | None:
    if kind is DeadlineKind.WRAP_UP_LIMIT:
        return row.wrap_up_until
    if row.phase is not InteractionPhase.WAITING:
        return None
    if kind is DeadlineKind.EXCLUSION_END:
        return row.exclusions.get(partner)
    if kind is DeadlineKind.LEFT_ALONE:
        return row.leave_at
    if kind is DeadlineKind.CLOSED_ON:
        return row.closed_at
    if kind is DeadlineKind.MATCH_DEFERRED:
        return row.deferred_until
    if kind is DeadlineKind.RESERVATION_END:
        return reservation_due_at(row)
    if kind is DeadlineKind.STAY_LIMIT:
        return stay_due_at(row)
    return row.route.next_due_at


def reservation_due_at(row: InteractionRow) -> Instant | None:
    """When a waiting interaction's reservation ends by itself: when its time is over, or before that because its agents are away."""
    reserved = row.route.reserved
    if reserved is None:
        return None
    return reserved.until if row.away_at is None else min(row.away_at, reserved.until or row.away_at)


def stay_due_at(row: InteractionRow) -> Instant | None:
    """When a waiting interaction has stayed too long; not while an offer rings that is to be rung out first.

    Who waits for a call-back is not on the line and may stay.
    """
    stay = row.route.stay
    if stay is None or (row.callback is not None and row.callback.is_pending):
        return None
    return None if row.offers and not stay.cuts_ring else stay.until


def callback_due_at(callback: CallbackRow, kind: DeadlineKind) -> Instant | None:
    """When a deadline of a call-back falls due, `None` where it has none of that kind."""
    if kind is DeadlineKind.CALLBACK_ATTEMPT:
        return callback.attempt_expires_at
    if kind is DeadlineKind.CALLBACK_DUE:
        return callback.not_before
    if kind is DeadlineKind.CALLBACK_URGENT:
        return callback.urgent_at
    # The promised instant itself is in time, as in every comparison of instants: the promise is broken one millisecond later.
    if callback.promise is not Promise.OPEN or callback.promised_at is None:
        return None
    return callback.promised_at + 1
