"""What the desktops on both sides of a consultation or a conference hear."""

from collections.abc import Iterator

from routing.core import events
from routing.core.decide.legs import open_parent_of
from routing.core.events import Event, Recorded
from routing.core.state import State
from routing.model.ids import AgentId, InteractionId
from routing.model.leg import Tie
from routing.server.convert.leg_nouns import tie_to_wire
from routing.v1.agents_pb2 import AgentEvent, TieChanged

_Tied = events.InteractionTransferred | events.ConsultStarted | events.ConsultEnded | events.ConferenceStarted | events.ConferenceEnded


def tie_events(recorded: Recorded, state: State) -> Iterator[AgentEvent]:
    """What the agents on both sides of a conversation hear of an event; `state` is that after the command that caused it."""
    for changed in _tie_changes(recorded.event, state):
        yield AgentEvent(sequence=recorded.seq, at_ms=recorded.at, tie_changed=changed)


def _tie_changes(event: Event, state: State) -> Iterator[TieChanged]:
    match event:
        case events.InteractionTransferred():
            return _both(_change(event, Tie.TRANSFERRED), event.agent_id, _agent_on(state, event.leg_id))
        case events.ConsultStarted():
            return _both(_change(event, Tie.CONSULT), event.agent_id, "")
        case events.ConsultEnded():
            return _both(_change(event, None), event.agent_id, _agent_on(state, event.leg_id))
        case events.ConferenceStarted():
            return _both(_change(event, Tie.CONFERENCE), event.agent_id, event.partner_id)
        case events.ConferenceEnded():
            return _both(_change(event, Tie.CONSULT), event.agent_id, event.partner_id)
        case events.OfferAccepted() | events.HandlingReturned():
            return _leg_moved(state, event.interaction_id)
        case _:
            return iter(())


def _leg_moved(state: State, leg_id: InteractionId) -> Iterator[TieChanged]:
    """The agent who asked hears that somebody took the leg, or that it waits again; who is on it hears that otherwise."""
    leg = state.interactions.get(leg_id)
    parent = None if leg is None else open_parent_of(state, leg)
    if leg is not None and parent is not None and parent.agent_id is not None:
        yield TieChanged(
            interaction_id=parent.interaction.id,
            leg_id=leg_id,
            tie=tie_to_wire(parent.tie),
            agent_id=parent.agent_id,
            partner_id=leg.agent_id or "",
        )


def _agent_on(state: State, leg_id: InteractionId) -> AgentId:
    leg = state.interactions.get(leg_id)
    return "" if leg is None else leg.agent_id or ""


def _change(event: _Tied, tie: Tie | None) -> TieChanged:
    return TieChanged(interaction_id=event.interaction_id, leg_id=event.leg_id, tie=tie_to_wire(tie))


def _both(change: TieChanged, agent_id: AgentId, partner_id: AgentId) -> Iterator[TieChanged]:
    """The change as told to the agent of the interaction, and to the one on the leg where there is one."""
    for told, other in ((agent_id, partner_id), (partner_id, agent_id)):
        if told:
            message = TieChanged(agent_id=told, partner_id=other)
            message.MergeFrom(change)
            yield message
