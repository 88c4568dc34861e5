"""The machine's door: every command goes through it, followed by every check."""

from dataclasses import fields
from typing import ClassVar

from hypothesis.stateful import RuleBasedStateMachine, invariant

from routing.core.canonical import DERIVED, state_digest
from routing.core.commands import AcceptOffer, Command, SetPresence, Tick
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import OfferMade, Recorded
from routing.core.evolve import evolve
from routing.core.invariants import check_settled, check_state, check_transition
from routing.core.lifecycle import InteractionPhase
from routing.core.state import State
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.ids import InteractionId
from routing.model.time import Duration, Instant
from routing.policy.columns import Columns
from routing.policy.registry import default_registry
from tests.routing.machine.draws import FIRST_SITES
from tests.routing.machine.eligible import assert_nothing_stays_apart, passed_over
from tests.routing.machine.reader import Reader
from tests.routing.machine.tally import Tally, states_of
from tests.routing.policy.test_columns import picture

REGISTRY = default_registry()
ROWS = tuple(field.name for field in fields(State) if field.name not in DERIVED)
START = 1_000_000
CROWD = 7


class Door(RuleBasedStateMachine):
    """The drivers' law is kept here: a tick goes before every command as soon as a deadline is due."""

    tally: ClassVar[Tally] = Tally()
    """What the run came past, all examples together."""
    first_sites: ClassVar[tuple[int, ...]] = FIRST_SITES
    """Which sites the examples begin with."""

    def __init__(self) -> None:
        super().__init__()
        self.router = Router(REGISTRY)
        self.twin: Router | None = None
        self.replica = State()
        self.reader = Reader()
        self.log: list[Recorded] = []
        self.asked: Command | None = None
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
        states = states_of(self.router.state)
        answer = self.ask(self.router, command)
        self.tally.count(states, command, answer)
        if self.twin is not None:
            assert answer == self.ask(self.twin, command)
        recorded = () if isinstance(answer, RefusalReason) else answer
        older: list[InteractionId] = []
        for item in recorded:
            assert item.at == self.now
            if isinstance(item.event, OfferMade):
                row = self.replica.interactions[item.event.interaction_id]
                older += passed_over(self.replica, row, self.replica.agents[item.event.agent_id], self.now) if not row.offers else []
            evolve(self.replica, item)
            check_transition(self.replica, item)
            check_state(self.replica)
            self.reader.read(item)
        self.log += recorded
        check_settled(self.replica)
        self.reader.compare(self.replica)
        rows = self.replica.interactions
        assert not [key for key in older if key in rows and rows[key].phase is InteractionPhase.WAITING and not rows[key].offers]
        assert_same_rows(self.replica, self.router.state)
        assert_nothing_stays_apart(self.router.state, self.now)
        assert_columns_are_a_rebuild(self.router)
        self.is_intact = True
        if recorded and not isinstance(command, Tick) and command.request_id is not None:
            self.asked = command
        return recorded

    def ask(self, router: Router, command: Command) -> tuple[Recorded, ...] | RefusalReason:
        """What a router says: events or the reason of its refusal. Anything else ends the test."""
        try:
            return router.handle(command, self.now)
        except CommandRefused as refusal:
            return refusal.reason

    def wait(self, duration_ms: Duration) -> None:
        """The clock moves, and the driver ticks once, perhaps late."""
        self.now += duration_ms
        self.send(Tick())

    def wait_until(self, instant: Instant | None) -> None:
        """The same, until an instant that may have passed; not at all without one."""
        self.wait(0 if instant is None else max(0, instant - self.now))

    def crash(self) -> None:
        """A twin is rebuilt from the log and takes part from now on."""
        self.twin = Router.restore(REGISTRY, self.log)
        assert state_digest(self.twin.state) == state_digest(self.router.state)

    def everybody_is_there(self) -> None:
        """Every agent is available."""
        for agent_id in list(self.router.state.agents):
            self.send(SetPresence(agent_id=agent_id, presence=Presence.AVAILABLE))

    def everybody_accepts(self) -> None:
        """Every live offer is answered; some are gone by then."""
        for offer_id in list(self.router.state.offers):
            self.send(AcceptOffer(offer_id=offer_id))

    def offer_id(self, number: int) -> str:
        """One of the live offers."""
        live = list(self.router.state.offers)
        return live[number % len(live)]

    def in_phase(self, number: int, *phases: InteractionPhase) -> str:
        """One of the interactions in those phases."""
        found = [key for key, row in self.router.state.interactions.items() if row.phase in phases]
        return found[number % len(found)]

    @property
    def is_crowded(self) -> bool:
        """Whether so many wait already that more would only hide what happens to one."""
        return sum(row.phase is InteractionPhase.WAITING for row in self.router.state.interactions.values()) >= CROWD

    def has(self, *phases: InteractionPhase) -> bool:
        """Whether any interaction stands in one of those phases."""
        return any(row.phase in phases for row in self.router.state.interactions.values())

    @invariant()
    def one_more_step(self) -> None:
        """Called after every rule."""
        self.tally.steps += 1

    def teardown(self) -> None:
        """The log alone rebuilds the state, digest for digest."""
        assert not self.is_intact or state_digest(self.replica) == state_digest(self.router.state)


def assert_columns_are_a_rebuild(router: Router) -> None:
    """What the matching room keeps says the same as columns built from nothing, wherever no mark says that it is out of date."""
    state, kept = router.state, router._columns
    marks = state.marks
    if kept is None or kept.site is not state.site or marks.stale_agents or marks.stale_interactions or not state.interactions:
        return
    if state.seq % 3 == 0:  # it is the dearest of the checks
        assert picture(Columns.of(state, needs=router._policy_in_force().needs)) == picture(kept)


def assert_same_rows(one: State, other: State) -> None:
    """Both states hold equal rows; what is derived from them may differ."""
    for name in ROWS:
        assert getattr(one, name) == getattr(other, name), name
