"""The platforms' service over a real socket and a real journal."""

from pathlib import Path
from typing import Any

import grpc
import pytest

from routing.v1 import agents_pb2, interactions_pb2, types_pb2
from tests.builders import a_rule, a_site, a_step, an_agent, an_urgency
from tests.routing.server.harness import Desk, a_desk, metadata_refusal, refused

NOT_FOUND, INVALID, PRECONDITION = grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION
EXISTS, RANGE = grpc.StatusCode.ALREADY_EXISTS, grpc.StatusCode.OUT_OF_RANGE


async def test_an_interaction_is_accepted_and_read_back(tmp_path: Path) -> None:
    """With its correlation id and opaque values; nobody is there, so it waits."""
    async with a_desk(tmp_path) as desk:
        answer = await desk.enqueue(correlation_id="crm-7", opaque={"screen": "pop"})
        status = await desk.status()
        assert answer.interaction_id == "i1"
        assert (status.phase, status.queue_id, status.version) == (types_pb2.INTERACTION_PHASE_WAITING, "main", 1)
        assert (status.interaction.correlation_id, dict(status.interaction.opaque)) == ("crm-7", {"screen": "pop"})
        assert status.enqueued_at_ms == answer.enqueued_at_ms


async def test_the_router_issues_an_id_where_none_is_given(tmp_path: Path) -> None:
    """The answer says which."""
    async with a_desk(tmp_path) as desk:
        assert (await desk.enqueue("")).interaction_id == "auto-1"


async def test_a_repeated_request_is_answered_as_before(tmp_path: Path) -> None:
    """The same sequence, instant and id, and one interaction only; another content under the same id is refused."""
    async with a_desk(tmp_path) as desk:
        interaction = types_pb2.Interaction(channel="voice", type="sales")
        request = interactions_pb2.EnqueueInteractionRequest(request_id="once", interaction=interaction)
        first = await desk.interactions.EnqueueInteraction(request)
        assert await desk.interactions.EnqueueInteraction(request) == first
        assert desk.state.arrived == 1
        request.interaction.type = "billing"
        assert await refused(desk.interactions.EnqueueInteraction(request)) == (EXISTS, "REQUEST_ID_REUSED", "request_id")


async def test_an_update_states_the_version_it_read(tmp_path: Path) -> None:
    """The right version changes the interaction and raises it by one; a stale or missing one is refused; overwriting is possible."""
    async with a_desk(tmp_path) as desk:
        await desk.enqueue()
        request = interactions_pb2.UpdateInteractionRequest(request_id="u1", interaction_id="i1", expected_version=1)
        request.attributes["city"].symbol = "Bern"
        request.requirements.requirements.add(
            attribute="sales",
            operator=types_pb2.REQUIREMENT_OPERATOR_AT_LEAST,
            value=types_pb2.AttributeValue(number=3),
            kind=types_pb2.REQUIREMENT_KIND_MUST,
        )
        await desk.interactions.UpdateInteraction(request)
        status = await desk.status()
        assert (status.version, status.interaction.attributes["city"].symbol, len(status.interaction.requirements)) == (2, "Bern", 1)
        request.request_id = "u2"
        assert await refused(desk.interactions.UpdateInteraction(request)) == (PRECONDITION, "VERSION_CONFLICT", "expected_version")
        request.ClearField("expected_version")
        request.request_id = "u3"
        assert await refused(desk.interactions.UpdateInteraction(request)) == (INVALID, "INVALID_VALUE", "expected_version")
        request.request_id, request.overwrite = "u4", True
        await desk.interactions.UpdateInteraction(request)
        assert (await desk.status()).version == 3


@pytest.mark.parametrize(("how", "cause"), [("abandon", types_pb2.END_CAUSE_ABANDONED), ("cancel", types_pb2.END_CAUSE_CANCELLED)])
async def test_a_waiting_interaction_can_leave(tmp_path: Path, how: str, cause: types_pb2.EndCause) -> None:
    """It ends with the cause, is remembered, and cannot leave twice."""
    async with a_desk(tmp_path) as desk:
        await desk.enqueue()
        await leave(desk, how, "leave-1")
        status = await desk.status()
        assert (status.phase, status.cause, status.queue_id) == (types_pb2.INTERACTION_PHASE_ENDED, cause, "main")
        assert status.ended_at_ms > 0
        assert await refused(leave(desk, how, "leave-2")) == (PRECONDITION, "NOT_WAITING", "interaction_id")


async def leave(desk: Desk, how: str, request_id: str) -> None:
    """Abandon or cancel `i1`."""
    if how == "abandon":
        await desk.interactions.AbandonInteraction(interactions_pb2.AbandonInteractionRequest(request_id=request_id, interaction_id="i1"))
    else:
        request = interactions_pb2.CancelInteractionRequest(request_id=request_id, interaction_id="i1", reason="test")
        await desk.interactions.CancelInteraction(request)


