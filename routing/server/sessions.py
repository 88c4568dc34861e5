"""Which stream speaks for which agent.

Ownership changes hands in turns of the writer, at one point in the order of events: what happens to an agent is told to whoever owned the
agent at that moment, and told behind the gate, in that order. So the snapshot that opens a session and the
events that follow it leave neither a gap nor a repetition.
"""

from functools import partial

from routing.core.commands import LoseSession, Mutation, OpenSession
from routing.core.decide.lookup import agent_of
from routing.core.events import Recorded
from routing.core.state import State
from routing.model.ids import AgentId, SessionId
from routing.server.convert.agent_events import agent_event, agent_id_of, replaced, snapshot
from routing.server.convert.tie_events import tie_events
from routing.server.errors import Refused
from routing.server.outbox import Outbox
from routing.server.turn import Turn
from routing.server.writer import Release
from routing.v1 import agents_pb2, refusal_pb2


class AgentStream:
    """One open stream: its session id, its agents and its outbox."""

    def __init__(self) -> None:
        self.session_id: SessionId = ""
        self.agents: dict[AgentId, None] = {}
        self.outbox = Outbox()
        self.has_left = False


class Sessions:
    """The streams by agent. All methods but `end_all` run in a turn of the writer or prepare one's release."""

    def __init__(self) -> None:
        self._owners: dict[AgentId, AgentStream] = {}
        self._streams: dict[AgentStream, None] = {}

    def prepare(self, recorded: tuple[Recorded, ...], state: State) -> list[Release]:
        """What to tell the desktops of the agents these events are about."""
        tell: list[Release] = []
        if not self._owners:
            return tell
        for item in recorded:
            owner = self._owners.get(agent_id_of(item.event, state))
            event = None if owner is None else agent_event(item, state)
            if owner is not None and event is not None:
                tell.append(partial(owner.outbox.put, event))
            for tied in tie_events(item, state):
                other = self._owners.get(tied.tie_changed.agent_id)
                if other is not None:
                    tell.append(partial(other.outbox.put, tied))
        return tell

    def join(self, stream: AgentStream) -> None:
        """Know of a stream from now on."""
        self._streams[stream] = None

    def leave(self, stream: AgentStream) -> list[AgentId]:
        """Know of a stream no longer; the agents for whom `lose` is now due."""
        stream.has_left = True
        self._streams.pop(stream, None)
        return list(stream.agents)

    def end_all(self, refused: Refused) -> None:
        """End every stream with a reason."""
        for stream in list(self._streams):
            stream.outbox.end(refused)

    def open(self, turn: Turn, stream: AgentStream, agent_id: AgentId) -> agents_pb2.AgentEvent:
        """Let the stream speak for an agent: the snapshot to answer with.

        Raises:
            CommandRefused: the agent is not registered.
            Refused: the stream ended before its turn came; its agents must not seem connected for ever.
        """
        if stream.has_left:
            raise Refused(refusal_pb2.REFUSAL_REASON_NOT_IN_SESSION, "the stream has ended")
        turn.carry_out(OpenSession(agent_id=agent_id, session_id=stream.session_id))
        self._take_from_owner(turn, stream, agent_id)
        self._owners[agent_id] = stream
        stream.agents[agent_id] = None
        stream.outbox.agents = len(stream.agents)
        situation = snapshot(agent_of(turn.state, agent_id), turn.state)
        return agents_pb2.AgentEvent(sequence=turn.state.seq, at_ms=turn.now, snapshot=situation)

    def _take_from_owner(self, turn: Turn, stream: AgentStream, agent_id: AgentId) -> None:
        owner = self._owners.get(agent_id)
        if owner is None or owner is stream:
            return
        del owner.agents[agent_id]
        turn.afterwards(partial(owner.outbox.put, replaced(agent_id, turn.state.seq, turn.now)))
        if not owner.agents:
            text = "a newer session took over all agents of this stream"
            turn.afterwards(partial(owner.outbox.end, Refused(refusal_pb2.REFUSAL_REASON_SESSION_REPLACED, text)))

    def lose(self, turn: Turn, stream: AgentStream, agent_id: AgentId) -> None:
        """The stream no longer speaks for an agent: their lease begins to run. A stream that was replaced changes nothing."""
        if self._owners.get(agent_id) is not stream:
            return
        del self._owners[agent_id]
        del stream.agents[agent_id]
        stream.outbox.agents = len(stream.agents)
        if agent_id in turn.state.agents:
            turn.carry_out(LoseSession(agent_id=agent_id, session_id=stream.session_id))

    def check(self, turn: Turn, stream: AgentStream, command: Mutation) -> None:
        """Refuse a command about an agent, an offer or work that belongs to others.

        What is over or unknown passes: the core refuses it with a better reason, or answers a repeated request.

        Raises:
            Refused: it is not the stream's to decide.
        """
        agent_id = _agent_concerned(command, turn.state)
        if agent_id is not None and self._owners.get(agent_id) is not stream:
            text = f"agent {agent_id!r} does not belong to this session"
            raise Refused(refusal_pb2.REFUSAL_REASON_NOT_IN_SESSION, text, "agent_id" if hasattr(command, "agent_id") else "")


def _agent_concerned(command: Mutation, state: State) -> AgentId | None:
    agent_id: AgentId | None = getattr(command, "agent_id", None)
    if agent_id is not None:
        return agent_id
    offer = state.offers.get(getattr(command, "offer_id", ""))
    if offer is not None:
        return offer.agent_id
    item = state.interactions.get(getattr(command, "interaction_id", ""))
    return None if item is None else item.agent_id


def lose_session_of_everyone(turn: Turn) -> None:
    """After a restart no stream is left: every session that was open begins to run out.

    Raises:
        CommandRefused: no site is in force.
    """
    for row in list(turn.state.agents.values()):
        if row.session_id is not None and row.session_expires_at is None:
            turn.carry_out(LoseSession(agent_id=row.agent.id, session_id=row.session_id))
