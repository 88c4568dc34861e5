"""Filters: why an agent may not have an interaction. Each answers for a whole block at once."""

from collections.abc import Mapping, Sequence

import numpy as np

from routing.model.ids import AgentId, InteractionId
from routing.policy import waiting_columns as field
from routing.policy.agent_columns import WHYS
from routing.policy.arrays import BoolArray, IntArray
from routing.policy.pipeline import Block


def presence(block: Block) -> BoolArray | None:
    """The agent is available. Shape (1, a)."""
    kept: BoolArray = block.of_agents(block.columns.agents.present)[np.newaxis]
    return kept


def channel(block: Block) -> BoolArray | None:
    """The agent serves the interaction's channel and is below their maximum on it. Shape (w, a)."""
    return block.of_both(block.columns.agents.channel_open, field.CHANNEL)


def capacity(block: Block) -> BoolArray | None:
    """The agent's budget has room for the channel's cost. Shape (w, a)."""
    return block.of_both(block.columns.agents.capacity_open, field.CHANNEL)


_EVERYBODY: BoolArray = np.ones((1, 1), dtype=np.bool_)

DOORS = (presence, channel, capacity)
"""The first filters of every policy of ours: they ask of an agent and a channel alone, so that `doors` answers for all three at once."""


def doors(block: Block) -> tuple[BoolArray, tuple[int, int, int]]:
    """Who passes presence, channel and capacity, and how many cells each of them takes out, in this order.

    Shape (w, a), or (1, 1) where everybody passes.
    """
    columns, agents = block.columns, block.columns.agents
    channels = columns.waiting.table[field.CHANNEL]
    if len(block.waiting) == 1 and block.agents is None:
        index = channels.item(block.waiting.item(0))
        kept: BoolArray = agents.is_open[index : index + 1, : agents.count]
        return kept, _gone(agents.shut_count[index])
    is_open, shut = block.of_agents(agents.is_open), block.of_agents(agents.shut)
    # Of one agent a few plain answers are looked through sooner than an array is asked.
    if all(is_open[:, 0].tolist()) if is_open.shape[1] == 1 else is_open.all():
        return _EVERYBODY, (0, 0, 0)
    channel_of_row = channels[block.waiting]
    # Counted by channel, of which there are few, and not by cell.
    gone = np.zeros(3, dtype=np.int64)
    for index, rows in enumerate(np.bincount(channel_of_row).tolist()):
        if rows:
            gone += rows * np.array(_gone(np.bincount(shut[index], minlength=WHYS).tolist()))
    first, second, third = gone.tolist()
    return is_open[channel_of_row], (first, second, third)


def _gone(count: Sequence[int]) -> tuple[int, int, int]:
    """Of agents counted by why they are shut, those who are by presence, by channel and by capacity: each under the first that holds."""
    _, away, full, away_full, no_room, away_no_room, full_no_room, away_full_no_room = count
    return away + away_full + away_no_room + away_full_no_room, full + full_no_room, no_room


def skill(block: Block) -> BoolArray | None:
    """The agent meets every hard requirement. Shape (w, a)."""
    return block.of_both(block.columns.profiles.allowed, field.PROFILE)


def declined(block: Block) -> BoolArray | None:
    """The agent did not just fail to take this interaction, and it is not ringing at them already. Shape (w, a)."""
    columns = block.columns
    if not columns.waiting.barred:
        return None
    barred_positions = columns.waiting.table[field.IS_BARRED][block.waiting].nonzero()[0]
    if not len(barred_positions):
        return None
    kept = np.ones((len(block.waiting), block.width), dtype=np.bool_)
    _mark(kept, block, barred_positions, columns.waiting.barred, is_kept=False)
    return kept


def reserved(block: Block) -> BoolArray | None:
    """The interaction is kept for nobody, or for this agent among others. Shape (w, a)."""
    columns = block.columns
    if not columns.waiting.reserved:
        return None
    positions = columns.waiting.table[field.IS_RESERVED][block.waiting].nonzero()[0]
    if not len(positions):
        return None
    kept = np.ones((len(block.waiting), block.width), dtype=np.bool_)
    kept[positions] = False
    _mark(kept, block, positions, columns.waiting.reserved, is_kept=True)
    return kept


def _mark(
    kept: BoolArray, block: Block, positions: IntArray, agents_of: Mapping[InteractionId, tuple[AgentId, ...]], *, is_kept: bool
) -> None:
    """Enter one answer for the agents that are listed for the interactions at those positions of the block."""
    columns = block.columns
    position_of = None if block.agents is None else {place: position for position, place in enumerate(block.agents.tolist())}
    for position in positions.tolist():
        for agent_id in agents_of[columns.waiting.ids[block.waiting[position]]]:
            place = columns.agents.place_of.get(agent_id, -1)
            column = place if position_of is None else position_of.get(place, -1)
            if column >= 0:
                kept[position, column] = is_kept


def paused(block: Block) -> BoolArray | None:
    """The agent is not paused in the interaction's queue. Shape (w, a)."""
    gate = block.columns.agents.paused
    return block.of_both(gate.is_open, field.QUEUE) if gate.shut else None


def rate(block: Block) -> BoolArray | None:
    """The agent was not given as much of the interaction's queue as it allows them in its window. Shape (w, a)."""
    gate = block.columns.agents.limited
    return block.of_both(gate.is_open, field.QUEUE) if gate.shut else None


def shift(block: Block) -> BoolArray | None:
    """The interaction is expected to be over before the agent's next commitment, or not long after it has begun. Shape (w, a)."""
    if block.columns.site.shift_rule is None:
        return None
    over_at = block.now + block.columns.waiting.table[field.EXPECTED][block.waiting]
    due_at = block.of_agents(block.columns.agents.committed_at)
    kept: BoolArray = over_at[:, np.newaxis] <= due_at[np.newaxis]
    return kept
