"""Commands about live offers: the lease is taken, refused, lengthened or taken back."""

from collections.abc import Iterator

from routing.core import commands
from routing.core.commands import DeclineReason
from routing.core.decide.accepting import taken
from routing.core.decide.callbacks import launched
from routing.core.decide.lookup import offer_of, queue_of_offer
from routing.core.decide.misses import after_miss, missed_in
from routing.core.decide.reoffer import after_failure, cooldown_ms, scope_of
from routing.core.decide.withdraw import withdraw_all_of_interaction, withdrawn
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import Event, OfferDeclined, OfferExtended, WithdrawCause
from routing.core.lifecycle import OfferPhase
from routing.core.state import InteractionRow, State
from routing.core.validate import DURATION_MS_MAX, check_text
from routing.model.ids import OfferId
from routing.model.queue import ExclusionScope
from routing.model.record import replace
from routing.model.time import Instant


def accept(state: State, command: commands.AcceptOffer, now: Instant) -> list[Event]:
    """The first accept wins; the other live offers of the interaction are withdrawn in the same step.

    Where there is no room for it beside work that it may interrupt, that work is set aside.
    """
    offer = offer_of(state, command.offer_id)
    row = state.interactions[offer.interaction_id]
    _check_rings(row, command.offer_id)
    events: list[Event] = []
    if len(row.offers) > 1:
        events += withdraw_all_of_interaction(row, WithdrawCause.TAKEN_BY_ANOTHER, but=command.offer_id)
    events += taken(state, offer, now)
    if row.callback is not None:
        events += launched(state, row, row.callback, offer.agent_id, now)
    return events


def _check_rings(row: InteractionRow, offer_id: OfferId) -> None:
    """Refuse to accept or lengthen what only keeps an agent free: the customer's answer turns it into handling, or the attempt ends it."""
    if row.callback is not None and row.callback.is_reserving:
        text = f"offer {offer_id!r} reserves the agent while the customer is rung up; report how that ended"
        raise CommandRefused(RefusalReason.ATTEMPT_RUNNING, text, "offer_id")


def decline(state: State, command: commands.DeclineOffer, now: Instant) -> Iterator[Event]:
    """The interaction waits on; this agent is left out as the queue says, or until the stated instant."""
    offer = offer_of(state, command.offer_id)
    if command.retry_at is not None and not now <= command.retry_at <= now + DURATION_MS_MAX:
        text = f"retry_at {command.retry_at} must lie within 366 days from now, {now}"
        raise CommandRefused(RefusalReason.INVALID_VALUE, text, "retry_at")
    row = state.interactions[offer.interaction_id]
    queue = queue_of_offer(state, offer)
    counts_as_miss = command.reason is DeclineReason.UNREACHABLE and queue.missed_offer.counts_unreachable
    declined = OfferDeclined(
        offer_id=command.offer_id,
        interaction_id=offer.interaction_id,
        agent_id=offer.agent_id,
        reason=command.reason,
        excluded_until=now + cooldown_ms(queue.reoffer, command.reason) if command.retry_at is None else command.retry_at,
        scope=scope_of(queue.reoffer, command.reason) if command.retry_at is None else ExclusionScope.COOLDOWN,
        counts_as_miss=counts_as_miss,
        missed_in=missed_in(queue) if counts_as_miss else None,
    )
    yield declined
    is_apart = declined.excluded_until > now or declined.scope is not ExclusionScope.COOLDOWN
    is_answer = command.reason is DeclineReason.DECLINED
    yield from after_failure(state, row, offer.agent_id, now, is_apart=is_apart, is_answer=is_answer)
    if declined.counts_as_miss:
        yield from after_miss(state, queue, offer, now)


def extend(state: State, command: commands.ExtendOffer) -> Iterator[Event]:
    """Lengthen the lease once, by the queue's bound."""
    offer = offer_of(state, command.offer_id)
    _check_rings(state.interactions[offer.interaction_id], command.offer_id)
    extension_ms = queue_of_offer(state, offer).offer_extension_ms
    if offer.phase is not OfferPhase.LIVE or not extension_ms:
        text = f"offer {command.offer_id!r} cannot be extended {'again' if extension_ms else 'in this queue'}"
        raise CommandRefused(RefusalReason.EXTENSION_EXHAUSTED, text, "offer_id")
    row = state.interactions[offer.interaction_id]
    expires_at = rings_until(row, offer.expires_at + extension_ms)
    yield OfferExtended(offer_id=command.offer_id, interaction_id=offer.interaction_id, expires_at=expires_at)


def rings_until(row: InteractionRow, expires_at: Instant) -> Instant:
    """When an offer that would ring until `expires_at` ends: not after a limit of stay that cuts it."""
    stay = row.route.stay
    if stay is None or not stay.cuts_ring or (row.callback is not None and row.callback.is_pending):
        return expires_at
    return min(expires_at, stay.until)


def withdraw(state: State, command: commands.WithdrawOffer, now: Instant) -> Iterator[Event]:
    """Take a live offer back by request; the agent is left out for the queue's time."""
    check_text("reason", command.reason)
    offer = offer_of(state, command.offer_id)
    apart_ms = queue_of_offer(state, offer).reoffer.withdrawn_ms
    taken_back = withdrawn(offer, WithdrawCause.REQUESTED, command.reason)
    yield replace(taken_back, excluded_until=now + apart_ms) if apart_ms else taken_back
