"""What follows when an agent takes what they are offered."""

from routing.core.decide.duty import counted
from routing.core.decide.lookup import queue_of, site_of
from routing.core.events import Event, HandlingInterrupted, OfferAccepted
from routing.core.room import work_to_set_aside
from routing.core.state import OfferRow, State
from routing.model.time import Instant


def taken(state: State, offer: OfferRow, now: Instant) -> list[Event]:
    """The offer is accepted: work that it interrupts is set aside first, and it counts towards its queue's limit."""
    row, agent = state.interactions[offer.interaction_id], state.agents[offer.agent_id]
    events: list[Event] = []
    if agent.interrupting == offer.offer_id:
        events += [
            HandlingInterrupted(interaction_id=aside.interaction.id, agent_id=offer.agent_id, by=offer.interaction_id)
            for aside in work_to_set_aside(state, site_of(state), agent, row.interaction.channel)
        ]
    events.append(OfferAccepted(offer_id=offer.offer_id, interaction_id=offer.interaction_id, agent_id=offer.agent_id))
    queue = queue_of(state, row)
    if queue.assignment_limit is not None:
        events += counted(state, agent, queue.id, queue.assignment_limit, now, accepted=offer.offer_id)
    return events
