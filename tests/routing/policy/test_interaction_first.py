"""Policies under which the interaction chooses its agent, and prices that put all interactions in one class."""

import pytest

from tests.builders import a_policy, a_rule, an_interaction, an_urgency
from tests.routing.policy.floor import a_floor, a_phone_site, callers


@pytest.mark.parametrize(("is_first", "taken"), [(False, "fits"), (True, "older")])
def test_interactions_first_no_cost_moves_an_interaction(is_first: bool, taken: str) -> None:
    """The older caller misses nine levels, an hour each: by value the freed agent takes the one that fits, else the older."""
    policy = a_policy(scorers="skill_fit:3600000", is_interaction_first=is_first)
    floor = a_floor(a_phone_site(policy=policy))
    floor.enqueue(an_interaction("older", needs="french>=1"))
    floor.wait(1_000)
    floor.enqueue(an_interaction("fits", needs="english>=1"))
    floor.staff(*callers("french:1 english:10"))
    assert [taken] == list(floor.offered)


def test_interactions_first_goes_by_class_price_age_and_arrival_and_then_by_cost() -> None:
    """Four callers and four agents in one window: the higher class first, then the higher base, then arrival; each has the fittest left."""
    rules = [
        a_rule("class", when="type=class", needs="x>=1", urgency=an_urgency(class_rank=1)),
        a_rule("base", when="type=base", needs="x>=1", urgency=an_urgency(base_ms=9_000)),
        a_rule(needs="x>=1"),
    ]
    policy = a_policy(scorers="skill_fit:60000", is_interaction_first=True, match_interval_ms=1_000, wait_price="strict")
    floor = a_floor(a_phone_site(policy=policy, rules=rules), *callers("x:1", "x:3", "x:2", "x:4"))
    floor.wait(2_000)
    floor.enqueue(
        an_interaction("first"), an_interaction("second"), an_interaction("base", type="base"), an_interaction("class", type="class")
    )
    floor.wait(1_000)
    assert {"class": ["a4"], "base": ["a2"], "first": ["a3"], "second": ["a1"]} == floor.offered


def test_without_classes_the_oldest_or_the_newest_goes_first() -> None:
    """By arrival order and by last in, first out a higher class counts for nothing."""
    rules = [a_rule("high", when="type=high", urgency=an_urgency(class_rank=9)), a_rule()]
    for price, expected in (("urgency", "high"), ("arrival_order", "oldest"), ("last_in_first_out", "newest")):
        floor = a_floor(a_phone_site(policy=a_policy(scorers="", wait_price=price), rules=rules))
        for name, kind in (("oldest", "low"), ("high", "high"), ("newest", "low")):
            floor.enqueue(an_interaction(name, type=kind))
            floor.wait(1_000)
        floor.staff(*callers(""))
        assert [expected] == list(floor.offered)
        assert {"urgency": 9, "arrival_order": 0, "last_in_first_out": 0}[price] == floor.decisions[expected].best[0].class_rank
