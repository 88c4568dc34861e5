"""Attendance: who serves a channel and meets a set of requirements, counted by presence, so that "nobody" is answered without a search.

Derived from the rows like the deadlines: a crew is counted over all who may belong to it when it is first asked for, and kept with each
change of an agent from then on. Only steps that may be taken early ask; a site without any pays nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from routing.model.agent import Agent, Presence
from routing.model.ids import AgentId, ChannelId, InteractionId
from routing.model.requirement import Requirement
from routing.model.route import Reach

_CREWS_MAX = 64
"""Crews that nobody watches are dropped when there are more than that: platforms choose requirements freely."""

_NEAR_ENOUGH: Mapping[Reach, tuple[Presence, ...]] = {
    Reach.REGISTERED: (Presence.OFFLINE, Presence.NOT_READY, Presence.AVAILABLE),
    Reach.PRESENT: (Presence.NOT_READY, Presence.AVAILABLE),
    Reach.AVAILABLE: (Presence.AVAILABLE,),
}


class Wanted(NamedTuple):
    """What a crew has in common: its members serve the channel and meet all that is hard in the requirements."""

    channel: ChannelId
    requirements: tuple[Requirement, ...]

    def admits(self, agent: Agent) -> bool:
        """Whether an agent is one of them."""
        attributes = agent.attributes
        return self.channel in agent.channel_maxima and all(need.is_met_by(attributes) for need in self.requirements if need.is_hard)


class _Crew:
    """The members of one crew with their presence, and how many there are of each."""

    __slots__ = ("members", "of_presence")

    def __init__(self, members: dict[AgentId, Presence]) -> None:
        self.members = members
        self.of_presence = Counter(members.values())

    def has(self, reach: Reach) -> bool:
        return any(self.of_presence[presence] for presence in _NEAR_ENOUGH[reach])

    def enter(self, agent_id: AgentId, presence: Presence | None) -> bool:
        """Enter, change or, with `None`, strike a member; whether somebody was near enough for something and nobody is now."""
        before = [reach for reach in Reach if self.has(reach)]
        known = self.members.pop(agent_id, None)
        if known is not None:
            self.of_presence[known] -= 1
        if presence is not None:
            self.members[agent_id] = presence
            self.of_presence[presence] += 1
        return not all(self.has(reach) for reach in before)


class Attendance:
    """Crews by what they have in common. `watched` are the interactions with steps that wait for crews to be gone, and for which."""

    __slots__ = ("_crews", "_crews_max", "watched")

    def __init__(self) -> None:
        self._crews: dict[Wanted, _Crew] = {}
        self._crews_max = _CREWS_MAX
        self.watched: dict[InteractionId, tuple[Wanted, ...]] = {}

    def has(self, reach: Reach, wanted: Wanted, agents: Iterable[tuple[Agent, Presence]]) -> bool:
        """Whether anybody of a crew is as near as `reach`; `agents` are all who may belong to it, looked at only when it is new."""
        crew = self._crews.get(wanted)
        if crew is None:
            self._make_room()
            crew = self._crews[wanted] = _Crew(_members(wanted, agents))
        return crew.has(reach)

    def resume(self, candidates: Callable[[Wanted], Iterable[tuple[Agent, Presence]]]) -> None:
        """Count every crew that is watched, after a log was replayed: nobody asks in a replay."""
        for wanted in self._in_use():
            self._crews[wanted] = _Crew(_members(wanted, candidates(wanted)))

    def put(self, agent: Agent, presence: Presence) -> bool:
        """Take note of an agent's record; whether some crew lost the last who was near enough for something."""
        lost = False
        for wanted, crew in self._crews.items():
            is_member = wanted.admits(agent)
            if is_member or agent.id in crew.members:
                lost |= crew.enter(agent.id, presence if is_member else None)
        return lost

    def move(self, agent_id: AgentId, presence: Presence | None) -> bool:
        """An agent's presence is another, or with `None` they are gone; the answer is that of `put`."""
        lost = False
        for crew in self._crews.values():
            if agent_id in crew.members:
                lost |= crew.enter(agent_id, presence)
        return lost

    def disagreements(self, agents: Iterable[tuple[Agent, Presence]]) -> list[Wanted]:
        """The crews that differ from a count over all agents: none, unless something is broken."""
        everybody = list(agents)
        return [wanted for wanted, crew in self._crews.items() if crew.members != _members(wanted, everybody)]

    def _in_use(self) -> dict[Wanted, None]:
        return {wanted: None for crews in self.watched.values() for wanted in crews}

    def _make_room(self) -> None:
        if len(self._crews) >= self._crews_max:
            in_use = self._in_use()
            self._crews = {wanted: crew for wanted, crew in self._crews.items() if wanted in in_use}
            self._crews_max = max(_CREWS_MAX, 2 * len(self._crews))


def _members(wanted: Wanted, agents: Iterable[tuple[Agent, Presence]]) -> dict[AgentId, Presence]:
    return {agent.id: presence for agent, presence in agents if wanted.admits(agent)}
