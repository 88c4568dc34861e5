"""Where capabilities meet: stories that need two or three of them at once, with every invariant asked after every command.

Each story is replayed at its end: a router restored after any of its commands goes on as the first one did.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest

from routing.core.canonical import state_digest
from routing.core.commands import (
    ApplySite,
    Command,
    DeclineOffer,
    PutAgents,
    PutCommitments,
    ReportCallbackAttempt,
    RequestCallback,
    SetPresence,
    UpdateInteraction,
)
from routing.core.events import Event, InteractionDiverted, InteractionEnded, OfferMade, OfferWithdrawn, WithdrawCause
from routing.core.evolve import evolve
from routing.core.invariants import check_settled, check_state
from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow, State
from routing.engine import Router
from routing.model.agent import Agent, Commitment, Presence
from routing.model.callback import CallbackKind, CallbackOutcome, CallbackRule
from routing.model.estimate import EstimateMethod
from routing.model.queue import AssignmentLimit, ExclusionScope, Queue
from routing.model.reservation import StickyRule
from routing.model.site import ShiftRule, Site
from routing.model.stay import StayRule
from routing.model.time import DAY_MS, Instant
from routing.policy.registry import default_registry
from tests.builders import (
    ALL_FILTERS,
    a_calendar,
    a_policy,
    a_queue,
    a_rule,
    a_step,
    an_agent,
    an_empty_rule,
    an_interaction,
    an_urgency,
    some_hours,
)
from tests.routing.policy.floor import START, Floor, a_phone_site, callers

MINUTE_MS = 60_000
OPENS_AT = START + 1_000_000


@dataclass
class Story(Floor):
    """A floor that is checked after every command and remembers them, each with its instant and the length of the log after it."""

    told: list[tuple[Command, Instant, int]] = field(default_factory=list)

    def do(self, command: Command) -> list[Event]:
        """Carry out, remember and check."""
        happened = super().do(command)
        self.told.append((command, self.now, len(self.log)))
        check_state(self.router.state)
        check_settled(self.router.state)
        return happened

    def row(self, interaction_id: str = "i1") -> InteractionRow:
        """A live interaction."""
        return self.router.state.interactions[interaction_id]

    def replay(self) -> None:
        """A router restored after each of the commands comes to the same log and the same state."""
        for number, (_, _, length) in enumerate(self.told, start=1):
            again = Floor(Router.restore(default_registry(), self.log[:length]), log=list(self.log[:length]))
            for command, now, _ in self.told[number:]:
                again.now = now
                again.do(command)
            assert again.log == self.log
            assert state_digest(again.router.state) == state_digest(self.router.state)


def a_story(site: Site, agents: Iterable[Agent] = (), *, now: Instant = START) -> Story:
    """A site in force and agents available, one millisecond after another."""
    story = Story(Router(default_registry()), now=now)
    story.do(ApplySite(site=site))
    for agent in agents:
        story.now += 1
        story.staff(agent)
    return story


def a_line(name: str = "main", **overrides: object) -> Queue:
    """A queue without wrap-up and without consequence of a miss."""
    return a_queue(name, **({"wrap_up_limit_ms": 0, "missed_threshold": 0} | overrides))  # type: ignore[arg-type]  # checked by the builder


def a_site_by_day(*queues: Queue, **overrides: object) -> Site:
    """A phone site whose calendar `office` opens for the first time at `OPENS_AT`."""
    office = a_calendar((OPENS_AT, OPENS_AT + 1_000_000), known_until=DAY_MS)
    return a_phone_site(queues=queues, calendars={"office": office}, **overrides)


def offers_of(story: Story) -> list[Instant]:
    """When offers were made."""
    return [item.at for item in story.log if isinstance(item.event, OfferMade)]


def test_an_overflow_at_the_opening_instant_is_not_left_waiting_for_a_door_it_passed_by() -> None:
    """The step is due before the queue opens, at the same instant: the queue it leads to never opens, because it never closes."""
    rule = a_rule(steps=[a_step(0, overflow_to="second")])
    story = a_story(a_site_by_day(a_line(hours=some_hours()), a_line("second"), rules=[rule]), callers(""))
    story.enqueue(an_interaction())
    story.wait(OPENS_AT - story.now)
    assert [OPENS_AT] == offers_of(story)
    assert OPENS_AT == story.row().eligible_since
    story.replay()


def test_who_was_diverted_to_a_closed_queue_takes_an_overflow_out_of_it() -> None:
    """Its first queue closed, the next is closed until tomorrow, and the ladder leads on: whoever is there may have it at once."""
    rule = a_rule(needs="sales>=9:expiring", steps=[a_step(MINUTE_MS, overflow_to="third", drop="sales")])
    queues = [a_line(hours=some_hours(calendar="early", at_close="queue:second")), a_line("second", hours=some_hours()), a_line("third")]
    site = a_site_by_day(*queues, rules=[rule])
    early = a_calendar((0, START + 10_000), known_until=DAY_MS)
    story = a_story(replace(site, calendars={**(site.calendars or {}), "early": early}), callers(""))
    story.enqueue(an_interaction())
    begin = story.now
    story.wait(10_000)
    assert story.row().awaits_opening
    story.wait(MINUTE_MS)
    assert [begin + MINUTE_MS] == offers_of(story)
    assert story.row().eligible_since <= begin + MINUTE_MS
    story.replay()


@pytest.mark.parametrize("is_diverted", [True, False])
def test_nobody_rings_at_an_agent_while_its_queue_is_closed(is_diverted: bool) -> None:
    """A live offer does not go along into a queue whose opening is awaited, whether the clock sends it there or an update."""
    rules = [a_rule("vip", queue="second", when="vip=yes"), a_rule("rest")]
    hours = some_hours(calendar="early", at_close="queue:second") if is_diverted else None
    site = a_site_by_day(a_line(hours=hours), a_line("second", hours=some_hours()), rules=rules)
    early = a_calendar((0, START + 10_000), known_until=DAY_MS)
    story = a_story(replace(site, calendars={**(site.calendars or {}), "early": early}), callers(""))
    story.enqueue(an_interaction())
    assert {"i1": ["a1"]} == story.offered
    if is_diverted:
        story.wait(10_000)
    else:
        story.do(UpdateInteraction(interaction_id="i1", attributes={"vip": "yes"}, overwrite=True))
    assert ({}, True) == (story.offered, story.row().awaits_opening)
    assert [WithdrawCause.ROUTE_CHANGED] == [item.event.cause for item in story.log if isinstance(item.event, OfferWithdrawn)]
    story.wait(OPENS_AT - story.now)
    assert {"i1": ["a1"]} == story.offered
    story.replay()


def test_a_closed_queue_that_a_new_site_drops_lets_go_of_its_offers() -> None:
    """The site moves ringing work out of a queue that it no longer has, into one that is closed."""
    story = a_story(a_site_by_day(a_line("old"), rules=[a_rule(queue="old")]), callers(""))
    story.enqueue(an_interaction())
    story.do(ApplySite(site=a_site_by_day(a_line(hours=some_hours()))))
    assert ({}, OPENS_AT) == (story.offered, story.row().opens_at)
    story.replay()


def test_each_queue_that_lets_people_leave_has_a_grace_of_its_own() -> None:
    """Nobody is there in either: the first sends it on at once, the second waits a minute for somebody."""
    first = a_line(empty=an_empty_rule(leave="offline", otherwise="queue:second"))
    second = a_line("second", empty=an_empty_rule(leave="offline", grace_ms=MINUTE_MS))
    story = a_story(a_phone_site(queues=[first, second]))
    story.do(PutAgents(agents=tuple(callers(""))))
    happened = story.enqueue(an_interaction())
    assert ["main"] == [event.queue_id for event in happened if isinstance(event, InteractionDiverted)]
    story.wait(MINUTE_MS - 1)
    assert "i1" in story.router.state.interactions
    assert [InteractionEnded] == [type(event) for event in story.wait(1) if isinstance(event, InteractionEnded)]
    story.replay()


def test_what_is_rung_out_after_its_stay_is_not_refilled() -> None:
    """Two agents ring in turns that overlap: once the limit of stay has passed, the first who does not answer is not replaced."""
    stay = StayRule(limit_ms=10_000, cuts_ring=False)
    story = a_story(a_phone_site(queues=[a_line(max_live_offers=2, expired_ms=0, stay=stay)]), callers("", ""))
    story.do(SetPresence(agent_id="a2", presence=Presence.NOT_READY))
    story.enqueue(an_interaction())
    story.wait(5_000)
    story.do(SetPresence(agent_id="a2", presence=Presence.AVAILABLE))
    assert {"i1": ["a1", "a2"]} == story.offered
    story.wait(15_000)
    assert {} == story.router.state.interactions
    assert 2 == len(offers_of(story))
    story.replay()


def test_a_customer_who_answers_is_not_sent_away_for_a_stay_that_ran_out_before() -> None:
    """They asked for a call-back within the limit and were rung up after it; their agent is lost, and they wait for another."""
    queue = a_line(callback=CallbackRule(attempts_max=3), stay=StayRule(limit_ms=MINUTE_MS))
    story = a_story(a_phone_site(queues=[queue]), callers("", ""))
    for agent_id in ("a1", "a2"):
        story.do(SetPresence(agent_id=agent_id, presence=Presence.NOT_READY))
    story.enqueue(an_interaction())
    story.do(RequestCallback(interaction_id="i1", kind=CallbackKind.CUSTOMER_FIRST))
    story.wait(2 * MINUTE_MS)
    story.do(SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    story.do(SetPresence(agent_id="a1", presence=Presence.NOT_READY))
    story.do(ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.ANSWERED))
    story.do(SetPresence(agent_id="a2", presence=Presence.AVAILABLE))
    assert {"i1": ["a2"]} == story.offered
    story.replay()


def test_a_customer_who_answers_is_within_their_limit_until_their_agent_has_them() -> None:
    """Between the answer and the accept that follows at once, what is due is entered like at any other time: asked after every event."""
    queue = a_line(callback=CallbackRule(attempts_max=3), stay=StayRule(limit_ms=MINUTE_MS))
    story = a_story(a_phone_site(queues=[queue]), callers(""))
    story.enqueue(an_interaction())
    story.do(RequestCallback(interaction_id="i1", kind=CallbackKind.CUSTOMER_FIRST))
    story.do(ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.ANSWERED))
    state = State()
    for recorded in story.log:
        evolve(state, recorded)
        check_state(state)
    assert state.interactions["i1"].phase is InteractionPhase.HANDLING


def test_a_limit_of_stay_that_still_runs_holds_for_a_customer_who_was_reached() -> None:
    """They are on the line again, and the limit counts from their arrival as before."""
    queue = a_line(callback=CallbackRule(attempts_max=3), stay=StayRule(limit_ms=MINUTE_MS))
    story = a_story(a_phone_site(queues=[queue]), callers(""))
    story.enqueue(an_interaction())
    arrived_at = story.now
    story.do(RequestCallback(interaction_id="i1", kind=CallbackKind.CUSTOMER_FIRST))
    story.do(SetPresence(agent_id="a1", presence=Presence.NOT_READY))
    story.do(ReportCallbackAttempt(interaction_id="i1", outcome=CallbackOutcome.ANSWERED))
    story.wait(2 * MINUTE_MS)
    assert [arrived_at + MINUTE_MS] == [item.at for item in story.log if isinstance(item.event, InteractionEnded)]
    story.replay()


def test_a_wish_for_a_call_after_the_opening_counts_the_night_once() -> None:
    """Until the queue opens nobody grows older; only the wish beyond that is the customer's own."""
    rule = a_rule(steps=[a_step(MINUTE_MS, raise_base_ms=1)])
    site = a_site_by_day(a_line(hours=some_hours(), callback=CallbackRule(attempts_max=3)), rules=[rule])
    for wished_at, begins_at in ((OPENS_AT + 100_000, OPENS_AT + 100_000), (OPENS_AT - 100_000, OPENS_AT), (None, OPENS_AT)):
        story = a_story(site)
        story.enqueue(an_interaction())
        story.do(RequestCallback(interaction_id="i1", not_before=wished_at))
        assert begins_at == story.row().eligible_since
        assert begins_at + MINUTE_MS == story.row().route.steps[0].due_at
        story.replay()


