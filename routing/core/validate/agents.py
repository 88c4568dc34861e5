"""Checks on agents as rosters describe them."""

from routing.core.errors import CommandRefused, RefusalReason
from routing.core.validate.values import (
    CAPACITY_MAX,
    COMMITMENTS_MAX,
    DURATION_MS_MAX,
    INSTANT_MAX,
    check_attributes,
    check_id,
    check_within,
    refuse_value,
)
from routing.model.agent import Agent, Commitment
from routing.model.site import Site


def check_agent(field: str, agent: Agent, site: Site) -> None:
    """Refuse an agent with a value out of range or a channel the site does not have.

    Raises:
        CommandRefused: naming the field.
    """
    check_id(f"{field}.id", agent.id)
    check_within(f"{field}.capacity", agent.capacity, 1, CAPACITY_MAX)
    check_attributes(f"{field}.attributes", agent.attributes)
    if agent.wrap_up_limit_ms is not None:
        check_within(f"{field}.wrap_up_limit_ms", agent.wrap_up_limit_ms, 0, DURATION_MS_MAX)
    check_channels(field, agent, site)


def check_channels(field: str, agent: Agent, site: Site) -> None:
    """Refuse an agent who serves a channel that the site does not have.

    Raises:
        CommandRefused: naming the channel.
    """
    for channel, maximum in agent.channel_maxima.items():
        if channel not in site.channels:
            known = ", ".join(sorted(site.channels))
            raise CommandRefused(RefusalReason.UNKNOWN_CHANNEL, f"channel {channel!r} is not one of: {known}", f"{field}.channel_maxima")
        check_within(f"{field}.channel_maxima[{channel}]", maximum, 1, CAPACITY_MAX)


def check_commitments(commitments: tuple[Commitment, ...]) -> None:
    """Refuse commitments that overlap, are not listed earliest first, or go on after one without an end.

    Raises:
        CommandRefused: naming the first that is at fault.
    """
    if len(commitments) > COMMITMENTS_MAX:
        refuse_value("commitments", f"{len(commitments)} commitments; at most {COMMITMENTS_MAX} are allowed")
    reached: int | None = 0
    for index, one in enumerate(commitments):
        field = f"commitments[{index}]"
        check_within(f"{field}.starts_at", one.starts_at, 0, INSTANT_MAX)
        if reached is None:
            refuse_value(field, "follows a commitment without an end; only the last may be without")
        elif one.starts_at < reached:
            refuse_value(f"{field}.starts_at", f"{one.starts_at} lies before the end of the one before, {reached}")
        reached = one.ends_at
        if reached is not None:
            check_within(f"{field}.ends_at", reached, one.starts_at + 1, INSTANT_MAX)
