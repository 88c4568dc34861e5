"""Channels: the media an interaction can arrive on. A channel is data in the site file, never code."""

from dataclasses import field

from routing.model.ids import ChannelId
from routing.model.later import LATER
from routing.model.record import record


@record(frozen=True, slots=True, kw_only=True)
class Channel:
    """A medium and what one interaction on it costs an agent.

    `capacity_cost` is in units of the agent's capacity budget (> 0). `agent_maximum` is how many interactions of this channel one agent
    may hold at once unless the agent's own record says otherwise (>= 1). A live channel has a customer waiting on the line; a deferrable
    one returns to its queue when its agent is lost. `interruptible_by` lists the channels for which an agent sets work of this one aside
    where there is no room for both.
    """

    id: ChannelId
    is_live: bool
    capacity_cost: int
    agent_maximum: int
    interruptible_by: tuple[ChannelId, ...] = field(default=(), metadata=LATER)
