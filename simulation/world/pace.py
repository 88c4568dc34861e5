"""How long work takes the agent who does it."""

from collections import Counter

from routing.core import events
from routing.model.agent import Presence
from routing.model.ids import AgentId
from routing.model.interaction import Interaction
from routing.model.time import Duration, Instant
from simulation.agents.pace import PaceRule, local_time
from simulation.demand import Birth
from simulation.world.driver import Driver, Setting


class Pace:
    """Stretches the work drawn at birth by everything the behaviour says of agents; where it says nothing, work is as drawn."""

    def __init__(self, driver: Driver, setting: Setting) -> None:
        behaviour = setting.scenario.behaviour
        self._driver = driver
        self._behaviour = behaviour
        self._zone = setting.scenario.zone_info
        self._rules_of: dict[AgentId, tuple[PaceRule, ...]] = {}
        self._contacts: Counter[AgentId] = Counter()
        self._since: dict[AgentId, Instant] = {}
        self._is_plain = not (behaviour.pace or behaviour.learning or behaviour.fatigue)
        if behaviour.learning is not None:
            driver.on({events.HandlingEnded: self._count})
        if behaviour.fatigue is not None:
            driver.on({events.PresenceChanged: self._see_presence})

    def work_ms(self, birth: Birth, agent_id: AgentId) -> Duration:
        """What the base work of an interaction takes an agent who begins with it now."""
        work_ms, proficiency = birth.work_ms, self._behaviour.proficiency
        if proficiency is not None:
            state = self._driver.state
            requirements = state.interactions[birth.interaction.id].route.requirements
            work_ms = proficiency.scaled_ms(work_ms, state.agents[agent_id].agent, requirements)
        return work_ms if self._is_plain else round(work_ms * self._factor(birth.interaction, agent_id))

    def _factor(self, interaction: Interaction, agent_id: AgentId) -> float:
        behaviour, agent, now = self._behaviour, self._driver.state.agents[agent_id].agent, self._driver.now
        factor = 1.0
        rules = self._rules_of.get(agent_id)
        if rules is None:
            rules = self._rules_of[agent_id] = tuple(rule for rule in behaviour.pace if rule.is_of(agent))
        local = local_time(now, self._zone) if any(rule.period for rule in rules) else None
        for rule in rules:
            if rule.matches(interaction) and (rule.period is None or (local is not None and rule.period.holds(local))):
                factor *= rule.factor
        if behaviour.learning is not None:
            factor *= behaviour.learning.factor(agent, self._contacts[agent_id])
        if behaviour.fatigue is not None:
            factor *= behaviour.fatigue.factor(now - self._since.get(agent_id, now))
        return factor

    def _count(self, ended: events.HandlingEnded) -> None:
        self._contacts[ended.agent_id] += 1

    def _see_presence(self, changed: events.PresenceChanged) -> None:
        if changed.presence is Presence.AVAILABLE:
            self._since[changed.agent_id] = self._driver.now
