"""Requirement profiles: kept per distinct set, evaluated in columns, and always what the requirement itself says."""

import numpy as np
import pytest

from routing.core.commands import AbandonInteraction, PutAgents, RemoveAgents
from routing.model.requirement import Operator, Requirement, RequirementKind
from routing.policy import profiles as profiles_module
from routing.policy.columns import Columns
from routing.policy.profiles import AnyOf, Profiles
from tests.builders import an_interaction
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers


def fresh(floor: Floor) -> Columns:
    """The engine's own columns, brought up to date as before a match."""
    columns = floor.router._columns_in_force()
    columns.refresh_waiting(floor.router.state)
    columns.refresh_agents(floor.router.state)
    return columns


OPERATORS = [*Operator]


def a_random_need(rng: np.random.Generator) -> Requirement:
    """Any comparison that a site may contain."""
    operator = OPERATORS[rng.integers(4)]
    is_symbol = operator in (Operator.EQUAL, Operator.NOT_EQUAL) and rng.random() < 0.5
    number = int(rng.choice([-1_000_000, -3, 0, 4, 5, 1_000_000]))
    others: tuple[int | str, ...] = (f"v{rng.integers(4)}", 5, "nobody has it") if operator is Operator.EQUAL else ()
    return Requirement(
        attribute=f"k{rng.integers(4)}",
        operator=operator,
        value=f"v{rng.integers(4)}" if is_symbol else number,
        kind=list(RequirementKind)[rng.integers(3)],
        alternatives=others[: rng.integers(4)],
    )


def test_profiles_agree_with_the_requirement_itself() -> None:
    """Every operator on numbers, symbols and absent attributes, on 400 random sets against 60 random agents who then change."""
    rng = np.random.default_rng(5)

    def skills() -> str:
        held = {f"k{key}": rng.choice(["v0", "v1", "v2", "4", "5", "-3", "1000000", "-1000000"]) for key in rng.integers(0, 4, size=3)}
        return " ".join(f"{key}:{value}" for key, value in held.items())

    floor = a_floor(a_phone_site(), *callers(*(skills() for _ in range(60))))
    sets = [tuple(a_random_need(rng) for _ in range(rng.integers(0, 4))) for _ in range(400)]
    columns = fresh(floor)
    numbers = [columns.profiles.number_of(needs) for needs in sets]
    for _ in range(2):
        columns = fresh(floor)
        for needs, number in zip(sets, numbers, strict=True):
            for agent_id, row in floor.router.state.agents.items():
                place, held = columns.agents.place_of[agent_id], row.agent.attributes
                levels = [held.get(need.attribute, 0) for need in needs if isinstance(need.value, int)]
                short = sum(min(10, max(0, 10 - level)) if isinstance(level, int) else 10 for level in levels)
                assert all(need.is_met_by(held) for need in needs if need.is_hard) == columns.profiles.allowed[number, place]
                assert short == columns.profiles.shortfall[number, place]
        floor.do(PutAgents(agents=tuple(callers(*(skills() for _ in range(60))))))


def test_a_changed_skill_asks_only_the_profiles_that_mention_it() -> None:
    """The others keep what they knew: one that is spoilt on purpose stays so, until somebody else takes the place."""
    floor = a_floor(a_phone_site(), *callers("sales:5 english:5", "sales:5 english:5"))
    columns = fresh(floor)
    sales, english = (columns.profiles.number_of(an_interaction(needs=need).requirements) for need in ("sales>=3", "english>=3"))
    columns.profiles.allowed[english] = False
    floor.do(PutAgents(agents=tuple(callers("sales:2 english:5"))))
    allowed = fresh(floor).profiles.allowed
    assert ([False, True], [False, False]) == (allowed[sales, :2].tolist(), allowed[english, :2].tolist())
    floor.do(RemoveAgents(agent_ids=("a1",)))
    allowed = fresh(floor).profiles.allowed
    assert (True, True) == (allowed[sales, 0], allowed[english, 0])


def test_requirement_sets_no_longer_in_use_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Platforms choose requirements freely: the table is rebuilt from those in use, and keeps room for as many again."""
    monkeypatch.setattr(profiles_module, "_PROFILES_MIN", 4)
    floor = a_floor(a_phone_site(), *callers("sales:5"))
    floor.enqueue(*(an_interaction(f"i{number}", needs=f"sales>={number + 6}") for number in range(10)))
    for number in range(9):
        floor.do(AbandonInteraction(interaction_id=f"i{number}"))
    floor.enqueue(*(an_interaction(f"j{number}", needs=f"sales>={number + 16}") for number in range(12)))
    assert len(fresh(floor).profiles._index) <= 20
    for number in range(12):
        floor.do(AbandonInteraction(interaction_id=f"j{number}"))
        floor.enqueue(an_interaction(f"k{number}", needs=f"sales>={number + 28}"))
        floor.do(AbandonInteraction(interaction_id=f"k{number}"))
    floor.enqueue(an_interaction("last", needs="sales>=5"))
    assert {"last": ["a1"]} == floor.offered
    assert len(fresh(floor).profiles._index) <= 8


def test_of_several_sets_the_first_that_is_met_counts() -> None:
    """Allowed is who meets any; the figures are those of the first set met, or of the first of all."""
    rng = np.random.default_rng(7)

    def skills() -> str:
        return " ".join(f"k{key}:{rng.choice(['v0', 'v1', '4', '5'])}" for key in rng.integers(0, 4, size=3))

    floor = a_floor(a_phone_site(), *callers(*(skills() for _ in range(40))))
    groups = [AnyOf(tuple(tuple(a_random_need(rng) for _ in range(rng.integers(0, 3))) for _ in range(3))) for _ in range(100)]
    columns = fresh(floor)
    profiles = Profiles(columns.agents, needs_unmet=True)
    plain = [[profiles.number_of(needs) for needs in group.sets] for group in groups]
    numbers = [profiles.number_of(group) for group in groups]
    for number, of_sets in zip(numbers, plain, strict=True):
        for place in range(columns.agents.count):
            first = next((one for one in of_sets if profiles.allowed[one, place]), of_sets[0])
            for column in (profiles.allowed, profiles.shortfall, profiles.unmet):
                assert column[number, place] == column[first, place]
