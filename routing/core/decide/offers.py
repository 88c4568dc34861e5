"""Commands about live offers: the lease is taken, refused, lengthened or taken back."""

from collections.abc import Iterator

from routing.core import commands
from routing.core.commands import DeclineReason
from routing.core.decide.lookup import offer_of, queue_of
from routing.core.decide.withdraw import withdraw_all_of_interaction, withdrawn
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import Event, OfferAccepted, OfferDeclined, OfferExtended, WithdrawCause
from routing.core.lifecycle import OfferPhase
from routing.core.state import State
from routing.core.validate import DURATION_MS_MAX, check_text
from routing.model.time import Instant


def accept(state: State, command: commands.AcceptOffer) -> Iterator[Event]:
    """The first accept wins; the other live offers of the interaction are withdrawn in the same step."""
    offer = offer_of(state, command.offer_id)
    row = state.interactions[offer.interaction_id]
    yield from withdraw_all_of_interaction(row, WithdrawCause.TAKEN_BY_ANOTHER, but=command.offer_id)
    yield OfferAccepted(offer_id=command.offer_id, interaction_id=offer.interaction_id, agent_id=offer.agent_id)


def decline(state: State, command: commands.DeclineOffer, now: Instant) -> Iterator[Event]:
    """The interaction waits on; this agent is left out for the queue's cooldown or until the stated instant."""
    offer = offer_of(state, command.offer_id)
    if command.retry_at is not None and not now <= command.retry_at <= now + DURATION_MS_MAX:
        text = f"retry_at {command.retry_at} must lie within 366 days from now, {now}"
        raise CommandRefused(RefusalReason.INVALID_VALUE, text, "retry_at")
    rule = queue_of(state, state.interactions[offer.interaction_id]).reoffer
    cooldown_ms = rule.declined_ms
    if command.reason is DeclineReason.BUSY and rule.busy_ms is not None:
        cooldown_ms = rule.busy_ms
    yield OfferDeclined(
        offer_id=command.offer_id,
        interaction_id=offer.interaction_id,
        agent_id=offer.agent_id,
        reason=command.reason,
        excluded_until=now + cooldown_ms if command.retry_at is None else command.retry_at,
    )


def extend(state: State, command: commands.ExtendOffer) -> Iterator[Event]:
    """Lengthen the lease once, by the queue's bound."""
    offer = offer_of(state, command.offer_id)
    extension_ms = queue_of(state, state.interactions[offer.interaction_id]).offer_extension_ms
    if offer.phase is not OfferPhase.LIVE or not extension_ms:
        text = f"offer {command.offer_id!r} cannot be extended {'again' if extension_ms else 'in this queue'}"
        raise CommandRefused(RefusalReason.EXTENSION_EXHAUSTED, text, "offer_id")
    yield OfferExtended(offer_id=command.offer_id, interaction_id=offer.interaction_id, expires_at=offer.expires_at + extension_ms)


def withdraw(state: State, command: commands.WithdrawOffer) -> Iterator[Event]:
    """Take a live offer back by request."""
    check_text("reason", command.reason)
    yield withdrawn(offer_of(state, command.offer_id), WithdrawCause.REQUESTED, command.reason)
