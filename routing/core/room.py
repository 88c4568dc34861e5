"""Room: what of an agent's budget an interaction finds, now that some work may be set aside for some channels.

Work that a channel may interrupt leaves its share to an interaction of that channel; everything else keeps it, and so does work that is
set aside already: its room is kept for it, except from those that may interrupt it as well. Neither after-contact work is interrupted nor
a consultation, whose other side would be left alone, nor an attempt to reach a customer who is to be called back.
"""

from collections.abc import Iterator

from routing.core.lifecycle import InteractionPhase
from routing.core.state import AgentRow, InteractionRow, State
from routing.model.channel import Channel
from routing.model.ids import ChannelId
from routing.model.leg import TransferKind
from routing.model.site import Site

INTERRUPTIBLE = (InteractionPhase.HANDLING, InteractionPhase.HELD)


def has_room(state: State, site: Site, row: AgentRow, channel: Channel) -> bool:
    """Whether an agent's budget has room for one more interaction of `channel`; none while an offer rings that will interrupt."""
    left = row.agent.capacity - channel.capacity_cost
    if not row.work or (row.used <= left and not row.set_aside):
        return row.used <= left and row.interrupting is None
    return row.interrupting is None and firm_use(state, site, row, channel.id) <= left


def firm_use(state: State, site: Site, row: AgentRow, by: ChannelId) -> int:
    """How much of an agent's budget an interaction of channel `by` must leave alone; `used`, where it may interrupt nothing."""
    firm = row.used
    for interaction_id in row.work:
        item = state.interactions[interaction_id]
        if yields_to(site, item, by):
            firm -= item.capacity_cost
        elif interaction_id in row.set_aside and by not in site.channels[item.interaction.channel].interruptible_by:
            firm += row.set_aside[interaction_id]
    return firm


def yields_to(site: Site, item: InteractionRow, by: ChannelId) -> bool:
    """Whether work in progress may be set aside for an interaction of channel `by`."""
    leg = item.interaction.leg
    return (
        by in site.channels[item.interaction.channel].interruptible_by
        and item.phase in INTERRUPTIBLE
        and item.tie is None
        and (item.callback is None or not item.callback.is_pending)
        and (leg is None or leg.kind is TransferKind.BLIND)
    )


def work_to_set_aside(state: State, site: Site, row: AgentRow, by: ChannelId) -> Iterator[InteractionRow]:
    """What an agent sets aside for channel `by` to be within their budget: the latest accepted first, and no more than needed."""
    excess = row.used - row.agent.capacity
    for interaction_id in reversed(row.work):
        item = state.interactions[interaction_id]
        if excess > 0 and yields_to(site, item, by):
            excess -= item.capacity_cost
            yield item
