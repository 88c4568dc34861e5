"""The machine's door: every command goes through it, followed by every check."""

from dataclasses import fields

from hypothesis.stateful import RuleBasedStateMachine

from routing.core.canonical import DERIVED, state_digest
from routing.core.commands import Command, Tick
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import Recorded
from routing.core.evolve import evolve
from routing.core.invariants import check_settled, check_state, check_transition
from routing.core.lifecycle import InteractionPhase
from routing.core.state import State
from routing.engine import Router
from routing.policy.registry import default_registry
from tests.routing.machine.eligible import assert_nothing_stays_apart

REGISTRY = default_registry()
ROWS = tuple(field.name for field in fields(State) if field.name not in DERIVED)
START = 1_000_000


class Door(RuleBasedStateMachine):
    """The drivers' law is kept here: a tick goes before every command as soon as a deadline is due."""

    def __init__(self) -> None:
        super().__init__()
        self.router = Router(REGISTRY)
        self.twin: Router | None = None
        self.replica = State()
        self.log: list[Recorded] = []
        self.now = START
        self.is_intact = True

    # ---- the door ----

    def send(self, command: Command) -> tuple[Recorded, ...]:
        """Tick if due, then the command; the events, none after a refusal."""
        due_at = self.router.next_deadline()
        if due_at is not None and due_at <= self.now:
            self.tick()
        return self.hand(command)

    def tick(self) -> None:
        """Carry out what is due; afterwards nothing is, and a second tick says nothing."""
        self.hand(Tick())
        due_at = self.router.next_deadline()
        assert due_at is None or due_at > self.now
        assert self.router.handle(Tick(), self.now) == ()

    def hand(self, command: Command) -> tuple[Recorded, ...]:
        """The command alone, to the router and its twin, followed by every check."""
        self.is_intact = False
        answer = self.ask(self.router, command)
        if self.twin is not None:
            assert answer == self.ask(self.twin, command)
        recorded = () if isinstance(answer, RefusalReason) else answer
        for item in recorded:
            assert item.at == self.now
            evolve(self.replica, item)
            check_transition(self.replica, item)
            check_state(self.replica)
        self.log += recorded
        check_settled(self.replica)
        assert_same_rows(self.replica, self.router.state)
        assert_nothing_stays_apart(self.router.state, self.now)
        self.is_intact = True
        return recorded

    def ask(self, router: Router, command: Command) -> tuple[Recorded, ...] | RefusalReason:
        """What a router says: events or the reason of its refusal. Anything else ends the test."""
        try:
            return router.handle(command, self.now)
        except CommandRefused as refusal:
            return refusal.reason

    def offer_id(self, number: int) -> str:
        """One of the live offers."""
        live = list(self.router.state.offers)
        return live[number % len(live)]

    def in_phase(self, number: int, *phases: InteractionPhase) -> str:
        """One of the interactions in those phases."""
        found = [key for key, row in self.router.state.interactions.items() if row.phase in phases]
        return found[number % len(found)]

    def has(self, *phases: InteractionPhase) -> bool:
        """Whether any interaction stands in one of those phases."""
        return any(row.phase in phases for row in self.router.state.interactions.values())

    def teardown(self) -> None:
        """The log alone rebuilds the state, digest for digest."""
        assert not self.is_intact or state_digest(self.replica) == state_digest(self.router.state)


def assert_same_rows(one: State, other: State) -> None:
    """Both states hold equal rows; what is derived from them may differ."""
    for name in ROWS:
        assert getattr(one, name) == getattr(other, name), name
