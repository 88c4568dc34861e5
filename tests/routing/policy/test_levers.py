"""What would have put another agent first: each lever turns the order, and half of it does not."""

from hypothesis import given
from hypothesis import strategies as st

from routing.policy.levers import IDLE_TIME, Lever, Rival, levers

WEIGHTS = {
    "load_ratio": 60,
    "skill_fit": 1_000,
    "longest_idle": 7,
    "fewest_skills": 20_000,
    "preferred_agent": 500,
    "own_part": 3,
    "none": 0,
}
NOW = 10_000_000
LOWEST = {"load_ratio": 0, "skill_fit": 0, "longest_idle": 0, "fewest_skills": 2, "preferred_agent": -100}
HIGHEST = {"load_ratio": 1_000, "longest_idle": 3_600}


def a_rival(agent_id: str, units: dict[str, int], *, idle_since: int = 0, sequence: int = 1) -> Rival:
    """An agent whose scorers say so many units."""
    terms = tuple((part, units.get(part, 0) * weight) for part, weight in WEIGHTS.items())
    return Rival(agent_id, sum(value for _, value in terms), terms, idle_since, sequence)


def units_of(rival: Rival) -> dict[str, int]:
    """What its scorers say."""
    return {part: value // WEIGHTS[part] for part, value in rival.terms if WEIGHTS[part]}


def pulled(rival: Rival, part: str, units: int) -> Rival:
    """The rival as they would be with so many units of one part; idleness also moves the instant since which they are idle."""
    held = units_of(rival)
    idle_since = rival.idle_since - (held.get(part, 0) - units) * 1_000 if part == "longest_idle" else rival.idle_since
    return replace_units(rival, {**held, part: units}, idle_since)


def replace_units(rival: Rival, units: dict[str, int], idle_since: int) -> Rival:
    """The rival with other units."""
    return a_rival(rival.agent_id, units, idle_since=idle_since, sequence=rival.sequence)


def turns(lever: Lever, first: Rival, other: Rival, *, short_by: int = 0) -> bool:
    """Whether `other` goes first once the lever is pulled, or pulled but for so many units."""
    if lever.part == IDLE_TIME:
        return other._replace(idle_since=NOW - lever.needed + short_by).order < first.order
    if lever.agent_id == other.agent_id:
        return pulled(other, lever.part, lever.needed + short_by).order < first.order
    return other.order < pulled(first, lever.part, lever.needed - short_by).order


SOME_UNITS = st.fixed_dictionaries(
    {
        "load_ratio": st.integers(0, 1_000),
        "skill_fit": st.integers(0, 20),
        "longest_idle": st.integers(0, 3_600),
        "fewest_skills": st.integers(2, 8),
        "preferred_agent": st.integers(-100, 0),
        "own_part": st.integers(-50, 50),
    }
)


@given(SOME_UNITS, SOME_UNITS, st.integers(0, 5_000), st.integers(0, 5_000), st.booleans())
def test_every_lever_turns_the_order_and_nothing_less_does(
    one: dict[str, int], two: dict[str, int], idle_one: int, idle_two: int, is_earlier: bool
) -> None:
    """With the unit that is missing the runner-up is first; a unit less, and the order stays. No lever asks for what cannot be."""
    pair = (
        a_rival("ann", one, idle_since=idle_one, sequence=1 if is_earlier else 2),
        a_rival("bob", two, idle_since=idle_two, sequence=2 if is_earlier else 1),
    )
    first, other = sorted(pair, key=lambda rival: rival.order)
    for lever in levers(first, other, tuple(WEIGHTS.values()), NOW, least_skills=2):
        assert turns(lever, first, other)
        assert not turns(lever, first, other, short_by=1)
        if lever.agent_id == other.agent_id and lever.part != IDLE_TIME:
            assert lever.needed >= LOWEST.get(lever.part, lever.needed)
        if lever.agent_id == first.agent_id:
            assert lever.needed <= HIGHEST[lever.part]


def test_equal_cost_is_a_matter_of_idle_time() -> None:
    """And, where that is equal, too, of a millisecond more of it, because the other was registered first."""
    ann, bob = a_rival("ann", {}, idle_since=NOW - 9_000), a_rival("bob", {}, idle_since=NOW - 4_000, sequence=2)
    assert Lever(agent_id="bob", part=IDLE_TIME, now=4_000, needed=9_001) in levers(ann, bob, tuple(WEIGHTS.values()), NOW, 0)
    late = ann._replace(sequence=3)
    assert Lever(agent_id="bob", part=IDLE_TIME, now=4_000, needed=9_000) in levers(late, bob, tuple(WEIGHTS.values()), NOW, 0)


def test_where_idleness_does_not_count_it_cannot_turn_anything() -> None:
    """Under such a clock equal cost is a matter of registration, which nobody can wish otherwise."""
    ann, bob = a_rival("ann", {}), a_rival("bob", {}, sequence=2)
    assert IDLE_TIME not in {lever.part for lever in levers(ann, bob, tuple(WEIGHTS.values()), None, 0)}


def test_where_the_runner_up_cannot_change_enough_the_first_may() -> None:
    """Nobody has less than nothing in use; then it is told how much the first would have to have."""
    ann, bob = a_rival("ann", {"load_ratio": 100}), a_rival("bob", {"skill_fit": 30}, sequence=2)
    found = {lever.part: lever for lever in levers(ann, bob, tuple(WEIGHTS.values()), NOW, 0)}
    assert found["load_ratio"] == Lever(agent_id="ann", part="load_ratio", now=100, needed=501)
    assert "fewest_skills" not in found


def test_a_cost_that_was_cut_has_no_levers() -> None:
    """The terms no longer add up to what decided."""
    ann, bob = a_rival("ann", {}), a_rival("bob", {"skill_fit": 3}, sequence=2)
    assert levers(ann, bob._replace(cost=bob.cost - 1), tuple(WEIGHTS.values()), NOW, 0) == ()
    assert levers(ann, bob, tuple(WEIGHTS.values()), NOW, 0) != ()
