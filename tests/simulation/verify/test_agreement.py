"""The world and the recursion, which knows no router, agree on every customer of every kind of line."""

import pytest

from simulation.verify.cases import Case, all_cases
from simulation.verify.kinds import KINDS
from simulation.verify.trial import Job, Role, carry_out

LINES = [case for case in all_cases() if case.simulation is not None and KINDS[case.kind].is_line]
ONE_OF_EACH = [
    next(case for case in LINES if case.id == name)
    for name in (
        "erlang-b-01",
        "erlang-c-01",
        "erlang-a-03",
        "mmn-g-01",
        "erlang-a-balk-01",
        "mmck-01",
        "mg1-01",
        "gim1-01",
        "transient-01",
    )
]


def test_every_kind_of_line_is_compared() -> None:
    """A new kind comes with a comparison."""
    assert {case.kind for case in LINES} - {case.kind for case in ONE_OF_EACH} == {"fewest agents", "any work, from empty"}


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=lambda case: case.id)
def test_the_world_does_what_the_recursion_does(case: Case) -> None:
    """Every wait and outcome, and every figure as the measures of the project have it, occupancy included, to the millisecond."""
    done = carry_out(Job(case=case, setting=case.settings[-1], role=Role.AGREE, seed=7))
    assert done.differences == ()
    assert done.customers > 500
