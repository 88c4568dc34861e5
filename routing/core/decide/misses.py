"""What a missed offer means for the agent."""

from collections.abc import Iterator

from routing.core.decide.duty import paused
from routing.core.decide.reservations import limits_after
from routing.core.decide.withdraw import withdraw_all_of_agent
from routing.core.events import Event, PresenceChanged, WithdrawCause
from routing.core.state import OfferRow, State
from routing.model.agent import Presence
from routing.model.ids import QueueId
from routing.model.queue import MissedOfferScope, Queue
from routing.model.time import Instant


def missed_in(queue: Queue) -> QueueId | None:
    """The queue in which alone a miss counts, or `None` where it counts for the agent as a whole."""
    return queue.id if queue.missed_offer.scope is MissedOfferScope.QUEUE else None


def after_miss(state: State, queue: Queue, offer: OfferRow, now: Instant) -> Iterator[Event]:
    """The queue's consequence, where this was one miss too many; the missed offer itself is over before."""
    row, rule = state.agents[offer.agent_id], queue.missed_offer
    if missed_in(queue) is not None:
        if rule.threshold and row.queue_misses.get(queue.id, 0) + 1 >= rule.threshold and queue.id not in row.paused:
            yield from paused(state, row, queue.id, "missed_offer", offer.offer_id)
        return
    if not rule.threshold or rule.presence is Presence.AVAILABLE or row.misses + 1 < rule.threshold:
        return
    yield PresenceChanged(agent_id=offer.agent_id, presence=rule.presence, reason="missed_offer")
    for withdrawn in withdraw_all_of_agent(state, row, WithdrawCause.PRESENCE_CHANGED):
        if withdrawn.offer_id != offer.offer_id:
            yield withdrawn
    yield from limits_after(state, {offer.agent_id: rule.presence}, now, but=offer.interaction_id)
