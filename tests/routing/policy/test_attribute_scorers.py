"""Scorers by the agents' own attributes, by the share of preferences met, and by chance."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from routing.core.commands import AbandonInteraction
from routing.model.requirement import AttributeValue
from routing.model.site import PolicySpec, WeightedScorer
from routing.policy.attribute_scorers import RANDOM_BITS
from routing.policy.columns import Columns
from routing.policy.errors import BadPolicy
from routing.policy.pipeline import Pairs
from routing.policy.registry import default_registry
from tests.builders import a_policy, a_queue, a_rule, an_interaction
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers

RING_ALL = [a_queue(name, max_live_offers=100, missed_threshold=0, wrap_up_limit_ms=0) for name in ("main", "other")]
RULES = [a_rule("other", queue="other", when="type=other"), a_rule()]


def a_policy_with(name: str, parameters: Mapping[str, AttributeValue] | None = None, weight_ms: int = 1) -> PolicySpec:
    """A policy of one scorer with parameters."""
    return replace(a_policy(), scorers=(WeightedScorer(name=name, weight_ms=weight_ms, parameters=parameters),))


def order(floor: Floor, name: str = "i1", **interaction: Any) -> str:
    """Everybody is rung in the order of preference."""
    floor.enqueue(an_interaction(name, **interaction))
    return " ".join(floor.offered[name])


def ring_all(policy: PolicySpec, *skills: str) -> Floor:
    """A floor where an arrival rings at everybody, best first."""
    return a_floor(a_phone_site(policy=policy, queues=RING_ALL, rules=RULES), *callers(*skills))


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"order_by": "finance asc, support asc"}, "a2 a1 a3 a4 a5"),
        ({"order_by": "finance asc, support desc"}, "a1 a2 a3 a4 a5"),
        ({"order_by": "finance desc, support"}, "a3 a2 a1 a4 a5"),
        ({"order_by": "finance DESC", "missing": "first"}, "a4 a5 a3 a1 a2"),
        ({"order_by": "support", "highest": 7}, "a2 a1 a3 a4 a5"),
    ],
)
def test_attributes_order_agents_by_several_keys(parameters: dict[str, AttributeValue], expected: str) -> None:
    """(10, 8), (10, 5), (20, 9), a symbol and nothing: the last two are without the number, and come last or first as a group."""
    skills = ("finance:10 support:8", "finance:10 support:5", "finance:20 support:9", "finance:yes", "")
    assert expected == order(ring_all(a_policy_with("attribute_order", parameters), *skills))


def test_an_order_is_exact_at_both_ends() -> None:
    """A unit of the first key outweighs the whole of the second; below 0 and above the highest count as the nearest."""
    parameters: dict[str, AttributeValue] = {"order_by": "p asc, q asc", "highest": 9}
    skills = ("p:1 q:-5", "p:0 q:90", "p:0 q:9", "p:0 q:0", "p:0")
    assert "a4 a2 a3 a5 a1" == order(ring_all(a_policy_with("attribute_order", parameters), *skills))


def test_a_number_may_be_of_the_queue() -> None:
    """`{queue}` is the interaction's own; an agent may be first here and last there."""
    floor = ring_all(a_policy_with("attribute_order"), "penalty.main:1 penalty.other:2", "penalty.main:2 penalty.other:1")
    assert "a1 a2" == order(floor, "here")
    floor.do(AbandonInteraction(interaction_id="here"))
    assert "a2 a1" == order(floor, "there", type="other")


def test_pairs_of_several_queues_are_priced_together() -> None:
    """Two callers of two queues and two agents become free in one step: each goes where their number is lower."""
    policy = replace(a_policy_with("attribute_order", weight_ms=60_000), match_interval_ms=1_000)
    skills = ("penalty.main:9 penalty.other:1", "penalty.main:1 penalty.other:9")
    site = a_phone_site(policy=policy, queues=[a_queue(name) for name in ("main", "other")], rules=RULES)
    floor = a_floor(site, *callers(*skills))
    floor.wait(1_000)
    floor.enqueue(an_interaction("one"), an_interaction("two", type="other"))
    floor.wait(1_000)
    assert {"one": ["a2"], "two": ["a1"]} == floor.offered


