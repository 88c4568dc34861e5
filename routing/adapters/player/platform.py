"""The platform: brings the day's interactions in, lets impatient customers leave, and keeps books of what it was told.

Its books are the proof from outside: every interaction whose acceptance was answered must end exactly once, whatever happened in between.
"""

import asyncio
from collections import Counter
from collections.abc import Callable

from routing.adapters.client import Client, Refused
from routing.adapters.player.clock import PlanClock
from routing.adapters.player.plan import Contact, Plan
from routing.v1 import interactions_pb2, refusal_pb2, types_pb2

_NO_LONGER_WAITING = frozenset({refusal_pb2.REFUSAL_REASON_NOT_WAITING, refusal_pb2.REFUSAL_REASON_UNKNOWN_INTERACTION})


class Platform:
    """One platform and its books: `accepted` ids, and per id how often each end was told."""

    def __init__(self, plan: Plan, clock: PlanClock, client: Client) -> None:
        self._plan = plan
        self._clock = clock
        self._client = client
        self._offset_ms = 0
        self._taken: set[str] = set()
        self.accepted: dict[str, None] = {}
        self.ends: dict[str, Counter[str]] = {}
        self.all_ended = asyncio.Event()
        self.on_change: Callable[[], None] = lambda: None

    async def run(self, server_ahead_ms: int, *, since: int) -> None:
        """Play all contacts and wait until each has ended; `server_ahead_ms` is server time minus plan time.

        `since` is the journal's sequence before the first of them: what came earlier is another day's, and may no longer be kept.

        Raises:
            grpc.aio.AioRpcError: the server stayed away.
        """
        self._offset_ms = server_ahead_ms
        watching = asyncio.create_task(self._watch(since))
        try:
            async with asyncio.TaskGroup() as group:
                for contact in self._plan.contacts:
                    await self._clock.until(contact.at_ms)
                    group.create_task(self._customer(contact))
                await self._clock.until(self._plan.ends_at_ms)
            await self._leave_the_rest()
            waiting = asyncio.create_task(self.all_ended.wait())
            await asyncio.wait({watching, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                watching.result()
        finally:
            watching.cancel()

    async def _customer(self, contact: Contact) -> None:
        """Come in, wait as long as patience lasts, and leave if nobody has answered."""
        request = interactions_pb2.EnqueueInteractionRequest(request_id=f"{contact.id}/enqueue", interaction=self._described(contact))
        await self._client.call(self._client.interactions.EnqueueInteraction, request)
        self.accepted[contact.id] = None
        self.on_change()
        if contact.patience_ms is None:
            return
        await self._clock.until(min(contact.at_ms + contact.patience_ms, self._plan.ends_at_ms))
        if contact.id not in self._taken and contact.at_ms + contact.patience_ms < self._plan.ends_at_ms:
            await self._unless_too_late(contact.id, "abandon")

    def _described(self, contact: Contact) -> types_pb2.Interaction:
        interaction = types_pb2.Interaction(
            id=contact.id,
            channel=contact.channel,
            type=contact.type,
            correlation_id=contact.id,
            routing_credit_ms=contact.credit_ms,
            priority=contact.priority,
            customer_id=contact.customer_id,
        )
        for name, value in contact.attributes.items():
            if isinstance(value, int):
                interaction.attributes[name].number = value
            else:
                interaction.attributes[name].symbol = value
        if contact.due_at_ms is not None:
            interaction.due_at_ms = contact.due_at_ms + self._offset_ms
        return interaction

    async def _leave_the_rest(self) -> None:
        """At the end of the day, what still waits is taken out and left for the next."""
        for contact_id in list(self.accepted):
            if contact_id not in self._taken and contact_id not in self.ends:
                await self._unless_too_late(contact_id, "cancel")

    async def _unless_too_late(self, contact_id: str, what: str) -> None:
        try:
            if what == "abandon":
                abandon = interactions_pb2.AbandonInteractionRequest(request_id=f"{contact_id}/abandon", interaction_id=contact_id)
                await self._client.call(self._client.interactions.AbandonInteraction, abandon)
            else:
                cancel = interactions_pb2.CancelInteractionRequest(
                    request_id=f"{contact_id}/cancel", interaction_id=contact_id, reason="left for the next day"
                )
                await self._client.call(self._client.interactions.CancelInteraction, cancel)
        except Refused as refused:
            if refused.reason not in _NO_LONGER_WAITING:
                raise

    async def _watch(self, since: int) -> None:
        """Keep the books of the day."""
        async for message in self._client.watch(cursor=since):
            for event in message.events:
                self._note(event)

    def _note(self, event: interactions_pb2.InteractionEvent) -> None:
        match event.WhichOneof("event"):
            case "offer_ended" if event.offer_ended.outcome == types_pb2.OFFER_OUTCOME_ACCEPTED:
                self._taken.add(event.interaction_id)
            case "returned":
                self._taken.discard(event.interaction_id)
            case "ended":
                cause = types_pb2.EndCause.Name(event.ended.cause).removeprefix("END_CAUSE_").lower()
                self.ends.setdefault(event.interaction_id, Counter())[cause] += 1
                if len(self.ends) == len(self._plan.contacts):
                    self.all_ended.set()
                self.on_change()
            case _:
                pass
