"""A second driver of the router, written without SimPy: one clock stepped by hand from entry to entry of a sorted agenda.

It shares no code with the simulated world but the draws, the behaviour and the roster's plan, and exists to show that the events depend on
the commands and their times alone. Equal instants: deadlines, finishing, answering, shifts, returning, arrivals, leaving; then order of
entry.
"""

import heapq
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count

from routing.config.plugins import registry_with_plugins
from routing.core import commands as c
from routing.core import events as e
from routing.core.commands import Command
from routing.core.events import Recorded
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.time import Instant
from simulation.births import births_of
from simulation.laws import Never, duration_ms
from simulation.roster import presence_plan
from simulation.scenario import Arm, Scenario
from simulation.streams import Purpose, Streams

FINISH, ANSWER, SHIFT, RETURN, ARRIVE, LEAVE = range(1, 7)


class HandDriver:
    """One day, one router, one agenda of (instant, rank, order of entry, what to do)."""

    def __init__(self, scenario: Scenario, arm: Arm, replication: int) -> None:
        self.scenario = scenario
        self.streams = Streams(seed=scenario.seed, replication=replication)
        self.router = Router(registry_with_plugins())
        self.log: list[Recorded] = []
        self.agenda: list[tuple[Instant, int, int, Callable[[], None]]] = []
        self.entries = count()
        self.births = {birth.interaction.id: birth for birth in births_of(scenario, replication).births}
        self.offers: dict[str, int] = {}
        self.misses: dict[str, int] = {}
        roster = scenario.rosters[arm.roster]
        plan = presence_plan(scenario, roster, self.streams)
        self.now = min([scenario.starts_at, *(changes[0].at for changes in plan.values())])
        self.send(c.ApplySite(site=replace(scenario.site, policy=arm.policy)))
        self.send(c.PutAgents(agents=roster.agents))
        for agent_id, changes in plan.items():
            for change in changes:
                command = c.SetPresence(agent_id=agent_id, presence=change.presence, reason=change.reason)
                self.enter(change.at, SHIFT, partial(self.send, command))
        for birth in self.births.values():
            self.enter(birth.at, ARRIVE, partial(self.arrive, birth.interaction.id))

    def run(self) -> list[Recorded]:
        """Step the clock to whatever comes first, a deadline of the router or an entry of the agenda, until nothing is left."""
        while True:
            due_at = self.router.next_deadline()
            entry_at = self.agenda[0][0] if self.agenda else None
            upcoming = [at for at in (due_at, entry_at) if at is not None and at < self.scenario.stops_at]
            if not upcoming:
                return self.log
            self.now = min(upcoming)
            if due_at is not None and due_at == self.now:
                self.send(c.Tick())
            else:
                heapq.heappop(self.agenda)[3]()

    def enter(self, at: Instant, rank: int, action: Callable[[], None]) -> None:
        """Write something into the agenda."""
        heapq.heappush(self.agenda, (at, rank, next(self.entries), action))

    def send(self, command: Command) -> None:
        """Give the router a command and let agents hear of their offers."""
        recorded = self.router.handle(command, self.now)
        self.log.extend(recorded)
        for one in recorded:
            if isinstance(one.event, e.OfferMade):
                self.ring(one.event)
            elif isinstance(one.event, e.PresenceChanged) and one.event.reason == "missed_offer":
                self.send_back(one.event.agent_id)

    def arrive(self, key: str) -> None:
        """A customer arrives and may leave when patience ends."""
        birth = self.births[key]
        self.send(c.EnqueueInteraction(interaction=birth.interaction))
        if birth.patience_ms is not None:
            self.enter(self.now + birth.patience_ms, LEAVE, lambda: self.leave(key))

    def leave(self, key: str) -> None:
        """A customer whom nobody has answered leaves."""
        row = self.router.state.interactions.get(key)
        if row is not None and row.agent_id is None:
            self.send(c.AbandonInteraction(interaction_id=key))

    def ring(self, offer: e.OfferMade) -> None:
        """An agent answers, if in time."""
        key = offer.interaction_id
        self.offers[key] = self.offers.get(key, 0) + 1
        delay_ms = self.births[key].answer_delay_ms
        if self.offers[key] > 1:
            rule = self.scenario.behaviour.rule_for(Purpose.ANSWER, self.births[key].interaction)
            assert rule is not None
            assert not isinstance(rule.law, Never)
            delay_ms = duration_ms(rule.law, self.streams.uniform(Purpose.ANSWER, f"{key}\n{self.offers[key]}"))
        if self.now + delay_ms < offer.expires_at:
            self.enter(self.now + delay_ms, ANSWER, lambda: self.answer(offer))

    def answer(self, offer: e.OfferMade) -> None:
        """The agent takes an offer that is still theirs, and will finish."""
        if offer.offer_id not in self.router.state.offers:
            return
        self.send(c.AcceptOffer(offer_id=offer.offer_id))
        work_ms = self.births[offer.interaction_id].work_ms
        effect = self.scenario.behaviour.proficiency
        if effect is not None:
            state = self.router.state
            needs = state.interactions[offer.interaction_id].route.requirements
            work_ms = effect.scaled_ms(work_ms, state.agents[offer.agent_id].agent, needs)
        self.enter(self.now + work_ms, FINISH, lambda: self.finish(offer.interaction_id))

    def finish(self, key: str) -> None:
        """The contact ends; wrap-up ends by itself or at the router's limit."""
        self.send(c.EndHandling(interaction_id=key))
        row = self.router.state.interactions.get(key)
        done_at = self.now + self.births[key].wrap_up_ms
        if row is not None and row.wrap_up_until is not None and done_at < row.wrap_up_until:
            self.enter(done_at, FINISH, lambda: self.send(c.EndWrapUp(interaction_id=key)))

    def send_back(self, agent_id: str) -> None:
        """After a missed offer the agent comes back, unless something else came up."""
        self.misses[agent_id] = self.misses.get(agent_id, 0) + 1
        draw = self.streams.uniform(Purpose.RETURN_AFTER, f"{agent_id}\n{self.misses[agent_id]}")
        self.enter(self.now + duration_ms(self.scenario.behaviour.return_after, draw), RETURN, lambda: self.come_back(agent_id))

    def come_back(self, agent_id: str) -> None:
        """Available again after a missed offer."""
        row = self.router.state.agents[agent_id]
        if row.presence is not Presence.AVAILABLE and row.presence_reason == "missed_offer":
            self.send(c.SetPresence(agent_id=agent_id, presence=Presence.AVAILABLE))
