"""Work that agents set aside: it takes as much longer as it lay aside before it was done."""

from collections.abc import Callable

from routing.model.ids import InteractionId
from routing.model.time import Duration, Instant


class Interruptions:
    """What is set aside, since when, and how much of its work is still owed. It keeps no clock: every call says when."""

    def __init__(self) -> None:
        self._since: dict[InteractionId, Instant] = {}
        self._owed_ms: dict[InteractionId, Duration] = {}
        self._wake: dict[InteractionId, Callable[[], object]] = {}

    def begin(self, interaction_id: InteractionId, now: Instant) -> None:
        """It is set aside."""
        self._since[interaction_id] = now

    def end(self, interaction_id: InteractionId, now: Instant) -> None:
        """It goes on; whoever waits for that is woken."""
        wake = self._wake.pop(interaction_id, None)
        if wake is None:
            self._owe(interaction_id, now)
        else:
            wake()

    def owes(self, interaction_id: InteractionId) -> bool:
        """Whether work that should be done by now is not."""
        return interaction_id in self._owed_ms or interaction_id in self._since

    def waits(self, interaction_id: InteractionId, now: Instant, wake: Callable[[], object]) -> bool:
        """Whether it lies aside when all its work should have been done: then `wake` is called when it goes on."""
        if interaction_id not in self._since:
            return False
        self._owe(interaction_id, now)
        self._wake[interaction_id] = wake
        return True

    def rest_ms(self, interaction_id: InteractionId) -> Duration:
        """How much work is left, which is now being done."""
        return self._owed_ms.pop(interaction_id)

    def _owe(self, interaction_id: InteractionId, now: Instant) -> None:
        self._owed_ms[interaction_id] = self._owed_ms.get(interaction_id, 0) + now - self._since.pop(interaction_id)
