"""Whether anybody is there for a kind of work: agents who could ever serve it and are in none of the states that count as being away.

Interactions that ask for the same things in the same queue are one group, with one witness: an agent who is there for all of them. As long
as the witness stays, nothing needs to be looked at; only when they go is another one looked for.
"""

from collections.abc import Iterable
from typing import NamedTuple

from routing.core.ladder import all_steps_taken
from routing.core.lifecycle import InteractionPhase
from routing.core.room import has_room
from routing.core.state import AgentRow, State
from routing.model.admission import AgentState, EmptyRule
from routing.model.agent import Presence
from routing.model.ids import AgentId, ChannelId, InteractionId, QueueId
from routing.model.requirement import Requirement
from routing.model.route import Route
from routing.model.site import Site

_FOUND_MAX = 256
"""Answers beyond that are forgotten all at once: platforms choose requirements freely."""


class Kind(NamedTuple):
    """Work that the same agents could ever serve."""

    queue_id: QueueId
    channel: ChannelId
    needs: tuple[Requirement, ...]
    sent_to: tuple[AgentId, ...] | None = None
    """The agents it is kept for for ever, `None` for work that anybody may have in the end."""


def kind_of(route: Route, channel: ChannelId) -> Kind:
    """The kind of an interaction: what its route still requires when its last step was taken."""
    widest = all_steps_taken(route)
    kept = widest.reserved
    sent_to = kept.agents if kept is not None and kept.until is None else None
    return Kind(route.queue_id, channel, tuple(need for need in widest.requirements if need.is_hard), sent_to)


def state_of(state: State, site: Site, row: AgentRow, kind: Kind) -> AgentState | None:
    """What keeps an agent from taking one more of a kind they could serve; `None` where nothing does. Paused in its queue is not ready."""
    if row.presence is not Presence.AVAILABLE or kind.queue_id in row.paused:
        return AgentState.OFFLINE if row.presence is Presence.OFFLINE else AgentState.NOT_READY
    if row.session_expires_at is not None:
        return AgentState.UNREACHABLE
    is_open = row.held_by_channel.get(kind.channel, 0) < row.agent.channel_maxima.get(kind.channel, 0)
    if is_open and has_room(state, site, row, site.channels[kind.channel]):
        return None
    if row.offers:
        return AgentState.RINGING
    return AgentState.WRAP_UP if _is_wrapping_up(state, row) else AgentState.BUSY


def _is_wrapping_up(state: State, row: AgentRow) -> bool:
    return bool(row.work) and all(state.interactions[held].phase is InteractionPhase.WRAP_UP for held in row.work)


class Floor(NamedTuple):
    """What has to be looked at to know who is there."""

    site: Site
    state: State

    def is_there(self, row: AgentRow, kind: Kind, away: tuple[AgentState, ...]) -> bool:
        """Whether an agent could ever serve the kind and is in none of the states."""
        channel, agent = self.site.channels[kind.channel], row.agent
        return (
            agent.channel_maxima.get(kind.channel, 0) > 0
            and (kind.sent_to is None or agent.id in kind.sent_to)
            and channel.capacity_cost <= agent.capacity
            and all(need.is_met_by(agent.attributes) for need in kind.needs)
            and state_of(self.state, self.site, row, kind) not in away
        )

    def witness(self, kind: Kind, away: tuple[AgentState, ...]) -> AgentId | None:
        """An agent who is there for the kind, `None` where nobody is."""
        candidates = self.state.holders.candidates(kind.needs, self.state.agents)
        return next((row.agent.id for row in candidates if self.is_there(row, kind, away)), None)


class Found:
    """Who was found there for a kind of work, or that nobody was: the next of the kind need not look at everybody again."""

    __slots__ = ("_found", "_nobody")

    def __init__(self) -> None:
        self._found: dict[tuple[Kind, tuple[AgentState, ...]], AgentId] = {}
        self._nobody: dict[tuple[Kind, tuple[AgentState, ...]], None] = {}

    def witness(self, floor: Floor, kind: Kind, away: tuple[AgentState, ...]) -> AgentId | None:
        """Some registered agent who is there for the kind, `None` where nobody is."""
        sought = (kind, away)
        known = self._found.get(sought)
        if known is None and sought in self._nobody:
            return None
        row = None if known is None else floor.state.agents.get(known)
        if row is not None and floor.is_there(row, kind, away):
            return known
        self._found.pop(sought, None)
        if len(self._found) + len(self._nobody) >= _FOUND_MAX:
            self._found.clear()
            self._nobody.clear()
        found = floor.witness(kind, away)
        if found is None:
            self._nobody[sought] = None
        else:
            self._found[sought] = found
        return found

    def follow_agent(self, floor: Floor, row: AgentRow) -> None:
        """An agent is another than before, and may be there where nobody was; who was there is asked again in any case."""
        if self._nobody:
            for sought in [sought for sought in self._nobody if floor.is_there(row, *sought)]:
                del self._nobody[sought]
                self._found[sought] = row.agent.id

    def mistaken(self, floor: Floor) -> list[Kind]:
        """The kinds that nobody is said to be there for, although somebody is: none, unless something is broken."""
        return [kind for kind, away in self._nobody if floor.witness(kind, away) is not None]