@pytest.mark.parametrize(("first", "begins_at"), [("closed", START), ("open", OPENS_AT)])
def test_a_ladder_begins_where_it_may_be_served(first: str, begins_at: Instant) -> None:
    """An update out of a closed queue begins the ladder now, one into a closed queue when that opens."""
    other = {"closed": "open", "open": "closed"}[first]
    rules = [a_rule("vip", queue=other, when="vip=yes", steps=[a_step(MINUTE_MS, overflow_to="third")]), a_rule("rest", queue=first)]
    story = a_story(a_site_by_day(a_line("closed", hours=some_hours()), a_line("open"), a_line("third"), rules=rules))
    story.enqueue(an_interaction())
    story.do(UpdateInteraction(interaction_id="i1", attributes={"vip": "yes"}, overwrite=True))
    assert begins_at == story.row().eligible_since
    assert begins_at + MINUTE_MS == story.row().route.steps[0].due_at
    story.replay()


def test_a_site_without_hours_begins_the_ladders_that_waited_for_them() -> None:
    """The queue is open from now on, and so the first step comes a minute from now."""
    rule = a_rule(steps=[a_step(MINUTE_MS, raise_base_ms=1)])
    story = a_story(a_site_by_day(a_line(hours=some_hours()), rules=[rule]))
    story.enqueue(an_interaction())
    story.now += 1_000
    story.do(ApplySite(site=a_phone_site(queues=[a_line()], rules=[rule])))
    assert (False, START + 1_000) == (story.row().awaits_opening, story.row().eligible_since)
    assert START + 1_000 + MINUTE_MS == story.row().route.steps[0].due_at
    story.replay()


