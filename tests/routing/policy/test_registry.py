"""The registry: names to parts, policies of one's own, and what is refused."""

import dataclasses

import numpy as np
import pytest

from routing.core.commands import ApplySite
from routing.core.errors import CommandRefused, RefusalReason
from routing.model.site import PolicySpec
from routing.policy.arrays import BoolArray, IntArray
from routing.policy.assigners.problem import Matching, Problem
from routing.policy.pipeline import Block, Pairs
from routing.policy.presets.builtin import ALWAYS, BUILTIN, FILTERS
from routing.policy.registry import WEIGHT_MS_MAX, BadPolicy, PolicyRegistry, UnknownPart, default_registry
from routing.policy.wait_prices import WaitPrice
from tests.builders import a_policy, an_interaction
from tests.routing.policy.floor import a_floor, a_phone_site, callers


def test_every_built_in_policy_can_be_built() -> None:
    """Under the names that a command line may use."""
    registry = default_registry()
    assert ("balanced", "least-cost", "longest-idle", "skills-priority") == registry.names()
    for spec in BUILTIN:
        assert spec is registry.spec(spec.name)
        policy = registry.build(spec)
        assert spec is policy.spec
        assert [*spec.filters, *ALWAYS] == [name for name, _ in policy.filters]
        assert [(item.name, item.weight_ms) for item in spec.scorers] == [(name, weight.item()) for name, weight, _ in policy.scorers]


def test_least_cost_states_its_window() -> None:
    """The batch policy decides jointly after one second, the others at once and greedily."""
    assert {"least-cost": ("min_cost_flow", 1_000)} == {
        spec.name: (spec.assigner, spec.match_interval_ms) for spec in BUILTIN if (spec.assigner, spec.match_interval_ms) != ("greedy", 0)
    }


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("filter", a_policy(filters=(*FILTERS, "prescence"))),
        ("scorer", a_policy(scorers="skillfit:1")),
        ("assigner", a_policy(assigner="hungarian")),
    ],
)
def test_an_unknown_part_is_named_with_the_known_ones(kind: str, spec: PolicySpec) -> None:
    """So that whoever reports it can list the nearest."""
    registry = default_registry()
    with pytest.raises(UnknownPart) as refused:
        registry.build(spec)
    known = {"filter": registry.filter_names(), "scorer": registry.scorer_names(), "assigner": registry.assigner_names()}[kind]
    assert (kind, known) == (refused.value.kind, refused.value.known)
    assert refused.value.name in ("prescence", "skillfit", "hungarian")
    with pytest.raises(UnknownPart, match="policy 'best' is not one of: balanced, least-cost, longest-idle, skills-priority"):
        registry.spec("best")


@pytest.mark.parametrize("weight_ms", [-1, WEIGHT_MS_MAX + 1])
def test_a_weight_outside_a_day_is_refused(weight_ms: int) -> None:
    """A negative weight would turn a scorer round, a huge one leave 64 bits."""
    with pytest.raises(BadPolicy, match=f"scorer 'skill_fit' has weight {weight_ms} ms"):
        default_registry().build(a_policy(scorers=f"skill_fit:{weight_ms}"))


@pytest.mark.parametrize("name", FILTERS)
def test_none_of_the_five_filters_may_be_missing(name: str) -> None:
    """Without one of them an agent would be offered what they cannot take, or nobody anything."""
    with pytest.raises(BadPolicy, match=f"leaves out {name};"):
        default_registry().build(a_policy(filters=tuple(kept for kept in FILTERS if kept != name)))


@pytest.mark.parametrize(
    ("reason", "spec"),
    [
        (RefusalReason.UNKNOWN_POLICY, a_policy(assigner="hungarian")),
        (RefusalReason.INVALID_VALUE, a_policy(scorers="skill_fit:-1")),
        (RefusalReason.INVALID_VALUE, a_policy(filters=())),
    ],
)
def test_a_site_with_such_a_policy_is_refused(reason: RefusalReason, spec: PolicySpec) -> None:
    """The router goes on with the site it has."""
    floor = a_floor()
    before = floor.router.state.site
    with pytest.raises(CommandRefused) as refused:
        floor.do(ApplySite(site=a_phone_site(policy=spec)))
    assert (reason, "site.policy") == (refused.value.reason, refused.value.field)
    assert before is floor.router.state.site


