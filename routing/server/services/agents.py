"""The desktops' service: single calls, and the stream that serves one or many agents."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import grpc

from routing.core.commands import Mutation
from routing.core.errors import CommandRefused
from routing.model.ids import AgentId
from routing.server.convert.agent_events import acknowledged, refused
from routing.server.convert.checks import COMMANDS_MAX, SESSION_AGENTS_MAX, count, identifier
from routing.server.convert.commands import command_of
from routing.server.errors import Refused, from_core, invalid
from routing.server.rpc import Context
from routing.server.sessions import AgentStream, Sessions
from routing.server.streams import ReaderGone, write
from routing.server.turn import Turn
from routing.server.writer import FREES_CAPACITY, Writer
from routing.v1 import agents_pb2

IN_PROGRESS_MAX = 256


class AgentService:
    """Brings offers to agents and takes their answers."""

    def __init__(self, writer: Writer, sessions: Sessions) -> None:
        self._writer = writer
        self._sessions = sessions

    async def set_presence(self, request: agents_pb2.SetPresenceRequest, _: Context) -> agents_pb2.SetPresenceResponse:
        """Change an agent's presence."""
        return agents_pb2.SetPresenceResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def accept_offer(self, request: agents_pb2.AcceptOfferRequest, _: Context) -> agents_pb2.AcceptOfferResponse:
        """Take what was offered."""
        answer = await self._writer.submit(command_of(request))
        return agents_pb2.AcceptOfferResponse(sequence=answer.sequence, interaction_id=answer.subject)

    async def decline_offer(self, request: agents_pb2.DeclineOfferRequest, _: Context) -> agents_pb2.DeclineOfferResponse:
        """Do not take what was offered."""
        return agents_pb2.DeclineOfferResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def extend_offer(self, request: agents_pb2.ExtendOfferRequest, _: Context) -> agents_pb2.ExtendOfferResponse:
        """Lengthen a lease."""
        return agents_pb2.ExtendOfferResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def hold_handling(self, request: agents_pb2.HoldHandlingRequest, _: Context) -> agents_pb2.HoldHandlingResponse:
        """Put the customer on hold."""
        return agents_pb2.HoldHandlingResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def resume_handling(self, request: agents_pb2.ResumeHandlingRequest, _: Context) -> agents_pb2.ResumeHandlingResponse:
        """Take the customer off hold."""
        return agents_pb2.ResumeHandlingResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def end_handling(self, request: agents_pb2.EndHandlingRequest, _: Context) -> agents_pb2.EndHandlingResponse:
        """End the contact."""
        return agents_pb2.EndHandlingResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def end_wrap_up(self, request: agents_pb2.EndWrapUpRequest, _: Context) -> agents_pb2.EndWrapUpResponse:
        """End after-contact work."""
        return agents_pb2.EndWrapUpResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def connect(self, requests: AsyncIterator[agents_pb2.ConnectRequest], context: Context) -> None:
        """Serve a stream until either side ends it."""
        stream = AgentStream()
        self._sessions.join(stream)
        reading = asyncio.create_task(_Connection(self._writer, self._sessions, stream).read(requests))
        try:
            while (message := await stream.outbox.take()) is not None:
                await write(context, message)
        except ReaderGone:
            return
        finally:
            reading.cancel()
            self._lose(stream)

    def _lose(self, stream: AgentStream) -> None:
        """Let the leases of the stream's agents begin to run; a server that is stopping does so when it comes back."""
        if self._writer.is_closing:
            return
        for agent_id in self._sessions.leave(stream):
            self._writer.post(partial(self._sessions.lose, stream=stream, agent_id=agent_id), _nobody_waits, is_urgent=True)


def _nobody_waits(_: object) -> None:
    """The stream that asked is gone."""


