"""Behaviour cases: customers who hang up and are rung back."""

from pathlib import Path

import pytest

from routing.core.commands import DeclineOffer, ReportCallbackAttempt, RequestCallback, ScheduleCallback
from routing.core.events import CallbackAttemptEnded, CallbackLaunched
from routing.model.callback import CallbackKind, CallbackOutcome, CallbackRule
from routing.model.site import PolicySpec, Site
from routing.policy.presets.builtin import BALANCED, LEAST_COST, LONGEST_IDLE, SKILLS_PRIORITY
from routing.v1 import agents_pb2, callbacks_pb2, types_pb2
from tests.builders import a_channel, a_queue, an_agent, an_interaction
from tests.cases.centers import HOUR_MS, MINUTE_MS, SECOND_MS, a_default_site
from tests.routing.policy.floor import Floor, a_floor, callers
from tests.routing.server.harness import a_desk

RULE = CallbackRule(attempts_max=2, spacing_ms=10 * MINUTE_MS)
ANSWERED = CallbackOutcome.ANSWERED


def a_callback_site(**overrides: object) -> Site:
    """A phone floor whose queue takes call-backs, on a channel of their own."""
    queue = a_queue(wrap_up_limit_ms=0, missed_threshold=0, offer_timeout_ms=HOUR_MS, callback=RULE)
    return a_default_site(**({"channels": [a_channel("voice"), a_channel("call-back")], "queues": [queue]} | overrides))


def order_of_service(floor: Floor) -> list[str]:
    """What waits in the order in which one agent is offered it; whoever is rung up answers."""
    order = []
    while floor.offered:
        (interaction_id,) = floor.offered
        order.append(interaction_id)
        row = floor.router.state.interactions[interaction_id].callback
        if row is not None and row.kind is CallbackKind.CUSTOMER_FIRST:
            floor.do(ReportCallbackAttempt(interaction_id=interaction_id, outcome=ANSWERED))
        else:
            floor.accept(interaction_id)
            if row is not None:
                floor.do(ReportCallbackAttempt(interaction_id=interaction_id, outcome=ANSWERED))
        floor.wait(SECOND_MS)
        floor.end(interaction_id)
        floor.wait(SECOND_MS)
    return order


@pytest.mark.parametrize("kind", list(CallbackKind))
@pytest.mark.parametrize("policy", [BALANCED, LEAST_COST, LONGEST_IDLE, SKILLS_PRIORITY], ids=lambda policy: policy.name)
def test_at_79_a_call_back_keeps_the_place_of_its_call(policy: PolicySpec, kind: CallbackKind) -> None:
    """Called at 10:00, call-back asked for at 10:05: after the caller of 9:59 and before the one of 10:02; its own wait ended at 10:05."""
    floor = a_floor(a_callback_site(policy=policy))
    for name, wait_ms in (("9:59", MINUTE_MS), ("10:00", 2 * MINUTE_MS), ("10:02", 3 * MINUTE_MS)):
        floor.enqueue(an_interaction(name))
        floor.wait(wait_ms)
    floor.do(RequestCallback(interaction_id="10:00", channel="call-back", kind=kind))
    floor.wait(MINUTE_MS)
    assert 5 * MINUTE_MS == floor.router.explain("10:00", floor.now).waited_ms
    floor.staff(an_agent(channels="voice:1 call-back:1"))
    floor.wait(policy.match_interval_ms)
    assert ["9:59", "10:00", "10:02"] == order_of_service(floor)


def test_at_79_a_scheduled_call_back_is_no_older_than_its_instant() -> None:
    """Scheduled at 9:00 for 10:00: after the caller of 9:59 and before the one of 10:01, though it was asked for long before."""
    floor = a_floor(a_callback_site())
    floor.do(ScheduleCallback(interaction=an_interaction("for 10:00", channel="call-back"), not_before=floor.now + HOUR_MS))
    floor.wait(59 * MINUTE_MS)
    floor.enqueue(an_interaction("9:59"))
    floor.wait(2 * MINUTE_MS)
    floor.enqueue(an_interaction("10:01"))
    floor.wait(MINUTE_MS)
    floor.staff(an_agent(channels="voice:1 call-back:1"))
    assert ["9:59", "for 10:00", "10:01"] == order_of_service(floor)


def test_at_80_call_backs_overtake_nobody_and_no_more_are_rung_up_than_agents_can_take() -> None:
    """Eight customers to be rung up first, two of three agents free: two attempts; an older caller on the line goes before the rest."""
    floor = a_floor(a_callback_site(), *callers("", "", ""))
    floor.enqueue(an_interaction("busy"))
    floor.accept("busy")
    for number in range(8):
        floor.do(ScheduleCallback(interaction=an_interaction(f"back-{number}"), kind=CallbackKind.CUSTOMER_FIRST))
        floor.wait(SECOND_MS)
        if number == 3:
            floor.enqueue(an_interaction("on the line"))
    launched = [item.event for item in floor.log if isinstance(item.event, CallbackLaunched)]
    assert [("back-0", "a2"), ("back-1", "a3")] == [(event.interaction_id, event.agent_id) for event in launched]
    for finished in ("back-0", "back-1"):
        floor.do(ReportCallbackAttempt(interaction_id=finished, outcome=CallbackOutcome.NO_ANSWER))
    assert ["back-2", "back-3"] == sorted(floor.offered)
    floor.end("busy")
    assert ["back-2", "back-3", "on the line"] == sorted(floor.offered)


def test_at_81_an_agents_refusal_is_no_failed_attempt() -> None:
    """Declined by one agent and missed by the next, it goes on; only the customer's own silence counts, and the second one is the last."""
    queue = a_queue(wrap_up_limit_ms=0, missed_threshold=0, offer_timeout_ms=10 * SECOND_MS, callback=RULE)
    floor = a_floor(a_callback_site(queues=[queue]), *callers("", "", ""))
    floor.do(ScheduleCallback(interaction=an_interaction("i1")))
    floor.do(DeclineOffer(offer_id="offer-1"))
    floor.wait(10 * SECOND_MS)
    row = floor.router.state.interactions["i1"]
    assert {"i1": ["a1"]} == floor.offered  # its own cooldown is over, and a3 is newer on the floor
    assert row.callback is not None
    assert 0 == row.callback.attempts
    floor.accept("i1")
    for attempt in (1, 2):
        (ended, *_) = floor.do(ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.NO_ANSWER))
        assert isinstance(ended, CallbackAttemptEnded)
        assert attempt == ended.attempt
        if attempt == 1:
            floor.wait(10 * MINUTE_MS)
            floor.accept("i1")
    assert "unreached" == floor.router.state.ended["i1"].cause


async def test_at_81_over_the_wire_the_next_agent_is_offered_it(tmp_path: Path) -> None:
    """The first of two desktops declines a call-back: the second has it, and no attempt was made."""
    async with a_desk(tmp_path, site=a_callback_site(), agents=callers("", "")) as desk:
        await desk.enqueue()
        await desk.callbacks.RequestCallback(callbacks_pb2.RequestCallbackRequest(request_id="back", interaction_id="i1"))
        await desk.set_presence("a1")
        await desk.set_presence("a2")
        await desk.agents.DeclineOffer(agents_pb2.DeclineOfferRequest(request_id="no", offer_id=desk.offered("a1")))
        accept = agents_pb2.AcceptOfferRequest(request_id="yes", offer_id=desk.offered("a2"))
        await desk.agents.AcceptOffer(accept)
        callback = (await desk.status()).callback
        assert (0, types_pb2.CALLBACK_STAGE_CALLING) == (callback.attempts, callback.stage)
