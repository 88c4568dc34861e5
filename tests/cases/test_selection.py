"""Behaviour cases: which agent."""

from dataclasses import replace

import pytest

from routing.model.site import PolicySpec, WeightedScorer
from routing.policy.presets.builtin import BALANCED, LONGEST_IDLE, SKILLS_PRIORITY
from tests.builders import a_channel, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.cases.centers import MINUTE_MS, SECOND_MS, a_default_site, preset
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers

RING_ALL = a_queue("ring_all", max_live_offers=10, wrap_up_limit_ms=0, missed_threshold=0)
"""Rings at everybody, so that the order of the offers is the order of preference."""

QUIET = a_queue(wrap_up_limit_ms=0, missed_threshold=0)


def with_chats(floor: Floor, name: str, *, chats: int, capacity: int = 100) -> None:
    """An agent comes on, and takes so many chats that only they may have."""
    floor.staff(an_agent(name, skills=f"name:{name}", channels="chat:9", capacity=capacity))
    for number in range(chats):
        floor.enqueue(an_interaction(f"{name}-{number}", channel="chat", needs=f"name=={name}"))
        floor.accept(f"{name}-{number}")


@pytest.mark.parametrize("policy", [preset("azure-longest-idle"), BALANCED], ids=lambda policy: policy.name)
def test_at_01_the_lower_share_in_use_goes_first_then_the_longer_idle(policy: PolicySpec) -> None:
    """A 3 of 5 used (idle 5 min), B 3 of 4 (3 min), C 3 of 5 (7 min), D 0 of 3 (2 min): D, C, A, B."""
    rules = [a_rule("asked", when="type=asked", queue="ring_all"), a_rule()]
    site = a_site(channels=[a_channel("chat", capacity_cost=1)], queues=[RING_ALL, QUIET], rules=rules, policy=policy)
    floor = a_floor(site)
    for name, chats, capacity, then_ms in (("C", 3, 5, 2), ("A", 3, 5, 2), ("B", 3, 4, 1), ("D", 0, 3, 2)):
        with_chats(floor, name, chats=chats, capacity=capacity)
        floor.wait(then_ms * MINUTE_MS)
    floor.enqueue(an_interaction("asked", channel="chat", type="asked"))
    assert ["D", "C", "A", "B"] == floor.offered["asked"]


def test_at_02_the_agent_with_more_of_the_wanted_labels_goes_first() -> None:
    """Wanted english and sales: A has both, B english, C english and support: A, and of the two equals the longer available."""
    floor = a_floor(a_phone_site(policy=preset("azure-best-worker"), queues=[RING_ALL], rules=[a_rule(queue="ring_all")]))
    for name, skills in (("B", "english:yes"), ("C", "english:yes support:yes"), ("A", "english:yes sales:yes")):
        floor.staff(an_agent(name, skills=skills, channels="voice:1"))
        floor.wait(SECOND_MS)
    floor.enqueue(an_interaction(needs="english==yes:prefer sales==yes:prefer"))
    assert ["A", "B", "C"] == floor.offered["i1"]


def test_at_04_labels_that_must_differ_count_towards_the_share_that_is_met() -> None:
    """Wanted department billing and a segment other than vip: D billing and vip a half, E billing all, F sales and new a half."""
    floor = a_floor(a_phone_site(policy=preset("azure-best-worker")))
    for name, skills in (("D", "department:billing segment:vip"), ("E", "department:billing"), ("F", "department:sales segment:new")):
        floor.staff(an_agent(name, skills=skills, channels="voice:1"))
        floor.wait(SECOND_MS)
    floor.enqueue(an_interaction(needs="department==billing:prefer segment!=vip:prefer"))
    best = floor.decisions["i1"].best
    assert [("E", 0), ("D", 500), ("F", 500)] == [(one.id, dict(one.terms)["unmet_preferences"]) for one in best]


def test_at_05_agents_go_in_the_order_of_their_attributes() -> None:
    """By finance, then by support, each ascending: Alice has 10 and 8, Bob 10 and 5, so Bob; descending in the second key Alice."""
    for direction, first in (("ASC", "Bob"), ("DESC", "Alice")):
        order = WeightedScorer(name="attribute_order", weight_ms=1, parameters={"order_by": f"finance ASC, support {direction}"})
        floor = a_floor(a_phone_site(policy=replace(preset("twilio-fifo"), scorers=(order,))))
        for name, skills in (("Alice", "finance:10 support:8"), ("Bob", "finance:10 support:5"), ("Cleo", "finance:11")):
            floor.staff(an_agent(name, skills=skills, channels="voice:1"))
        floor.enqueue(an_interaction())
        assert {"i1": [first]} == floor.offered


