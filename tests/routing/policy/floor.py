"""A driver of the whole engine with the clock in the test's hand, and short ways to build what a matching room looks at."""

from dataclasses import dataclass, field

import numpy as np

from routing.core.commands import (
    AcceptOffer,
    ApplySite,
    Command,
    EndHandling,
    EnqueueInteraction,
    PutAgents,
    SetPresence,
    Tick,
)
from routing.core.events import Event, OfferMade, Recorded
from routing.engine import Router
from routing.model.agent import Agent, Presence
from routing.model.decision import Decision
from routing.model.interaction import Interaction
from routing.model.site import Site
from routing.model.time import Duration, Instant
from routing.policy.assigners.problem import IntArray, Problem
from routing.policy.columns import Columns
from routing.policy.registry import PolicyRegistry, default_registry
from routing.policy.wait_prices import CLASS_SHIFT
from tests.builders import VOICE, a_queue, a_rule, a_site, an_agent

START: Instant = 1_000_000


@dataclass
class Floor:
    """A router, its clock and its log."""

    router: Router
    now: Instant = START
    log: list[Recorded] = field(default_factory=list)

    def do(self, command: Command) -> list[Event]:
        """Tick if a deadline has come, then the command; the events of both."""
        due_at = self.router.next_deadline()
        recorded = self.router.handle(Tick(), self.now) if due_at is not None and due_at <= self.now else ()
        if not isinstance(command, Tick):
            recorded += self.router.handle(command, self.now)
        self.log += recorded
        return [item.event for item in recorded]

    def wait(self, duration_ms: Duration) -> list[Event]:
        """Let time pass with a tick at every deadline; the events."""
        until = self.now + duration_ms
        happened: list[Event] = []
        while (due_at := self.router.next_deadline()) is not None and due_at <= until:
            self.now = max(self.now, due_at)
            happened += self.do(Tick())
        self.now = until
        return happened

    def staff(self, *agents: Agent) -> list[Event]:
        """Register agents and make them available in that order."""
        happened = self.do(PutAgents(agents=agents))
        for agent in agents:
            happened += self.do(SetPresence(agent_id=agent.id, presence=Presence.AVAILABLE))
        return happened

    def enqueue(self, *interactions: Interaction) -> list[Event]:
        """Interactions arrive, all at the present instant."""
        return [event for interaction in interactions for event in self.do(EnqueueInteraction(interaction=interaction))]

    def accept(self, interaction_id: str) -> list[Event]:
        """The first agent who is offered the interaction takes it."""
        return self.do(AcceptOffer(offer_id=next(iter(self.router.state.interactions[interaction_id].offers))))

    def end(self, interaction_id: str) -> list[Event]:
        """The contact is over."""
        return self.do(EndHandling(interaction_id=interaction_id))

    @property
    def offered(self) -> dict[str, list[str]]:
        """The agents each interaction is ringing at."""
        return {key: list(row.offers.values()) for key, row in self.router.state.interactions.items() if row.offers}

    @property
    def decisions(self) -> dict[str, Decision]:
        """The record of each interaction's latest offer."""
        return {item.event.interaction_id: item.event.decision for item in self.log if isinstance(item.event, OfferMade)}

    def columns(self) -> Columns:
        """The state's columns, built from nothing."""
        return Columns.of(self.router.state)


def a_floor(site: Site | None = None, *agents: Agent, registry: PolicyRegistry | None = None) -> Floor:
    """A floor whose site is in force and whose agents are available, one millisecond after another so that no two are idle equally long."""
    floor = Floor(Router(registry or default_registry()))
    floor.do(ApplySite(site=site or a_site()))
    for agent in agents:
        floor.now += 1
        floor.staff(agent)
    return floor


def a_phone_site(**overrides: object) -> Site:
    """Voice only, no wrap-up, no consequence of a missed offer; rules may be given, `overrides` are those of `a_site`."""
    whole: dict[str, object] = {
        "channels": [VOICE],
        "queues": [a_queue(wrap_up_limit_ms=0, missed_threshold=0)],
        "rules": [a_rule()],
    }
    return a_site(**(whole | overrides))  # type: ignore[arg-type]  # the builder checks the names


def callers(*skills: str) -> list[Agent]:
    """Agents `a1`, `a2` ... who take one call at a time, with those skills."""
    return [an_agent(f"a{number}", skills=held, channels="voice:1") for number, held in enumerate(skills, start=1)]


def a_problem(pairs: list[tuple[int, int]], urgency: list[int], costs: list[int], class_rank: list[int] | None = None) -> Problem:
    """Priced pairs (interaction, agent); `urgency` and `class_rank` are by interaction, `costs` by pair.

    Interaction i is the i-th to have arrived, one millisecond after the one before; agent a is the a-th to be registered; all are idle
    equally long.
    """
    interactions = np.array([pair[0] for pair in pairs], dtype=np.int64)
    agents = np.array([pair[1] for pair in pairs], dtype=np.int64)
    ranks = np.array(class_rank or [0] * len(urgency), dtype=np.int64)[interactions]
    price = np.array(urgency, dtype=np.int64)[interactions]
    cost = np.array(costs, dtype=np.int64)
    return Problem(
        interactions=interactions,
        agents=agents,
        class_rank=ranks,
        urgency=price,
        cost=cost,
        value=(ranks << CLASS_SHIFT) + price - cost,
        aged_from=interactions,
        enqueued=interactions + 1,
        idle_since=np.zeros(len(pairs), dtype=np.int64),
        registered=agents + 1,
    )


def a_random_problem(rng: np.random.Generator, waiting: int, agents: int, classes: int = 1, share: float = 0.7) -> Problem:
    """A problem with about that share of the pairs eligible, at least one; prices are small, so that ties are frequent."""
    pairs = [(row, place) for row in range(waiting) for place in range(agents) if rng.random() < share] or [(0, 0)]
    urgency = rng.integers(0, 12, size=waiting).tolist()
    return a_problem(pairs, urgency, rng.integers(-6, 20, size=len(pairs)).tolist(), rng.integers(0, classes, size=waiting).tolist())


def met(problem: Problem, chosen: IntArray) -> list[tuple[int, int]]:
    """The pairs (arrival, registration) of chosen indices, sorted."""
    return sorted(zip(problem.enqueued[chosen].tolist(), problem.registered[chosen].tolist(), strict=True))
