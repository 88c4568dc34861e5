"""Opening hours of queues: who waits for them, who has to go, and what a change of site means."""

import pytest

from routing.core import commands
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.decide import decide_deadline
from routing.core.errors import InvariantBroken
from routing.core.events import QueueClosed, QueueOpened, RouteChanged
from routing.model.diversion import DiversionCause
from tests.builders import (
    a_calendar,
    a_queue,
    a_rule,
    a_site,
    a_step,
    an_interaction,
    some_hours,
)
from tests.routing.core.desk import START, Desk, a_desk
from tests.routing.core.test_admission import arrives, diversions
from tests.routing.policy.floor import a_floor

OFFICE = {"office": a_calendar((START + 10_000, START + 20_000), (START + 50_000, START + 60_000), known_until=START + 100_000)}


def a_desk_with_hours(**rules: str) -> Desk:
    """A desk whose queue opens in ten seconds, for ten seconds, and once more."""
    queues = [a_queue("main", hours=some_hours(**rules)), a_queue("other")]
    rule = a_rule(queue="main", when="type=sales", steps=[a_step(5_000, raise_base_ms=7)])
    return a_desk(a_site(queues=queues, rules=[rule, a_rule("rest", queue="other")], calendars=OFFICE))


def test_who_comes_before_the_opening_waits_for_it_with_a_ladder_that_waits_too() -> None:
    """The first step is counted from the opening, the wait from the arrival."""
    desk = a_desk_with_hours()
    desk.enqueue()
    row = desk.state.interactions["i1"]
    assert (True, START + 10_000, START) == (row.awaits_opening, row.opens_at, row.enqueued_at)
    assert [QueueOpened] == [type(event) for event in desk.wait(10_000)]
    assert not row.awaits_opening
    desk.wait(4_999)
    assert 0 == row.route.urgency.base_ms
    desk.wait(1)
    assert 7 == row.route.urgency.base_ms


def test_a_closed_queue_may_turn_away_and_an_open_one_takes() -> None:
    """By the clock alone."""
    desk = a_desk_with_hours(when_closed="voicemail:night")
    assert [(DiversionCause.CLOSED, "voicemailnight")] == arrives(desk, "early")
    desk.wait(10_000)
    assert [] == arrives(desk, "in time")
    desk.wait(10_000)
    assert [(DiversionCause.CLOSED, "voicemailnight")] == arrives(desk, "late")
    assert "in time" in desk.state.interactions


@pytest.mark.parametrize(("at_close", "stays"), [("", ["i1", "i2"]), ("queue:other", ["i1", "i2"]), ("refuse", ["i2"])])
def test_at_closing_those_who_wait_are_served_on_or_have_to_go(at_close: str, stays: list[str]) -> None:
    """Who came after the closing waits for the next opening either way."""
    desk = a_desk_with_hours(at_close=at_close)
    desk.enqueue(an_interaction("elsewhere", type="billing"))
    desk.wait(10_000)
    desk.enqueue(an_interaction("i1"))
    desk.wait(10_000)
    desk.enqueue(an_interaction("i2"))
    desk.wait(1_000)
    assert ["elsewhere", *stays] == list(desk.state.interactions)
    assert desk.state.interactions["i2"].awaits_opening
    closed = [item.event for item in desk.log if isinstance(item.event, QueueClosed)]
    assert [START + 50_000] == [event.opens_at for event in closed]
    desk.wait(30_000)
    assert not desk.state.interactions["i2"].awaits_opening


def test_beyond_its_calendar_a_queue_is_never_silently_open() -> None:
    """After the last opening nobody can wait for one; after the end of the calendar nothing is known at all."""
    desk = a_desk_with_hours()
    desk.wait(60_000)
    assert [(DiversionCause.HOURS_UNKNOWN, "refuse")] == arrives(desk, "i1")
    desk.wait(40_000)
    assert [(DiversionCause.HOURS_UNKNOWN, "refuse")] == arrives(desk, "i2")
    diverting = a_desk_with_hours(when_closed="voicemail")
    diverting.wait(100_000)
    assert [(DiversionCause.HOURS_UNKNOWN, "voicemail")] == arrives(diverting, "i3")


