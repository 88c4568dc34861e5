"""Call-backs in the bare core: what is recorded, what is refused, and what they leave behind."""

from typing import Any

import pytest

from routing.core import commands, events
from routing.core.canonical import state_digest
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.decide import decide_deadline
from routing.core.decide.callbacks import launched
from routing.core.errors import InvariantBroken, RefusalReason
from routing.core.events import Event, Recorded, RouteCause, WithdrawCause
from routing.core.evolve import evolve
from routing.core.lifecycle import InteractionPhase
from routing.core.offer_limit import offers_max
from routing.core.state import CallbackRow, State
from routing.model.agent import Presence
from routing.model.callback import CallbackKind, CallbackOutcome, CallbackRule, CallbackStage, Promise
from routing.model.interaction import EndCause
from routing.model.site import Site
from tests.builders import CHAT, VOICE, a_channel, a_queue, a_rule, a_site, a_step, an_agent, an_interaction
from tests.routing.core.desk import START, Desk, a_desk

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
RULE = CallbackRule(attempts_max=2, spacing_ms=MINUTE_MS, answer_timeout_ms=30 * SECOND_MS, promise_lead_ms=MINUTE_MS, promise_class_rank=4)


def a_callback_site(rule: CallbackRule = RULE, **overrides: Any) -> Site:
    """A site whose one queue takes call-backs and has no wrap-up."""
    whole: dict[str, Any] = {"queues": [a_queue(callback=rule, wrap_up_limit_ms=0)], "channels": [VOICE, CHAT, a_channel("back")]}
    return a_site(**(whole | overrides))


def waiting(site: Site | None = None) -> Desk:
    """One agent, and one customer who has waited a minute."""
    desk = a_desk(site or a_callback_site(), an_agent("a1", channels="voice:1 back:1"))
    desk.enqueue()
    desk.wait(MINUTE_MS)
    return desk


def asked(desk: Desk | None = None, **wish: Any) -> Desk:
    """That customer has hung up for a call-back."""
    desk = desk or waiting()
    desk.do(commands.RequestCallback(interaction_id="i1", **wish))
    return desk


def callback(desk: Desk) -> CallbackRow:
    """The call-back of the one interaction."""
    row = desk.state.interactions["i1"].callback
    assert row is not None
    return row


def kinds(happened: list[Event]) -> list[str]:
    """The names of some events."""
    return [type(event).__name__ for event in happened]


def test_a_request_takes_the_interaction_off_the_line_and_keeps_its_place() -> None:
    """Offers are withdrawn, the channel is that of the call, the arrival and the sequence stay; the wait on the line stands still."""
    desk = waiting()
    desk.offer()
    happened = desk.do(commands.RequestCallback(interaction_id="i1", channel="back"))
    assert ["OfferWithdrawn", "CallbackRequested"] == kinds(happened)
    assert isinstance(happened[0], events.OfferWithdrawn)
    assert WithdrawCause.CALLBACK_REQUESTED is happened[0].cause
    row = desk.state.interactions["i1"]
    assert ("back", START, 1, 2) == (row.interaction.channel, row.enqueued_at, row.sequence, row.version)
    desk.wait(MINUTE_MS)
    assert MINUTE_MS == row.waited_ms(desk.now)
    assert CallbackStage.READY is callback(desk).stage


def test_a_request_is_classified_again_with_the_channel_of_the_call() -> None:
    """Rules may send call-backs elsewhere; where that queue takes none the request is refused."""
    rules = [a_rule("back", queue="calls", when="channel=back"), a_rule("chat", queue="bare", when="channel=chat"), a_rule("any")]
    queues = [a_queue("main"), a_queue("calls", callback=RULE), a_queue("bare")]
    desk = waiting(a_callback_site(queues=queues, rules=rules))
    assert RefusalReason.CALLBACK_NOT_TAKEN is desk.refuses(commands.RequestCallback(interaction_id="i1", channel="chat"))
    assert RefusalReason.CALLBACK_NOT_TAKEN is desk.refuses(commands.RequestCallback(interaction_id="i1"))
    changed = desk.do(commands.RequestCallback(interaction_id="i1", channel="back"))[-1]
    assert isinstance(changed, events.RouteChanged)
    assert (RouteCause.CALLBACK_REQUESTED, "calls") == (changed.cause, desk.state.interactions["i1"].route.queue_id)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"channel": "telex"}, RefusalReason.UNKNOWN_CHANNEL),
        ({"not_before": START}, RefusalReason.INVALID_VALUE),
        ({"promised_at": 2**44}, RefusalReason.INVALID_VALUE),
        ({"not_before": START + 3 * MINUTE_MS, "promised_at": START + 2 * MINUTE_MS}, RefusalReason.INVALID_VALUE),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(wish: dict[str, Any], reason: RefusalReason) -> None:
    """An unknown channel, an instant gone by or a year ahead, a promise before the wish."""
    assert reason is waiting().refuses(commands.RequestCallback(interaction_id="i1", **wish))


