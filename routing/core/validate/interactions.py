"""Checks on interactions as platforms describe them."""

from collections.abc import Mapping

from routing.core.errors import CommandRefused, RefusalReason
from routing.core.validate.requirements import check_requirements
from routing.core.validate.values import (
    ATTRIBUTES_MAX,
    DURATION_MS_MAX,
    ID_LENGTH_MAX,
    INSTANT_MAX,
    INTERACTION_VALUE_MAX,
    OPAQUE_LENGTH_MAX,
    PREFERENCE_MAX,
    PRIORITY_MAX,
    RESERVED_PREFIX,
    check_attributes,
    check_id,
    check_within,
    refuse_value,
)
from routing.model.ids import AgentId
from routing.model.interaction import Interaction
from routing.model.site import Site


def check_interaction(interaction: Interaction, site: Site) -> None:
    """Refuse an interaction with an unknown channel or a value out of range.

    Raises:
        CommandRefused: naming the field.
    """
    if interaction.channel not in site.channels:
        known = ", ".join(sorted(site.channels))
        raise CommandRefused(
            RefusalReason.UNKNOWN_CHANNEL, f"channel {interaction.channel!r} is not one of: {known}", "interaction.channel"
        )
    if interaction.leg is not None:
        refuse_value("interaction.leg", "only a transfer or a consultation makes a leg; leave it out")
    if interaction.id.startswith(RESERVED_PREFIX):
        refuse_value("interaction.id", f"ids beginning with {RESERVED_PREFIX!r} are issued by the router, got {interaction.id!r}")
    if max(len(interaction.id), len(interaction.type), len(interaction.correlation_id)) > ID_LENGTH_MAX:
        _refuse_long(interaction)
    if interaction.due_at is not None:
        check_within("interaction.due_at", interaction.due_at, 0, INSTANT_MAX)
    # Nothing is wrong with a 0 or with nothing, which is what nearly all interactions say.
    if interaction.routing_credit_ms:
        check_within("interaction.routing_credit_ms", interaction.routing_credit_ms, 0, DURATION_MS_MAX)
    if interaction.priority:
        check_within("interaction.priority", interaction.priority, -PRIORITY_MAX, PRIORITY_MAX)
    if interaction.attributes:
        check_attributes("interaction.attributes", interaction.attributes, INTERACTION_VALUE_MAX)
    if interaction.requirements:
        check_requirements("interaction.requirements", interaction.requirements)
    for name, given in (("agent_id", interaction.agent_id), ("customer_id", interaction.customer_id)):
        if given is not None:
            check_id(f"interaction.{name}", given)
    if interaction.stay_limit_ms is not None:
        check_within("interaction.stay_limit_ms", interaction.stay_limit_ms, 1, DURATION_MS_MAX)
    if interaction.preferred_agents:
        _check_preferred(interaction.preferred_agents)
    if interaction.opaque:
        opaque_length = sum(len(key) + len(text) for key, text in interaction.opaque.items())
        if opaque_length > OPAQUE_LENGTH_MAX:
            refuse_value("interaction.opaque", f"{opaque_length} characters; at most {OPAQUE_LENGTH_MAX} are allowed")


def _refuse_long(interaction: Interaction) -> None:
    texts = (("id", interaction.id), ("type", interaction.type), ("correlation_id", interaction.correlation_id))
    first, *_ = [name for name, text in texts if len(text) > ID_LENGTH_MAX]
    refuse_value(f"interaction.{first}", f"longer than {ID_LENGTH_MAX} characters")


def _check_preferred(preferred: Mapping[AgentId, int]) -> None:
    if len(preferred) > ATTRIBUTES_MAX:
        refuse_value("interaction.preferred_agents", f"{len(preferred)} agents; at most {ATTRIBUTES_MAX} are allowed")
    for agent_id, score in preferred.items():
        check_within(f"interaction.preferred_agents[{agent_id}]", score, 1, PREFERENCE_MAX)
