"""The agents' part of an auditor's ledger: what of each agent's capacity is promised to offers, and what is worked on."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Fields = Mapping[str, Any]


@dataclass(slots=True)
class _Agent:
    capacity: int
    maxima: Mapping[str, int]
    used: int = 0
    at_work: int = 0
    held: Counter[str] = field(default_factory=Counter)
    external: dict[str, int] = field(default_factory=dict)


class Budgets:
    """Counts in and out of every agent; `note` is told what does not add up."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._agents: dict[str, _Agent] = {}

    def put(self, fields: Fields, _at: int) -> None:
        """An agent's record."""
        record = fields["agent"]
        present = self._agents.get(record["id"])
        if present is None:
            self._agents[record["id"]] = _Agent(record["capacity"], record["channel_maxima"])
        else:
            present.capacity, present.maxima = record["capacity"], record["channel_maxima"]

    def remove(self, fields: Fields, _at: int) -> None:
        """An agent is forgotten, who must hold nothing."""
        agent = self._agents.pop(fields["agent_id"], None)
        if agent is None:
            self._note(f"agent {fields['agent_id']!r} was removed but is not known")
        elif agent.used:
            self._note(f"agent {fields['agent_id']!r} was removed while holding work or an offer")

    def expect(self, agent_id: str) -> _Agent | None:
        """The agent, who must be known."""
        agent = self._agents.get(agent_id)
        if agent is None:
            self._note(f"agent {agent_id!r} is not known")
        return agent

    def reserve(self, agent_id: str, channel: str, cost: int, *, yielding: Callable[[], int]) -> None:
        """An offer takes its share; above the capacity only as far as work is `yielding` to it."""
        agent = self._agents.get(agent_id)
        if agent is None:
            self._note(f"agent {agent_id!r} is offered work but is not known")
            return
        agent.used += cost
        agent.held[channel] += 1
        if agent.used > agent.capacity and agent.used - yielding() > agent.capacity:
            self._note(f"agent {agent_id!r} holds {agent.used} of a capacity of {agent.capacity}")
        if agent.held[channel] > agent.maxima.get(channel, 0):
            self._note(f"agent {agent_id!r} holds {agent.held[channel]} on {channel}, allowed are {agent.maxima.get(channel, 0)}")

    def release(self, agent_id: str, channel: str, cost: int) -> None:
        """An offer or an interaction gives its share back."""
        agent = self._agents.get(agent_id)
        if agent is not None:
            agent.used -= cost
            agent.held[channel] -= 1

    def begin(self, agent_id: str, cost: int) -> None:
        """Work begins or goes on; work in progress never exceeds a capacity, whatever may ring."""
        agent = self._agents.get(agent_id)
        if agent is not None:
            agent.at_work += cost
            if agent.at_work > agent.capacity:
                self._note(f"agent {agent_id!r} works on {agent.at_work} of a capacity of {agent.capacity}")

    def cease(self, agent_id: str, cost: int) -> None:
        """Work is over."""
        agent = self._agents.get(agent_id)
        if agent is not None:
            agent.at_work -= cost

    def set_aside(self, agent_id: str, cost: int) -> None:
        """Work takes nothing for a while."""
        agent = self._agents.get(agent_id)
        if agent is not None:
            agent.used -= cost
            agent.at_work -= cost

    def take_up(self, agent_id: str, cost: int) -> None:
        """Work that was set aside takes its share again."""
        agent = self._agents.get(agent_id)
        if agent is not None:
            agent.used += cost
            self.begin(agent_id, cost)

    def start_external(self, fields: Fields, _at: int) -> None:
        """An agent is busy with work that was not routed."""
        agent = self.expect(fields["agent_id"])
        if agent is None:
            return
        if fields["work_id"] in agent.external:
            self._note(f"external work {fields['work_id']!r} of agent {fields['agent_id']!r} began twice")
        agent.external[fields["work_id"]] = fields["capacity_cost"]
        agent.used += fields["capacity_cost"]
        self.begin(fields["agent_id"], fields["capacity_cost"])

    def end_external(self, fields: Fields, _at: int) -> None:
        """That work is over."""
        agent = self.expect(fields["agent_id"])
        cost = None if agent is None else agent.external.pop(fields["work_id"], None)
        if agent is None or cost is None:
            self._note(f"external work {fields['work_id']!r} never began or has ended before")
            return
        agent.used -= cost
        agent.at_work -= cost
