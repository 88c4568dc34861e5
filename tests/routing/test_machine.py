"""Every command in every state: a Hypothesis machine drives the router through its one door, with all invariants after every event.

Beside the router run a replica that only ever sees the log, and sometimes a twin that was restored from the log after a crash and from then
on is given the same commands. All three must agree. No step may end in anything but events, possibly none, or a named refusal.
"""

from dataclasses import fields

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from routing.core import commands
from routing.core.canonical import state_digest
from routing.core.commands import Command, DeclineReason, Tick
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import Recorded
from routing.core.evolve import evolve
from routing.core.invariants import check_settled, check_state, check_transition
from routing.core.lifecycle import InteractionPhase
from routing.core.state import AgentRow, InteractionRow, State
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.site import Site
from routing.policy.registry import default_registry
from tests.builders import a_rule, a_site, an_agent, an_interaction, some_needs
from tests.routing.machine_sites import AGENT_IDS, CHANNELS, INTERACTION_IDS, NEEDS, SITES, SKILLS, a_varied_agent

REGISTRY = default_registry()
ROWS = tuple(field.name for field in fields(State) if field.name not in {"deadlines", "marks"})
START = 1_000_000

WAITING, HANDLING, HELD, WRAP_UP = InteractionPhase.WAITING, InteractionPhase.HANDLING, InteractionPhase.HELD, InteractionPhase.WRAP_UP
NONSENSE: tuple[Command, ...] = (
    commands.EnqueueInteraction(interaction=an_interaction(channel="telex")),
    commands.EnqueueInteraction(interaction=an_interaction("auto-1")),
    commands.UpdateInteraction(interaction_id="nothing", overwrite=True),
    commands.AbandonInteraction(interaction_id="nothing"),
    commands.CancelInteraction(interaction_id="", reason=""),
    commands.AcceptOffer(offer_id="offer-0"),
    commands.DeclineOffer(offer_id="offer-100000"),
    commands.ExtendOffer(offer_id=""),
    commands.WithdrawOffer(offer_id="nothing", reason=""),
    commands.FailConnect(interaction_id="nothing", reason=""),
    commands.HoldHandling(interaction_id="nothing"),
    commands.ResumeHandling(interaction_id="nothing"),
    commands.EndHandling(interaction_id="nothing"),
    commands.EndWrapUp(interaction_id="nothing"),
    commands.SetPresence(agent_id="nobody", presence=Presence.AVAILABLE),
    commands.OpenSession(agent_id="nobody", session_id="s1"),
    commands.LoseSession(agent_id="nobody", session_id="s1"),
    commands.PutAgents(agents=(an_agent(capacity=0),)),
    commands.RemoveAgents(agent_ids=("nobody",)),
    commands.ApplySite(site=a_site(rules=[a_rule(queue="nowhere")])),
    commands.SetPresence(agent_id="a1", presence=Presence.AVAILABLE, request_id=""),
)

numbers = st.integers(min_value=0, max_value=50)
request_ids = st.sampled_from((None, None, None, None, None, None, None, "r1", "r2"))
needs = st.sampled_from(NEEDS)
skills = st.sampled_from(SKILLS)
site_numbers = st.integers(min_value=0, max_value=len(SITES) - 1)
durations = st.sampled_from((0, 1, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 15_000, 60_000))


