"""A driver of the bare core: no policy and no engine, offers are made by hand and every invariant is asked after every event."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from routing.core.canonical import state_digest
from routing.core.classifier import Classifier
from routing.core.commands import (
    AcceptOffer,
    ApplySite,
    EndHandling,
    EnqueueInteraction,
    HoldHandling,
    LoseSession,
    Mutation,
    OpenSession,
    PutAgents,
    SetPresence,
)
from routing.core.decide import decide, decide_deadline, decide_early_steps
from routing.core.decide.offers import rings_until
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import Event, OfferMade, Recorded
from routing.core.evolve import evolve
from routing.core.invariants import check_settled, check_state, check_transition
from routing.core.lifecycle import InteractionPhase
from routing.core.state import State
from routing.model.agent import Agent, Presence
from routing.model.interaction import Interaction
from routing.model.requirement import Requirement
from routing.model.route import Branch, Route, RouteRule, RouteStep, RuleStep
from routing.model.site import Site
from routing.model.time import Duration, Instant
from tests.builders import CHAT, EMAIL, a_channel, a_decision, a_site, an_agent, an_interaction

START: Instant = 1_000_000


def first_match(interaction: Interaction, eligible_since: Instant, site: Site) -> Route | None:
    """The plainest classifier: the first rule whose channel and type match; the interaction's own needs follow the rule's."""
    for rule in site.rules:
        if all({"channel": interaction.channel, "type": interaction.type}.get(name) in values for name, values in rule.when.items()):
            return _route(rule, interaction.requirements, eligible_since)
    return None


def _route(rule: RouteRule, own: tuple[Requirement, ...], eligible_since: Instant) -> Route:
    also = [
        Branch(queue_id=branch.queue_id, requirements=branch.requirements + own, steps=_steps(branch.steps, eligible_since))
        for branch in rule.also
    ]
    return Route(
        rule=rule.name,
        queue_id=rule.queue_id,
        urgency=rule.urgency,
        requirements=rule.requirements + own,
        steps=_steps(rule.steps, eligible_since),
        also=tuple(also),
    )


def _steps(steps: tuple[RuleStep, ...], since: Instant) -> tuple[RouteStep, ...]:
    return tuple(RouteStep(due_at=since + step.after_ms, relaxation=step.relaxation, early=step.early) for step in steps)


@dataclass
class Desk:
    """A state with a clock in the test's hand. `log` holds all that was recorded, `classify` gives the routes."""

    now: Instant = START
    state: State = field(default_factory=State)
    log: list[Recorded] = field(default_factory=list)
    classify: Classifier = first_match

    def do(self, command: Mutation) -> list[Event]:
        """Decide, apply, check; the events."""
        return self.record(decide(self.state, command, self.now, self.classify), command.request_id)

    def refuses(self, command: Mutation) -> RefusalReason:
        """The reason of a refusal; nothing may have changed."""
        before = state_digest(self.state)
        with pytest.raises(CommandRefused) as refused:
            decide(self.state, command, self.now, self.classify)
        assert before == state_digest(self.state)
        assert refused.value.text
        return refused.value.reason

    def wait(self, duration_ms: Duration) -> list[Event]:
        """Let time pass and carry out what falls due at each instant; the events."""
        until = self.now + duration_ms
        happened: list[Event] = []
        while (deadline := self.state.deadlines.first()) and deadline.due_at <= until:
            self.now = max(self.now, deadline.due_at)
            happened += self.record(decide_deadline(self.state, deadline, self.now))
        self.now = until
        return happened

    def record(self, decided: list[Event], request_id: str | None = None) -> list[Event]:
        """Apply events one by one with every invariant, and the early steps they bring; all of them."""
        happened: list[Event] = []
        while decided:
            for event in decided:
                recorded = Recorded(self.state.seq + 1, self.now, request_id, event)
                evolve(self.state, recorded)
                self.log.append(recorded)
                check_transition(self.state, recorded)
                check_state(self.state)
            happened += decided
            marked = tuple(self.state.marks.may_step_early)
            self.state.marks.may_step_early.clear()
            decided = list(decide_early_steps(self.state, marked, self.now))
        check_settled(self.state)
        return happened

    def offer(self, interaction_id: str = "i1", agent_id: str = "a1") -> str:
        """Make an offer by hand; its id."""
        row = self.state.interactions[interaction_id]
        assert self.state.site is not None
        queue = self.state.site.queues[row.route.queue_id]
        offer_id = f"offer-{self.state.offers_made + 1}"
        made = OfferMade(
            offer_id=offer_id,
            interaction_id=interaction_id,
            agent_id=agent_id,
            expires_at=rings_until(row, self.now + queue.offer_timeout_ms),
            decision=a_decision(),
        )
        self.record([made])
        return offer_id

    def agents_available(self, *agents: Agent) -> None:
        """Register agents and make them available."""
        self.do(PutAgents(agents=agents))
        for agent in agents:
            self.do(SetPresence(agent_id=agent.id, presence=Presence.AVAILABLE))

    def enqueue(self, interaction: Interaction | None = None) -> None:
        """Let an interaction arrive."""
        self.do(EnqueueInteraction(interaction=interaction or an_interaction()))

    def take(self, interaction_id: str = "i1", agent_id: str = "a1") -> None:
        """Offer and accept."""
        self.do(AcceptOffer(offer_id=self.offer(interaction_id, agent_id)))


def a_desk(site: Site | None = None, *agents: Agent) -> Desk:
    """A desk with a site in force and agents available, `a1` unless others are given."""
    desk = Desk()
    desk.do(ApplySite(site=site or a_site()))
    desk.agents_available(*(agents or (an_agent(),)))
    return desk


def a_desk_in(phase: InteractionPhase, site: Site | None = None) -> Desk:
    """A desk whose interaction `i1` stands in `phase`, with agent `a1`."""
    if site is None:
        site = a_site(channels=[a_channel("voice", interruptible_by=("chat",)), CHAT, EMAIL])
    desk = a_desk(site)
    if phase is InteractionPhase.NEW:
        return desk
    desk.enqueue()
    if phase is InteractionPhase.WAITING:
        return desk
    desk.take()
    match phase:
        case InteractionPhase.HELD:
            desk.do(HoldHandling(interaction_id="i1"))
        case InteractionPhase.INTERRUPTED:
            desk.enqueue(an_interaction("by", channel="chat"))
            desk.take("by")
        case InteractionPhase.WRAP_UP:
            desk.do(EndHandling(interaction_id="i1"))
        case InteractionPhase.ENDED:
            desk.do(EndHandling(interaction_id="i1"))
            desk.wait(10_000)
        case _:
            pass
    return desk


def commands_of_flapping(times: int) -> Iterator[Mutation]:
    """An agent's desktop that comes and vanishes again and again."""
    for _ in range(times):
        yield OpenSession(agent_id="a1", session_id="s1")
        yield LoseSession(agent_id="a1", session_id="s1")
