"""Columns of the ledger for what happens to few interactions: call-backs, holds, wrap-up, coming again; all others cost nothing."""

from collections import Counter

from routing.model.ids import InteractionId
from routing.model.time import Instant
from simulation.customers.facts import CameAgain


class CallbackColumns:
    """What became of call-backs, by the row of the interaction; most rows are none and cost nothing.

    `requested_at`: when the latest was asked for; `since`: the same, or the instant wished for; `called_at`: the first attempt.
    """

    def __init__(self) -> None:
        self.requested_at: dict[int, Instant] = {}
        self.since: dict[int, Instant] = {}
        self.called_at: dict[int, Instant] = {}
        self.attempts: Counter[int] = Counter()
        self.reached: set[int] = set()
        self.kept: list[int] = []
        self.broken: list[int] = []

    def request(self, row: int, at: Instant, not_before: Instant | None) -> None:
        """A customer hung up, or never waited."""
        self.requested_at[row] = at
        self.since[row] = at if not_before is None else not_before

    def launch(self, row: int, at: Instant) -> None:
        """An attempt began."""
        self.called_at.setdefault(row, at)
        self.attempts[row] += 1


class TalkColumns:
    """How handling parts into talk, hold and wrap-up, by the row of the interaction; what never happened to it costs nothing.

    `ended_at`: when the talk was over, for what has or had wrap-up; `held_ms`: how long it was on hold.
    """

    def __init__(self) -> None:
        self.ended_at: dict[int, Instant] = {}
        self.held_ms: Counter[int] = Counter()
        self._held_since: dict[int, Instant] = {}

    def hold(self, row: int, at: Instant) -> None:
        """The customer is on hold."""
        self._held_since[row] = at

    def resume(self, row: int, at: Instant) -> None:
        """The customer is off hold, however that came."""
        since = self._held_since.pop(row, None) if self._held_since else None
        if since is not None:
            self.held_ms[row] += at - since


class CustomerColumns:
    """What the world told about customers, by the row of the interaction.

    `contact` and `attempt` as in `CameAgain`, for those who came again; both are 1 for the others. `first_row`: the row of the first
    attempt at the same contact, where that is another. `followed`: the customer came again after this one. `balked`, `resolved`: they did,
    it was. `knows_resolution`: what is not resolved was not.
    """

    def __init__(self) -> None:
        self.contact: dict[int, int] = {}
        self.attempt: dict[int, int] = {}
        self.first_row: dict[int, int] = {}
        self.followed: set[int] = set()
        self.balked: set[int] = set()
        self.resolved: set[int] = set()
        self.knows_resolution = False
        self._coming: dict[InteractionId, tuple[CameAgain, int]] = {}

    def expect(self, fact: CameAgain, after_row: int) -> None:
        """A customer comes again, and is queued or blocked in a moment."""
        self._coming[fact.interaction_id] = fact, after_row
        self.followed.add(after_row)

    def open_row(self, row: int, interaction_id: InteractionId) -> None:
        """A row begins; whether it is that of a customer who comes again was told before."""
        expected = self._coming.pop(interaction_id, None) if self._coming else None
        if expected is not None:
            fact, after_row = expected
            self.contact[row], self.attempt[row] = fact.contact, fact.attempt
            if fact.attempt > 1:
                self.first_row[row] = self.first_row.get(after_row, after_row)
