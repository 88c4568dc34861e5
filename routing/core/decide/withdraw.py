"""Taking live offers back: the one consequence that many commands share."""

from collections.abc import Iterator

from routing.core.events import OfferWithdrawn, WithdrawCause
from routing.core.state import AgentRow, InteractionRow, OfferRow, State
from routing.model.ids import OfferId, QueueId


def withdraw_all_of_interaction(row: InteractionRow, cause: WithdrawCause, but: str = "") -> Iterator[OfferWithdrawn]:
    """Withdraw every live offer of an interaction, except the offer `but`."""
    for offer_id, agent_id in row.offers.items():
        if offer_id != but:
            yield OfferWithdrawn(offer_id=offer_id, interaction_id=row.interaction.id, agent_id=agent_id, cause=cause)


def withdraw_all_of_agent(state: State, row: AgentRow, cause: WithdrawCause) -> Iterator[OfferWithdrawn]:
    """Withdraw every live offer an agent holds."""
    for offer_id in row.offers:
        yield withdrawn(state.offers[offer_id], cause)


def withdraw_all_in_queue(
    state: State, row: AgentRow, queue_id: QueueId, cause: WithdrawCause, but: OfferId = ""
) -> Iterator[OfferWithdrawn]:
    """Withdraw every live offer of one queue that an agent holds, except the offer `but`."""
    for offer_id in row.offers:
        offer = state.offers[offer_id]
        if offer_id != but and state.interactions[offer.interaction_id].route.queue_id == queue_id:
            yield withdrawn(offer, cause)


def withdrawn(offer: OfferRow, cause: WithdrawCause, reason: str = "") -> OfferWithdrawn:
    """The fact that `offer` was taken back."""
    return OfferWithdrawn(offer_id=offer.offer_id, interaction_id=offer.interaction_id, agent_id=offer.agent_id, cause=cause, reason=reason)
