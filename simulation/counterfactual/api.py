"""The Python interface of counterfactuals: what `careroute counterfactual` does, as a function with the same result."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from routing.config.errors import ConfigError
from routing.model.time import Duration
from simulation import api
from simulation.arguments import nobody
from simulation.counterfactual.study import Counterfactual, study
from simulation.coverage import check_covered, check_within_horizon
from simulation.demand import ReplayedLog
from simulation.recorded import read_log
from simulation.scenario import Scenario
from simulation.scenario_file import load_scenario
from simulation.workers import Crew


def counterfactual(
    log: Path | str,
    *,
    scenario: Path | str | Scenario,
    policies: Sequence[str],
    rosters: Sequence[str] | None = None,
    imputations: int = 20,
    fit_to: Path | str | None = None,
    redials_within_ms: Duration | None = None,
    seed: int | None = None,
    workers: int = 1,
    crew: Crew | None = None,
    on_done: Callable[[], None] = nobody,
) -> Counterfactual:
    """The recorded day of a log under policies and rosters of a scenario, the first of which is the baseline.

    The scenario gives site, rosters, horizon and what behaviour the log does not tell; its demand is replaced. `fit_to` names a longer log
    to fit patience and handling to; by default the day speaks for itself. `redials_within_ms` is as for `simulation.api.replay`.

    Raises:
        ConfigError: a file, a name or a number cannot be used, or the log does not tell waits and handling.
    """
    recorded = read_log(Path(log))
    demand = ReplayedLog(log=recorded.interactions, name=recorded.name)
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(Path(scenario), demand=demand)
    check_within_horizon(loaded, recorded.interactions, Path(log))
    day = replace(loaded, demand=demand, backlog=(), notes=(), seed=loaded.seed if seed is None else seed)
    check_covered(day, Path(log))
    if workers < 1:
        raise ConfigError("is less than 1", key="workers", value=workers, remedy="Write a whole number from 1 on.")
    return study(
        recorded,
        day,
        api.arms_named(day, policies, rosters),
        imputations=imputations,
        fitted_to=None if fit_to is None else read_log(Path(fit_to)),
        redials_within_ms=redials_within_ms,
        workers=workers,
        crew=crew,
        on_done=on_done,
    )
