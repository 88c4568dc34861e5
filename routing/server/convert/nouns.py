"""Interactions, agents, requirements and attributes, both ways."""

from collections.abc import Iterable, Mapping, Sequence

from routing.core.commands import DeclineReason
from routing.core.events import ReturnCause, StepCause, WithdrawCause
from routing.core.lifecycle import InteractionPhase
from routing.core.validate import ATTRIBUTES_MAX
from routing.model.agent import Agent, Presence
from routing.model.interaction import EndCause, Interaction
from routing.model.requirement import AttributeValue, Operator, Requirement, RequirementKind
from routing.server.convert.checks import OPAQUE_BYTES_MAX, PREFERRED_AGENTS_MAX, EnumTable, count, identifier, instant, short
from routing.server.convert.leg_nouns import leg_to_wire
from routing.server.errors import invalid
from routing.v1 import types_pb2

OPERATORS = EnumTable(types_pb2.RequirementOperator, "REQUIREMENT_OPERATOR", Operator)
KINDS = EnumTable(types_pb2.RequirementKind, "REQUIREMENT_KIND", RequirementKind)
PRESENCES = EnumTable(types_pb2.Presence, "PRESENCE", Presence)
PHASES: EnumTable[InteractionPhase] = EnumTable(
    types_pb2.InteractionPhase, "INTERACTION_PHASE", (phase for phase in InteractionPhase if phase is not InteractionPhase.NEW)
)
END_CAUSES = EnumTable(types_pb2.EndCause, "END_CAUSE", EndCause)
DECLINE_REASONS = EnumTable(types_pb2.DeclineReason, "DECLINE_REASON", DeclineReason)
WITHDRAW_CAUSES = EnumTable(types_pb2.WithdrawCause, "WITHDRAW_CAUSE", WithdrawCause)
STEP_CAUSES = EnumTable(types_pb2.StepCause, "STEP_CAUSE", StepCause)
RETURN_CAUSES = EnumTable(types_pb2.ReturnCause, "RETURN_CAUSE", ReturnCause)


# ---- in ----


def interaction_of(message: types_pb2.Interaction) -> Interaction:
    """The interaction a platform describes; what depends on the site is checked by the core.

    Raises:
        Refused: naming the field.
    """
    if message.HasField("leg"):
        raise invalid("interaction.leg", "is the router's own; leave it out")
    count("interaction.opaque", message.opaque)
    size = sum(len(key.encode()) + len(value.encode()) for key, value in message.opaque.items())
    if size > OPAQUE_BYTES_MAX:
        raise invalid("interaction.opaque", f"holds {size} bytes of text; at most {OPAQUE_BYTES_MAX} are allowed")
    count("interaction.preferred_agents", message.preferred_agents, at_most=PREFERRED_AGENTS_MAX)
    preferred = {
        identifier("interaction.preferred_agents", agent_id): message.preferred_agents[agent_id]
        for agent_id in sorted(message.preferred_agents)
    }
    return Interaction(
        id=short("interaction.id", message.id),
        channel=identifier("interaction.channel", message.channel),
        type=short("interaction.type", message.type),
        attributes=attributes_of("interaction.attributes", message.attributes),
        requirements=requirements_of("interaction.requirements", message.requirements),
        preferred_agents=preferred or None,
        due_at=instant("interaction.due_at_ms", message.due_at_ms) if message.HasField("due_at_ms") else None,
        routing_credit_ms=message.routing_credit_ms,
        correlation_id=short("interaction.correlation_id", message.correlation_id),
        opaque={key: message.opaque[key] for key in sorted(message.opaque)} or None,
        priority=message.priority,
        agent_id=short("interaction.agent_id", message.agent_id) if message.HasField("agent_id") else None,
        customer_id=short("interaction.customer_id", message.customer_id) if message.HasField("customer_id") else None,
        stay_limit_ms=message.stay_limit_ms if message.HasField("stay_limit_ms") else None,
    )


def attributes_of(field: str, entries: Mapping[str, types_pb2.AttributeValue]) -> dict[str, AttributeValue]:
    """Attributes in the order of their names: a map has none on the wire, and equal requests must become equal commands.

    Raises:
        Refused: naming the attribute.
    """
    count(field, entries)
    return {identifier(field, name): value_of(f"{field}[{name}]", entries[name]) for name in sorted(entries)}