class _Connection:
    """The reading side of a stream: commands become work for the writer, whose results go to the outbox."""

    def __init__(self, writer: Writer, sessions: Sessions, stream: AgentStream) -> None:
        self._writer = writer
        self._sessions = sessions
        self._stream = stream
        self._free = asyncio.Semaphore(IN_PROGRESS_MAX)

    async def read(self, requests: AsyncIterator[agents_pb2.ConnectRequest]) -> None:
        """Take commands until the client ends its side, then wait for what is in progress."""
        outbox = self._stream.outbox
        try:
            async for request in requests:
                count("commands", request.commands, at_most=COMMANDS_MAX)
                for command in request.commands:
                    await self._take(command)
            for _ in range(IN_PROGRESS_MAX):
                await self._free.acquire()
        except Refused as refusal:
            outbox.end(refusal)
        except (grpc.aio.BaseError, grpc.aio.UsageError):
            # The client hung up in the middle of a message: the stream's end is told to the writing side, too.
            return
        finally:
            outbox.end(None)

    async def _take(self, command: agents_pb2.AgentCommand) -> None:
        match command.WhichOneof("command"):
            case None:
                raise invalid("commands.command", "is required")
            case "open_session":
                await self._open(command.open_session)
            case "close_session":
                count("close_session.agent_ids", command.close_session.agent_ids, at_least=1, at_most=SESSION_AGENTS_MAX)
                for agent_id in command.close_session.agent_ids:
                    await self._work(agent_id, partial(self._close, agent_id=agent_id), is_urgent=True)
            case name:
                await self._mutate(getattr(command, name))

    async def _open(self, message: agents_pb2.OpenSession) -> None:
        session_id = identifier("open_session.session_id", message.session_id)
        count("open_session.agent_ids", message.agent_ids, at_least=1, at_most=SESSION_AGENTS_MAX)
        if self._stream.session_id not in ("", session_id):
            raise invalid("open_session.session_id", f"this stream's session is {self._stream.session_id!r}; one stream has one session")
        self._stream.session_id = session_id
        for agent_id in message.agent_ids:
            await self._work(agent_id, partial(self._sessions.open, stream=self._stream, agent_id=agent_id))

    def _close(self, turn: Turn, agent_id: AgentId) -> agents_pb2.AgentEvent:
        self._sessions.lose(turn, self._stream, agent_id)
        return acknowledged(agent_id, turn.state.seq, turn.now)

    async def _mutate(self, request: Any) -> None:
        try:
            command = command_of(request)
        except Refused as refusal:
            # Refused when its turn comes, so that answers keep the order of the commands.
            await self._work(request.request_id, partial(_refuse, refusal=refusal))
        else:
            is_urgent = isinstance(command, FREES_CAPACITY)
            await self._work(request.request_id, partial(self._carry_out, command=command), is_urgent=is_urgent)

    def _carry_out(self, turn: Turn, command: Mutation) -> agents_pb2.AgentEvent:
        self._sessions.check(turn, self._stream, command)
        answer = turn.answer(command)
        return acknowledged(command.request_id or "", answer.sequence, answer.at)

    async def _work(self, request_id: str, work: Callable[[Turn], agents_pb2.AgentEvent], *, is_urgent: bool = False) -> None:
        """Queue work whose event, or refusal, goes to the outbox; waits while too much of this stream is in progress."""
        await self._free.acquire()
        try:
            self._writer.post(partial(_answered, request_id=request_id, work=work), self._answer, is_urgent=is_urgent)
        except Refused as refusal:
            self._stream.outbox.put(refused(request_id, refusal, 0, 0))
            self._free.release()

    def _answer(self, event: agents_pb2.AgentEvent | Refused) -> None:
        self._free.release()
        if isinstance(event, Refused):
            raise AssertionError("refusals are turned into events in their turn")
        self._stream.outbox.put(event)


def _refuse(_: Turn, refusal: Refused) -> agents_pb2.AgentEvent:
    raise refusal


def _answered(turn: Turn, request_id: str, work: Callable[[Turn], agents_pb2.AgentEvent]) -> agents_pb2.AgentEvent:
    try:
        return work(turn)
    except CommandRefused as refusal:
        return refused(request_id, from_core(refusal), turn.state.seq, turn.now)
    except Refused as refusal:
        return refused(request_id, refusal, turn.state.seq, turn.now)