def test_who_waits_for_a_call_is_not_on_the_line() -> None:
    """No second request, and a hang-up means nothing; cancelling ends it, and only a call-back can be cancelled as one."""
    desk = asked()
    assert RefusalReason.CALLBACK_PENDING is desk.refuses(commands.RequestCallback(interaction_id="i1"))
    assert RefusalReason.CALLBACK_PENDING is desk.refuses(commands.AbandonInteraction(interaction_id="i1"))
    ended = desk.do(commands.CancelCallback(interaction_id="i1", reason="solved"))[-1]
    assert isinstance(ended, events.InteractionEnded)
    assert (EndCause.CANCELLED, "solved") == (ended.cause, ended.reason)
    assert RefusalReason.NO_CALLBACK is waiting().refuses(commands.CancelCallback(interaction_id="i1", reason=""))


def test_agent_first_the_accept_begins_an_attempt_and_the_answer_is_handling_like_any() -> None:
    """Until the outcome is reported the contact cannot end; afterwards nothing is special about it."""
    desk = asked()
    offer_id = desk.offer()
    assert ["OfferAccepted", "CallbackLaunched"] == kinds(desk.do(commands.AcceptOffer(offer_id=offer_id)))
    assert RefusalReason.ATTEMPT_RUNNING is desk.refuses(commands.EndHandling(interaction_id="i1"))
    timed_out = commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.TIMED_OUT)
    assert RefusalReason.INVALID_VALUE is desk.refuses(timed_out)
    answered = commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.ANSWERED)
    assert [events.CallbackReached(interaction_id="i1", agent_id="a1")] == desk.do(answered)
    assert RefusalReason.NO_ATTEMPT is desk.refuses(answered)
    assert {} == desk.state.callbacks.pending
    assert ["HandlingEnded", "InteractionEnded"] == kinds(desk.do(commands.EndHandling(interaction_id="i1")))


@pytest.mark.parametrize("is_held", [False, True])
def test_agent_first_nobody_answers(is_held: bool) -> None:
    """The agent is free at once without a miss, the next attempt waits for its spacing, and the last ends the interaction."""
    desk = asked()
    no_answer = commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.NO_ANSWER)
    assert RefusalReason.NO_ATTEMPT is desk.refuses(no_answer)
    desk.take()
    if is_held:
        desk.do(commands.HoldHandling(interaction_id="i1"))
    (ended,) = desk.do(no_answer)
    assert isinstance(ended, events.CallbackAttemptEnded)
    assert (1, desk.now + MINUTE_MS) == (ended.attempt, ended.retry_at)
    agent = desk.state.agents["a1"]
    assert (0, 0, {}) == (agent.used, agent.misses, agent.work)
    assert (CallbackStage.DEFERRED, 1) == (callback(desk).stage, callback(desk).attempts)
    assert ["CallbackDue"] == kinds(desk.wait(MINUTE_MS))
    desk.take()
    assert ["CallbackAttemptEnded", "InteractionEnded"] == kinds(desk.do(no_answer))
    assert EndCause.UNREACHED is desk.state.ended["i1"].cause
    assert {} == desk.state.callbacks.in_flight


def test_a_call_back_that_is_talked_about_is_not_woken_by_another() -> None:
    """Two calls run, as many as the site allows: when one comes to nothing, the one that an agent still works on is left alone."""
    site = a_callback_site(running_callbacks_max=2)
    desk = a_desk(site, an_agent("a1"), an_agent("a2"))
    for name, agent_id in (("i1", "a1"), ("i2", "a2")):
        desk.do(commands.ScheduleCallback(interaction=an_interaction(name)))
        desk.take(name, agent_id)
    desk.do(commands.ScheduleCallback(interaction=an_interaction("i3")))
    desk.state.marks.forget_dirty()
    desk.do(commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.BUSY))
    assert {"i1", "i3"} == set(desk.state.marks.dirty_interactions)


def test_a_second_agent_in_reserve_begins_no_second_attempt() -> None:
    """The first one was lost while the customer was being rung up."""
    desk = asked(kind=CallbackKind.CUSTOMER_FIRST)
    reserved(desk)
    assert [] == list(launched(desk.state, desk.state.interactions["i1"], callback(desk), "a2", desk.now))


