"""Call-backs through the engine's door: who is reserved, who is rung up, what a restart keeps and what explanations say."""

from dataclasses import replace

import pytest

from routing.core.canonical import state_digest
from routing.core.commands import (
    ApplySite,
    DeclineOffer,
    PutAgents,
    ReportCallbackAttempt,
    RequestCallback,
    ScheduleCallback,
    SetPresence,
    Tick,
)
from routing.core.errors import CommandRefused
from routing.core.events import CallbackAttemptEnded, CallbackLaunched, Event, OfferAccepted, OfferMade, PromiseBroken, PromiseKept
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.callback import CallbackKind, CallbackOutcome, CallbackRule
from routing.model.hours import Calendar, HoursRule, OpenInterval
from routing.model.queue import EveryoneDeclined, ReofferRule
from routing.model.site import Site
from routing.model.stay import StayRule
from routing.model.time import DAY_MS, HOUR_MS, Instant
from routing.policy.registry import default_registry
from tests.builders import a_policy, a_queue, a_rule, a_step, an_agent, an_interaction
from tests.routing.policy.floor import START, Floor, a_floor, a_phone_site, callers

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
RULE = CallbackRule(attempts_max=3, spacing_ms=5 * MINUTE_MS, answer_timeout_ms=MINUTE_MS, promise_lead_ms=MINUTE_MS, promise_class_rank=2)


def a_callback_site(**overrides: object) -> Site:
    """A phone line that takes call-backs."""
    queue = a_queue(wrap_up_limit_ms=0, missed_threshold=0, callback=RULE)
    return a_phone_site(**({"queues": [queue]} | overrides))


def schedule(
    floor: Floor,
    *names: str,
    kind: CallbackKind = CallbackKind.CUSTOMER_FIRST,
    not_before: Instant | None = None,
    promised_at: Instant | None = None,
) -> list[Event]:
    """Call-backs are scheduled, one after the other."""
    wanted = [
        ScheduleCallback(interaction=an_interaction(name), kind=kind, not_before=not_before, promised_at=promised_at) for name in names
    ]
    return [event for command in wanted for event in floor.do(command)]


def report(floor: Floor, name: str, outcome: CallbackOutcome = CallbackOutcome.NO_ANSWER) -> list[Event]:
    """Say how an attempt ended."""
    return floor.do(ReportCallbackAttempt(interaction_id=name, outcome=outcome))


def launched(happened: list[Event]) -> list[tuple[str, str, int]]:
    """Whom attempts began for: interaction, agent, number."""
    return [(event.interaction_id, event.agent_id, event.attempt) for event in happened if isinstance(event, CallbackLaunched)]


def test_a_reservation_lasts_as_long_as_its_attempt_and_rings_nowhere() -> None:
    """In a ring-all queue, too, one agent is kept in reserve; the lease ends with the attempt, and the agent has missed nothing."""
    queue = a_queue(wrap_up_limit_ms=0, max_live_offers=10, callback=RULE, offer_timeout_ms=5 * SECOND_MS)
    floor = a_floor(a_callback_site(queues=[queue]), *callers("", ""))
    happened = schedule(floor, "i1")
    (made,) = [event for event in happened if isinstance(event, OfferMade)]
    assert floor.now + MINUTE_MS == made.expires_at
    assert [("i1", made.agent_id, 1)] == launched(happened)
    (ended,) = [event for event in floor.wait(MINUTE_MS) if isinstance(event, CallbackAttemptEnded)]
    assert CallbackOutcome.TIMED_OUT is ended.outcome
    rows = floor.router.state.agents.values()
    assert [(Presence.AVAILABLE, 0, 0)] * 2 == [(row.presence, row.misses, row.used) for row in rows]


def test_a_lost_reserve_is_replaced_within_the_same_attempt() -> None:
    """The reserved agent goes not ready: the next one is kept for what is left of the attempt, and no second attempt begins."""
    floor = a_floor(a_callback_site(), *callers("", ""))
    schedule(floor, "i1")
    begin = floor.now
    floor.wait(20 * SECOND_MS)
    happened = floor.do(SetPresence(agent_id="a1", presence=Presence.NOT_READY))
    (made,) = [event for event in happened if isinstance(event, OfferMade)]
    assert ("a2", begin + MINUTE_MS) == (made.agent_id, made.expires_at)
    assert [] == launched(happened)
    (accepted,) = [event for event in report(floor, "i1", CallbackOutcome.ANSWERED) if isinstance(event, OfferAccepted)]
    assert "a2" == accepted.agent_id