def value_of(field: str, message: types_pb2.AttributeValue) -> AttributeValue:
    """A number or a symbol.

    Raises:
        Refused: neither is set, or the symbol is too long.
    """
    match message.WhichOneof("value"):
        case "number":
            return message.number
        case "symbol":
            return short(f"{field}.symbol", message.symbol)
        case _:
            raise invalid(field, "needs a number or a symbol")


def values_of(
    field: str, messages: Sequence[types_pb2.AttributeValue], *, at_least: int = 0, at_most: int = ATTRIBUTES_MAX
) -> tuple[AttributeValue, ...]:
    """Values in the order they were listed.

    Raises:
        Refused: there are too few or too many, or one is neither a number nor a symbol.
    """
    count(field, messages, at_least=at_least, at_most=at_most)
    return tuple(value_of(field, message) for message in messages)


def requirements_of(field: str, messages: Iterable[types_pb2.Requirement]) -> tuple[Requirement, ...]:
    """Requirements in the order they were listed.

    Raises:
        Refused: naming the requirement.
    """
    listed = list(messages)
    count(field, listed)
    return tuple(
        Requirement(
            attribute=identifier(f"{field}[{index}].attribute", message.attribute),
            operator=OPERATORS.member(f"{field}[{index}].operator", message.operator),
            value=value_of(f"{field}[{index}].value", message.value),
            kind=KINDS.member(f"{field}[{index}].kind", message.kind),
            alternatives=values_of(f"{field}[{index}].alternatives", message.alternatives),
        )
        for index, message in enumerate(listed)
    )


def agent_of(field: str, message: types_pb2.Agent) -> Agent:
    """An agent's record.

    Raises:
        Refused: naming the field.
    """
    count(f"{field}.channel_maxima", message.channel_maxima)
    return Agent(
        id=identifier(f"{field}.id", message.id),
        attributes=attributes_of(f"{field}.attributes", message.attributes),
        capacity=message.capacity,
        channel_maxima={name: message.channel_maxima[name] for name in sorted(message.channel_maxima)},
        wrap_up_limit_ms=message.wrap_up_limit_ms if message.HasField("wrap_up_limit_ms") else None,
    )


# ---- out ----


def attribute_to_wire(value: AttributeValue) -> types_pb2.AttributeValue:
    """A number or a symbol as a message."""
    return types_pb2.AttributeValue(number=value) if isinstance(value, int) else types_pb2.AttributeValue(symbol=value)


def attributes_to_wire(attributes: Mapping[str, AttributeValue]) -> dict[str, types_pb2.AttributeValue]:
    """Attributes as map entries."""
    return {name: attribute_to_wire(value) for name, value in attributes.items()}


def requirement_to_wire(requirement: Requirement) -> types_pb2.Requirement:
    """A requirement as a message."""
    return types_pb2.Requirement(
        attribute=requirement.attribute,
        operator=OPERATORS.number(requirement.operator),
        value=attribute_to_wire(requirement.value),
        kind=KINDS.number(requirement.kind),
        alternatives=[attribute_to_wire(value) for value in requirement.alternatives],
    )


def interaction_to_wire(interaction: Interaction) -> types_pb2.Interaction:
    """An interaction as it came in, with the id it was given."""
    return types_pb2.Interaction(
        id=interaction.id,
        channel=interaction.channel,
        type=interaction.type,
        attributes=attributes_to_wire(interaction.attributes),
        requirements=[requirement_to_wire(requirement) for requirement in interaction.requirements],
        preferred_agents=interaction.preferred_agents,
        due_at_ms=interaction.due_at,
        routing_credit_ms=interaction.routing_credit_ms,
        correlation_id=interaction.correlation_id,
        opaque=interaction.opaque,
        leg=leg_to_wire(interaction.leg),
        priority=interaction.priority,
        agent_id=interaction.agent_id,
        customer_id=interaction.customer_id,
        stay_limit_ms=interaction.stay_limit_ms,
    )


def agent_to_wire(agent: Agent) -> types_pb2.Agent:
    """An agent's record as a message."""
    return types_pb2.Agent(
        id=agent.id,
        attributes=attributes_to_wire(agent.attributes),
        capacity=agent.capacity,
        channel_maxima=dict(agent.channel_maxima),
        wrap_up_limit_ms=agent.wrap_up_limit_ms,
    )
