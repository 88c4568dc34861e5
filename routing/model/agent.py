"""Agents: people with skills and capacity, and what they say of themselves."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from routing.model.ids import AgentId, ChannelId
from routing.model.later import LATER
from routing.model.record import record
from routing.model.requirement import AttributeValue
from routing.model.time import Duration, Instant


class Presence(StrEnum):
    """What the agent says. Being busy is load, not presence."""

    OFFLINE = "offline"
    AVAILABLE = "available"
    NOT_READY = "not_ready"


@record(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent as the roster describes them.

    `attributes` holds skills (integer proficiency 1-10) and symbols. `capacity` is the weighted budget that interactions of all channels
    share. `channel_maxima` lists every channel the agent serves with the most interactions of it they may hold at once; a channel that is
    not listed is not served. `wrap_up_limit_ms` replaces the bound of after-contact work that a queue has; `None` leaves it to the queue.
    """

    id: AgentId
    attributes: Mapping[str, AttributeValue]
    capacity: int
    channel_maxima: Mapping[ChannelId, int]
    wrap_up_limit_ms: Duration | None = field(default=None, metadata=LATER)


@record(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A time at which an agent is expected elsewhere: a break, or what lies beyond the end of a shift. Without `ends_at` it has no end."""

    starts_at: Instant
    ends_at: Instant | None = None