def even_numbers_only(block: Block) -> BoolArray:
    """A filter over agents alone: those whose id ends in an even digit."""
    ids = block.columns.agents.ids
    return np.array([int(ids[place][-1]) % 2 == 0 for place in block.places.tolist()])


def last_registered(pairs: Pairs) -> IntArray:
    """A scorer that prefers newcomers."""
    return -pairs.columns.agents.sequence[pairs.agents]


def worst_first(problem: Problem, *, is_work_conserving: bool) -> Matching:
    """An assigner with a taste of its own: one pair a round, the worst."""
    del is_work_conserving
    return Matching(pairs=problem.order()[-1:], made_by="worst_first")


def test_parts_of_ones_own_are_used_like_the_built_in_ones() -> None:
    """A filter, a scorer, an assigner and a policy of a package decide and are named in the record."""
    registry = default_registry()
    registry.add_filter("even", 1, even_numbers_only)
    registry.add_scorer("newest", 1, last_registered)
    registry.add_assigner("worst_first", 1, worst_first)
    spec = a_policy(name="own", filters=(*FILTERS, "even"), scorers="newest:10", assigner="worst_first", match_interval_ms=1_000)
    registry.add_policy(spec)
    assert "own" in registry.names()
    floor = a_floor(a_phone_site(policy=registry.spec("own")), *callers("", "", "", ""), registry=registry)
    floor.wait(1_000)
    floor.enqueue(an_interaction("i1"), an_interaction("i2"))
    floor.wait(1_000)
    assert {"i1": ["a4"], "i2": ["a2"]} == floor.offered
    record = floor.decisions["i2"]
    assert ("worst_first", ("even", 4)) == (record.made_by, record.excluded[-1])
    assert ("exact", (("newest", -40),)) == (floor.decisions["i1"].made_by, floor.decisions["i1"].best[0].terms)


def test_the_hash_follows_content_and_versions() -> None:
    """Equal specifications have equal hashes in every registry; another number or another version of a part has another."""
    spec = a_policy()

    def hash_of(spec: PolicySpec, version: int = 1) -> str:
        registry: PolicyRegistry = default_registry()
        registry.add_scorer("load_ratio", version, last_registered)
        return registry.build(spec).hash

    assert hash_of(spec) == hash_of(a_policy())
    others = {hash_of(spec, version=2), hash_of(a_policy(scorers="load_ratio:999")), hash_of(dataclasses.replace(spec, version=2))}
    assert 3 == len(others - {hash_of(spec)})


def test_a_part_asks_only_for_columns_that_there_are() -> None:
    """A need nobody can fill is refused when the part is registered, and those there are are listed."""
    with pytest.raises(UnknownPart, match="need 'shoe_size' is not one of: accepted"):
        PolicyRegistry().add_scorer("tallest", 1, last_registered, needs=("shoe_size",))


def test_a_policy_names_its_price_of_waiting() -> None:
    """An unknown one is refused by name, a registered one is called, and the default's hash is what it was before there was a choice."""
    registry = default_registry()
    with pytest.raises(UnknownPart, match="wait price 'patience' is not one of: acceleration"):
        registry.build(a_policy(wait_price="patience"))
    registry.add_wait_price("patience", 1, WaitPrice(lambda now, least, terms: 7))
    floor = a_floor(a_phone_site(policy=a_policy(wait_price="patience")), *callers(""), registry=registry)
    floor.enqueue(an_interaction())
    assert 7 == floor.decisions["i1"].urgency
    hashes = {registry.build(a_policy(wait_price=name)).hash for name in ("urgency", "strict", "patience")}
    registry.add_wait_price("urgency", 2, WaitPrice(lambda now, least, terms: 7))
    assert 4 == len(hashes | {registry.build(a_policy()).hash})
