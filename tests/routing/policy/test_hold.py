"""Policies that need not serve at once: a pair is held until waiting is worth its cost, and matched at that very instant."""

from routing.core.commands import SetPresence, UpdateInteraction
from routing.core.events import MatchDeferred, MatchDue, OfferMade
from routing.model.agent import Presence
from routing.model.site import PolicySpec, Site
from routing.model.time import DAY_MS
from tests.builders import a_policy, a_queue, a_rule, an_agent, an_interaction, an_urgency
from tests.routing.policy.floor import START, Floor, a_floor, a_phone_site, callers


def a_patient_policy(scorers: str = "skill_fit:1000", **overrides: object) -> PolicySpec:
    """A policy that holds pairs back; every missing level is worth a second of wait unless told otherwise."""
    return a_policy(scorers=scorers, is_work_conserving=False, **overrides)


def a_patient_site(scorers: str = "skill_fit:1000", **overrides: object) -> Site:
    """A phone site under such a policy, with a minute of wait for a minute of urgency."""
    return a_phone_site(**({"policy": a_patient_policy(scorers), "rules": [a_rule()]} | overrides))


def deferrals(floor: Floor) -> list[tuple[str, int]]:
    """What was held until when, in milliseconds since the present instant."""
    return [
        (item.event.interaction_id, item.event.until - floor.now)
        for item in floor.log
        if isinstance(item.event, MatchDeferred) and item.at == floor.now
    ]


def first_offer(floor: Floor) -> tuple[str, int]:
    """Who was offered something first, and how long after the start of the floor's clock."""
    return next((item.event.agent_id, item.at - START) for item in floor.log if isinstance(item.event, OfferMade))


def test_a_pair_is_held_until_the_price_of_waiting_reaches_its_cost() -> None:
    """Three levels missing are worth three seconds: one millisecond earlier nothing happens, at the instant it does."""
    floor = a_floor(a_patient_site())
    floor.staff(*callers("x:7"))
    floor.enqueue(an_interaction(needs="x>=1"))
    assert [("i1", 3_000)] == deferrals(floor)
    assert floor.now + 3_000 == floor.router.next_deadline()
    assert [] == floor.wait(2_999)
    due, made = floor.wait(1)
    assert isinstance(due, MatchDue)
    assert isinstance(made, OfferMade)
    assert ("a1", 3_000) == first_offer(floor)
    assert 0 == made.decision.best[0].net


def test_a_pair_that_is_worth_it_is_not_held() -> None:
    """Of two agents the one who costs nothing takes it at once, and nothing is deferred."""
    floor = a_floor(a_patient_site())
    floor.staff(*callers("x:7", "x:10"))
    floor.enqueue(an_interaction(needs="x>=1"))
    assert [] == deferrals(floor)
    assert {"i1": ["a2"]} == floor.offered


def test_the_cheapest_pair_says_when() -> None:
    """Nine, four and six levels missing: due after four seconds, with the agent who misses four."""
    floor = a_floor(a_patient_site())
    floor.staff(*callers("x:1", "x:6", "x:4"))
    floor.enqueue(an_interaction(needs="x>=1"))
    assert [("i1", 4_000)] == deferrals(floor)
    floor.wait(10_000)
    assert ("a2", 4_000) == first_offer(floor)


def test_a_cost_that_falls_while_the_agent_idles_is_worth_it_sooner() -> None:
    """A second of idleness is worth a second: both meet halfway, not where the present cost would be reached.

    The cost falls by a second each full second and urgency grows by the millisecond; at 1,800 s both are 1,800,000.
    """
    floor = a_floor(a_patient_site("longest_idle:1000"))
    floor.staff(*callers(""))
    floor.enqueue(an_interaction())
    assert [("i1", 1_800_000)] == deferrals(floor)
    floor.wait(1_800_000)
    assert ("a1", 1_800_000) == first_offer(floor)


def test_the_pair_that_is_dearer_now_may_be_worth_it_first() -> None:
    """a1 costs 100 and always will; a2 costs 3,600 s less the idleness at two milliseconds a second, and is there first.

    Urgency is 70 for ever. a2's cost of 2 x (3,600 - idle seconds) passes below 70 after 3,565 seconds.
    """
    rules = [a_rule(urgency=an_urgency(base_ms=70, slope_per_mille=0))]
    floor = a_floor(a_patient_site("longest_idle:2 fewest_skills:100", rules=rules))
    floor.staff(an_agent("a1", skills="x:5", channels="voice:1"), an_agent("a2", skills="", channels="voice:1"))
    floor.now = floor.now + 3_590_000
    floor.do(SetPresence(agent_id="a2", presence=Presence.NOT_READY))
    floor.do(SetPresence(agent_id="a2", presence=Presence.AVAILABLE))
    floor.enqueue(an_interaction())
    assert [("i1", 3_565_000)] == deferrals(floor)
    floor.wait(3_565_000)
    assert ("a2", 3_590_000 + 3_565_000) == first_offer(floor)