def test_an_attempt_without_a_call_back_is_a_broken_state() -> None:
    """Nothing carries such a deadline."""
    desk = waiting()
    with pytest.raises(InvariantBroken, match="an attempt and no call-back"):
        decide_deadline(desk.state, Deadline(desk.now, DeadlineKind.CALLBACK_ATTEMPT, "i1"), desk.now)


def test_a_ladder_takes_the_steps_it_slept_through_during_an_attempt() -> None:
    """They fell due while the agent rang the customer up."""
    desk = asked(waiting(a_callback_site(rules=[a_rule(steps=[a_step(2 * MINUTE_MS, raise_base_ms=1)])])))
    desk.take()
    desk.wait(5 * MINUTE_MS)
    happened = desk.do(commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.BUSY))
    assert ["CallbackAttemptEnded", "RequirementRelaxed"] == kinds(happened)


def reserved(desk: Desk) -> str:
    """An agent is kept in reserve, and the attempt begins, as the router does in one step; the offer's id."""
    row = desk.state.interactions["i1"]
    offer_id = desk.offer()
    launched = events.CallbackLaunched(
        interaction_id="i1", agent_id="a1", attempt=callback(desk).attempts + 1, expires_at=desk.now + RULE.answer_timeout_ms
    )
    desk.record([launched])
    assert row.offers
    return offer_id


def test_customer_first_the_answer_goes_to_the_reserved_agent() -> None:
    """Nothing rings at the agent: they can neither accept nor lengthen, and the customer's answer is the accept."""
    desk = asked(kind=CallbackKind.CUSTOMER_FIRST)
    offer_id = reserved(desk)
    assert RefusalReason.ATTEMPT_RUNNING is desk.refuses(commands.AcceptOffer(offer_id=offer_id))
    assert RefusalReason.ATTEMPT_RUNNING is desk.refuses(commands.ExtendOffer(offer_id=offer_id))
    happened = desk.do(commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.ANSWERED))
    assert ["CallbackReached", "OfferAccepted"] == kinds(happened)
    assert InteractionPhase.HANDLING is desk.state.interactions["i1"].phase


@pytest.mark.parametrize("outcome", [CallbackOutcome.BUSY, None])
def test_customer_first_nobody_answers(outcome: CallbackOutcome | None) -> None:
    """Reported or not, the agent is released unharmed and the attempt counts."""
    desk = asked(kind=CallbackKind.CUSTOMER_FIRST)
    reserved(desk)
    if outcome is None:
        happened = desk.wait(30 * SECOND_MS)
    else:
        happened = desk.do(commands.ReportCallbackAttempt(interaction_id="i1", outcome=outcome))
    assert ["OfferWithdrawn", "CallbackAttemptEnded"] == kinds(happened)
    ended = happened[-1]
    assert isinstance(ended, events.CallbackAttemptEnded)
    assert (outcome or CallbackOutcome.TIMED_OUT, None) == (ended.outcome, ended.agent_id)
    assert (0, 0) == (desk.state.agents["a1"].used, desk.state.agents["a1"].misses)


def test_customer_first_an_attempt_outlives_its_reserved_agent() -> None:
    """The agent leaves while it rings: an answer makes the customer a caller on the line who may hang up; else the attempt runs out."""
    desk = asked(kind=CallbackKind.CUSTOMER_FIRST)
    desk.do(commands.WithdrawOffer(offer_id=reserved(desk), reason=""))
    assert CallbackStage.CALLING is callback(desk).stage
    assert {"i1": None} == desk.state.callbacks.in_flight
    other = asked(kind=CallbackKind.CUSTOMER_FIRST)
    other.do(commands.WithdrawOffer(offer_id=reserved(other), reason=""))
    assert ["CallbackAttemptEnded"] == kinds(other.wait(30 * SECOND_MS))
    desk.do(commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.ANSWERED))
    assert CallbackStage.REACHED is callback(desk).stage
    assert RefusalReason.NO_CALLBACK is desk.refuses(commands.CancelCallback(interaction_id="i1", reason=""))
    again = asked(desk)
    assert CallbackStage.READY is callback(again).stage
    assert RefusalReason.CALLBACK_PENDING is again.refuses(commands.AbandonInteraction(interaction_id="i1"))