def test_places_in_line_follow_an_opening_that_comes_sooner() -> None:
    """One waited for the opening and one arrived since it came by another site: the first is first."""
    told = a_line(hours=some_hours(), estimate=EstimateMethod.PLACE_PACE)
    story = a_story(a_site_by_day(told))
    story.enqueue(an_interaction())
    story.now += 1_000
    story.do(ApplySite(site=a_phone_site(queues=[replace(told, hours=None)])))
    story.now += 1_000
    story.enqueue(an_interaction("later"))
    lines = story.router.state.lines
    assert lines is not None
    assert (1, 2) == (lines.place_of("i1"), lines.place_of("later"))
    story.replay()


def test_an_update_does_not_bring_overflowed_work_back_to_a_queue_that_has_closed() -> None:
    """Its ladder has led it out of there, in time or early; what the rule says first does not count any more."""
    hours = a_calendar((0, START + 30_000), (OPENS_AT, OPENS_AT + 1), known_until=DAY_MS)
    rule = a_rule(steps=[a_step(10_000, overflow_to="second")])
    story = a_story(a_phone_site(queues=[a_line(hours=some_hours()), a_line("second")], rules=[rule], calendars={"office": hours}))
    story.enqueue(an_interaction())
    story.wait(40_000)
    story.do(UpdateInteraction(interaction_id="i1", attributes={"vip": "yes"}, overwrite=True))
    assert ("second", False) == (story.row().route.queue_id, story.row().awaits_opening)
    story.replay()


