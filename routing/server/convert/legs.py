"""Requests for the next leg of a conversation, and the conversation as a whole."""

from routing.core import commands
from routing.core.commands import NextLeg
from routing.core.lifecycle import InteractionPhase
from routing.core.state import State
from routing.model.ids import InteractionId
from routing.model.leg import Barred
from routing.server.convert.checks import identifier, short
from routing.server.convert.leg_nouns import BARRED, age_of
from routing.server.convert.nouns import END_CAUSES, PHASES, attributes_of, requirements_of
from routing.v1 import handling_pb2, interactions_pb2, types_pb2


def transfer_of(message: handling_pb2.TransferInteractionRequest) -> commands.TransferInteraction:
    """A transfer.

    Raises:
        Refused: naming the field.
    """
    return commands.TransferInteraction(
        request_id=identifier("request_id", message.request_id),
        interaction_id=identifier("interaction_id", message.interaction_id),
        leg=_next_leg_of(message.leg),
    )


def consult_of(message: handling_pb2.StartConsultRequest) -> commands.StartConsult:
    """The start of a consultation.

    Raises:
        Refused: naming the field.
    """
    return commands.StartConsult(
        request_id=identifier("request_id", message.request_id),
        interaction_id=identifier("interaction_id", message.interaction_id),
        leg=_next_leg_of(message.leg),
    )


def _next_leg_of(message: handling_pb2.NextLeg) -> NextLeg:
    is_barred_stated = message.barred != types_pb2.BARRED_UNSPECIFIED
    replaces = message.HasField("requirements")
    return NextLeg(
        id=short("leg.id", message.id),
        channel=short("leg.channel", message.channel) or None,
        type=short("leg.type", message.type) if message.HasField("type") else None,
        attributes=attributes_of("leg.attributes", message.attributes),
        requirements=requirements_of("leg.requirements", message.requirements.requirements) if replaces else None,
        keeps_preferred=message.keeps_preferred,
        agent_id=short("leg.agent_id", message.agent_id) if message.HasField("agent_id") else None,
        age=age_of(message.age) if message.HasField("age") else None,
        barred=BARRED.member("leg.barred", message.barred) if is_barred_stated else Barred.LAST_AGENT,
    )


def conversation_of(state: State, interaction_id: InteractionId) -> list[interactions_pb2.ConversationLeg]:
    """The legs from the first that is still remembered to the last, or nothing where there is only one.

    Legs of consultations that are over hang on nothing and are left out.
    """
    found = [interaction_id]
    while (before := _neighbours(state, found[0])[0]) is not None:
        found.insert(0, before)
    while (after := _neighbours(state, found[-1])[1]) is not None:
        found.append(after)
    return [_one_leg(state, leg_id) for leg_id in found] if len(found) > 1 else []


def _neighbours(state: State, interaction_id: InteractionId) -> tuple[InteractionId | None, InteractionId | None]:
    """The parent and the leg of an interaction, as far as they are known."""
    row, ended = state.interactions.get(interaction_id), state.ended.get(interaction_id)
    if row is not None:
        parent_id, leg_id = (None if row.interaction.leg is None else row.interaction.leg.parent_id), row.leg_id
    elif ended is not None:
        parent_id, leg_id = ended.parent_id, ended.leg_id
    else:
        return None, None
    known = [neighbour if neighbour in state.interactions or neighbour in state.ended else None for neighbour in (parent_id, leg_id)]
    return known[0], known[1]


def _one_leg(state: State, interaction_id: InteractionId) -> interactions_pb2.ConversationLeg:
    row = state.interactions.get(interaction_id)
    if row is not None:
        return interactions_pb2.ConversationLeg(interaction_id=interaction_id, phase=PHASES.number(row.phase), agent_id=row.agent_id or "")
    ended = state.ended[interaction_id]
    return interactions_pb2.ConversationLeg(
        interaction_id=interaction_id,
        phase=PHASES.number(InteractionPhase.ENDED),
        agent_id=ended.agent_id or "",
        cause=END_CAUSES.number(ended.cause),
    )
