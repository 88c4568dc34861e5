"""Checks on what a request says of the next leg of a conversation."""

from collections.abc import Mapping

from routing.core.commands.transfers import NextLeg
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.validate.requirements import check_requirements
from routing.core.validate.values import (
    DURATION_MS_MAX,
    ID_LENGTH_MAX,
    INTERACTION_VALUE_MAX,
    RESERVED_PREFIX,
    check_attributes,
    check_id,
    check_within,
    refuse_value,
)
from routing.model.requirement import AttributeValue
from routing.model.site import Site


def check_leg(leg: NextLeg, attributes: Mapping[str, AttributeValue], site: Site) -> None:
    """Refuse a next leg with an unknown channel or a value out of range; `attributes` are all it would have.

    Raises:
        CommandRefused: naming the field.
    """
    if leg.id.startswith(RESERVED_PREFIX):
        refuse_value("leg.id", f"ids beginning with {RESERVED_PREFIX!r} are issued by the router, got {leg.id!r}")
    for name, text in (("id", leg.id), ("type", leg.type or "")):
        if len(text) > ID_LENGTH_MAX:
            refuse_value(f"leg.{name}", f"longer than {ID_LENGTH_MAX} characters")
    if leg.agent_id is not None:
        check_id("leg.agent_id", leg.agent_id)
    if leg.channel is not None and leg.channel not in site.channels:
        known = ", ".join(sorted(site.channels))
        raise CommandRefused(RefusalReason.UNKNOWN_CHANNEL, f"channel {leg.channel!r} is not one of: {known}", "leg.channel")
    check_attributes("leg.attributes", attributes, INTERACTION_VALUE_MAX)
    check_requirements("leg.requirements", leg.requirements or ())
    if leg.age is not None and leg.age.limit_ms is not None:
        check_within("leg.age.limit_ms", leg.age.limit_ms, 0, DURATION_MS_MAX)
