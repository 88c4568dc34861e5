"""Visits to queues: an overflow or a new classification moves an interaction, so a queue sees more than those that end in it.

    entries = offered + legs (those whose last queue it is) + moved_out

Summed over all queues, entries - moved_out is the site's offered and its legs.
"""

from routing.model.ids import QueueId
from simulation.kpis.facts import Facts
from simulation.kpis.measure import Better, QueueMeasure, Ratio


def _entries(facts: Facts, queue: QueueId) -> Ratio:
    return Ratio(facts.entries.get(queue, 0), 1)


def _moved_out(facts: Facts, queue: QueueId) -> Ratio:
    return Ratio(facts.moved_out.get(queue, 0), 1)


ENTRIES = QueueMeasure(name="entries", unit="interactions", better=Better.NEITHER, tally=_entries)
MOVED_OUT = QueueMeasure(name="moved_out", unit="interactions", better=Better.NEITHER, tally=_moved_out)