class RouterMachine(RuleBasedStateMachine):
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
        assert_nothing_stays_apart(self.router.state)
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

    # ---- time, crashes, nonsense ----

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

    # ---- interactions ----

    @rule(
        name=st.sampled_from(("", "", "", *INTERACTION_IDS)),
        medium=st.tuples(st.sampled_from(CHANNELS), st.sampled_from(("sales", "sales", "urgent", "other"))),
        needed=needs,
        favour=st.tuples(st.sampled_from(("", "a1:100 a2:40", "nobody:9")), st.sampled_from((0, 0, 30_000))),
        request_id=request_ids,
    )
    def somebody_arrives(self, name: str, medium: tuple[str, str], needed: str, favour: tuple[str, int], request_id: str | None) -> None:
        """An interaction of any kind."""
        channel, kind = medium
        preferred, credit_ms = favour
        arrival = an_interaction(name, channel=channel, type=kind, needs=needed, preferred=preferred, credit_ms=credit_ms)
        self.send(commands.EnqueueInteraction(interaction=arrival, request_id=request_id))

    @rule(channels=st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=3))
    def several_arrive(self, channels: list[str]) -> None:
        """Interactions without demands, at one instant."""
        for channel in channels:
            self.send(commands.EnqueueInteraction(interaction=an_interaction("", channel=channel)))

    @precondition(lambda self: self.has(WAITING))
    @rule(number=numbers, needed=st.none() | needs, version=st.sampled_from((None, 1, 2)), overwrite=st.booleans(), credit_ms=durations)
    def one_changes(self, number: int, needed: str | None, version: int | None, overwrite: bool, credit_ms: int) -> None:
        """A waiting interaction says something new, and somebody asks why it waits."""
        interaction_id = self.in_phase(number, WAITING)
        command = commands.UpdateInteraction(
            interaction_id=interaction_id,
            requirements=None if needed is None else some_needs(needed),
            attributes={"note": number},
            credit_ms=credit_ms,
            expected_version=version,
            overwrite=overwrite,
        )
        self.send(command)
        if interaction_id in self.router.state.interactions:
            self.router.explain(interaction_id, self.now)

    @precondition(lambda self: self.has(WAITING))
    @rule(number=numbers, request_id=request_ids, is_cancelled=st.booleans())
    def one_leaves(self, number: int, request_id: str | None, is_cancelled: bool) -> None:
        """A waiting interaction is abandoned or cancelled."""
        interaction_id = self.in_phase(number, WAITING)
        if is_cancelled:
            self.send(commands.CancelInteraction(interaction_id=interaction_id, reason="gone", request_id=request_id))
        else:
            self.send(commands.AbandonInteraction(interaction_id=interaction_id, request_id=request_id))

    # ---- offers and handling ----

    @precondition(lambda self: self.router.state.offers)
    @rule(number=numbers, request_id=request_ids, is_slow=st.booleans())
    def an_agent_accepts(self, number: int, request_id: str | None, is_slow: bool) -> None:
        """At once, or after having the lease lengthened."""
        offer_id = self.offer_id(number)
        if is_slow:
            self.send(commands.ExtendOffer(offer_id=offer_id))
        self.send(commands.AcceptOffer(offer_id=offer_id, request_id=request_id))

    @precondition(lambda self: self.router.state.offers)
    @rule(numbers=st.lists(numbers, min_size=1, max_size=3))
    def agents_accept_at_once(self, numbers: list[int]) -> None:
        """Several accepts reach the router together; of one interaction only the first can win."""
        for offer_id in [self.offer_id(number) for number in numbers]:
            self.send(commands.AcceptOffer(offer_id=offer_id))

    @precondition(lambda self: self.router.state.offers)
    @rule(number=numbers, retry_ms=st.none() | durations, request_id=request_ids, is_withdrawn=st.booleans())
    def an_offer_comes_back(self, number: int, retry_ms: int | None, request_id: str | None, is_withdrawn: bool) -> None:
        """Declined by its agent, or withdrawn by a supervisor."""
        offer_id = self.offer_id(number)
        retry_at = None if retry_ms is None else self.now + retry_ms
        if is_withdrawn:
            self.send(commands.WithdrawOffer(offer_id=offer_id, reason="", request_id=request_id))
        else:
            self.send(commands.DeclineOffer(offer_id=offer_id, reason=DeclineReason.BUSY, retry_at=retry_at, request_id=request_id))

    @precondition(lambda self: self.has(HANDLING, HELD))
    @rule(number=numbers, request_id=request_ids)
    def handling_ends(self, number: int, request_id: str | None) -> None:
        """The contact is over."""
        self.send(commands.EndHandling(interaction_id=self.in_phase(number, HANDLING, HELD), request_id=request_id))

    @precondition(lambda self: self.has(HANDLING, HELD))
    @rule(number=numbers, kind=st.sampled_from((commands.HoldHandling, commands.ResumeHandling)))
    def handling_is_held_or_resumed(self, number: int, kind: type[commands.HoldHandling | commands.ResumeHandling]) -> None:
        """Whether it fits or not."""
        self.send(kind(interaction_id=self.in_phase(number, HANDLING, HELD)))

    @precondition(lambda self: self.has(HANDLING, HELD))
    @rule(number=numbers)
    def the_media_leg_fails(self, number: int) -> None:
        """The interaction waits again."""
        self.send(commands.FailConnect(interaction_id=self.in_phase(number, HANDLING, HELD), reason=""))

    @precondition(lambda self: self.has(WRAP_UP))
    @rule(number=numbers)
    def wrap_up_ends(self, number: int) -> None:
        """Before its limit."""
        self.send(commands.EndWrapUp(interaction_id=self.in_phase(number, WRAP_UP)))

    # ---- agents and sites ----

    @rule(agent_id=st.sampled_from(AGENT_IDS), presence=st.sampled_from((*Presence, Presence.AVAILABLE)), request_id=request_ids)
    def an_agent_says(self, agent_id: str, presence: Presence, request_id: str | None) -> None:
        """Presence changes."""
        self.send(commands.SetPresence(agent_id=agent_id, presence=presence, request_id=request_id))

    @rule(agent_id=st.sampled_from(AGENT_IDS), session_id=st.sampled_from(("s1", "s2")), is_lost=st.booleans())
    def a_desktop_comes(self, agent_id: str, session_id: str, is_lost: bool) -> None:
        """And may vanish again, or an older one may."""
        self.send(commands.OpenSession(agent_id=agent_id, session_id=session_id))
        if is_lost:
            self.send(commands.LoseSession(agent_id=agent_id, session_id="s1"))

    @precondition(lambda self: len(self.log) % 3 == 1)
    @rule(
        crew=st.lists(st.tuples(st.sampled_from(AGENT_IDS), skills, st.integers(0, 3)), max_size=2),
        gone=st.lists(st.sampled_from(AGENT_IDS), max_size=1),
        request_id=request_ids,
    )
    def the_roster_changes(self, crew: list[tuple[str, str, int]], gone: list[str], request_id: str | None) -> None:
        """Records of agents change, and some leave for good."""
        self.send(commands.PutAgents(agents=tuple(a_varied_agent(*agent) for agent in crew), request_id=request_id))
        self.send(commands.RemoveAgents(agent_ids=tuple(gone)))

    @precondition(lambda self: len(self.log) > 20 and len(self.log) % 4 == 0)
    @rule(site=site_numbers, request_id=request_ids)
    def the_site_is_replaced(self, site: int, request_id: str | None) -> None:
        """In the middle of everything."""
        self.send(commands.ApplySite(site=SITES[site], request_id=request_id))

    def teardown(self) -> None:
        """The log alone rebuilds the state, digest for digest."""
        assert not self.is_intact or state_digest(self.replica) == state_digest(self.router.state)


