"""Pauses, commitments, external work and releases over a real socket, as desktops and platforms see them."""

from pathlib import Path

import grpc
import pytest

from routing.model.queue import AssignmentLimit, MissedOfferScope
from routing.model.site import NotReadyReason, ShiftRule, Site
from routing.server.convert.sites import site_of, site_to_wire
from routing.v1 import agents_pb2, operators_pb2, types_pb2
from tests.builders import VOICE, a_channel, a_queue, a_site, an_agent
from tests.routing.server.harness import Desk, a_desk, refused

SITE = a_site(
    channels=[VOICE, a_channel("chat", capacity_cost=50, agent_maximum=2, interruptible_by=("voice",))],
    queues=[
        a_queue(
            missed_scope=MissedOfferScope.QUEUE,
            wrap_up_cap_ms=5_000,
            assignment_limit=AssignmentLimit(count=9, window_ms=60_000),
            expected_handling_ms=60_000,
        )
    ],
    not_ready_reasons=(NotReadyReason(code="training", is_working_time=True),),
    shift_rule=ShiftRule(tolerance_ms=1_000, override_class_rank=7),
)


@pytest.mark.parametrize("site", [SITE, a_site(), a_site(shift_rule=ShiftRule(tolerance_ms=0))])
def test_a_site_goes_over_the_wire_whole(site: Site) -> None:
    """There and back, with and without what it need not say."""
    assert site == site_of(site_to_wire(site))


async def take(desk: Desk, interaction_id: str, channel: str) -> None:
    """An interaction comes and is accepted."""
    await desk.enqueue(interaction_id, channel=channel)
    await desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id=f"take-{interaction_id}", offer_id=desk.offered()))


async def test_a_call_sets_a_chat_aside_and_a_supervisor_takes_the_call_away(tmp_path: Path) -> None:
    """The chat says that it lies aside and that it goes on; the call waits again."""
    async with a_desk(tmp_path, site=SITE, agents=[an_agent("a1", channels="voice:1 chat:2", wrap_up_limit_ms=9_000)]) as desk:
        await desk.set_presence("a1")
        await take(desk, "chat", "chat")
        await take(desk, "chat-2", "chat")
        await take(desk, "call", "voice")
        agent = await desk.operators.GetAgent(operators_pb2.GetAgentRequest(agent_id="a1"))
        phases = {work.interaction.id: work.phase for work in agent.work}
        aside, handling = types_pb2.INTERACTION_PHASE_INTERRUPTED, types_pb2.INTERACTION_PHASE_HANDLING
        assert ({"chat": aside, "chat-2": aside, "call": handling}, 100) == (phases, agent.used_capacity)
        assert agent.agent.wrap_up_limit_ms == 9_000
        release = operators_pb2.ReleaseHandlingRequest(request_id="r", interaction_id="call", reason="wrong skill")
        await desk.operators.ReleaseHandling(release)
        assert (await desk.status("call")).phase == types_pb2.INTERACTION_PHASE_WAITING
        assert (await desk.status("chat")).phase == handling
        end = operators_pb2.ReleaseHandlingRequest(request_id="e", agent_id="a1", outcome=operators_pb2.RELEASE_OUTCOME_END)
        await desk.operators.ReleaseHandling(end)
        assert (await desk.status("chat")).phase == types_pb2.INTERACTION_PHASE_ENDED
        nobody = operators_pb2.ReleaseHandlingRequest(request_id="n")
        assert await refused(desk.operators.ReleaseHandling(nobody)) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "INVALID_VALUE",
            "interaction_id",
        )


async def test_what_keeps_an_agent_from_work_is_said_and_read(tmp_path: Path) -> None:
    """A pause, a commitment and a call of their own; then none of them, and each misuse by its name."""
    async with a_desk(tmp_path, site=SITE, agents=[an_agent("a1", channels="voice:1 chat:2")]) as desk:
        await desk.set_presence("a1")
        pause = operators_pb2.PauseAgentRequest(request_id="p", agent_id="a1", queue_id="main", reason="training")
        await desk.operators.PauseAgent(pause)
        far = 4_000_000_000_000
        known = [types_pb2.Commitment(starts_at_ms=far, ends_at_ms=far + 1), types_pb2.Commitment(starts_at_ms=far + 2)]
        await desk.operators.PutCommitments(operators_pb2.PutCommitmentsRequest(request_id="c", agent_id="a1", commitments=known))
        empty = operators_pb2.PutCommitmentsRequest(request_id="c0", agent_id="a1", commitments=[types_pb2.Commitment()])
        assert await refused(desk.operators.PutCommitments(empty)) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "INVALID_VALUE",
            "commitments[0].starts_at_ms",
        )
        start = operators_pb2.StartExternalWorkRequest(request_id="s", agent_id="a1", work_id="own", channel="voice")
        await desk.operators.StartExternalWork(start)
        agent = await desk.operators.GetAgent(operators_pb2.GetAgentRequest(agent_id="a1"))
        assert (dict(agent.paused_queues), list(agent.commitments), list(agent.external_work_ids)) == ({"main": "training"}, known, ["own"])
        again = operators_pb2.StartExternalWorkRequest(request_id="s2", agent_id="a1", work_id="own", channel="voice")
        refusal = (grpc.StatusCode.ALREADY_EXISTS, "DUPLICATE_EXTERNAL_WORK", "work_id")
        assert await refused(desk.operators.StartExternalWork(again)) == refusal
        await desk.operators.EndExternalWork(operators_pb2.EndExternalWorkRequest(request_id="x", agent_id="a1", work_id="own"))
        gone = operators_pb2.EndExternalWorkRequest(request_id="x2", agent_id="a1", work_id="own")
        assert await refused(desk.operators.EndExternalWork(gone)) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_EXTERNAL_WORK", "work_id")
        await desk.enqueue("i1", channel="voice")
        assert not desk.state.offers
        await desk.operators.UnpauseAgent(operators_pb2.UnpauseAgentRequest(request_id="u", agent_id="a1", queue_id="main"))
        assert desk.offered()
        lunch = agents_pb2.SetPresenceRequest(request_id="l", agent_id="a1", presence=types_pb2.PRESENCE_NOT_READY, reason="lunch")
        assert await refused(desk.agents.SetPresence(lunch)) == (grpc.StatusCode.INVALID_ARGUMENT, "UNKNOWN_PRESENCE_REASON", "reason")
