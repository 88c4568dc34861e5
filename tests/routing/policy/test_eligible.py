"""The first half of a match: a block in slices, blocks together, and one interaction priced once."""

import numpy as np
import pytest

from routing.policy import eligible as module
from routing.policy.eligible import Eligible, find_eligible
from routing.policy.pipeline import Block, Policy
from routing.policy.registry import default_registry
from tests.builders import a_policy, an_interaction
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers

POLICY = a_policy(scorers="skill_fit:1000 longest_idle:3", match_interval_ms=1_000_000)


def a_full_floor() -> tuple[Floor, Policy]:
    """Seven interactions and five agents while a window is open: 15 pairs are eligible."""
    floor = a_floor(a_phone_site(policy=POLICY), *callers("x:9", "x:4 y:2", "y:8", "", "x:1 y:1"))
    floor.enqueue(*(an_interaction(f"i{number}", needs=("x>=2", "y>=1", "z>=1", "")[number % 4], credit_ms=number) for number in range(7)))
    return floor, default_registry().build(POLICY)


def told(found: Eligible) -> list[tuple[int, ...]]:
    """Every pair with all that is known of it."""
    problem = found.problem
    fields = (problem.interactions, problem.agents, problem.class_rank, problem.urgency, problem.cost, problem.value, problem.aged_from)
    rest = (problem.enqueued, problem.idle_since, problem.registered, *(term for _, term in found.terms))
    return sorted(zip(*(array.tolist() for array in (*fields, *rest)), strict=True))


@pytest.mark.parametrize("cells", [1, 5, 9, 10, 1_000])
def test_slices_of_a_block_are_the_block(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    """However little fits at once, the pairs, their prices and the counts of those excluded are the same."""
    floor, policy = a_full_floor()
    columns = floor.columns()
    whole = find_eligible(policy, (Block(columns, np.arange(7), None, floor.now),), floor.now)
    assert 15 == len(whole.problem)
    monkeypatch.setattr(module, "_CELLS_MAX", cells)
    sliced = find_eligible(policy, (Block(columns, np.arange(7), None, floor.now),), floor.now)
    assert told(whole) == told(sliced)
    assert whole.excluded == sliced.excluded


def test_blocks_together_are_the_whole() -> None:
    """Some rows against all agents and the others against each agent: the same pairs, the same counts."""
    floor, policy = a_full_floor()
    columns = floor.columns()
    whole = find_eligible(policy, (Block(columns, np.arange(7), None, floor.now),), floor.now)
    blocks = (
        Block(columns, np.array([2, 0]), None, floor.now),
        Block(columns, np.array([1, 3, 4, 5, 6]), np.array([4, 0, 2, 1, 3]), floor.now),
    )
    parts = find_eligible(policy, blocks, floor.now)
    assert told(whole) == told(parts)
    assert whole.excluded == parts.excluded


def test_one_interaction_is_priced_like_any_other() -> None:
    """The short cut for a single row gives what the columns give."""
    floor, policy = a_full_floor()
    columns = floor.columns()
    whole = told(find_eligible(policy, (Block(columns, np.arange(7), None, floor.now),), floor.now))
    single = [
        pair for row in range(7) for pair in told(find_eligible(policy, (Block(columns, np.array([row]), None, floor.now),), floor.now))
    ]
    assert whole == sorted(single)


def test_a_part_keeps_what_belongs_together() -> None:
    """Pairs, prices and terms are cut alike."""
    floor, policy = a_full_floor()
    whole = find_eligible(policy, (Block(floor.columns(), np.arange(7), None, floor.now),), floor.now)
    part = whole.part(np.array([3, 1]))
    assert sorted([told_one(whole, 1), told_one(whole, 3)]) == told(part)
    assert part.pairs.waiting.tolist() == part.problem.interactions.tolist()
    assert part.pairs.agents.tolist() == part.problem.agents.tolist()


def told_one(found: Eligible, index: int) -> tuple[int, ...]:
    """One pair with all that is known of it."""
    (pair,) = told(found.part(np.array([index])))
    return pair


def test_nobody_is_nobody() -> None:
    """Without agents, and without eligible ones: no pairs and no terms, and the counts say why."""
    floor = a_floor(a_phone_site(policy=POLICY))
    floor.enqueue(an_interaction("i1", needs="x>=1"))
    policy = default_registry().build(POLICY)
    nothing = find_eligible(policy, (Block(floor.columns(), np.array([0]), None, floor.now),), floor.now)
    assert (0, ()) == (len(nothing.problem), nothing.terms)
    assert {0} == set(dict(nothing.excluded).values())
    floor.staff(*callers("y:1", "y:2"))
    nothing = find_eligible(policy, (Block(floor.columns(), np.array([0]), None, floor.now),), floor.now)
    assert 0 == len(nothing.problem)
    assert 2 == dict(nothing.excluded)["skill"]