@pytest.mark.parametrize(
    ("name", "parameters", "text"),
    [
        ("attribute_order", {"order_by": ""}, "order_by ''"),
        ("attribute_order", {"order_by": "a up"}, "asc or desc"),
        ("attribute_order", {"order_by": "a, b, c, d", "highest": 1_000}, "4 keys"),
        ("attribute_order", {"highest": 0}, "highest 0"),
        ("attribute_order", {"missing": "middle"}, "'first' or 'last'"),
        ("attribute_order", {"by": "a"}, "takes order_by, highest, missing"),
        ("attribute_order", {"highest": "ten"}, "must be a whole number"),
        ("random_order", {"seed": "x"}, "must be a whole number"),
        ("percent_allocation", {"attribute": 3}, "must be a text"),
        ("weighted_random", {"highest": -1}, "highest -1"),
        ("load_ratio", {"seed": 3}, "takes no parameters"),
    ],
)
def test_parameters_that_cannot_work_are_refused_by_name(name: str, parameters: dict[str, AttributeValue], text: str) -> None:
    """Before anything is decided with them."""
    with pytest.raises(BadPolicy, match=text):
        default_registry().build(a_policy_with(name, parameters))


def test_scorers_that_could_exceed_where_costs_are_cut_are_refused() -> None:
    """Three keys to a thousand are a billion units: an hour each would be cut, a second each is not."""
    parameters: dict[str, AttributeValue] = {"order_by": "a, b, c"}
    assert default_registry().build(a_policy_with("attribute_order", parameters, 1_000)).scorers
    with pytest.raises(BadPolicy, match="smaller weights"):
        default_registry().build(a_policy_with("attribute_order", parameters, 3_600_000))


def costs(floor: Floor, policy: PolicySpec, *interactions: str) -> dict[str, list[int]]:
    """What each interaction costs with every agent, in the order of their registration."""
    built = default_registry().build(policy)
    columns = Columns.of(floor.router.state, needs=built.needs)
    ((_, _, score),) = built.scorers
    places = np.array([columns.agents.place_of[agent_id] for agent_id in floor.router.state.agents])
    rows = {name: np.full(len(places), columns.waiting.row_of[name]) for name in interactions}
    return {name: score(Pairs(columns, row, places, floor.now)).tolist() for name, row in rows.items()}


def a_floor_that_waits(*skills: str) -> Floor:
    """A floor where nobody may have anything, so that all waits."""
    return a_floor(a_phone_site(rules=[a_rule(needs="rare>=1")]), *callers(*skills))


def test_the_share_of_unmet_preferences_counts_symbols_and_differences() -> None:
    """Of four preferences each unmet one is 250 per mille; musts do not count; without preferences all cost nothing."""
    floor = a_floor_that_waits("a:5 b:x", "a:4 b:y c:1", "d:9 a:5 b:x")
    needs = "a>=5:prefer b==x:prefer c!=1:prefer d<=9:prefer e>=1"
    floor.enqueue(an_interaction("picky", needs=needs), an_interaction("plain"))
    expected = {"picky": [250, 1000, 0], "plain": [0, 0, 0]}
    assert expected == costs(floor, a_policy_with("unmet_preferences"), "picky", "plain")


def test_many_requirement_sets_keep_their_shares() -> None:
    """The table of profiles grows beyond its first rows, and with it what is kept for this scorer."""
    floor = a_floor_that_waits(*(f"s{number}:5" for number in range(20)))
    floor.enqueue(*(an_interaction(f"i{number}", needs=f"s{number}>=5:prefer") for number in range(20)))
    found = costs(floor, a_policy_with("unmet_preferences"), *(f"i{number}" for number in range(20)))
    assert {f"i{number}": [0 if agent == number else 1_000 for agent in range(20)] for number in range(20)} == found


def test_chance_is_the_same_in_every_replay_and_another_with_another_seed() -> None:
    """Over two hundred arrivals each of four agents comes first about equally often."""
    floor = a_floor_that_waits("", "", "", "")
    names = [f"i{number}" for number in range(200)]
    floor.enqueue(*map(an_interaction, names))

    def drawn(seed: int) -> dict[str, list[int]]:
        return costs(floor, a_policy_with("random_order", {"seed": seed}), *names)

    one = drawn(1)
    assert one == drawn(1)
    assert one != drawn(2)
    assert all(0 <= cost < 1 << RANDOM_BITS for row in one.values() for cost in row)
    firsts = [row.index(min(row)) for row in one.values()]
    assert all(30 <= firsts.count(agent) <= 70 for agent in range(4)), firsts


def test_a_higher_penalty_is_likely_and_not_certain_to_come_later() -> None:
    """Against penalty 0 a penalty of 3 comes first about one time in eight; a symbol is no penalty."""
    floor = a_floor_that_waits("penalty.main:3", "penalty.main:none")
    names = [f"i{number}" for number in range(400)]
    floor.enqueue(*map(an_interaction, names))
    found = costs(floor, a_policy_with("weighted_random"), *names).values()
    assert 25 <= sum(mine < its for mine, its in found) <= 75
    assert max(mine for mine, _ in found) > 1_000 > max(its for _, its in found)