class Cover:
    """The groups of interactions that leave where nobody is there for them: which are covered by whom, and which are not.

    `found` answers for those who come, too.
    """

    __slots__ = ("_kind_of", "_members", "_watched_by", "_witness", "found")

    def __init__(self) -> None:
        self.found = Found()
        self._kind_of: dict[InteractionId, Kind] = {}
        self._members: dict[Kind, dict[InteractionId, None]] = {}
        self._witness: dict[Kind, AgentId | None] = {}
        self._watched_by: dict[AgentId | None, dict[Kind, None]] = {None: {}}

    def is_alone(self, interaction_id: InteractionId) -> bool:
        """Whether an interaction belongs to a group that nobody covers."""
        kind = self._kind_of.get(interaction_id)
        return kind is not None and self._witness[kind] is None

    def follow_interaction(self, floor: Floor, interaction_id: InteractionId) -> None:
        """Bring one interaction up to date; only one that waits on the line, in a queue that lets people leave, belongs to a group."""
        row = floor.state.interactions.get(interaction_id)
        may_leave = row is not None and row.phase is InteractionPhase.WAITING and row.is_on_line and _rule(floor.site, row.route.queue_id)
        kind = kind_of(row.route, row.interaction.channel) if row is not None and may_leave else None
        known = self._kind_of.get(interaction_id)
        if kind == known:
            return
        if known is not None:
            self._leave(interaction_id, known)
        if kind is not None:
            self._kind_of[interaction_id] = kind
            if kind not in self._members:
                self._members[kind] = {}
                self._watch(kind, self._found(floor, kind))
            self._members[kind][interaction_id] = None

    def follow_agent(self, floor: Floor, agent_id: AgentId) -> Iterable[InteractionId]:
        """Bring one agent up to date; the interactions that may have been left alone, or are no longer."""
        row = floor.state.agents.get(agent_id)
        if row is not None:
            self.found.follow_agent(floor, row)
        turned: list[InteractionId] = []
        for kind in tuple(self._watched_by.get(agent_id, ())):
            if row is None or not floor.is_there(row, kind, _leave_states(floor.site, kind)):
                self._watch(kind, self._found(floor, kind))
                turned += self._members[kind] if self._witness[kind] is None else ()
        for kind in tuple(self._watched_by[None]) if row is not None else ():
            if row is not None and floor.is_there(row, kind, _leave_states(floor.site, kind)):
                self._watch(kind, agent_id)
                turned += self._members[kind]
        return turned

    def _found(self, floor: Floor, kind: Kind) -> AgentId | None:
        return self.found.witness(floor, kind, _leave_states(floor.site, kind))

    def _watch(self, kind: Kind, witness: AgentId | None) -> None:
        if kind in self._witness:
            del self._watched_by[self._witness[kind]][kind]
        self._witness[kind] = witness
        self._watched_by.setdefault(witness, {})[kind] = None

    def _leave(self, interaction_id: InteractionId, kind: Kind) -> None:
        del self._kind_of[interaction_id], self._members[kind][interaction_id]
        if not self._members[kind]:
            del self._members[kind], self._watched_by[self._witness.pop(kind)][kind]


def _rule(site: Site, queue_id: QueueId) -> EmptyRule | None:
    """The rule of a queue that lets people leave; a queue the site no longer has is about to be left anyway."""
    queue = site.queues.get(queue_id)
    return queue.empty if queue is not None and queue.empty is not None and queue.empty.leave_states else None


def _leave_states(site: Site, kind: Kind) -> tuple[AgentState, ...]:
    rule = _rule(site, kind.queue_id)
    return () if rule is None else rule.leave_states