def test_nor_what_its_ladder_has_led_on_early() -> None:
    """Nobody who could serve it is known, and so the first step was taken on arrival."""
    hours = a_calendar((0, START + 30_000), (OPENS_AT, OPENS_AT + 1), known_until=DAY_MS)
    rule = a_rule(steps=[a_step(MINUTE_MS, overflow_to="second", early="registered"), a_step(2 * MINUTE_MS, raise_base_ms=1)])
    story = a_story(a_phone_site(queues=[a_line(hours=some_hours()), a_line("second")], rules=[rule], calendars={"office": hours}))
    story.enqueue(an_interaction())
    story.wait(40_000)
    before = story.row().route
    story.do(UpdateInteraction(interaction_id="i1", attributes={"vip": "yes"}, overwrite=True))
    assert ("second", before) == (story.row().route.queue_id, story.row().route)
    story.replay()


@pytest.mark.parametrize(
    ("limit", "is_open"),
    [(None, True), (AssignmentLimit(count=2, window_ms=DAY_MS), True), (AssignmentLimit(count=1, window_ms=DAY_MS // 2), False)],
)
def test_a_site_with_another_limit_of_assignments_lets_go_of_those_below_it(limit: AssignmentLimit | None, is_open: bool) -> None:
    """One was given today: without a limit, or with one of two, there may be another at once."""
    once = AssignmentLimit(count=1, window_ms=DAY_MS)
    story = a_story(a_phone_site(queues=[a_line(assignment_limit=once)]), callers(""))
    story.enqueue(an_interaction("first"))
    story.accept("first")
    story.end("first")
    story.enqueue(an_interaction())
    assert {} == story.offered
    story.do(ApplySite(site=a_phone_site(queues=[a_line(assignment_limit=limit)])))
    assert ({"i1": ["a1"]} if is_open else {}) == story.offered
    story.replay()


def test_a_site_with_a_lower_limit_of_assignments_holds_what_was_given_against_it() -> None:
    """Two were given today, of three; now two are the most."""
    story = a_story(a_phone_site(queues=[a_line(assignment_limit=AssignmentLimit(count=3, window_ms=DAY_MS))]), callers(""))
    for name in ("first", "second"):
        story.enqueue(an_interaction(name))
        story.accept(name)
        story.end(name)
    story.do(ApplySite(site=a_phone_site(queues=[a_line(assignment_limit=AssignmentLimit(count=2, window_ms=DAY_MS))])))
    story.enqueue(an_interaction())
    assert {} == story.offered
    story.wait(DAY_MS)
    assert {"i1": ["a1"]} == story.offered
    story.replay()


def test_a_known_agent_who_comes_back_keeps_their_customer() -> None:
    """They declined until they had been away; when they are back and free, nobody else's absence ends the reservation."""
    rule = a_rule(sticky=StickyRule(hold_ms=10 * MINUTE_MS, away_grace_ms=MINUTE_MS), urgency=an_urgency(target_ms=10 * MINUTE_MS))
    policy = a_policy(filters=(*ALL_FILTERS, "reserved"))
    story = a_story(a_phone_site(queues=[a_line(scope=ExclusionScope.PRESENCE)], rules=[rule], policy=policy), callers("", "", ""))
    story.enqueue(an_interaction(preferred="a1:100 a2:90"))
    story.do(DeclineOffer(offer_id=next(iter(story.row().offers))))
    assert {"i1": ["a2"]} == story.offered
    for agent_id in ("a1", "a2"):
        story.do(SetPresence(agent_id=agent_id, presence=Presence.NOT_READY))
    assert story.row().away_at is not None
    story.do(SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    assert ({"i1": ["a1"]}, None) == (story.offered, story.row().away_at)
    story.replay()


def test_a_promise_that_is_near_overrides_the_end_of_a_shift() -> None:
    """The class that a call-back rises to counts like any class of that rank."""
    rule = CallbackRule(attempts_max=3, promise_class_rank=5, promise_lead_ms=MINUTE_MS)
    queue = a_line(callback=rule, expected_handling_ms=10 * MINUTE_MS)
    story = a_story(a_phone_site(queues=[queue], shift_rule=ShiftRule(tolerance_ms=0, override_class_rank=5)))
    story.staff(an_agent(channels="voice:1"))
    story.do(PutCommitments(agent_id="a1", commitments=(Commitment(starts_at=story.now + 5 * MINUTE_MS),)))
    story.enqueue(an_interaction())
    story.do(RequestCallback(interaction_id="i1", promised_at=story.now + 3 * MINUTE_MS))
    assert {} == story.offered
    story.wait(2 * MINUTE_MS)
    assert {"i1": ["a1"]} == story.offered
    story.replay()
