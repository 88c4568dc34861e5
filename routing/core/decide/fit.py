"""Which live offers an agent can still take, after something other than an offer has used or changed their room."""

from collections.abc import Iterator

from routing.core.decide.withdraw import withdrawn
from routing.core.events import OfferWithdrawn, WithdrawCause
from routing.core.room import firm_use, yields_to
from routing.core.state import AgentRow, InteractionRow, State
from routing.model.agent import Agent
from routing.model.ids import ChannelId
from routing.model.site import Site


def withdraw_unfit(
    state: State, site: Site, row: AgentRow, agent: Agent, cause: WithdrawCause, *, taken: int = 0, taken_on: ChannelId | None = None
) -> Iterator[OfferWithdrawn]:
    """Keep live offers, oldest first, only while each meets its requirements and all fit the record `agent` beside the work in progress.

    `taken` of the budget and a place on `taken_on` are about to be used besides.
    """
    offered = [state.offers[offer_id] for offer_id in row.offers]
    used = row.used + taken - sum(offer.capacity_cost for offer in offered)
    dropped = 0
    held = dict(row.held_by_channel)
    for offer in offered:
        held[state.interactions[offer.interaction_id].interaction.channel] -= 1
    if taken_on is not None:
        held[taken_on] = held.get(taken_on, 0) + 1
    for offer in offered:
        item = state.interactions[offer.interaction_id]
        channel = item.interaction.channel
        # The offer that interrupts is the last, because nothing else is offered while it rings.
        is_interrupting = row.interrupting == offer.offer_id
        whole = firm_use(state, site, row, channel) + taken - dropped if is_interrupting else used + offer.capacity_cost
        fits = whole <= agent.capacity and held[channel] < agent.channel_maxima.get(channel, 0)
        if fits and item.route.queue_for(agent.attributes) is not None:
            used += offer.capacity_cost
            held[channel] += 1
        else:
            dropped += offer.capacity_cost
            yield withdrawn(offer, cause)


def withdraw_before_firm(state: State, row: InteractionRow) -> Iterator[OfferWithdrawn]:
    """Work in handling is about to become such as is not interrupted: an offer that counted on its share may no longer fit."""
    agent = state.agents[row.agent_id or ""]
    if agent.interrupting is not None and state.site is not None:
        by = state.interactions[state.offers[agent.interrupting].interaction_id].interaction.channel
        yield from withdraw_without_room(state, state.site, agent, firmer=row.capacity_cost if yields_to(state.site, row, by) else 0)


def withdraw_without_room(state: State, site: Site, row: AgentRow, *, firmer: int = 0) -> Iterator[OfferWithdrawn]:
    """Withdraw the offer that will interrupt, if what it may set aside under `site`, less `firmer`, no longer makes room for it."""
    if row.interrupting is not None:
        offer = state.offers[row.interrupting]
        channel = state.interactions[offer.interaction_id].interaction.channel
        if firm_use(state, site, row, channel) + firmer > row.agent.capacity:
            yield withdrawn(offer, WithdrawCause.NO_LONGER_FITS)