def assert_same_rows(one: State, other: State) -> None:
    """Both states hold equal rows; what is derived from them may differ."""
    for name in ROWS:
        assert getattr(one, name) == getattr(other, name), name


def assert_nothing_stays_apart(state: State) -> None:
    """Once all that changed was matched, a work-conserving policy leaves no eligible pair apart: brute force over the rows."""
    site = state.site
    if site is None or not site.policy.is_work_conserving:
        return
    if site.policy.match_interval_ms and (state.marks.dirty_agents or state.marks.dirty_interactions):
        return
    assert not state.marks.dirty_agents
    assert not state.marks.dirty_interactions
    for item in state.interactions.values():
        if item.phase is InteractionPhase.WAITING and len(item.offers) < site.queues[item.route.queue_id].max_live_offers:
            free = [row.agent.id for row in state.agents.values() if is_eligible(site, item, row)]
            assert free == [], f"{item.interaction.id} waits beside {free}"


def is_eligible(site: Site, item: InteractionRow, row: AgentRow) -> bool:
    """Whether the pair could be offered now, by the plainest reading of the rules."""
    channel = item.interaction.channel
    return (
        row.presence is Presence.AVAILABLE
        and row.held_by_channel.get(channel, 0) < row.agent.channel_maxima.get(channel, 0)
        and row.used + site.channels[channel].capacity_cost <= row.agent.capacity
        and row.agent.id not in item.exclusions
        and row.agent.id not in item.offers.values()
        and all(need.is_met_by(row.agent.attributes) for need in item.route.requirements if need.is_hard)
    )


TestRouter = RouterMachine.TestCase
TestRouter.settings = settings(
    max_examples=640 if settings().derandomize else 150,
    stateful_step_count=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
