"""The cases: complete, each with a kind that knows its figures, and every one simulated or with a reason."""

from collections import Counter

import pytest

from routing.config.errors import ConfigError
from simulation.verify.cases import Case, Exactness, all_cases, chosen_cases
from simulation.verify.figures import is_figure
from simulation.verify.kinds import KINDS
from simulation.verify.trial import Carrier, Job, Role, carrier_of, carry_out, model_of, simulated_names
from simulation.verify.worked_out import is_worked_out

CASES = all_cases()
SLOW = {"nhpp-day-02", "w-model-optimal"}
"""Worked out in seconds each; the tests of the calculators have them too."""


def test_ids_are_unique_and_so_are_settings() -> None:
    """A case is named by its id, and a setting by its name within the case."""
    assert [one for one, count in Counter(case.id for case in CASES).items() if count > 1] == []
    for case in CASES:
        names = [setting.name for setting in case.settings]
        assert len(names) == len(set(names)), case.id


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_simulated_or_says_why_not(case: Case) -> None:
    """Nothing is left out in silence; a case without figures of its own to simulate goes through the router or has a reason."""
    kind = KINDS[case.kind]
    is_simulated = case.simulation is not None
    assert is_simulated + bool(case.reason) + (kind.route is not None) == 1
    for setting in case.settings:
        if is_simulated:
            assert simulated_names(setting)
            assert model_of(case, setting).horizon_ms > 0
        assert case.exactness is Exactness.PUBLISHED or kind.calculate is not None or kind.route is not None


@pytest.mark.parametrize("case", [case for case in CASES if case.id not in SLOW], ids=lambda case: case.id)
def test_every_figure_is_checked_by_something(case: Case) -> None:
    """A figure that is expected is worked out, or measured in a run, or both."""
    kind = KINDS[case.kind]
    for setting in case.settings[:1]:
        found: set[str] = set()
        if kind.calculate is not None:
            found |= set(carry_out(Job(case=case, setting=setting, role=Role.CALCULATE)).figures)
        for name in setting.expected:
            is_measured = is_figure(name.removeprefix("difference of ")) and case.simulation is not None
            assert name in found or is_measured or kind.route is not None or case.reason, f"{case.id}: {name}"


def test_the_bounds_are_those_of_the_optimum() -> None:
    """The three rules are held against what the case of the optimum says, both ways of counting."""
    (best,) = chosen_cases(["w-model-optimal"])
    least = {name.replace("least_", "at best "): value for name, value in best.settings[0].expected.items()}
    for case in chosen_cases(["w-model-priority_class0", "w-model-priority_class1", "w-model-priority0_reserve1"]):
        assert case.settings[0].at_least == least


def test_what_a_run_measures_can_be_worked_out_beside_it() -> None:
    """A figure that a stand-in carries has a formula of its own."""
    for case in CASES:
        for setting in case.settings:
            if case.simulation is not None and carrier_of(case, setting) is not Carrier.ROUTER:
                assert [name for name in simulated_names(setting) if not is_worked_out(name)] == []


def test_an_unknown_case_is_refused_with_the_nearest() -> None:
    """A typing error names what it may have meant."""
    with pytest.raises(ConfigError) as caught:
        chosen_cases(["erlang-c-1"])
    assert "erlang-c-01" in str(caught.value.remedy)