async def test_a_failed_connect_returns_the_interaction(tmp_path: Path) -> None:
    """It waits again with its age; before an agent has it, there is nothing to fail."""
    async with a_desk(tmp_path) as desk:
        await desk.enqueue()
        request = interactions_pb2.FailConnectRequest(request_id="f1", interaction_id="i1", reason="no answer from the trunk")
        assert await refused(desk.interactions.FailConnect(request)) == (PRECONDITION, "NOT_HANDLING", "interaction_id")
        await desk.set_presence()
        await desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id="a", offer_id=desk.offered()))
        request.request_id = "f2"
        await desk.interactions.FailConnect(request)
        assert (await desk.status()).phase == types_pb2.INTERACTION_PHASE_WAITING


async def test_what_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    """Unknown interactions, channels, duplicates, and interactions that no rule matches."""
    async with a_desk(tmp_path, site=a_site(rules=[a_rule(when="type=sales")])) as desk:
        request = interactions_pb2.GetInteractionRequest(interaction_id="nobody")
        assert await refused(desk.interactions.GetInteraction(request)) == (NOT_FOUND, "UNKNOWN_INTERACTION", "interaction_id")
        assert await refused(desk.enqueue(channel="fax")) == (INVALID, "UNKNOWN_CHANNEL", "interaction.channel")
        await desk.enqueue()
        assert await refused(desk.enqueue()) == (EXISTS, "DUPLICATE_INTERACTION", "interaction.id")
        assert await refused(desk.enqueue("auto-9")) == (INVALID, "INVALID_VALUE", "interaction.id")
        other = types_pb2.Interaction(channel="voice", type="billing")
        unmatched = interactions_pb2.EnqueueInteractionRequest(request_id="n", interaction=other)
        assert await refused(desk.interactions.EnqueueInteraction(unmatched)) == (PRECONDITION, "NO_ROUTE", "interaction")


@pytest.mark.parametrize("data", [b"\xff", b"\x0a\x05ab", b"\x0a\x01\xff"])
async def test_malformed_bytes_are_refused_flatly(tmp_path: Path, data: bytes) -> None:
    """Garbage, a cut message and bad UTF-8 are invalid arguments, no class of the server's is named, and the connection goes on."""
    async with a_desk(tmp_path) as desk:
        call: Any = desk.channel.unary_unary("/routing.v1.InteractionService/EnqueueInteraction")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(data)
        assert caught.value.code() is INVALID
        assert caught.value.details() == "the bytes are not the message that this call takes"
        assert (await desk.enqueue()).interaction_id == "i1"


async def test_a_message_over_the_limit_is_refused(tmp_path: Path) -> None:
    """More than 256 kB is not even parsed, and the connection goes on."""
    async with a_desk(tmp_path) as desk:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await desk.enqueue(opaque={"a": "x" * 300_000})
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        await desk.enqueue()


async def test_a_watch_tells_an_interaction_from_its_acceptance_to_its_end(tmp_path: Path) -> None:
    """In order, from the cursor that the acceptance was answered with."""
    async with a_desk(tmp_path, agents=(an_agent("a1"), an_agent("a2"))) as desk:
        answer = await desk.enqueue(correlation_id="c")
        await desk.set_presence("a1")
        offer_id = desk.offered("a1")
        await desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id="a", offer_id=offer_id))
        await desk.agents.HoldHandling(agents_pb2.HoldHandlingRequest(request_id="h", interaction_id="i1"))
        await desk.agents.ResumeHandling(agents_pb2.ResumeHandlingRequest(request_id="m", interaction_id="i1"))
        await desk.agents.EndHandling(agents_pb2.EndHandlingRequest(request_id="e", interaction_id="i1"))
        await desk.agents.EndWrapUp(agents_pb2.EndWrapUpRequest(request_id="w", interaction_id="i1"))
        events = await watched(desk, answer.sequence, until="ended")
        assert [event.WhichOneof("event") for event in events] == [
            "queued",
            "offered",
            "offer_ended",
            "held",
            "resumed",
            "handling_ended",
            "ended",
        ]
        assert (events[0].queued.correlation_id, events[0].at_ms) == ("c", answer.enqueued_at_ms)
        assert events[2].offer_ended.outcome == types_pb2.OFFER_OUTCOME_ACCEPTED
        assert (events[-1].ended.cause, events[-1].ended.agent_id) == (types_pb2.END_CAUSE_HANDLED, "a1")


async def watched(desk: Desk, cursor: int, *, until: str, interaction_ids: tuple[str, ...] = ()) -> list[interactions_pb2.InteractionEvent]:
    """All events after a cursor up to one of a kind."""
    events: list[interactions_pb2.InteractionEvent] = []
    request = interactions_pb2.WatchInteractionsRequest(cursor=cursor, interaction_ids=interaction_ids)
    call = desk.interactions.WatchInteractions(request)
    async for message in call:
        events.extend(message.events)
        if any(event.WhichOneof("event") == until for event in message.events):
            break
    call.cancel()
    return events


