"""Columns of the ledger for what happens to few interactions: call-backs, holds, wrap-up; all others cost nothing."""

from collections import Counter

from routing.model.time import Instant


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
