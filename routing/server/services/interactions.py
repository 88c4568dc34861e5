"""The platforms' service."""

import asyncio
from functools import partial

from routing.core.events import Recorded
from routing.server.convert.checks import WATCHED_MAX, count, identifier
from routing.server.convert.commands import command_of
from routing.server.convert.doors import tell_reception
from routing.server.convert.interaction_events import interaction_event, interaction_id_of
from routing.server.convert.status import interaction_status
from routing.server.errors import invalid
from routing.server.estimates import Estimates
from routing.server.feed import Feed
from routing.server.rpc import Context
from routing.server.streams import ReaderGone, write
from routing.server.writer import Writer
from routing.v1 import interactions_pb2

EVENTS_PER_MESSAGE = 256


class InteractionService:
    """Takes interactions in and tells what became of them."""

    def __init__(self, writer: Writer, feed: Feed, estimates: Estimates) -> None:
        self._writer = writer
        self._feed = feed
        self._estimates = estimates

    async def enqueue_interaction(
        self, request: interactions_pb2.EnqueueInteractionRequest, _: Context
    ) -> interactions_pb2.EnqueueInteractionResponse:
        """Accept an interaction."""
        answer = await self._writer.submit(command_of(request))
        response = interactions_pb2.EnqueueInteractionResponse(
            sequence=answer.sequence, interaction_id=answer.subject, enqueued_at_ms=answer.at
        )
        if answer.reception is not None:
            tell_reception(response, answer.reception)
        return response

    async def update_interaction(
        self, request: interactions_pb2.UpdateInteractionRequest, _: Context
    ) -> interactions_pb2.UpdateInteractionResponse:
        """Change a waiting interaction."""
        answer = await self._writer.submit(command_of(request))
        return interactions_pb2.UpdateInteractionResponse(sequence=answer.sequence)

    async def abandon_interaction(
        self, request: interactions_pb2.AbandonInteractionRequest, _: Context
    ) -> interactions_pb2.AbandonInteractionResponse:
        """End an interaction whose customer left."""
        answer = await self._writer.submit(command_of(request))
        return interactions_pb2.AbandonInteractionResponse(sequence=answer.sequence)

    async def cancel_interaction(
        self, request: interactions_pb2.CancelInteractionRequest, _: Context
    ) -> interactions_pb2.CancelInteractionResponse:
        """Take a waiting interaction out."""
        answer = await self._writer.submit(command_of(request))
        return interactions_pb2.CancelInteractionResponse(sequence=answer.sequence)

    async def fail_connect(self, request: interactions_pb2.FailConnectRequest, _: Context) -> interactions_pb2.FailConnectResponse:
        """Return an accepted interaction whose media leg failed."""
        answer = await self._writer.submit(command_of(request))
        return interactions_pb2.FailConnectResponse(sequence=answer.sequence)

    async def get_interaction(self, request: interactions_pb2.GetInteractionRequest, _: Context) -> interactions_pb2.GetInteractionResponse:
        """Where an interaction stands."""
        interaction_id = identifier("interaction_id", request.interaction_id)
        return await self._writer.ask(partial(interaction_status, interaction_id=interaction_id))

    async def watch_interactions(self, request: interactions_pb2.WatchInteractionsRequest, context: Context) -> None:
        """Write what happens until the reader leaves."""
        if request.HasField("cursor") and request.cursor < 0:
            raise invalid("cursor", f"{request.cursor} is not a sequence")
        count("interaction_ids", request.interaction_ids, at_most=WATCHED_MAX)
        watched = frozenset(request.interaction_ids)
        try:
            with self._feed.read(request.cursor if request.HasField("cursor") else None) as reader:
                await write(context, interactions_pb2.WatchInteractionsResponse(cursor=reader.place))
                while True:
                    told = _told(await reader.next(EVENTS_PER_MESSAGE), watched)
                    if told:
                        await write(context, interactions_pb2.WatchInteractionsResponse(cursor=reader.place, events=told))
                    else:
                        # Nothing to write means nothing to wait for: a long walk past others' events must let them breathe.
                        await asyncio.sleep(0)
        except ReaderGone:
            return

    async def watch_estimates(self, request: interactions_pb2.WatchEstimatesRequest, context: Context) -> None:
        """Write places and estimated waits as they change, until the last interaction has ended or the reader leaves."""
        count("interaction_ids", request.interaction_ids, at_most=WATCHED_MAX, at_least=1)
        try:
            with self._estimates.watch(request.interaction_ids) as watch:
                await self._writer.ask(watch.begin)
                while updates := await watch.next():
                    await write(context, interactions_pb2.WatchEstimatesResponse(updates=updates))
        except ReaderGone:
            return


def _told(recorded: list[Recorded], watched: frozenset[str]) -> list[interactions_pb2.InteractionEvent]:
    concerned = (item for item in recorded if not watched or interaction_id_of(item.event) in watched)
    return [event for event in map(interaction_event, concerned) if event is not None]
