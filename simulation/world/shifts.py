"""Shifts: agents come, take breaks and go, with or without the conversations they hold, and come back after an offer they missed."""

from collections import Counter
from collections.abc import Mapping, Sequence

from routing.core import commands, events
from routing.core.lifecycle import InteractionPhase
from routing.model.agent import Presence
from routing.model.ids import AgentId, QueueId
from routing.model.time import Duration
from simulation import laws
from simulation.births import rule_for
from simulation.laws import Never
from simulation.roster import PresenceChange
from simulation.scenario import ShiftEnd
from simulation.streams import Purpose
from simulation.world.clock import Rank
from simulation.world.customers import Customers
from simulation.world.driver import Driver, Setting
from simulation.world.stage import Story

MISSED_OFFER = "missed_offer"
SHIFT_END = "shift_end"


class Shifts:
    """Who is at work when. `plan` says when each agent's presence changes."""

    def __init__(self, driver: Driver, setting: Setting, customers: Customers, plan: Mapping[AgentId, Sequence[PresenceChange]]) -> None:
        self._driver = driver
        self._customers = customers
        self._hands_back = setting.scenario.at_shift_end is ShiftEnd.HAND_BACK
        self._setting = setting
        self._plan = plan
        self._misses_of: Counter[AgentId] = Counter()
        driver.on({events.PresenceChanged: self._see_presence, events.AgentPaused: self._see_pause})

    def shifts(self) -> Story:
        """Agents come, take breaks and go."""
        by_instant = sorted(
            ((change, agent_id) for agent_id, changes in self._plan.items() for change in changes), key=lambda pair: pair[0].at
        )
        for change, agent_id in by_instant:
            yield self._driver.until(change.at, Rank.SHIFT)
            self._driver.do(commands.SetPresence(agent_id=agent_id, presence=change.presence, reason=change.reason))
            if self._hands_back and change.presence is Presence.OFFLINE:
                self._hand_back(agent_id)

    def come_back(self, agent_id: AgentId) -> Story:
        """After a missed offer took them off the floor, an agent makes themselves available again, unless something else came up."""
        yield self._driver.after(self._away_ms(agent_id), Rank.RETURN)
        row = self._driver.state.agents[agent_id]
        if row.presence is not Presence.AVAILABLE and row.presence_reason == MISSED_OFFER:
            self._driver.do(commands.SetPresence(agent_id=agent_id, presence=Presence.AVAILABLE))

    def come_back_to(self, agent_id: AgentId, queue_id: QueueId) -> Story:
        """After a missed offer paused them in one queue, an agent takes its work again, unless they are paused otherwise by then."""
        yield self._driver.after(self._away_ms(agent_id), Rank.RETURN)
        if self._driver.state.agents[agent_id].paused.get(queue_id) == MISSED_OFFER:
            self._driver.do(commands.UnpauseAgent(agent_id=agent_id, queue_id=queue_id))

    def _hand_back(self, agent_id: AgentId) -> None:
        """The conversations of an agent who goes wait again, each with what is left of its work and with new patience.

        Wrap-up, a consultation, and a customer who is being rung up stay with the agent.
        """
        state = self._driver.state
        for interaction_id in tuple(state.agents[agent_id].work):
            row = state.interactions[interaction_id]
            is_tied = row.tie is not None or row.leg_id is not None or (row.callback is not None and row.callback.is_pending)
            if is_tied or row.phase not in (InteractionPhase.HANDLING, InteractionPhase.HELD):
                continue
            self._setting.returns[interaction_id] += 1
            self._driver.do(commands.ReleaseHandling(interaction_id=interaction_id, reason=SHIFT_END))
            birth = self._setting.birth_of[interaction_id]
            law = rule_for(self._setting.scenario, Purpose.PATIENCE, birth.interaction).law
            if not isinstance(law, Never):
                draw = self._setting.streams.uniform(Purpose.HANDED_BACK, f"{interaction_id}\n{self._setting.returns[interaction_id]}")
                self._customers.wait(birth._replace(patience_ms=laws.duration_ms(law, draw)))

    def _see_presence(self, changed: events.PresenceChanged) -> None:
        if changed.reason == MISSED_OFFER:
            self._driver.start(self.come_back(changed.agent_id))

    def _see_pause(self, paused: events.AgentPaused) -> None:
        if paused.reason == MISSED_OFFER:
            self._driver.start(self.come_back_to(paused.agent_id, paused.queue_id))

    def _away_ms(self, agent_id: AgentId) -> Duration:
        """How long a missed offer keeps an agent away, drawn under (agent, number of the miss)."""
        self._misses_of[agent_id] += 1
        draw = self._setting.streams.uniform(Purpose.RETURN_AFTER, f"{agent_id}\n{self._misses_of[agent_id]}")
        return laws.duration_ms(self._setting.scenario.behaviour.return_after, draw)