def test_a_reached_customer_who_waits_again_may_hang_up() -> None:
    """The connection to the agent failed after the answer: on the line like any caller."""
    desk = asked()
    desk.take()
    desk.do(commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.ANSWERED))
    desk.do(commands.FailConnect(interaction_id="i1", reason=""))
    assert ["InteractionEnded"] == kinds(desk.do(commands.AbandonInteraction(interaction_id="i1")))


def test_an_attempt_that_lost_its_agent_counts_for_nothing() -> None:
    """The agent's own leg failed: the call-back is back in the line, no attempt older."""
    desk = asked()
    desk.take()
    assert ["HandlingReturned"] == kinds(desk.do(commands.FailConnect(interaction_id="i1", reason="")))
    assert (CallbackStage.READY, 0) == (callback(desk).stage, callback(desk).attempts)
    assert {} == desk.state.callbacks.in_flight


def test_a_wish_puts_the_call_off_and_makes_nothing_older() -> None:
    """Deferred until the wished instant; the hours in between count neither for its age nor for its ladder."""
    desk = waiting(a_callback_site(rules=[a_rule(steps=[a_step(2 * MINUTE_MS, raise_base_ms=1)])]))
    asked(desk, not_before=desk.now + 60 * MINUTE_MS)
    row = desk.state.interactions["i1"]
    assert START + 60 * MINUTE_MS == row.eligible_since
    assert START + 62 * MINUTE_MS == row.route.steps[0].due_at
    assert ["CallbackDue"] == kinds(desk.wait(60 * MINUTE_MS))
    assert ["RequirementRelaxed"] == kinds(desk.wait(MINUTE_MS))


def test_a_step_is_not_early_before_the_call_is_due() -> None:
    """The ladder of a call that is put off has not begun: whether anybody is there is asked when it begins."""
    rules = [a_rule(steps=[a_step(2 * MINUTE_MS, raise_base_ms=1, early="available:watched")])]
    desk = waiting(a_callback_site(rules=rules))
    asked(desk, not_before=desk.now + 60 * MINUTE_MS)
    assert ["PresenceChanged"] == kinds(desk.do(commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE)))
    assert ["CallbackDue", "RequirementRelaxed"] == kinds(desk.wait(60 * MINUTE_MS))


def test_a_second_wish_adds_to_the_first() -> None:
    """Reached, lost, and put off again: both times the customer did not want to be called."""
    desk = waiting()
    asked(desk, not_before=desk.now + MINUTE_MS, kind=CallbackKind.CUSTOMER_FIRST)
    desk.wait(MINUTE_MS)
    desk.do(commands.WithdrawOffer(offer_id=reserved(desk), reason=""))
    desk.do(commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.ANSWERED))
    asked(desk, not_before=desk.now + MINUTE_MS)
    assert 2 * MINUTE_MS == callback(desk).paused_ms


def test_a_scheduled_call_back_is_an_arrival_that_never_waited() -> None:
    """Its id is issued like any, its wait on the line is nothing, and it stands in the line from the wished instant on."""
    desk = a_desk(a_callback_site())
    happened = desk.do(commands.ScheduleCallback(interaction=an_interaction(""), not_before=desk.now + MINUTE_MS, request_id="r"))
    assert ["RequestRecorded", "InteractionQueued", "CallbackRequested"] == kinds(happened)
    row = desk.state.interactions["auto-1"]
    assert (0, START + MINUTE_MS) == (row.waited_ms(desk.now + MINUTE_MS), row.eligible_since)
    assert "auto-1" == desk.state.requests["r"].subject


def test_an_id_is_used_once_and_a_queue_must_take_call_backs() -> None:
    """As for any arrival."""
    desk = waiting()
    assert RefusalReason.DUPLICATE_INTERACTION is desk.refuses(commands.ScheduleCallback(interaction=an_interaction("i1")))
    none = a_desk(a_callback_site(CallbackRule()))
    assert RefusalReason.CALLBACK_NOT_TAKEN is none.refuses(commands.ScheduleCallback(interaction=an_interaction("i2")))


def test_a_promise_is_kept_by_the_first_attempt_and_then_nothing_is_urgent() -> None:
    """A minute before, its class rises; with the attempt it falls back."""
    desk = waiting()
    asked(desk, promised_at=desk.now + 5 * MINUTE_MS)
    assert ["CallbackRaised"] == kinds(desk.wait(4 * MINUTE_MS))
    assert 4 == desk.state.interactions["i1"].class_rank
    desk.wait(MINUTE_MS)
    happened = desk.do(commands.AcceptOffer(offer_id=desk.offer()))
    assert ["OfferAccepted", "CallbackLaunched", "PromiseKept"] == kinds(happened)
    assert (Promise.KEPT, 0) == (callback(desk).promise, desk.state.interactions["i1"].class_rank)