def test_a_driver_that_slept_over_turns_learns_where_they_led() -> None:
    """One fact for all of them, and those who waited for an opening that is over wait for the next."""
    desk = a_desk_with_hours()
    desk.enqueue()
    desk.now = START + 55_000
    assert [QueueOpened] == [type(event) for event in desk.wait(0) if not hasattr(event, "route")]
    assert START + 60_000 == desk.state.turns_at["main"]


def test_an_update_moves_work_to_where_it_may_be_served() -> None:
    """Out of a closed queue into an open one, and back to wait for the opening; an update that moves nothing changes nothing of it."""
    desk = a_desk_with_hours()
    desk.enqueue(an_interaction("i1", type="billing"))
    site = desk.state.site
    assert site is not None
    row = desk.state.interactions["i1"]
    rules = [a_rule(queue="main")]
    changed = a_site(queues=site.queues.values(), rules=rules, calendars=OFFICE)
    happened = desk.do(commands.ApplySite(site=changed))
    assert [START + 10_000] == [event.opens_at for event in happened if isinstance(event, RouteChanged)]
    desk.do(commands.UpdateInteraction(interaction_id="i1", requirements=an_interaction(needs="sales>=1").requirements, overwrite=True))
    assert row.awaits_opening
    desk.do(commands.ApplySite(site=site))
    assert not desk.state.interactions["i1"].awaits_opening


def test_a_site_with_other_hours_opens_at_once_or_later() -> None:
    """Without hours the queue is open; with later ones its work waits for those, and its ladder with it."""
    desk = a_desk_with_hours()
    desk.enqueue()
    site = desk.state.site
    assert site is not None
    later = a_site(queues=site.queues.values(), rules=site.rules, calendars={"office": a_calendar((START + 30_000, START + 40_000))})
    desk.do(commands.ApplySite(site=later))
    row = desk.state.interactions["i1"]
    assert (True, START + 30_000, START + 35_000) == (row.awaits_opening, row.opens_at, row.route.steps[0].due_at)
    happened = desk.do(commands.ApplySite(site=a_site(queues=[a_queue("main"), a_queue("other")], rules=site.rules)))
    assert [QueueOpened] == [type(event) for event in happened if isinstance(event, QueueOpened)]
    assert (False, {}) == (row.awaits_opening, desk.state.turns_at)
    open_now = a_site(queues=site.queues.values(), rules=site.rules, calendars={"office": a_calendar((START, START + 40_000))})
    desk.do(commands.ApplySite(site=site))
    desk.enqueue(an_interaction("i2"))
    happened = desk.do(commands.ApplySite(site=open_now))
    assert [START + 40_000] == [event.closes_at for event in happened if isinstance(event, QueueOpened)]


def test_hours_that_fall_due_without_a_calendar_are_a_contradiction() -> None:
    """No state carries such a deadline."""
    desk = a_desk()
    with pytest.raises(InvariantBroken, match="without hours"):
        decide_deadline(desk.state, Deadline(desk.now, DeadlineKind.QUEUE_HOURS, "main"), desk.now)


def test_a_diverting_step_may_come_early_and_never_before_the_opening() -> None:
    """Nobody is on the floor: whoever may be served goes to voicemail at once, and whoever waits for the opening when it comes."""
    early = a_step(60_000, divert_to="voicemail:box", early="present")
    rules = [a_rule("hours", queue="main", when="type=sales", steps=[early]), a_rule("always", queue="other", steps=[early])]
    site = a_site(queues=[a_queue("main", hours=some_hours()), a_queue("other")], rules=rules, calendars=OFFICE)
    floor = a_floor(site)
    at_once = floor.enqueue(an_interaction("i1", type="billing"))
    assert [(DiversionCause.ROUTE_STEP, "voicemailbox")] == diversions(at_once)
    assert [] == diversions(floor.enqueue(an_interaction("i2")))
    assert [(DiversionCause.ROUTE_STEP, "voicemailbox")] == diversions(floor.wait(10_000))
