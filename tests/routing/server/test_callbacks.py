"""Call-backs over a real socket: each call, what platforms and desktops are told, and what is refused."""

from pathlib import Path

import grpc

from routing.model.callback import CallbackRule
from routing.model.site import Site
from routing.server.convert.sites import site_of, site_to_wire
from routing.v1 import agents_pb2, callbacks_pb2, interactions_pb2, operators_pb2, types_pb2
from tests.builders import a_queue, a_site
from tests.routing.server.harness import Desk, DesktopStream, a_desk, refused

RULE = CallbackRule(attempts_max=2, spacing_ms=60_000, answer_timeout_ms=60_000, promise_class_rank=3)
CUSTOMER_FIRST = types_pb2.CALLBACK_KIND_CUSTOMER_FIRST
ANSWERED, NO_ANSWER = types_pb2.CALLBACK_OUTCOME_ANSWERED, types_pb2.CALLBACK_OUTCOME_NO_ANSWER


def a_callback_site() -> Site:
    """One queue that takes call-backs, without wrap-up."""
    return a_site(queues=[a_queue(callback=RULE, wrap_up_limit_ms=0)], running_callbacks_max=5)


async def report(desk: Desk, outcome: types_pb2.CallbackOutcome, interaction_id: str = "i1") -> int:
    """Say how an attempt ended; the sequence of the answer."""
    request = callbacks_pb2.ReportCallbackAttemptRequest(request_id=desk.request_id(), interaction_id=interaction_id, outcome=outcome)
    return (await desk.callbacks.ReportCallbackAttempt(request)).sequence


async def progress(desk: Desk) -> list[interactions_pb2.InteractionCallback]:
    """Every step of call-backs so far, as a watcher is told."""
    watch = desk.interactions.WatchInteractions(interactions_pb2.WatchInteractionsRequest(cursor=0))
    told: list[interactions_pb2.InteractionCallback] = []
    async for message in watch:
        told += [event.callback for event in message.events if event.WhichOneof("event") == "callback"]
        if message.cursor >= desk.state.seq:
            break
    watch.cancel()
    return told


async def test_agent_first_over_the_wire(tmp_path: Path) -> None:
    """Hang up, be rung up in vain, be rung up again and answer; status, work and the watcher say each step."""
    async with a_desk(tmp_path, site=a_callback_site()) as desk:
        entered = await desk.enqueue()
        request = callbacks_pb2.RequestCallbackRequest(
            request_id="back", interaction_id="i1", channel="chat", promised_at_ms=entered.enqueued_at_ms + 3_600_000
        )
        assert (await desk.callbacks.RequestCallback(request)).sequence == (await desk.callbacks.RequestCallback(request)).sequence
        status = await desk.status()
        assert ("chat", types_pb2.PROMISE_OPEN) == (status.interaction.channel, status.callback.promise)
        abandon = interactions_pb2.AbandonInteractionRequest(request_id=desk.request_id(), interaction_id="i1")
        pending = (grpc.StatusCode.FAILED_PRECONDITION, "CALLBACK_PENDING", "interaction_id")
        assert pending == await refused(desk.interactions.AbandonInteraction(abandon))
        stream = DesktopStream(desk)
        await stream.open("a1")
        await desk.set_presence()
        offer = (await stream.next("offer_made")).offer_made.offer
        assert types_pb2.CALLBACK_KIND_AGENT_FIRST == offer.callback.kind
        await desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id=desk.request_id(), offer_id=offer.id))
        agent = await desk.operators.GetAgent(operators_pb2.GetAgentRequest(agent_id="a1"))
        assert types_pb2.CALLBACK_STAGE_CALLING == agent.work[0].callback.stage
        busy = callbacks_pb2.ReportCallbackAttemptRequest(request_id="busy", interaction_id="i1", outcome=types_pb2.CALLBACK_OUTCOME_BUSY)
        await stream.send(agents_pb2.AgentCommand(report_callback_attempt=busy))
        changed = (await stream.next("work_changed")).work_changed
        assert (types_pb2.INTERACTION_PHASE_WAITING, "busy") == (changed.phase, changed.reason)
        counts = await desk.operators.GetStatus(operators_pb2.GetStatusRequest())
        assert (1, 0) == (counts.pending_callbacks, counts.unreached)
        cancel = callbacks_pb2.CancelCallbackRequest(request_id=desk.request_id(), interaction_id="i1", reason="solved")
        await desk.callbacks.CancelCallback(cancel)
        names = [interactions_pb2.CallbackProgress.Name(step.progress).removeprefix("CALLBACK_PROGRESS_") for step in await progress(desk)]
        assert ["REQUESTED", "LAUNCHED", "PROMISE_KEPT", "ATTEMPT_ENDED"] == names