def test_a_promise_is_broken_once_and_the_call_stays_urgent() -> None:
    """One millisecond after the promised instant, which itself is in time."""
    desk = waiting()
    asked(desk, promised_at=desk.now + 5 * MINUTE_MS)
    desk.wait(5 * MINUTE_MS)
    assert Promise.OPEN is callback(desk).promise
    assert ["PromiseBroken"] == kinds(desk.wait(1))
    assert [] == desk.wait(60 * MINUTE_MS)
    desk.take()
    assert (Promise.BROKEN, 4) == (callback(desk).promise, desk.state.interactions["i1"].class_rank)


def test_a_promise_that_is_near_already_is_urgent_at_once() -> None:
    """And a queue that raises nothing leaves the class alone."""
    desk = waiting()
    asked(desk, promised_at=desk.now + 1)
    assert ["CallbackRaised"] == kinds(desk.wait(0))
    calm = waiting(a_callback_site(CallbackRule(attempts_max=1)))
    asked(calm, promised_at=calm.now + MINUTE_MS)
    assert ["PromiseBroken"] == kinds(calm.wait(2 * MINUTE_MS))


def test_what_is_left_follows_a_site_that_takes_no_more() -> None:
    """A queue that stops taking call-backs raises none further and tries each once more."""
    desk = waiting()
    asked(desk, promised_at=desk.now + 5 * MINUTE_MS)
    desk.do(commands.ApplySite(site=a_callback_site(CallbackRule())))
    (raised,) = desk.wait(4 * MINUTE_MS)
    assert isinstance(raised, events.CallbackRaised)
    assert 0 == raised.class_rank
    desk.take()
    happened = desk.do(commands.ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.FAILED))
    assert ["CallbackAttemptEnded", "InteractionEnded"] == kinds(happened)


def test_how_many_offers_a_call_back_may_have() -> None:
    """None while it is put off or beyond the site's limit, one in reserve, else what the queue says."""
    site = a_callback_site(queues=[a_queue(callback=RULE, max_live_offers=3)], running_callbacks_max=1)
    desk = a_desk(site, an_agent("a1"), an_agent("a2"))
    for name, kind in (("i1", CallbackKind.AGENT_FIRST), ("i2", CallbackKind.CUSTOMER_FIRST)):
        desk.do(commands.ScheduleCallback(interaction=an_interaction(name), kind=kind))
    desk.do(commands.ScheduleCallback(interaction=an_interaction("i3"), not_before=desk.now + 1))
    assert [3, 1, 0] == allowed(desk.state, "i1", "i2", "i3")
    offer_id = desk.offer("i1")
    desk.state.marks.stale_interactions.clear()
    assert [3, 0, 0] == allowed(desk.state, "i1", "i2", "i3")
    desk.do(commands.DeclineOffer(offer_id=offer_id))
    assert {"i1", "i2", "i3"} == set(desk.state.marks.stale_interactions)
    assert [3, 1, 0] == allowed(desk.state, "i1", "i2", "i3")
    desk.take("i1", "a2")
    assert [0, 0] == allowed(desk.state, "i2", "i3")


def allowed(state: State, *interaction_ids: str) -> list[int]:
    """How many live offers each may have."""
    assert state.site is not None
    return [offers_max(state, state.site, state.interactions[interaction_id]) for interaction_id in interaction_ids]


def test_facts_about_what_is_no_call_back_are_a_broken_log() -> None:
    """Nor can a customer leave a line on which offers still ring."""
    desk = waiting()
    with pytest.raises(InvariantBroken, match="not to be called back"):
        evolve(desk.state, Recorded(desk.state.seq + 1, desk.now, None, events.PromiseBroken(interaction_id="i1", due_at=desk.now)))
    desk.offer()
    requested = events.CallbackRequested(
        interaction=an_interaction(), kind=CallbackKind.AGENT_FIRST, not_before=None, promised_at=None, urgent_at=None, paused_ms=0
    )
    with pytest.raises(InvariantBroken, match="with offers"):
        evolve(desk.state, Recorded(desk.state.seq + 1, desk.now, None, requested))


def test_an_interaction_that_never_was_a_call_back_has_the_digest_it_always_had() -> None:
    """The new fields of rows and sites are not part of what says nothing new."""
    desk = a_desk(a_site())
    before = state_digest(desk.state)
    desk.state.callbacks.pending["ghost"] = None
    assert before == state_digest(desk.state)
