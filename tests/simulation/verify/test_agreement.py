"""The world and what stands in for it, which knows no router, agree on every customer of every kind of system."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.verify.cases import Case, all_cases, chosen_cases
from simulation.verify.kinds import KINDS
from simulation.verify.plain import Pairing, plain
from simulation.verify.recursion import recursion
from simulation.verify.trial import Carrier, Job, Role, carrier_of, carry_out, model_of

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


LOOPS = {
    "w-model-priority0_reserve1": 1_000,
    "fcfs-alis-N": 600,
    "sim-wallace-whitt": 1_000,
    "ww-dedicated-84": 1_000,
    "peer-staffing-01": 600,
    "cmu-01": 600,
    "prio-04": 600,
    "v-model-01": 600,
    "nhpp-day-01": 1_700,
    "crn-01": 1_700,
    "mt-01": 1_000,
    "sim-simplemsk": 5_200,
    "slow-server-01": 600,
    "blend-01": 600,
}
"""A case of every kind that the plain loop carries, and how many customers are compared; a day is compared as a whole."""


def test_every_kind_that_the_loop_carries_is_compared() -> None:
    """A new kind comes with a comparison; of the two speeds the last setting is a draw by lot, which only the router makes."""
    carried = {
        case.kind
        for case in all_cases()
        if case.simulation is not None and any(carrier_of(case, setting) is Carrier.LOOP for setting in case.settings)
    }
    assert carried - {case.kind for case in chosen_cases(list(LOOPS))} == {"two speeds"}


@pytest.mark.parametrize("case_id", LOOPS)
def test_the_world_does_what_the_loop_does(case_id: str) -> None:
    """Every wait and outcome, and every figure, to the millisecond; and by whom, where nobody comes who was not expected."""
    (case,) = chosen_cases([case_id])
    assert case.simulation is not None
    case = replace(case, simulation=replace(case.simulation, agreeing=LOOPS[case_id]))
    done = carry_out(Job(case=case, setting=case.settings[-1], role=Role.AGREE, seed=7))
    assert done.differences == ()
    assert done.customers > 400


def test_the_loop_does_what_the_recursion_does() -> None:
    """Like agents before one line: two programs without a router, written differently."""
    (case,) = chosen_cases(["mmn-g-03"])
    model = model_of(case, case.settings[0])
    (by_recursion,) = recursion(model, seed=5, replications=range(1))
    by_loop = plain(model, Pairing(), seed=5, replication=0)
    assert np.array_equal(by_loop.wait_ms, by_recursion.wait_ms)
    assert np.array_equal(by_loop.is_answered, by_recursion.is_answered)


def test_the_loop_refuses_what_it_does_not_know() -> None:
    """A limit on the waiting, chats side by side and customers who come again; and customers who leave, where lines are counted."""
    for case_id in ("mmck-01", "chat-01", "redial-01", "fcr-01"):
        (case,) = chosen_cases([case_id])
        with pytest.raises(ValueError, match="does not know"):
            plain(model_of(case, case.settings[0]), Pairing(), seed=1, replication=0)
    (case,), (lined,) = chosen_cases(["mmn-g-03"]), chosen_cases(["ww-dedicated-84"])
    habits = model_of(lined, lined.settings[0]).habits
    with pytest.raises(ValueError, match="does not know"):
        plain(replace(model_of(case, case.settings[0]), habits=habits), Pairing(), seed=1, replication=0)
