"""Gates: which agents are shut out of which queues for a while."""

from collections.abc import Collection, Iterable

import numpy as np

from routing.model.ids import QueueId
from routing.policy.arrays import BoolArray, grown


class QueueGate:
    """Which agent places are open for which queues. `is_open` has shape (queues, places), and no places until somebody is shut out.

    `shut`: the places that are shut out of any queue, as an ordered set.
    """

    def __init__(self, queues: Iterable[QueueId]) -> None:
        self._index = {queue_id: index for index, queue_id in enumerate(queues)}
        self.shut: dict[int, None] = {}
        self.is_open: BoolArray = np.ones((len(self._index), 0), dtype=np.bool_)

    def put(self, place: int, queues: Collection[QueueId], *, capacity: int) -> None:
        """Shut a place out of just these queues; `capacity` is how many places there are."""
        if not queues and place not in self.shut:
            return
        if not self.is_open.shape[1]:
            self._widen(capacity)
        self.is_open[:, place] = True
        if queues:
            self.is_open[[self._index[queue_id] for queue_id in queues], place] = False
            self.shut[place] = None
        else:
            del self.shut[place]

    def move(self, source: int, place: int) -> None:
        """Somebody left `place`, and whoever had the place `source` has it now, which may be the same."""
        if not self.is_open.shape[1]:
            return
        self.shut.pop(place, None)
        if source in self.shut:
            del self.shut[source]
            self.shut[place] = None
        self.is_open[:, place] = self.is_open[:, source]
        self.is_open[:, source] = True

    def grow(self, capacity: int) -> None:
        """There are more places now."""
        if self.is_open.shape[1]:
            self._widen(capacity)

    def _widen(self, capacity: int) -> None:
        self.is_open = grown(self.is_open, capacity, 1).astype(np.bool_, copy=False)
