"""Time, crashes and nonsense."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from routing.core import commands
from routing.core.commands import Command, Tick
from routing.core.errors import RefusalReason
from routing.model.agent import Presence
from tests.routing.machine.door import Door, assert_same_rows
from tests.routing.machine.draws import durations, numbers, skills
from tests.routing.machine.nonsense import NONSENSE
from tests.routing.machine.sites import AGENT_IDS, SITES, a_varied_agent


class TimeRules(Door):
    """Time, crashes and nonsense."""

    @initialize(number=st.integers(0, 1_000), crew=st.lists(st.tuples(skills, st.integers(0, 3)), min_size=2, max_size=4))
    def begin(self, number: int, crew: list[tuple[str, int]]) -> None:
        """A command before any site is refused; then a site and some agents."""
        assert self.ask(self.router, commands.PutAgents(agents=())) == RefusalReason.NO_SITE
        assert self.hand(Tick()) == ()
        self.send(commands.ApplySite(site=SITES[self.first_sites[number % len(self.first_sites)]]))
        agents = tuple(a_varied_agent(name, *kind) for name, kind in zip(AGENT_IDS, crew, strict=False))
        self.send(commands.PutAgents(agents=agents))
        for agent in agents:
            self.send(commands.SetPresence(agent_id=agent.id, presence=Presence.AVAILABLE))

    @rule(duration_ms=durations)
    def time_passes(self, duration_ms: int) -> None:
        """The clock moves and a driver that slept too long ticks late."""
        self.wait(duration_ms)

    @precondition(lambda self: self.router.next_deadline() is not None)
    @rule(is_forgotten=st.booleans())
    def time_reaches_the_next_deadline(self, is_forgotten: bool) -> None:
        """The clock moves to the very instant. A command that comes before the tick is refused, whatever it is."""
        self.now = max(self.now, self.router.next_deadline() or 0)
        if is_forgotten:
            assert self.hand(commands.PutAgents(agents=())) == ()
            assert self.ask(self.router, commands.PutAgents(agents=())) == RefusalReason.DEADLINE_OVERDUE
        self.tick()

    @precondition(lambda self: self.router.next_deadline() is not None)
    @rule(deadlines=st.integers(2, 8))
    def a_punctual_driver_ticks(self, deadlines: int) -> None:
        """At one deadline after the other."""
        for _ in range(deadlines):
            self.wait_until(self.router.next_deadline())

    @precondition(lambda self: self.router.state.turns_at)
    @rule(which=numbers)
    def a_queue_turns(self, which: int) -> None:
        """It opens or closes, upon whatever waits there by then."""
        turns = list(self.router.state.turns_at.values())
        self.wait_until(turns[which % len(turns)])

    @precondition(lambda self: len(self.log) > 10)
    @rule()
    def the_process_crashes(self) -> None:
        """And another takes part from now on."""
        self.crash()

    @precondition(lambda self: self.asked is not None)
    @rule()
    def a_platform_asks_again(self) -> None:
        """What was answered before is answered as before, and happens once, as long as it is remembered."""
        assert self.asked is not None
        assert not isinstance(self.asked, Tick)
        self.send(Tick())
        before = self.router.state.requests.get(self.asked.request_id or "")
        recorded = self.send(self.asked)
        if before is not None:
            assert recorded == ()
            assert self.router.state.requests[self.asked.request_id or ""] == before

    @precondition(lambda self: len(self.log) % 3 == 0)
    @rule(nonsense=st.sampled_from(NONSENSE), is_late=st.booleans())
    def nonsense_comes(self, nonsense: Command, is_late: bool) -> None:
        """What fits nothing is refused, and so is whatever comes from before the last event."""
        now = self.now
        self.send(Tick())
        if is_late:
            self.now = self.router.state.at - 1
        assert isinstance(self.ask(self.router, nonsense), RefusalReason)
        self.now = now
        assert_same_rows(self.replica, self.router.state)