async def test_customer_first_over_the_wire(tmp_path: Path) -> None:
    """Scheduled; the reservation rings nowhere, the answer is the accept."""
    async with a_desk(tmp_path, site=a_callback_site()) as desk:
        await desk.set_presence()
        interaction = types_pb2.Interaction(channel="voice", type="sales")
        schedule = callbacks_pb2.ScheduleCallbackRequest(request_id="s", interaction=interaction, kind=CUSTOMER_FIRST)
        interaction_id = (await desk.callbacks.ScheduleCallback(schedule)).interaction_id
        accept = agents_pb2.AcceptOfferRequest(request_id=desk.request_id(), offer_id=desk.offered())
        expected = (grpc.StatusCode.FAILED_PRECONDITION, "ATTEMPT_RUNNING", "offer_id")
        assert expected == await refused(desk.agents.AcceptOffer(accept))
        await report(desk, ANSWERED, interaction_id)
        status = await desk.status(interaction_id)
        assert (types_pb2.INTERACTION_PHASE_HANDLING, "a1") == (status.phase, status.agent_id)
        launched, reached = (await progress(desk))[1:]
        assert (1, "a1", True) == (launched.attempt, launched.agent_id, launched.HasField("until_ms"))
        assert "a1" == reached.agent_id


async def test_an_unreached_customer_over_the_wire(tmp_path: Path) -> None:
    """With one attempt the first silence ends it, and the cause is told."""
    site = a_site(queues=[a_queue(callback=CallbackRule(attempts_max=1), wrap_up_limit_ms=0)])
    async with a_desk(tmp_path, site=site) as desk:
        await desk.set_presence()
        schedule = callbacks_pb2.ScheduleCallbackRequest(
            request_id="s", interaction=types_pb2.Interaction(id="i1", channel="voice", type="sales"), kind=CUSTOMER_FIRST
        )
        await desk.callbacks.ScheduleCallback(schedule)
        await report(desk, NO_ANSWER)
        assert types_pb2.END_CAUSE_UNREACHED == (await desk.status()).cause
        counts = await desk.operators.GetStatus(operators_pb2.GetStatusRequest())
        assert (0, 1) == (counts.pending_callbacks, counts.unreached)


async def test_what_is_missing_is_refused_with_its_field(tmp_path: Path) -> None:
    """An outcome that is none, an interaction that is absent, an instant that is none."""
    async with a_desk(tmp_path, site=a_callback_site()) as desk:
        await desk.enqueue()
        invalid = (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_VALUE")
        attempt = callbacks_pb2.ReportCallbackAttemptRequest(request_id="r", interaction_id="i1")
        assert (*invalid, "outcome") == await refused(desk.callbacks.ReportCallbackAttempt(attempt))
        assert (*invalid, "interaction") == await refused(
            desk.callbacks.ScheduleCallback(callbacks_pb2.ScheduleCallbackRequest(request_id="r"))
        )
        early = callbacks_pb2.RequestCallbackRequest(request_id="r", interaction_id="i1", not_before_at_ms=-1)
        assert (*invalid, "not_before_at_ms") == await refused(desk.callbacks.RequestCallback(early))


def test_a_site_with_call_backs_comes_through_unchanged() -> None:
    """And a queue of an earlier client takes none."""
    site = a_callback_site()
    message = site_to_wire(site)
    assert site == site_of(message)
    message.queues[0].ClearField("callback")
    assert 0 == site_of(message).queues["main"].callback.attempts_max
