"""Filters that look beyond the pair, as queues of telephone switches do: they may leave an agent idle beside a waiting caller.

No default policy has them. They are here so that what such systems do can be reproduced, compared and left behind. Any change may open any
pair for them, so a policy with one of them looks at everything whenever something changes.
"""

import numpy as np

from routing.core.state import InteractionRow
from routing.policy import waiting_columns as field
from routing.policy.agent_columns import MISSING
from routing.policy.arrays import BoolArray
from routing.policy.columns import Columns
from routing.policy.pipeline import Block

MEMBERSHIP = "penalty.{queue}"
"""The attribute that makes an agent a member of a queue for `queue_weight`."""


def queue_head(block: Block) -> BoolArray | None:
    """The interaction stands first in its queue: by class, then base, then routing age, then arrival. Shape (w, 1).

    One that is ringing at as many agents as its queue allows still stands in its place, and nobody behind it is served before it is taken.
    """
    columns = block.columns
    first_of: dict[int, tuple[int, ...]] = {}
    table, count = columns.waiting.table, columns.waiting.count
    keys = (-table[field.CLASS_RANK, :count], -table[field.BASE, :count], table[field.AGED_FROM, :count], table[field.SEQUENCE, :count])
    places = [tuple(key) for key in zip(*(key.tolist() for key in keys), strict=True)]
    for queue, place in zip(table[field.QUEUE, :count].tolist(), places, strict=True):
        first_of[queue] = min(place, first_of.get(queue, place))
    for row in columns.ringing.values():
        queue, place = columns.queue_index[row.route.queue_id], _place_of(row)
        first_of[queue] = min(place, first_of.get(queue, place))
    is_first = [first_of[int(table[field.QUEUE, row])] == places[row] for row in block.waiting.tolist()]
    kept: BoolArray = np.array(is_first, dtype=np.bool_)[:, np.newaxis]
    return kept


def _place_of(row: InteractionRow) -> tuple[int, ...]:
    urgency = row.route.urgency
    return (-row.class_rank, -urgency.base_ms, row.eligible_since - row.interaction.routing_credit_ms, row.sequence)


def queue_weight(block: Block) -> BoolArray | None:
    """No queue of more weight that the agent is a member of has as many interactions as available members. Shape (w, a).

    The weight of a queue is the highest class that waits in it; a member has the attribute `penalty.<queue>`, whatever its value. It is not
    asked whether the member may have any of those interactions: that is the defect of the original.
    """
    columns = block.columns
    class_of_row = columns.waiting.table[field.CLASS_RANK][block.waiting]
    kept = np.ones((len(block.waiting), block.width), dtype=np.bool_)
    has_room = columns.agents.rooms()
    for queue_id, index in columns.queue_index.items():
        weight, length = _weight_and_length(columns, index)
        members = columns.agents.values_of(MEMBERSHIP.format(queue=queue_id), slice(0, columns.agents.count)) != MISSING
        if length and length >= int(np.count_nonzero(members & has_room)):
            kept &= ~((class_of_row < weight)[:, np.newaxis] & members[block.places])
    return kept


def _weight_and_length(columns: Columns, queue: int) -> tuple[int, int]:
    """The highest class that waits in a queue, ringing or not, and how many do."""
    count = columns.waiting.count
    waiting = np.flatnonzero(columns.waiting.table[field.QUEUE, :count] == queue)
    ringing = [row.class_rank for row in columns.ringing.values() if columns.queue_index[row.route.queue_id] == queue]
    classes = [*columns.waiting.table[field.CLASS_RANK][waiting].tolist(), *ringing]
    return max(classes, default=0), len(classes)
