"""Shifts: agents come, take breaks and go, and come back after an offer they missed."""

from collections import Counter
from collections.abc import Mapping, Sequence

from routing.core import commands, events
from routing.model.agent import Presence
from routing.model.ids import AgentId, QueueId
from routing.model.time import Duration
from simulation import laws
from simulation.roster import PresenceChange
from simulation.streams import Purpose
from simulation.world.clock import Rank, Story
from simulation.world.driver import Driver, Setting

MISSED_OFFER = "missed_offer"


class Shifts:
    """Who is at work when. `plan` says when each agent's presence changes."""

    def __init__(self, driver: Driver, setting: Setting, plan: Mapping[AgentId, Sequence[PresenceChange]]) -> None:
        self._driver = driver
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
