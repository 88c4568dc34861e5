"""A day of a known world is recorded under one policy and roster, and asked what it would have been under others; the truth is the same
day, with the same customers, simulated under those.

The truth is that one day, not an expectation: what its customers would have tolerated and taken is known to the world and not to its log.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.recovery.tally import Tally
from simulation.api import arms_named
from simulation.arguments import nobody
from simulation.counterfactual.study import headline, study
from simulation.demand import ReplayedLog
from simulation.experiment import Experiment, run_experiment
from simulation.kpis.registry import MEASURES
from simulation.recorded import read_log
from simulation.scenario import Arm, Scenario
from simulation.scenario_file import load_scenario
from simulation.statistics import replicate

IMPUTATIONS = 20
ASKED = ("service_level", "asa_s", "wait_p90_s", "abandonment")
"""The measures that are asked about."""
LIVE, OTHERS = ("longest-idle", "planned"), (("skills-priority", "planned"), ("longest-idle", "leaner"))
"""The policy and roster of the record, and those that are asked about."""
WORLD = Path(__file__).resolve().parents[1] / "workloads" / "recovery-scenario.toml"


def repeat(number: int, tally: Tally) -> None:
    """One day of the world, with luck of its own."""
    world = replace(load_scenario(WORLD), seed=number)
    live, *others = (arms_named(world, [policy], [roster])[0] for policy, roster in (LIVE, *OTHERS))
    others = [replace(arm, name=f"{arm.name} @ {arm.roster}") for arm in others]
    truth = _truth(world, tuple(others))
    with tempfile.TemporaryDirectory(prefix="careroute-recovery-") as folder:
        recorded = Experiment(scenario=world, arms=(live,), replications=1, logs_folder=Path(folder))
        run_experiment(recorded, workers=1, on_done=nobody)
        log = read_log(next(Path(folder).iterdir()))
    # The asked-for day is another experiment with another seed: nothing of the world's luck comes in but by the log.
    asked = replace(world, seed=number + 1_000_000, demand=ReplayedLog(log=log.interactions, name=log.name))
    found = study(log, asked, tuple(others), imputations=IMPUTATIONS, on_done=nobody)
    for arm in others:
        for name in ASKED:
            interval = found.values[arm.name][name]
            if interval is None or interval.low is None or interval.high is None:
                raise RuntimeError(f"{arm.name} has no interval for {name}")
            held = interval.low <= truth[arm.name][name] <= interval.high
            tally.count(f"{arm.name}: {name}", held=held, half_width=(interval.high - interval.low) / 2)


def _truth(world: Scenario, arms: tuple[Arm, ...]) -> Mapping[str, Mapping[str, float]]:
    """The measures of the day under each arm."""
    result = run_experiment(Experiment(scenario=world, arms=arms, replications=1), workers=1, on_done=nobody)[0]
    return {
        arm.name: {name: replicate([headline(table)[name]], MEASURES[name].scale).value or 0.0 for name in ASKED}
        for arm, table in zip(arms, result.tables, strict=True)
    }
