"""Time, crashes and nonsense."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from routing.core import commands
from routing.core.canonical import state_digest
from routing.core.commands import Command, Tick
from routing.core.errors import RefusalReason
from routing.engine import Router
from routing.model.agent import Presence
from tests.routing.machine.door import REGISTRY, Door, assert_same_rows
from tests.routing.machine.draws import durations, site_numbers, skills
from tests.routing.machine.nonsense import NONSENSE
from tests.routing.machine.sites import AGENT_IDS, SITES, a_varied_agent


class TimeRules(Door):
    """Time, crashes and nonsense."""

    @initialize(site=site_numbers, crew=st.lists(st.tuples(skills, st.integers(0, 3)), min_size=2, max_size=4))
    def begin(self, site: int, crew: list[tuple[str, int]]) -> None:
        """A command before any site is refused; then a site and some agents."""
        assert self.ask(self.router, commands.PutAgents(agents=())) == RefusalReason.NO_SITE
        assert self.hand(Tick()) == ()
        self.send(commands.ApplySite(site=SITES[site]))
        agents = tuple(a_varied_agent(name, *kind) for name, kind in zip(AGENT_IDS, crew, strict=False))
        self.send(commands.PutAgents(agents=agents))
        for agent in agents:
            self.send(commands.SetPresence(agent_id=agent.id, presence=Presence.AVAILABLE))

    @rule(duration_ms=durations)
    def time_passes(self, duration_ms: int) -> None:
        """The clock moves and a driver that slept too long ticks late."""
        self.now += duration_ms
        self.send(Tick())

    @precondition(lambda self: self.router.next_deadline() is not None)
    @rule(is_forgotten=st.booleans())
    def time_reaches_the_next_deadline(self, is_forgotten: bool) -> None:
        """The clock moves to the very instant. A command that comes before the tick is refused, whatever it is."""
        self.now = max(self.now, self.router.next_deadline() or 0)
        if is_forgotten:
            assert self.hand(commands.PutAgents(agents=())) == ()
            assert self.ask(self.router, commands.PutAgents(agents=())) == RefusalReason.DEADLINE_OVERDUE
        self.tick()

    @precondition(lambda self: len(self.log) > 10)
    @rule()
    def the_process_crashes(self) -> None:
        """A twin is rebuilt from the log and takes part from now on."""
        self.twin = Router.restore(REGISTRY, self.log)
        assert state_digest(self.twin.state) == state_digest(self.router.state)

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
