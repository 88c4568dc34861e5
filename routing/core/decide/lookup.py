"""Finding the row a command speaks of, or refusing with the reason it is not there."""

from routing.core.errors import CommandRefused, RefusalReason
from routing.core.lifecycle import InteractionPhase
from routing.core.state import AgentRow, InteractionRow, OfferRow, State
from routing.model.callback import CallbackRule, CallbackStage
from routing.model.ids import AgentId, InteractionId, OfferId
from routing.model.queue import Queue
from routing.model.site import Site

OFFER_ID_PREFIX = "offer-"
IN_HANDLING = (InteractionPhase.HANDLING, InteractionPhase.HELD)
IN_HANDS = (*IN_HANDLING, InteractionPhase.INTERRUPTED)


def site_of(state: State) -> Site:
    """The site in force.

    Raises:
        CommandRefused: none was applied yet.
    """
    if state.site is None:
        raise CommandRefused(RefusalReason.NO_SITE, "no site is in force; apply one first")
    return state.site


def interaction_of(
    state: State, interaction_id: InteractionId, reason_if_ended: RefusalReason = RefusalReason.NOT_WAITING
) -> InteractionRow:
    """A live interaction.

    Raises:
        CommandRefused: it is unknown, or, with `reason_if_ended`, it has ended.
    """
    row = state.interactions.get(interaction_id)
    if row is not None:
        return row
    ended = state.ended.get(interaction_id)
    if ended is not None:
        raise CommandRefused(reason_if_ended, f"interaction {interaction_id!r} has ended: {ended.cause}", "interaction_id")
    raise CommandRefused(RefusalReason.UNKNOWN_INTERACTION, f"interaction {interaction_id!r} is not known", "interaction_id")


def in_phase(state: State, interaction_id: InteractionId, reason: RefusalReason, *phases: InteractionPhase) -> InteractionRow:
    """A live interaction that stands in one of `phases`.

    Raises:
        CommandRefused: unknown, or with `reason` when it stands elsewhere or has ended.
    """
    row = interaction_of(state, interaction_id, reason)
    if row.phase not in phases:
        raise CommandRefused(reason, f"interaction {interaction_id!r} is {row.phase}, not {' or '.join(phases)}", "interaction_id")
    return row


def agent_of(state: State, agent_id: AgentId) -> AgentRow:
    """A registered agent.

    Raises:
        CommandRefused: it is unknown.
    """
    row = state.agents.get(agent_id)
    if row is None:
        raise CommandRefused(RefusalReason.UNKNOWN_AGENT, f"agent {agent_id!r} is not registered", "agent_id")
    return row


def offer_of(state: State, offer_id: OfferId) -> OfferRow:
    """A live offer.

    Raises:
        CommandRefused: it is over, or was never made.
    """
    row = state.offers.get(offer_id)
    if row is not None:
        return row
    digits = offer_id.removeprefix(OFFER_ID_PREFIX)[:18]
    number = int(digits) if digits.isascii() and digits.isdecimal() else 0
    if 1 <= number <= state.offers_made and offer_id == f"{OFFER_ID_PREFIX}{number}":
        raise CommandRefused(RefusalReason.OFFER_NOT_PENDING, f"offer {offer_id!r} is over", "offer_id")
    raise CommandRefused(RefusalReason.UNKNOWN_OFFER, f"offer {offer_id!r} was never made", "offer_id")


def queue_of_offer(state: State, offer: OfferRow) -> Queue:
    """The queue through which an interaction was offered, with its numbers."""
    return site_of(state).queues[offer.queue_id or state.interactions[offer.interaction_id].route.queue_id]


def queue_of(state: State, row: InteractionRow) -> Queue:
    """The queue the interaction stands in, with its numbers."""
    return site_of(state).queues[row.route.queue_id]


def callback_rule_of(state: State, row: InteractionRow) -> CallbackRule:
    """The numbers for call-backs of the queue the interaction stands in."""
    return queue_of(state, row).callback


def check_no_attempt(row: InteractionRow) -> None:
    """Refuse what can only be done with a customer on the line while the agent still rings them up.

    Raises:
        CommandRefused: an attempt to reach the customer is running.
    """
    if row.callback is not None and row.callback.stage is CallbackStage.CALLING:
        text = f"the attempt to call interaction {row.interaction.id!r} back is running; report how it ended"
        raise CommandRefused(RefusalReason.ATTEMPT_RUNNING, text, "interaction_id")
