"""What a log tells of the agents themselves: in which queues they are, and when they come, pause and go."""

import sys
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from routing.config.values import identifier_fault
from routing.model.time import Instant
from simulation.importers.sources import LeftOut

State = Literal["there", "away", "gone"]
"""At work; in a break; not at work."""


class Change(NamedTuple):
    """What an agent became, and when."""

    at: Instant
    state: State


@dataclass(slots=True)
class _Membership:
    queues: set[str] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)

    @property
    def state(self) -> State:
        if not self.queues:
            return "gone"
        return "away" if self.queues <= self.paused else "there"


@dataclass(slots=True)
class Presences:
    """The changes of every agent that a log names, in its order, and the queues each was ever a member of."""

    changes: dict[str, list[Change]] = field(default_factory=dict)
    queues: dict[str, set[str]] = field(default_factory=dict)
    _members: dict[str, _Membership] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def tell(self, agent: str, at: Instant, state: State) -> None:
        """An agent came, paused or went; raises `LeftOut` for a name that nobody can have."""
        self._check("agent", agent)
        self.changes.setdefault(sys.intern(agent), []).append(Change(at, state))

    def join(self, agent: str, queue: str, at: Instant) -> None:
        """An agent became a member of a queue, and is at work from the first on."""
        self._check("agent", agent)
        self._check("queue", queue)
        self.queues.setdefault(sys.intern(agent), set()).add(sys.intern(queue))
        member = self._members.setdefault(agent, _Membership())
        member.queues.add(queue)
        member.paused.discard(queue)
        self.tell(agent, at, member.state)

    def leave(self, agent: str, queue: str, at: Instant) -> None:
        """An agent is no longer a member of a queue, and with the last one gone."""
        self._check("agent", agent)
        member = self._members.setdefault(agent, _Membership())
        member.queues.discard(queue)
        member.paused.discard(queue)
        self.tell(agent, at, member.state)

    def pause(self, agent: str, queue: str | None, at: Instant) -> None:
        """An agent pauses in one queue, or in all (None); away is who pauses in every queue known of."""
        self._check("agent", agent)
        member = self._members.setdefault(agent, _Membership())
        if queue is not None:
            member.queues.add(queue)
            member.paused.add(queue)
        else:
            member.paused |= member.queues
        self.tell(agent, at, "away" if queue is None else member.state)

    def resume(self, agent: str, queue: str | None, at: Instant) -> None:
        """A pause in one queue, or in all (None), is over."""
        self._check("agent", agent)
        member = self._members.setdefault(agent, _Membership())
        member.paused -= member.paused if queue is None else {queue}
        self.tell(agent, at, "there")

    def _check(self, what: str, name: str) -> None:
        if name not in self._names:
            if identifier_fault(name) is not None:
                raise LeftOut("dirty", f"{what}: is not a name", name)
            self._names.add(name)
