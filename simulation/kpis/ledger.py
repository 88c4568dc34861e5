"""The ledger: the one pass over the event log that every measure is computed from.

It only appends: a row for each interaction, and a line for each change of an agent's presence, work or used budget. All arithmetic waits
until the log is over and is then done on whole columns, so that a run pays about a microsecond an event for its measures. It reads nothing
but events, so a journal of production is measured by the same code as a simulated day; in a simulation it is also a witness of what no
router hears.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from enum import IntEnum
from struct import Struct
from typing import Any, Final, NamedTuple, assert_never

from routing.core import events
from routing.core.events import Event, Recorded
from routing.model.agent import Presence
from routing.model.estimate import Estimate
from routing.model.ids import AgentId, ChannelId, ExternalWorkId, InteractionId, OfferId, QueueId
from routing.model.interaction import EndCause, Interaction
from routing.model.queue import ServiceLevel
from routing.model.route import Route
from routing.model.time import Duration, Instant
from simulation.customers.facts import Balked, Blocked, CameAgain, CustomerFact, ResolutionKnown, Resolved
from simulation.kpis.sparse_columns import CallbackColumns, CustomerColumns, TalkColumns

NOT_YET = -1
"""Stands in a column of instants for "has not happened"."""


NO_QUEUE: Final = ""
"""The queue of those who heard a busy tone: they never came to one."""


class Outcome(IntEnum):
    """How an interaction stood when the log ended; every interaction has exactly one."""

    IN_PROGRESS = 0
    HANDLED = 1
    ABANDONED = 2
    REFUSED = 3
    CANCELLED = 4
    TRANSFERRED = 5
    UNSERVED = 6
    UNREACHED = 7
    DIVERTED = 8
    BLOCKED = 9


_OUTCOMES = {
    EndCause.HANDLED: Outcome.HANDLED,
    EndCause.ABANDONED: Outcome.ABANDONED,
    EndCause.REFUSED: Outcome.REFUSED,
    EndCause.CANCELLED: Outcome.CANCELLED,
    EndCause.TRANSFERRED: Outcome.TRANSFERRED,
    EndCause.UNSERVED: Outcome.UNSERVED,
    EndCause.UNREACHED: Outcome.UNREACHED,
    EndCause.DIVERTED: Outcome.DIVERTED,
}


class AgentChange(NamedTuple):
    """What holds for one agent from `at` on: presence, interactions held (accepted, not ended), budget used and budget there is.

    `is_working_time`: not ready for a reason that the site counts as working time; `external`: pieces of work that was not routed.
    """

    agent: int
    at: Instant
    is_available: bool
    is_offline: bool
    held: int
    used: int
    capacity: int
    is_working_time: bool
    external: int


# There are three for every interaction: as bytes they take a fifth of the memory of tuples, and are an array without being converted.
_packed_change = Struct(f"={len(AgentChange._fields)}q").pack


class _Desk:
    """An agent as the log has left them so far."""

    __slots__ = ("capacity", "external", "held", "index", "is_working_time", "presence", "used")

    def __init__(self, index: int, capacity: int) -> None:
        self.index = index
        self.capacity = capacity
        self.presence = Presence.OFFLINE
        self.held = 0
        self.used = 0
        self.is_working_time = False
        self.external: dict[ExternalWorkId, int] = {}


class Ledger:
    """Folds the events of one log, given in order, into columns (lists, one entry an interaction in order of arrival) and agent changes.

    `answered_at` is the accept that led to the present or final handling: an accept whose connection failed is taken back. `queue` is the
    present or last one, `is_leg` whether it came out of another interaction, `due_at` the interaction's own due time. `entries` and
    `moved_out` count every visit to a queue. `agent_changes` holds one `AgentChange` behind the other, each field as an int64.
    """

    def __init__(self) -> None:
        self.service_levels: dict[QueueId, ServiceLevel] = {}
        self.is_live: dict[ChannelId, bool] = {}
        self.started_at: Instant = NOT_YET
        self.last_at: Instant = NOT_YET
        self.channel: list[ChannelId] = []
        self.queue: list[QueueId] = []
        self.queued_at: list[Instant] = []
        self.due_at: list[Instant] = []
        self.answered_at: list[Instant] = []
        self.ended_at: list[Instant] = []
        self.outcome: list[Outcome] = []
        self.told_ms: list[Duration] = []
        self.callbacks = CallbackColumns()
        self.talk = TalkColumns()
        self.customers = CustomerColumns()
        self.is_leg: list[bool] = []
        self.entries: Counter[QueueId] = Counter()
        self.moved_out: Counter[QueueId] = Counter()
        self.agent_ids: list[AgentId] = []
        self.agent_changes = bytearray()
        self._row_of: dict[InteractionId, int] = {}
        self._desk_of: dict[AgentId, _Desk] = {}
        self._offer_cost: dict[OfferId, int] = {}
        self._offer_queue: dict[OfferId, tuple[InteractionId, QueueId]] = {}
        self._work_cost: dict[InteractionId, int] = {}
        self._aside: dict[InteractionId, None] = {}
        self._channel_cost: dict[ChannelId, int] = {}
        self._working_reasons: frozenset[str] = frozenset()
        self._handlers: dict[type[Event], Callable[[Instant, Any], None]] = {
            events.SiteApplied: self._apply_site,
            events.AgentPut: self._put_agent,
            events.AgentRemoved: self._remove_agent,
            events.PresenceChanged: self._change_presence,
            events.ExternalWorkStarted: self._start_external,
            events.ExternalWorkEnded: self._end_external,
            events.InteractionQueued: self._queue,
            events.RouteChanged: self._change_route,
            events.InteractionDiverted: self._divert,
            events.RequirementRelaxed: self._relax,
            events.OfferMade: self._make_offer,
            events.OfferAccepted: self._accept,
            events.OfferDeclined: self._close_offer,
            events.OfferExpired: self._close_offer,
            events.OfferWithdrawn: self._close_offer,
            events.HandlingInterrupted: self._set_aside,
            events.InterruptionEnded: self._take_up,
            events.HandlingHeld: self._hold,
            events.HandlingResumed: self._resume,
            events.HandlingEnded: self._end_talk,
            events.HandlingReturned: self._return,
            events.InteractionEnded: self._end,
            events.CallbackRequested: self._request_callback,
            events.CallbackLaunched: self._launch_callback,
            events.CallbackReached: self._reach,
            events.CallbackAttemptEnded: self._end_attempt,
            events.PromiseKept: self._keep_promise,
            events.PromiseBroken: self._break_promise,
        }

    def __call__(self, recorded: Recorded) -> None:
        """Takes the next event of the log; events that no measure needs pass by."""
        _, at, _, event = recorded
        self.last_at = at
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(at, event)

    def read(self, log: Iterable[Recorded]) -> "Ledger":
        """Takes a whole log; returns itself."""
        for recorded in log:
            self(recorded)
        return self

    def _apply_site(self, at: Instant, event: events.SiteApplied) -> None:
        if self.started_at == NOT_YET:
            self.started_at = at
        # Updated, not replaced: what a later site dropped may still have interactions in the log.
        for queue in event.site.queues.values():
            self.service_levels[queue.id] = queue.service_level
        for channel in event.site.channels.values():
            self.is_live[channel.id] = channel.is_live
            self._channel_cost[channel.id] = channel.capacity_cost
        self._working_reasons = frozenset(reason.code for reason in event.site.not_ready_reasons if reason.is_working_time)

    # ---- interactions ----

    def _queue(self, at: Instant, event: events.InteractionQueued) -> None:
        self._open_row(at, event.interaction, event.route.queue_id, _told_ms(event.estimate))
        self.entries[event.route.queue_id] += 1

    def _open_row(self, at: Instant, interaction: Interaction, queue: QueueId, told_ms: Duration) -> None:
        row = self._row_of[interaction.id] = len(self.queue)
        self.channel.append(interaction.channel)
        self.queue.append(queue)
        self.queued_at.append(at)
        self.due_at.append(NOT_YET if interaction.due_at is None else interaction.due_at)
        self.answered_at.append(NOT_YET)
        self.ended_at.append(NOT_YET)
        self.outcome.append(Outcome.IN_PROGRESS)
        self.is_leg.append(interaction.leg is not None)
        self.told_ms.append(told_ms)
        self.customers.open_row(row, interaction.id)

    def _change_route(self, at: Instant, event: events.RouteChanged) -> None:
        self._take_route(event.interaction_id, event.new)

    def _relax(self, at: Instant, event: events.RequirementRelaxed) -> None:
        self._take_route(event.interaction_id, event.route)

    def _take_route(self, interaction_id: InteractionId, route: Route) -> None:
        """An offer made through another queue of the route counts there only while the route has that queue."""
        self._move(interaction_id, route.queue_id)
        stays = {(interaction_id, branch.queue_id) for branch in route.branches}
        self._offer_queue = {key: held for key, held in self._offer_queue.items() if held[0] != interaction_id or held in stays}

    def _divert(self, at: Instant, event: events.InteractionDiverted) -> None:
        if event.route is not None:
            self._move(event.interaction_id, event.route.queue_id)
            if event.due_at is None:  # on arrival: what the queue told that took it
                self.told_ms[self._row_of[event.interaction_id]] = _told_ms(event.estimate)

    def _move(self, interaction_id: InteractionId, queue_id: QueueId) -> None:
        row = self._row_of[interaction_id]
        if self.queue[row] != queue_id:
            self.moved_out[self.queue[row]] += 1
            self.entries[queue_id] += 1
            self.queue[row] = queue_id

    def _end(self, at: Instant, event: events.InteractionEnded) -> None:
        row = self._row_of[event.interaction_id]
        self.ended_at[row] = at
        self.talk.resume(row, at)
        self.outcome[row] = _OUTCOMES[event.cause]
        if event.agent_id is not None:
            self._release(at, event.agent_id, event.interaction_id)

    # ---- what only the world knows ----

    def witness(self, at: Instant, fact: CustomerFact) -> None:
        """Takes the next fact of a simulated world, among the events in their order."""
        self.last_at = max(self.last_at, at)
        match fact:
            case Blocked(interaction=interaction):
                self._open_row(at, interaction, NO_QUEUE, NOT_YET)
                self.outcome[-1], self.ended_at[-1] = Outcome.BLOCKED, at
            case CameAgain():
                self.customers.expect(fact, self._row_of[fact.after_id])
            case Balked(interaction_id=interaction_id):
                self.customers.balked.add(self._row_of[interaction_id])
            case Resolved(interaction_id=interaction_id):
                self.customers.resolved.add(self._row_of[interaction_id])
            case ResolutionKnown():
                self.customers.knows_resolution = True
            case _:
                assert_never(fact)

    # ---- offers and handling ----

    def _make_offer(self, at: Instant, event: events.OfferMade) -> None:
        cost = self._channel_cost[self.channel[self._row_of[event.interaction_id]]]
        self._offer_cost[event.offer_id] = cost
        if event.queue_id:
            self._offer_queue[event.offer_id] = event.interaction_id, event.queue_id
        desk = self._desk_of[event.agent_id]
        desk.used += cost
        self._note(at, desk)

    def _close_offer(self, at: Instant, event: events.OfferDeclined | events.OfferExpired | events.OfferWithdrawn) -> None:
        desk = self._desk_of[event.agent_id]
        desk.used -= self._offer_cost.pop(event.offer_id)
        self._offer_queue.pop(event.offer_id, None)
        self._note(at, desk)

    def _accept(self, at: Instant, event: events.OfferAccepted) -> None:
        self.answered_at[self._row_of[event.interaction_id]] = at
        self._work_cost[event.interaction_id] = self._offer_cost.pop(event.offer_id)
        if event.offer_id in self._offer_queue:
            self._move(event.interaction_id, self._offer_queue.pop(event.offer_id)[1])
        desk = self._desk_of[event.agent_id]
        desk.held += 1
        self._note(at, desk)

    def _set_aside(self, at: Instant, event: events.HandlingInterrupted) -> None:
        self._aside[event.interaction_id] = None
        desk = self._desk_of[event.agent_id]
        desk.used -= self._work_cost[event.interaction_id]
        self._note(at, desk)

    def _take_up(self, at: Instant, event: events.InterruptionEnded) -> None:
        del self._aside[event.interaction_id]
        desk = self._desk_of[event.agent_id]
        desk.used += self._work_cost[event.interaction_id]
        self._note(at, desk)

    def _hold(self, at: Instant, event: events.HandlingHeld) -> None:
        self.talk.hold(self._row_of[event.interaction_id], at)

    def _resume(self, at: Instant, event: events.HandlingResumed) -> None:
        self.talk.resume(self._row_of[event.interaction_id], at)

    def _end_talk(self, at: Instant, event: events.HandlingEnded) -> None:
        row = self._row_of[event.interaction_id]
        self.talk.resume(row, at)
        if event.wrap_up_until > at:
            self.talk.ended_at[row] = at

    def _return(self, at: Instant, event: events.HandlingReturned) -> None:
        row = self._row_of[event.interaction_id]
        self.answered_at[row] = NOT_YET
        self.talk.resume(row, at)
        self.talk.held_ms.pop(row, None)  # it counts for the handling that led to the end
        self._release(at, event.agent_id, event.interaction_id)

    def _release(self, at: Instant, agent_id: AgentId, interaction_id: InteractionId) -> None:
        desk = self._desk_of[agent_id]
        desk.held -= 1
        cost = self._work_cost.pop(interaction_id)
        desk.used -= 0 if interaction_id in self._aside else cost
        self._aside.pop(interaction_id, None)
        self._note(at, desk)

    # ---- call-backs ----

    def _request_callback(self, at: Instant, event: events.CallbackRequested) -> None:
        row = self._row_of[event.interaction.id]
        self.channel[row] = event.interaction.channel
        self.callbacks.request(row, at, event.not_before)

    def _launch_callback(self, at: Instant, event: events.CallbackLaunched) -> None:
        self.callbacks.launch(self._row_of[event.interaction_id], at)

    def _reach(self, at: Instant, event: events.CallbackReached) -> None:
        self.callbacks.reached.add(self._row_of[event.interaction_id])

    def _end_attempt(self, at: Instant, event: events.CallbackAttemptEnded) -> None:
        if event.agent_id is not None:
            self.answered_at[self._row_of[event.interaction_id]] = NOT_YET
            self._release(at, event.agent_id, event.interaction_id)

    def _keep_promise(self, at: Instant, event: events.PromiseKept) -> None:
        self.callbacks.kept.append(self._row_of[event.interaction_id])

    def _break_promise(self, at: Instant, event: events.PromiseBroken) -> None:
        self.callbacks.broken.append(self._row_of[event.interaction_id])

    # ---- agents ----

    def _put_agent(self, at: Instant, event: events.AgentPut) -> None:
        desk = self._desk_of.get(event.agent.id)
        if desk is None:
            desk = self._desk_of[event.agent.id] = _Desk(len(self.agent_ids), event.agent.capacity)
            self.agent_ids.append(event.agent.id)
        desk.capacity = event.agent.capacity
        self._note(at, desk)

    def _remove_agent(self, at: Instant, event: events.AgentRemoved) -> None:
        # The desk stays: an agent who is registered again is the same person in every measure.
        desk = self._desk_of[event.agent_id]
        desk.presence = Presence.OFFLINE
        self._note(at, desk)

    def _change_presence(self, at: Instant, event: events.PresenceChanged) -> None:
        desk = self._desk_of[event.agent_id]
        desk.presence = event.presence
        desk.is_working_time = event.presence is Presence.NOT_READY and event.reason in self._working_reasons
        self._note(at, desk)

    def _start_external(self, at: Instant, event: events.ExternalWorkStarted) -> None:
        desk = self._desk_of[event.agent_id]
        desk.external[event.work_id] = event.capacity_cost
        desk.used += event.capacity_cost
        self._note(at, desk)

    def _end_external(self, at: Instant, event: events.ExternalWorkEnded) -> None:
        desk = self._desk_of[event.agent_id]
        desk.used -= desk.external.pop(event.work_id)
        self._note(at, desk)

    def _note(self, at: Instant, desk: _Desk) -> None:
        self.agent_changes += _packed_change(
            desk.index,
            at,
            desk.presence is Presence.AVAILABLE,
            desk.presence is Presence.OFFLINE,
            desk.held,
            desk.used,
            desk.capacity,
            desk.is_working_time,
            len(desk.external),
        )


def _told_ms(estimate: Estimate | None) -> Duration:
    return NOT_YET if estimate is None or estimate.wait_ms is None else estimate.wait_ms
