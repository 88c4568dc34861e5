"""What must not pass does not: defects put in on purpose fail through the very code that judges a release."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from routing.model.ids import ChannelId, InteractionId
from simulation.kpis import facts
from simulation.verify import figures, suite, trial
from simulation.verify.cases import Case, chosen_cases
from simulation.verify.model import Model
from simulation.verify.plain import Pairing, plain
from simulation.verify.verdicts import Result, Verdict
from simulation.verify.worked_out import Outcomes
from simulation.workers import crew_of
from simulation.world import lines, world
from simulation.world.driver import Driver, Setting


def verified(case: Case, **simulation: Any) -> list[Result]:
    """The simulated figures of a case under other amounts of simulation, judged as `careroute verify` judges them."""
    assert case.simulation is not None
    smaller = replace(case, simulation=replace(case.simulation, **simulation))
    results = suite.verify([smaller], is_quick=False, crew=crew_of(workers=1), on_done=lambda done, total: None)
    return [result for result in results if result.runs]


def failed(results: Sequence[Result]) -> set[str]:
    """The figures that failed, after two runs each."""
    assert all(len(result.runs) == 2 for result in results if result.verdict is Verdict.FAIL)
    return {result.metric for result in results if result.verdict is Verdict.FAIL}


def case_of(case_id: str) -> Case:
    """One case."""
    (case,) = chosen_cases([case_id])
    return case


def test_abandoners_counted_as_answered_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody answered: the measures no longer say of the same customers what the recursion says."""
    case, small = case_of("mmn-g-03"), {"full": 200, "agreeing": 400, "width_max": 0.2, "width_max_of": {}}
    assert failed(verified(case, **small)) == set()

    def all_answered(*args: Any, **options: Any) -> facts.Facts:
        found = facts.facts_of(*args, **options)
        return replace(found, is_answered=np.ones_like(found.is_answered), outcome=np.ones_like(found.outcome))

    monkeypatch.setattr(figures, "facts_of", all_answered)
    assert failed(verified(case, **small)) == {"abandoned", "wait"}


def test_customers_who_are_not_the_same_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two arms with luck of their own: the ratio of variances falls from a hundred to about one. Three hours of the day are enough."""
    case, name = case_of("crn-01"), "variance ratio of in_time_total"
    (setting, *_) = case.settings
    parameters = {**setting.parameters, "hourly": setting.parameters["hourly"][:3], "agents": setting.parameters["agents"][:3]}
    few = replace(setting, parameters=parameters, published={}, expected={}, at_least={name: 25}, only=("in_time_total",))
    case, small = replace(case, settings=(few,)), {"full": 20, "horizon": 3 * 3_600, "agreeing": 400}
    assert failed(verified(case, **small)) == set()
    monkeypatch.setattr(suite, "LONGER", 1)
    its_world = trial.run_model

    def luck(model: Model, seed: int) -> int:
        (group,) = model.groups
        return seed + 1_000 * group.staff[0]

    def its_own_world(model: Model, *, seed: int, replication: int) -> figures.Seen:
        return its_world(model, seed=luck(model, seed), replication=replication)

    def its_own_loop(model: Model, pairing: Pairing, *, seed: int, replication: int) -> Outcomes:
        return plain(model, pairing, seed=luck(model, seed), replication=replication)

    monkeypatch.setattr(trial, "run_model", its_own_world)
    monkeypatch.setattr("simulation.verify.trial.plain", its_own_loop)
    results = verified(case, **small)
    assert failed(results) == {name}
    assert all("below the least" in result.reason for result in results)


def test_lines_counted_after_the_agents_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call is blocked when every line is taken, also where an agent is free. A world that lets it in then is found out."""
    case, small = case_of("ww-dedicated-84"), {"full": 3, "horizon": 1_000, "agreeing": 2_500, "width_max": 2.0, "width_max_of": {}}
    assert failed(verified(case, **small)) == set()
    (setting,) = case.settings

    class AgentsFirst(lines.Lines):
        def __init__(self, driver: Driver, setting: Setting) -> None:
            super().__init__(driver, setting)
            self.driver, self.setting = driver, setting

        def blocking(self, interaction_id: InteractionId, channel: ChannelId) -> str | None:
            wanted = self.setting.birth_of[interaction_id].interaction.type
            free = [row for row in self.driver.state.agents.values() if wanted in row.agent.attributes and not row.work and not row.offers]
            if not free:
                return super().blocking(interaction_id, channel)
            self._taken["lines"] += 1
            self._call_of[interaction_id] = lines._Call(self._lines_of[channel], {interaction_id})
            return None

    monkeypatch.setattr(world, "Lines", AgentsFirst)
    results = verified(case, **small)
    assert failed(results) == set(setting.expected)
    assert all("blocked of the same customers" in result.reason for result in results)


def test_a_wrong_figure_fails_twice() -> None:
    """An expected figure that is off by a tenth: a miss, then the run with another seed and four times the length."""
    case = case_of("mmck-01")
    (setting,) = case.settings
    wrong = replace(case, settings=(replace(setting, expected={"blocked": setting.expected["blocked"] * 1.1}),))
    (result,) = verified(wrong, full=300, agreeing=200, width_max=0.05)
    assert result.verdict is Verdict.FAIL
    first, second = result.runs
    assert (second.replications, second.seed != first.seed) == (4 * first.replications, True)
    assert "run again with another seed and four times the length" in result.reason