async def test_a_watch_resumes_without_loss_or_repetition(tmp_path: Path) -> None:
    """The cursor of any message is where the next stream goes on, whatever happened in between."""
    async with a_desk(tmp_path) as desk:
        first: Any = desk.interactions.WatchInteractions(interactions_pb2.WatchInteractionsRequest())
        started = await first.read()
        assert list(started.events) == []
        await desk.enqueue("i1")
        message = await first.read()
        first.cancel()
        await desk.enqueue("i2")
        events = await watched(desk, message.cursor, until="queued")
        assert [event.interaction_id for event in (*message.events, *events)] == ["i1", "i2"]


async def test_a_watch_can_follow_some_interactions_only(tmp_path: Path) -> None:
    """Those that are named."""
    async with a_desk(tmp_path) as desk:
        for interaction_id in ("i1", "i2", "i3"):
            await desk.enqueue(interaction_id)
        events = await watched(desk, 0, until="queued", interaction_ids=("i3",))
        assert [event.interaction_id for event in events] == ["i3"]


async def test_a_cursor_that_is_too_old_or_ahead_is_refused_by_name(tmp_path: Path) -> None:
    """Nothing is left out silently."""
    async with a_desk(tmp_path, feed_events=4) as desk:
        for number in range(5):
            await desk.enqueue(f"i{number}")
        for cursor, reason in ((0, "CURSOR_TOO_OLD"), (10_000, "CURSOR_AHEAD")):
            call = desk.interactions.WatchInteractions(interactions_pb2.WatchInteractionsRequest(cursor=cursor))
            assert await refused(call.read()) == (RANGE, reason, "cursor")
        call = desk.interactions.WatchInteractions(interactions_pb2.WatchInteractionsRequest(cursor=-1))
        assert await refused(call.read()) == (INVALID, "INVALID_VALUE", "cursor")


async def test_a_cursor_outlives_the_server(tmp_path: Path) -> None:
    """The next process fills its feed from the journal's tail."""
    async with a_desk(tmp_path) as desk:
        answer = await desk.enqueue("i1")
    async with a_desk(tmp_path) as desk:
        events = await watched(desk, answer.sequence, until="queued")
        assert [event.interaction_id for event in events] == ["i1"]


async def test_a_draining_server_ends_its_streams_by_name(tmp_path: Path) -> None:
    """A watcher learns that the server is stopping, and may resume at its successor."""
    async with a_desk(tmp_path) as desk:
        call = desk.interactions.WatchInteractions(interactions_pb2.WatchInteractionsRequest())
        await call.read()
        await desk.server.drain()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call.read()
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        assert metadata_refusal(caught.value.trailing_metadata()).text


async def test_a_step_that_comes_early_says_why_and_a_priority_moves_its_interaction(tmp_path: Path) -> None:
    """Team b is offered what team a would have had, at once; the points of what waits decide who comes next."""
    ladder = [a_step(3_600_000, widen="team:b", early="available")]
    rule = a_rule(needs="team==a:expiring", steps=ladder, urgency=an_urgency(ms_per_point=60_000))
    async with a_desk(tmp_path, site=a_site(rules=[rule]), agents=[an_agent(skills="team:b", channels="voice:1")]) as desk:
        await desk.set_presence()
        first = await desk.enqueue("i1")
        watching = desk.interactions.WatchInteractions(
            interactions_pb2.WatchInteractionsRequest(cursor=first.sequence, interaction_ids=["i1"])
        )
        events = [event async for message in _until(watching, "offered") for event in message.events]
        (rerouted,) = [event.rerouted for event in events if event.HasField("rerouted")]
        assert (rerouted.is_relaxation, rerouted.step_cause) == (True, types_pb2.STEP_CAUSE_NOBODY_AVAILABLE)
        for name in ("i2", "i3"):
            await desk.enqueue(name)
        update = interactions_pb2.UpdateInteractionRequest(request_id="raise", interaction_id="i3", overwrite=True, priority=2)
        await desk.interactions.UpdateInteraction(update)
        assert (await desk.status("i3")).interaction.priority == 2
        assert [0, 120_000] == [desk.state.interactions[name].route.urgency.base_ms for name in ("i2", "i3")]
        await desk.interactions.AbandonInteraction(interactions_pb2.AbandonInteractionRequest(request_id="gone", interaction_id="i1"))
        assert [["a1"]] == [list((await desk.status(name)).offered_agent_ids) for name in ("i3",)]


async def _until(stream: Any, kind: str) -> Any:
    """The messages of a stream up to the one that holds an event of that kind."""
    async for message in stream:
        yield message
        if any(event.HasField(kind) for event in message.events):
            return
