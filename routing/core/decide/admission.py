"""The door of a queue: whom it takes, who has to wait until it opens, and where those go whom it does not take or no longer keeps.

Being turned away is an answer, not an error: the interaction arrives, is diverted, and where no queue takes it ends in the same step.
"""

from collections.abc import Iterator
from typing import NamedTuple

from routing.core.cover import Floor, kind_of
from routing.core.decide.legs import before_leaving
from routing.core.decide.lookup import site_of
from routing.core.decide.withdraw import withdraw_all_of_interaction
from routing.core.estimates import expected_wait_ms
from routing.core.events import Event, InteractionDiverted, InteractionEnded, InteractionQueued, WithdrawCause
from routing.core.lines import Line
from routing.core.state import InteractionRow, State
from routing.model.admission import AdmissionRule, Reception
from routing.model.diversion import REFUSAL, Diversion, DiversionCause, DiversionKind
from routing.model.estimate import Estimate
from routing.model.ids import ChannelId, QueueId
from routing.model.interaction import EndCause, Interaction
from routing.model.queue import Queue
from routing.model.record import replace
from routing.model.route import Route
from routing.model.site import Site
from routing.model.time import Instant


class Look(NamedTuple):
    """What a queue says to an arrival: why it is turned away and whereto, or nothing of that, when it opens, and the wait to expect."""

    estimate: Estimate | None = None
    opens_at: Instant | None = None
    cause: DiversionCause | None = None
    diversion: Diversion = REFUSAL

    @property
    def says_something(self) -> bool:
        """Whether an arrival is told anything that its own fact has to hold."""
        return self.estimate is not None or self.opens_at is not None


class Turned(NamedTuple):
    """Why an interaction is turned away, and whereto; `due_at` is the deadline that says so, `None` at its arrival."""

    cause: DiversionCause
    diversion: Diversion
    due_at: Instant | None = None


def turned_away(state: State, queued: InteractionQueued, look: Look, now: Instant) -> Iterator[Event]:
    """What follows the arrival where its queue does not take it; nothing where it does."""
    if look.cause is not None:
        yield from _divert(state, queued.interaction, queued.route, Turned(look.cause, look.diversion), now)


def divert(state: State, row: InteractionRow, turned: Turned, now: Instant, *, has_offers: bool = True) -> Iterator[Event]:
    """A deadline sends a waiting interaction elsewhere; its live offers go with it to a queue that is open, and are withdrawn elsewhere.

    `has_offers` is false where the caller withdraws all offers beforehand.
    """
    yield from _divert(state, row.interaction, row.route, turned, now, row=row, has_offers=has_offers)


def reception_of(decided: list[Event]) -> Reception | None:
    """What an arrival was answered by these events beyond "accepted"; `None` where that is all."""
    reception = Reception()
    for event in decided:
        match event:
            case InteractionQueued():
                reception = replace(reception, estimate=event.estimate, opens_at=event.opens_at)
            case InteractionDiverted():
                reception = Reception(cause=event.cause, diversion=event.diversion, estimate=event.estimate, opens_at=event.opens_at)
            case _:
                pass
    return None if reception == Reception() else reception


def opening_awaited(site: Site, queue_id: QueueId, now: Instant) -> Instant | None:
    """When a queue that is closed now opens, where that is known; `None` for one that is open or always is."""
    calendar = site.calendar_of(queue_id)
    return None if calendar is None or calendar.is_open(now) else calendar.next_opening(now)