def test_nobody_gives_up_a_customer_who_is_being_rung_up() -> None:
    """The only agent declines in a queue that ends what everybody declined: the attempt goes on, and its customer is served by the next."""
    reoffer = ReofferRule(declined_ms=MINUTE_MS, expired_ms=0, connect_failed_ms=0, everyone_declined=EveryoneDeclined.END)
    floor = a_floor(a_callback_site(queues=[a_queue(wrap_up_limit_ms=0, callback=RULE, reoffer=reoffer)]), *callers(""))
    schedule(floor, "i1")
    floor.do(DeclineOffer(offer_id="offer-1"))
    assert {"i1": None} == floor.router.state.callbacks.in_flight
    report(floor, "i1", CallbackOutcome.ANSWERED)
    floor.staff(an_agent("a2", channels="voice:1"))
    assert {"i1": ["a2"]} == floor.offered


def test_the_site_limits_how_many_run_and_a_finished_one_makes_room() -> None:
    """Of three with three agents two are called; a caller on the line is not held up, and a higher limit lets the third begin at once."""
    floor = a_floor(a_callback_site(running_callbacks_max=2), *callers("", "", "", ""))
    assert 2 == len(launched(schedule(floor, "i1", "i2", "i3")))
    floor.enqueue(an_interaction("caller"))
    assert "caller" in floor.offered
    assert "once fewer than 2 other call-backs are under way" in floor.router.explain("i3", floor.now).summary
    assert [("i3", "a1", 1)] == launched(report(floor, "i1"))
    floor.do(ApplySite(site=a_callback_site(running_callbacks_max=3)))
    assert [] == [row.interaction.id for row in floor.router.state.interactions.values() if not row.offers and row.interaction.id != "i1"]


def test_several_at_once_never_exceed_the_limit() -> None:
    """Three become callable in one window: the plan pairs all of them, and two of the pairs are turned down."""
    site = a_callback_site(running_callbacks_max=1, policy=a_policy(match_interval_ms=SECOND_MS, assigner="min_cost_flow"))
    floor = a_floor(site, *callers("", "", ""))
    schedule(floor, "i1", "i2", "i3")
    floor.enqueue(an_interaction("caller"))
    assert 1 == len(launched(floor.wait(SECOND_MS)))
    assert "caller" in floor.offered


def test_a_promise_goes_before_older_callers_of_its_class_when_it_is_near() -> None:
    """A minute before the promised instant the call-back has the higher class, and the freed agent takes it first."""
    floor = a_floor(a_callback_site(), *callers(""))
    floor.enqueue(an_interaction("busy"))
    floor.accept("busy")
    floor.enqueue(an_interaction("older"))
    floor.wait(MINUTE_MS)
    schedule(floor, "promised", kind=CallbackKind.AGENT_FIRST, promised_at=floor.now + 2 * MINUTE_MS)
    floor.wait(MINUTE_MS)
    floor.end("busy")
    assert {"promised": ["a1"]} == floor.offered


@pytest.mark.parametrize("kind", list(CallbackKind))
def test_everything_survives_a_restart(kind: CallbackKind) -> None:
    """At every event of a day with wishes, attempts and promises the log alone rebuilds the state, and its deadlines."""
    floor = a_floor(a_callback_site(running_callbacks_max=1), *callers(""))
    schedule(floor, "i1", "i2", kind=kind, not_before=floor.now + MINUTE_MS, promised_at=floor.now + 2 * MINUTE_MS)
    for _ in range(12):
        floor.wait(MINUTE_MS)
        restored = Router.restore(default_registry(), floor.log)
        assert state_digest(restored.state) == state_digest(floor.router.state)
        assert restored.next_deadline() == floor.router.next_deadline()
        assert restored.state.callbacks == floor.router.state.callbacks


def test_a_limit_of_stay_is_for_those_on_the_line() -> None:
    """Who waits for a call may wait longer, and is not rung out at the limit either."""
    queue = a_queue(wrap_up_limit_ms=0, callback=RULE, stay=StayRule(limit_ms=2 * MINUTE_MS))
    floor = a_floor(a_callback_site(queues=[queue]))
    floor.enqueue(an_interaction("line"), an_interaction("back"))
    floor.do(RequestCallback(interaction_id="back"))
    floor.wait(2 * MINUTE_MS - SECOND_MS)
    floor.staff(*callers("", ""))
    assert 15 * SECOND_MS == floor.router.state.offers["offer-2"].expires_at - floor.now
    assert "back" == floor.router.state.offers["offer-2"].interaction_id
    floor.wait(SECOND_MS)
    assert ["back"] == list(floor.router.state.interactions)