def test_at_06_without_further_wishes_the_longest_without_work_goes_first() -> None:
    """Three agents had one call each, of a minute: whoever had theirs first has the next one."""
    floor = a_floor(a_default_site(), *callers("", "", ""))
    floor.wait(MINUTE_MS)
    for number in (1, 2, 3):
        floor.enqueue(an_interaction(f"i{number}"))
        floor.accept(f"i{number}")
        floor.wait(MINUTE_MS)
        floor.end(f"i{number}")
    floor.enqueue(an_interaction("next"))
    assert {"next": ["a1"]} == floor.offered


@pytest.mark.parametrize(("policy", "first"), [(BALANCED, "a1"), (LONGEST_IDLE, "a2")], ids=["balanced", "longest-idle"])
def test_at_06_each_policy_says_which_clock_it_counts_by(policy: PolicySpec, first: str) -> None:
    """a1 began 10 min ago and ended 1 min ago, a2 began 5 and ended 4: the default counts from the beginning, the other from the end."""
    floor = a_floor(a_phone_site(policy=policy), *callers("", ""))
    floor.enqueue(an_interaction("long"))
    floor.accept("long")
    floor.wait(5 * MINUTE_MS)
    floor.enqueue(an_interaction("short"))
    floor.accept("short")
    floor.wait(MINUTE_MS)
    floor.end("short")
    floor.wait(3 * MINUTE_MS)
    floor.end("long")
    floor.wait(MINUTE_MS)
    floor.enqueue(an_interaction("next"))
    assert {"next": [first]} == floor.offered


@pytest.mark.parametrize(("name", "first"), [("avaya-ead-mia", "B"), ("avaya-ucd-mia", "C")])
def test_at_08_level_first_or_level_blind(name: str, first: str) -> None:
    """Idle since A (level 1) 5 s, B (level 1) 10 s, C (level 2) 30 s: level first B, level blind C."""
    floor = a_floor(a_phone_site(policy=preset(name)))
    for agent_id, level, then_ms in (("C", 2, 20), ("B", 1, 5), ("A", 1, 5)):
        floor.staff(an_agent(agent_id, skills=f"sales:5 level.main:{level}", channels="voice:1"))
        floor.wait(then_ms * SECOND_MS)
    floor.enqueue(an_interaction(needs="sales>=1"))
    assert {"i1": [first]} == floor.offered


@pytest.mark.parametrize(
    ("policy", "first"),
    [(preset("genesys-best-available"), "five"), (preset("genesys-conversation-score"), "one"), (SKILLS_PRIORITY, "five")],
    ids=lambda value: getattr(value, "name", value),
)
def test_at_10_five_stars_before_one_unless_stars_do_not_count(policy: PolicySpec, first: str) -> None:
    """The agent with five stars came later and still has the first call; where proficiency is ignored the longest idle has it."""
    floor = a_floor(a_phone_site(policy=policy))
    for name, stars in (("one", 1), ("five", 5)):
        floor.staff(an_agent(name, skills=f"sales:{stars}", channels="voice:1"))
        floor.wait(MINUTE_MS)
    floor.enqueue(an_interaction(needs="sales>=1"))
    assert {"i1": [first]} == floor.offered


@pytest.mark.parametrize(("policy", "chosen"), [(BALANCED, "A"), (LONGEST_IDLE, "B")], ids=["balanced", "longest-idle"])
def test_at_12_an_agent_without_chats_goes_before_one_who_holds_two(policy: PolicySpec, chosen: str) -> None:
    """A holds none (last end 300 s ago), B two (900 s), C one (600 s), at most three: A; by idle time alone B would get a third."""
    site = a_site(queues=[QUIET], rules=[a_rule()], policy=policy)
    floor = a_floor(site)
    for name, chats in (("B", 3), ("C", 2), ("A", 1)):
        with_chats(floor, name, chats=chats)
        floor.end(f"{name}-0")
        floor.wait(300 * SECOND_MS)
    assert {"A": 0, "B": 60, "C": 30} == {key: row.used for key, row in sorted(floor.router.state.agents.items())}
    floor.enqueue(an_interaction("next", channel="chat"))
    assert {"next": [chosen]} == floor.offered
