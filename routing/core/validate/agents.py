"""Checks on agents as rosters describe them."""

from routing.core.errors import CommandRefused, RefusalReason
from routing.core.validate.values import (
    CAPACITY_MAX,
    check_attributes,
    check_id,
    check_within,
)
from routing.model.agent import Agent
from routing.model.site import Site


def check_agent(field: str, agent: Agent, site: Site) -> None:
    """Refuse an agent with a value out of range or a channel the site does not have.

    Raises:
        CommandRefused: naming the field.
    """
    check_id(f"{field}.id", agent.id)
    check_within(f"{field}.capacity", agent.capacity, 1, CAPACITY_MAX)
    check_attributes(f"{field}.attributes", agent.attributes)
    for channel, maximum in agent.channel_maxima.items():
        if channel not in site.channels:
            known = ", ".join(sorted(site.channels))
            raise CommandRefused(RefusalReason.UNKNOWN_CHANNEL, f"channel {channel!r} is not one of: {known}", f"{field}.channel_maxima")
        check_within(f"{field}.channel_maxima[{channel}]", maximum, 1, CAPACITY_MAX)