def test_a_step_that_need_not_wait_waits_for_the_wished_instant() -> None:
    """Nobody is there now, which says nothing of the hour in which the customer wants to be called."""
    rule = a_rule(needs="sales>=9:expiring", steps=[a_step(10 * MINUTE_MS, drop="sales", early="available")])
    floor = a_floor(a_callback_site(rules=[rule]), *callers("sales:5"))
    schedule(floor, "i1", not_before=floor.now + 60 * MINUTE_MS)
    assert 1 == len(floor.router.state.interactions["i1"].route.requirements)
    floor.wait(30 * MINUTE_MS)
    floor.do(PutAgents(agents=(an_agent("a2", skills="sales:9", channels="voice:1"),)))
    assert 1 == len(floor.router.state.interactions["i1"].route.requirements)
    assert [("i1", "a1", 1)] == launched(floor.wait(30 * MINUTE_MS))


def test_explanations_say_where_a_call_back_stands() -> None:
    """Put off, being called with or without an agent in reserve, in the line, and reached."""
    floor = a_floor(a_callback_site(), *callers(""))
    floor.enqueue(an_interaction("busy"))
    floor.accept("busy")
    schedule(floor, "i1", not_before=floor.now + MINUTE_MS)
    assert "is to be called back, not before" in summary(floor)
    floor.wait(MINUTE_MS)
    assert "nobody can take it" in summary(floor)
    floor.end("busy")
    assert "in reserve for the customer: a1" in summary(floor)
    floor.do(DeclineOffer(offer_id="offer-2"))
    assert "nobody at present" in summary(floor)
    report(floor, "i1", CallbackOutcome.ANSWERED)
    assert "nobody can take it" in summary(floor)


def summary(floor: Floor) -> str:
    """What the explanation of the call-back says in a sentence."""
    return floor.router.explain("i1", floor.now).summary


def test_an_attempt_that_a_late_driver_begins_after_the_promise_breaks_it() -> None:
    """A window should have closed before the promised instant; the driver slept, and the customer is rung up after it."""
    floor = a_floor(a_callback_site(policy=a_policy(match_interval_ms=2 * SECOND_MS)), *callers(""))
    schedule(floor, "i1", promised_at=floor.now + 3 * SECOND_MS)
    floor.now += 10 * SECOND_MS
    happened = [recorded.event for recorded in floor.router.handle(Tick(), floor.now)]
    assert launched(happened) == [("i1", "a1", 1)]
    promises = [event for event in happened if isinstance(event, (PromiseKept, PromiseBroken))]
    assert promises == [PromiseBroken(interaction_id="i1", due_at=floor.now - 7 * SECOND_MS + 1)]


def test_nobody_is_rung_up_before_the_queue_opens() -> None:
    """Wished for the night, a first attempt begins with the opening; one that failed before closing time is repeated the next day."""
    hours = (OpenInterval(START, START + HOUR_MS), OpenInterval(START + DAY_MS, START + 2 * DAY_MS))
    day = Calendar(intervals=hours, known_from=0, known_until=2**44)
    queue = a_queue(wrap_up_limit_ms=0, callback=replace(RULE, spacing_ms=HOUR_MS), hours=HoursRule(calendar="day"))
    floor = a_floor(a_callback_site(queues=[queue], calendars={"day": day}), *callers(""))
    early = ScheduleCallback(interaction=an_interaction("early"), not_before=START + 2 * HOUR_MS, promised_at=START + 3 * HOUR_MS)
    with pytest.raises(CommandRefused, match="lies before the first instant of a call"):
        floor.do(early)
    schedule(floor, "night", not_before=START + 2 * HOUR_MS)
    schedule(floor, "today")
    (ended,) = [event for event in report(floor, "today") if isinstance(event, CallbackAttemptEnded)]
    assert START + DAY_MS == ended.retry_at
    assert [] == launched(floor.wait(START + DAY_MS - 1 - floor.now))
    assert 1 == len(launched(floor.wait(1)))