def test_what_is_never_worth_it_is_not_due_ever() -> None:
    """A cap below the cost leaves the pair apart without a deadline; another agent changes that."""
    floor = a_floor(a_patient_site(rules=[a_rule(urgency=an_urgency(cap_ms=2_000))]))
    floor.staff(*callers("x:7"))
    floor.enqueue(an_interaction(needs="x>=1"))
    assert floor.router.next_deadline() is None
    floor.wait(DAY_MS)
    floor.staff(an_agent("a2", skills="x:8", channels="voice:1"))
    assert {"i1": ["a2"]} == floor.offered


def test_an_earlier_instant_replaces_a_later_one_and_not_the_other_way() -> None:
    """A better agent brings the instant forward; when they leave it stays, is found too early and set anew."""
    floor = a_floor(a_patient_site())
    floor.staff(*callers("x:1"))
    floor.enqueue(an_interaction(needs="x>=1"))
    assert [("i1", 9_000)] == deferrals(floor)
    floor.wait(1_000)
    floor.staff(an_agent("a2", skills="x:7", channels="voice:1"))
    assert [("i1", 2_000)] == deferrals(floor)
    floor.do(SetPresence(agent_id="a2", presence=Presence.OFFLINE))
    floor.staff(an_agent("a3", skills="x:2", channels="voice:1"))
    assert START + 3_000 == floor.router.next_deadline()
    floor.wait(2_000)
    assert [("i1", 5_000)] == deferrals(floor)
    floor.wait(5_000)
    assert ("a3", 8_000) == first_offer(floor)


def test_more_urgency_ends_the_hold_at_once() -> None:
    """Credit makes the interaction older, and what has a price changes with it."""
    floor = a_floor(a_patient_site())
    floor.staff(*callers("x:7"))
    floor.enqueue(an_interaction(needs="x>=1"))
    floor.do(UpdateInteraction(interaction_id="i1", credit_ms=2_999, overwrite=True))
    assert {} == floor.offered
    floor.do(UpdateInteraction(interaction_id="i1", credit_ms=1, overwrite=True))
    assert {"i1": ["a1"]} == floor.offered
    assert floor.router.state.interactions["i1"].deferred_until is None


def test_many_are_held_each_until_its_own_instant() -> None:
    """Older ones are due earlier; a freed agent is given each in turn, and the deadline of one says nothing of another."""
    floor = a_floor(a_patient_site())
    for number in range(5):
        floor.enqueue(an_interaction(f"i{number}", needs=f"x>=1 y>=1:prefer{' z>=1:prefer' * (number % 2)}"))
        floor.now += 100
    floor.staff(*(an_agent(f"a{number}", skills="x:10", channels="voice:1") for number in range(5)))
    expected = [(f"i{number}", (20_000 if number % 2 else 10_000) - 100 * (5 - number)) for number in range(5)]
    assert expected == sorted(deferrals(floor))[:5]
    floor.wait(60_000)
    made = [(item.event.interaction_id, item.at - START) for item in floor.log if isinstance(item.event, OfferMade)]
    assert [(f"i{number}", (20_000 if number % 2 else 10_000) + 100 * number) for number in (0, 2, 4, 1, 3)] == made[:5]


def test_further_live_offers_are_held_as_well() -> None:
    """Ring-all under a patient policy: the first rings after one second, the next one beside it after two."""
    floor = a_floor(a_patient_site(queues=[a_queue(max_live_offers=3, offer_timeout_ms=60_000)]))
    floor.staff(*callers("x:9", "x:8"))
    floor.enqueue(an_interaction(needs="x>=1"))
    floor.wait(1_999)
    assert {"i1": ["a1"]} == floor.offered
    floor.wait(1)
    assert {"i1": ["a1", "a2"]} == floor.offered


def test_with_a_window_the_instant_opens_one() -> None:
    """The hold ends at three seconds and the window that opens then a second later."""
    policy = a_patient_policy(match_interval_ms=1_000, assigner="min_cost_flow")
    floor = a_floor(a_patient_site(policy=policy))
    floor.staff(*callers("x:6", "x:6"))
    floor.wait(5_000)
    floor.enqueue(an_interaction("i1", needs="x>=1"), an_interaction("i2", needs="x>=1"))
    floor.wait(4_999)
    assert {} == floor.offered
    floor.wait(1)
    assert {"i1", "i2"} == set(floor.offered)
