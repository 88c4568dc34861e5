"""Holders: which agents hold an attribute, so that a search for those who meet requirements looks only at the holders of the scarcest one.

Derived from the rows: read from all agents when it is first asked for, and kept with each change of an agent from then on.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from routing.model.agent import Agent
from routing.model.ids import AgentId
from routing.model.requirement import Operator, Requirement

if TYPE_CHECKING:  # whose rows it is derived from
    from routing.core.state import AgentRow


class Holders:
    """The agents by what they hold. Nothing is kept until somebody asks."""

    __slots__ = ("_holders_of",)

    def __init__(self) -> None:
        self._holders_of: dict[str, dict[AgentId, None]] | None = None

    def candidates(self, needs: Iterable[Requirement], rows: Mapping[AgentId, "AgentRow"]) -> "Iterable[AgentRow]":
        """All agents who may meet what is hard in `needs`, and others; `rows` are all there are."""
        names = [need.attribute for need in needs if need.is_hard and need.operator is not Operator.NOT_EQUAL]
        if not names:
            return rows.values()
        if self._holders_of is None:
            self._holders_of = _read(row.agent for row in rows.values())
        holders_of = self._holders_of
        scarcest = min((holders_of.get(name, {}) for name in names), key=len)
        return (rows[agent_id] for agent_id in scarcest)

    def put(self, old: Agent | None, new: Agent | None) -> None:
        """Take note of an agent's record, which is new without `old` and gone without `new`."""
        holders_of = self._holders_of
        if holders_of is None:
            return
        if old is not None:
            for name in old.attributes:
                del holders_of[name][old.id]
                if not holders_of[name]:
                    del holders_of[name]
        if new is not None:
            _enter(new, holders_of)

    def agrees_with(self, agents: Iterable[Agent]) -> bool:
        """Whether it is what would be read from all agents: always, unless something is broken."""
        return self._holders_of is None or self._holders_of == _read(agents)


def _read(agents: Iterable[Agent]) -> dict[str, dict[AgentId, None]]:
    holders_of: dict[str, dict[AgentId, None]] = {}
    for agent in agents:
        _enter(agent, holders_of)
    return holders_of


def _enter(agent: Agent, holders_of: dict[str, dict[AgentId, None]]) -> None:
    for name in agent.attributes:
        holders_of.setdefault(name, {})[agent.id] = None