def _divert(
    state: State,
    interaction: Interaction,
    route: Route,
    turned: Turned,
    now: Instant,
    *,
    row: InteractionRow | None = None,
    has_offers: bool = True,
) -> Iterator[Event]:
    """From queue to queue until one takes it; the site has no circle of diversions, so that this ends."""
    site = site_of(state)
    cause, diversion, due_at = turned
    while diversion.kind is DiversionKind.QUEUE:
        left, route = route.queue_id, replace(route, queue_id=diversion.target)
        look = look_at(state, site.queues[route.queue_id], interaction, route, now)
        if row is not None and has_offers and look.opens_at is not None:  # nobody is offered what waits for an opening
            yield from withdraw_all_of_interaction(row, WithdrawCause.ROUTE_CHANGED)
        yield InteractionDiverted(
            interaction_id=interaction.id,
            queue_id=left,
            cause=cause,
            diversion=diversion,
            due_at=due_at,
            route=route,
            estimate=look.estimate,
            opens_at=look.opens_at,
        )
        if look.cause is None:
            return
        cause, diversion, due_at = look.cause, look.diversion, None
    yield InteractionDiverted(interaction_id=interaction.id, queue_id=route.queue_id, cause=cause, diversion=diversion, due_at=due_at)
    if row is not None:
        yield from before_leaving(state, row, now)
        yield from withdraw_all_of_interaction(row, WithdrawCause.INTERACTION_ENDED) if has_offers else ()
    yield InteractionEnded(
        interaction_id=interaction.id,
        agent_id=None,
        cause=EndCause.REFUSED if diversion.kind is DiversionKind.REFUSE else EndCause.DIVERTED,
        forget_before=now - site.retention_ms,
        reason=cause,
    )


def look_at(state: State, queue: Queue, interaction: Interaction, route: Route, now: Instant) -> Look:
    """What a queue says: first whether it is open, then whether anybody is there, then its limits in the order of the rule."""
    estimate = _estimate(state, queue, interaction, route, now)
    opens_at: Instant | None = None
    if queue.hours is not None:
        calendar = site_of(state).calendar_of(queue.id)
        if calendar is not None and not calendar.is_open(now):
            opens_at = calendar.next_opening(now) if calendar.is_known(now) else None
            if queue.hours.when_closed is not None or opens_at is None:
                cause = DiversionCause.CLOSED if calendar.is_known(now) and queue.hours.when_closed else DiversionCause.HOURS_UNKNOWN
                return Look(estimate, None, cause, queue.hours.when_closed or REFUSAL)
            estimate = None  # what is learned of waits says nothing of a night
    if opens_at is None and _is_empty(state, queue, interaction.channel, route):
        return Look(estimate, None, DiversionCause.NOBODY_THERE, REFUSAL if queue.empty is None else queue.empty.otherwise)
    if queue.admission is not None and state.lines is not None:
        cause_of_limit = _limit_reached(queue.admission, state.lines.of(queue.id), interaction.channel, estimate, now)
        if cause_of_limit is not None:
            return Look(estimate, None, cause_of_limit, queue.admission.otherwise)
    return Look(estimate, opens_at)


def _is_empty(state: State, queue: Queue, channel: ChannelId, route: Route) -> bool:
    if queue.empty is None or not queue.empty.join_states or state.cover is None:
        return False
    floor = Floor(site_of(state), state)
    return state.cover.found.witness(floor, kind_of(route, channel), queue.empty.join_states) is None


def _limit_reached(rule: AdmissionRule, line: Line, channel: ChannelId, estimate: Estimate | None, now: Instant) -> DiversionCause | None:
    on_channel, in_all = line.by_channel[channel], line.by_channel.total()
    own_max = (rule.waiting_max_by_channel or {}).get(channel)
    if own_max is not None:
        if on_channel >= own_max:
            return DiversionCause.CHANNEL_LENGTH
    elif rule.waiting_max is not None and (in_all if rule.is_waiting_shared else on_channel) >= rule.waiting_max:
        return DiversionCause.QUEUE_LENGTH
    wait_ms = None if estimate is None else estimate.wait_ms
    if rule.estimated_wait_max_ms is not None and wait_ms is not None and wait_ms > rule.estimated_wait_max_ms:
        return DiversionCause.ESTIMATED_WAIT
    if rule.held_max_ms is not None and line.arrivals and now - line.arrivals[0][0] > rule.held_max_ms:
        return DiversionCause.TIME_HELD
    return None


def _estimate(state: State, queue: Queue, interaction: Interaction, route: Route, now: Instant) -> Estimate | None:
    if queue.estimate is None or state.lines is None:
        return None
    aged_from = now - interaction.routing_credit_ms
    place = state.lines.of(queue.id).place(route.urgency.class_rank, aged_from, state.arrived + 1)
    return Estimate(place=place, wait_ms=expected_wait_ms(queue.estimate, state.paces.get(queue.id), place), method=queue.estimate)
