"""The agents' desktops: one stream that speaks for all of them, answers offers, works, and reports.

When the stream breaks it is opened again under the same session id, what was not yet answered is sent again under the same request ids, and
the snapshots tell which offers came while nobody listened.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable

import grpc

from routing.adapters.client import Client, Refused
from routing.adapters.player.clock import PlanClock
from routing.adapters.player.plan import Contact, Plan, PresenceChange
from routing.v1 import agents_pb2, refusal_pb2, types_pb2

SESSION = "player"
_AGENTS_PER_OPENING = 500
_PRESENCE = {
    "available": types_pb2.PRESENCE_AVAILABLE,
    "not_ready": types_pb2.PRESENCE_NOT_READY,
    "offline": types_pb2.PRESENCE_OFFLINE,
}
_OVERTAKEN = frozenset(
    {
        refusal_pb2.REFUSAL_REASON_OFFER_NOT_PENDING,
        refusal_pb2.REFUSAL_REASON_NOT_HANDLING,
        refusal_pb2.REFUSAL_REASON_NOT_IN_WRAP_UP,
        refusal_pb2.REFUSAL_REASON_NOT_WAITING,
    }
)
"""Refusals that say the world moved on first: the offer expired, the customer left, wrap-up reached its limit."""


class Desks:
    """All agents of a plan. `connected` is set while the stream is up."""

    def __init__(self, plan: Plan, clock: PlanClock, client: Client) -> None:
        self._clock = clock
        self._client = client
        self._contacts = {contact.id: contact for contact in plan.contacts}
        self._agent_ids = list(dict.fromkeys(change.agent_id for change in plan.presence))
        self._changes = plan.presence
        self._unanswered: dict[str, tuple[agents_pb2.AgentCommand, asyncio.Future[None]]] = {}
        self._outbox: asyncio.Queue[agents_pb2.AgentCommand | None] = asyncio.Queue()
        self._served: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.connected = asyncio.Event()

    async def run(self) -> None:
        """Keep the stream up until cancelled, and let the agents work.

        Raises:
            grpc.aio.AioRpcError: the server stayed away.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_stream())
            for agent_id in self._agent_ids:
                group.create_task(self._work_shift([change for change in self._changes if change.agent_id == agent_id]))

    # ---- the stream ----

    async def _keep_stream(self) -> None:
        patience = self._client.patience()
        while True:
            try:
                await self._stream()
            except grpc.aio.AioRpcError as error:
                if self.connected.is_set():
                    patience.restore()
                self.connected.clear()
                self._clock.pause()
                await patience.pause_or_raise(error)

    async def _stream(self) -> None:
        self._outbox = asyncio.Queue()
        for start in range(0, len(self._agent_ids), _AGENTS_PER_OPENING):
            opening = agents_pb2.OpenSession(session_id=SESSION, agent_ids=self._agent_ids[start : start + _AGENTS_PER_OPENING])
            self._outbox.put_nowait(agents_pb2.AgentCommand(open_session=opening))
        for command, _ in self._unanswered.values():
            self._outbox.put_nowait(command)
        missing = set(self._agent_ids)
        async for response in self._client.agents.Connect(self._requests()):
            for event in response.events:
                self._on_event(event)
                if event.WhichOneof("event") == "snapshot":
                    missing.discard(event.snapshot.agent_id)
            if not missing and not self.connected.is_set():
                self.connected.set()
                self._clock.resume()

    async def _requests(self) -> AsyncIterator[agents_pb2.ConnectRequest]:
        outbox = self._outbox
        while (command := await outbox.get()) is not None:
            yield agents_pb2.ConnectRequest(commands=[command])

    def _on_event(self, event: agents_pb2.AgentEvent) -> None:
        match event.WhichOneof("event"):
            case "snapshot":
                for offer in event.snapshot.offers:
                    self._ring(offer)
            case "offer_made":
                self._ring(event.offer_made.offer)
            case "acknowledged":
                self._answered(event.acknowledged.request_id, None)
            case "refused":
                self._answered(event.refused.request_id, Refused(grpc.StatusCode.FAILED_PRECONDITION, event.refused.refusal))
            case _:
                pass

    def _answered(self, request_id: str, refused: Refused | None) -> None:
        _, answer = self._unanswered.pop(request_id, (None, None))
        if answer is None:
            if refused is not None:
                raise refused  # a session that could not be opened
        elif refused is None:
            answer.set_result(None)
        else:
            answer.set_exception(refused)

    async def _command(self, request_id: str, command: agents_pb2.AgentCommand) -> None:
        """Send a command and wait for its answer, over as many streams as that takes."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._unanswered[request_id] = (command, answer)
        if self.connected.is_set():
            self._outbox.put_nowait(command)
        else:
            await self.connected.wait()
            if not answer.done():
                self._outbox.put_nowait(command)
        await answer

    # ---- agents ----

    async def _work_shift(self, changes: Iterable[PresenceChange]) -> None:
        for change in changes:
            await self._clock.until(change.at_ms)
            # By its instant: the day after, against the same server, it is another request.
            request_id = f"{change.agent_id}/presence/{change.at_ms}"
            request = agents_pb2.SetPresenceRequest(
                request_id=request_id, agent_id=change.agent_id, presence=_PRESENCE[change.presence], reason=change.reason
            )
            await self._command(request_id, agents_pb2.AgentCommand(set_presence=request))

    def _ring(self, offer: types_pb2.Offer) -> None:
        if offer.id not in self._served:
            self._served.add(offer.id)
            task = asyncio.get_running_loop().create_task(self._serve(offer.id, self._contacts[offer.interaction.id]))
            self._tasks.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.result()

    async def _serve(self, offer_id: str, contact: Contact) -> None:
        """Answer after the delay, work, wrap up."""
        try:
            await self._clock.until(self._clock.now_ms() + contact.answer_delay_ms)
            accept = agents_pb2.AcceptOfferRequest(request_id=f"{offer_id}/accept", offer_id=offer_id)
            await self._command(accept.request_id, agents_pb2.AgentCommand(accept_offer=accept))
            await self._clock.until(self._clock.now_ms() + contact.work_ms)
            end = agents_pb2.EndHandlingRequest(request_id=f"{offer_id}/end", interaction_id=contact.id)
            await self._command(end.request_id, agents_pb2.AgentCommand(end_handling=end))
            await self._clock.until(self._clock.now_ms() + contact.wrap_up_ms)
            done = agents_pb2.EndWrapUpRequest(request_id=f"{offer_id}/done", interaction_id=contact.id)
            await self._command(done.request_id, agents_pb2.AgentCommand(end_wrap_up=done))
        except Refused as refused:
            if refused.reason not in _OVERTAKEN:
                raise
