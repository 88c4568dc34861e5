"""The same customers by hand: one pool on one heap of instants, without a router, events or SimPy.

It shares with the world the rules as records and, where the test gives it the world's own chance, the draws. Equal instants: agents who
finish, arrivals, customers who leave; then order of entry.
"""

import heapq
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias

from routing.model.time import Duration, Instant
from simulation.customers.balking import Balking
from simulation.customers.coming_again import Loss, Redial, Resolution
from simulation.laws import Exponential, Law
from simulation.streams import Purpose

Luck: TypeAlias = Callable[[Purpose, str], float]
"""The draw on (0, 1) of a purpose under a name."""

FINISH, ARRIVE, LEAVE = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One pool and what its customers do; all durations are exponential, patience `None` is endless."""

    agents: int
    work: Law
    patience: Law | None = None
    lines: int | None = None
    balking: Balking | None = None
    redial: Redial | None = None
    resolution: Resolution | None = None
    ends_at: Instant


@dataclass(slots=True)
class Attempt:
    """One attempt, and what became of it: `fate` is "served" or the way in which the customer was lost; empty where neither."""

    id: str
    at: Instant
    patience_ms: Duration | None
    work_ms: Duration
    contact: int = 1
    attempt: int = 1
    need_id: str = ""
    contact_id: str = ""
    fate: str = ""
    waited_ms: Duration = -1
    is_waiting: bool = field(default=False)


def exponential_ms(law: Law, draw: float) -> Duration:
    """The quantile of an exponential law, rounded as everywhere."""
    assert isinstance(law, Exponential)
    return round(-law.mean_ms * math.log1p(-draw))


class PoolByHand:
    """Runs attempts through the pool; `seen` has all of them in order of arrival, those that came again included."""

    def __init__(self, rules: Rules, luck: Luck) -> None:
        self.rules = rules
        self.luck = luck
        self.seen: list[Attempt] = []
        self.busy = 0
        self.line: dict[str, Attempt] = {}
        self.agenda: list[tuple[Instant, int, int, Attempt]] = []
        self.entries = count()

    def run(self, first_attempts: Iterable[Attempt]) -> list[Attempt]:
        """Everything until the end of the horizon."""
        for one in first_attempts:
            one.need_id = one.contact_id = one.id
            self.enter(one.at, ARRIVE, one)
        while self.agenda and self.agenda[0][0] < self.rules.ends_at:
            now, rank, _, one = heapq.heappop(self.agenda)
            (self.finish, self.arrive, self.leave)[rank](one, now)
        return self.seen

    def enter(self, at: Instant, rank: int, one: Attempt) -> None:
        """Write something into the agenda."""
        heapq.heappush(self.agenda, (at, rank, next(self.entries), one))

    def arrive(self, one: Attempt, now: Instant) -> None:
        """Find a line and an agent, or wait, or not even that."""
        self.seen.append(one)
        if self.rules.lines is not None and self.busy + len(self.line) >= self.rules.lines:
            self.lose(one, Loss.BLOCKED, now)
        elif self.busy < self.rules.agents:
            self.serve(one, now)
        else:
            one.is_waiting = True
            self.line[one.id] = one
            balking = self.rules.balking
            if balking is not None and self.luck(Purpose.BALK, one.id) < balking.share:
                one.patience_ms = 0
                one.fate = Loss.BALKED
            if one.patience_ms is not None:
                self.enter(now + one.patience_ms, LEAVE, one)

    def serve(self, one: Attempt, now: Instant) -> None:
        """An agent takes the customer."""
        one.is_waiting, one.fate, one.waited_ms = False, "served", now - one.at
        self.busy += 1
        self.enter(now + one.work_ms, FINISH, one)

    def finish(self, one: Attempt, now: Instant) -> None:
        """The agent is free for the next, and the customer may have to come back."""
        self.busy -= 1
        if self.line:
            self.serve(self.line.pop(next(iter(self.line))), now)
        rule = self.rules.resolution
        if rule is None or self.luck(Purpose.RESOLUTION, one.id) < rule.resolved:
            return
        if one.contact < rule.contacts_max and self.luck(Purpose.REPEAT, one.id) < rule.returns:
            number = one.contact + 1
            new_id = f"{one.need_id}/{number}"
            self.again(new_id, one, now + exponential_ms(rule.delay, self.luck(Purpose.REPEAT_DELAY, one.id)), (number, 1, new_id))

    def leave(self, one: Attempt, now: Instant) -> None:
        """Who still waits leaves."""
        if one.is_waiting:
            del self.line[one.id]
            one.is_waiting = False
            self.lose(one, Loss(one.fate or Loss.ABANDONED), now)

    def lose(self, one: Attempt, loss: Loss, now: Instant) -> None:
        """A customer is lost, and may try again."""
        one.fate, one.waited_ms = loss, now - one.at
        rule = self.rules.redial
        if rule is None or loss not in rule.after or one.attempt >= rule.attempts_max or self.luck(Purpose.REDIAL, one.id) >= rule.share:
            return
        number = one.attempt + 1
        delay_ms = exponential_ms(rule.delay, self.luck(Purpose.REDIAL_DELAY, one.id))
        self.again(f"{one.contact_id}~{number}", one, now + delay_ms, (one.contact, number, one.contact_id))

    def again(self, new_id: str, one: Attempt, at: Instant, standing: tuple[int, int, str]) -> None:
        """A customer will be there again, with luck of its own."""
        if at < self.rules.ends_at:
            contact, attempt, contact_id = standing
            patience = self.rules.patience
            patience_ms = None if patience is None else exponential_ms(patience, self.luck(Purpose.PATIENCE, new_id))
            work_ms = exponential_ms(self.rules.work, self.luck(Purpose.WORK, new_id))
            self.enter(at, ARRIVE, Attempt(new_id, at, patience_ms, work_ms, contact, attempt, one.need_id, contact_id))
