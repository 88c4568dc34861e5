"""Who stands where: for each queue how many wait, in which order, and since when. Derived from the rows, kept from event to event.

The order of a line is class first, then routing age, then arrival: the order in which a queue with one kind of work is served. A policy may
prefer otherwise for a particular agent; a place in line is what a customer can be told.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow
from routing.model.ids import ChannelId, InteractionId, QueueId
from routing.model.time import Instant


class Spot(NamedTuple):
    """What decides where an interaction stands."""

    queue_id: QueueId
    channel: ChannelId
    class_rank: int
    aged_from: Instant
    on_line_since: Instant | None
    """`None` for whoever waits for a call-back: they are not held."""
    sequence: int


def spot_of(row: InteractionRow) -> Spot:
    """Where a waiting interaction stands."""
    return Spot(
        row.route.queue_id,
        row.interaction.channel,
        row.class_rank,
        row.eligible_since - row.interaction.routing_credit_ms,
        row.enqueued_at if row.is_on_line else None,
        row.sequence,
    )


class Line:
    """One queue's waiting interactions: counts, each class in order of age, and those on the line in order of arrival.

    `moves` counts who joined and left: as long as it stays the same, so does everybody's place.
    """

    __slots__ = ("arrivals", "by_channel", "by_class", "moves")

    def __init__(self) -> None:
        self.moves = 0
        self.by_channel: Counter[ChannelId] = Counter()
        self.by_class: dict[int, list[tuple[Instant, int]]] = {}
        self.arrivals: list[tuple[Instant, int]] = []

    def add(self, spot: Spot) -> None:
        """Somebody joins."""
        self.moves += 1
        self.by_channel[spot.channel] += 1
        insort(self.by_class.setdefault(spot.class_rank, []), (spot.aged_from, spot.sequence))
        if spot.on_line_since is not None:
            insort(self.arrivals, (spot.on_line_since, spot.sequence))

    def remove(self, spot: Spot) -> None:
        """Somebody leaves."""
        self.moves += 1
        self.by_channel[spot.channel] -= 1
        ages = self.by_class[spot.class_rank]
        del ages[bisect_left(ages, (spot.aged_from, spot.sequence))]
        if spot.on_line_since is not None:
            del self.arrivals[bisect_left(self.arrivals, (spot.on_line_since, spot.sequence))]

    def place(self, class_rank: int, aged_from: Instant, sequence: int) -> int:
        """How many stand before somebody like that, and one more."""
        before = sum(len(ages) for rank, ages in self.by_class.items() if rank > class_rank)
        return before + bisect_left(self.by_class.get(class_rank, ()), (aged_from, sequence)) + 1


class Lines:
    """The lines of all queues."""

    __slots__ = ("_lines", "_spots")

    def __init__(self, rows: Iterable[InteractionRow]) -> None:
        self._lines: dict[QueueId, Line] = {}
        self._spots: dict[InteractionId, Spot] = {}
        for row in rows:
            self.follow(row.interaction.id, row)

    def follow(self, interaction_id: InteractionId, row: InteractionRow | None) -> None:
        """Bring one interaction up to date; only a waiting one stands in a line."""
        spot = spot_of(row) if row is not None and row.phase is InteractionPhase.WAITING else None
        known = self._spots.get(interaction_id)
        if spot == known:
            return
        if known is not None:
            self._lines[known.queue_id].remove(known)
            del self._spots[interaction_id]
        if spot is not None:
            self.of(spot.queue_id).add(spot)
            self._spots[interaction_id] = spot

    def of(self, queue_id: QueueId) -> Line:
        """The line of a queue."""
        return self._lines.setdefault(queue_id, Line())

    def place_of(self, interaction_id: InteractionId) -> int:
        """The place of somebody who stands in a line, 1 for the next."""
        spot = self._spots[interaction_id]
        return self.of(spot.queue_id).place(spot.class_rank, spot.aged_from, spot.sequence)

    def spots(self) -> list[Spot]:
        """Where everybody stands, in order of arrival."""
        return sorted(self._spots.values(), key=lambda spot: spot.sequence)
