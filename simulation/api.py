"""The Python interface of the planner: what `careroute compare` does, as a function with the same results."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from routing.config.errors import ConfigError, did_you_mean
from routing.config.plugins import registry_with_plugins
from routing.config.policy import is_path, resolve_policy
from routing.config.presets import group_names, members_of
from routing.model.time import Duration
from simulation import comparison as results
from simulation.arguments import loaded_scenario, nobody, refuse_below
from simulation.comparison import ArmValues
from simulation.coverage import check_covered, check_within_horizon
from simulation.demand import ReplayedLog
from simulation.experiment import Experiment, ReplicationResult, arms_of, run_experiment
from simulation.kpis.registry import PRICED_MEASURES
from simulation.one_day.run import SimulatedDay, simulate_day
from simulation.recorded import RecordedLog, read_log
from simulation.report import csv, document, raw
from simulation.report.decisions import decisions_frame
from simulation.report.plain import Plain
from simulation.report.selection import selection_document, selection_json
from simulation.scenario import Arm, Scenario
from simulation.scenario_file import load_scenario
from simulation.statistics.goals import Until, parse_goals
from simulation.studies.controlling import controlled_values
from simulation.studies.selecting import Selection, parse_selection
from simulation.studies.selecting import select as run_selection
from simulation.studies.steady import steady_state as steady_state_of
from simulation.studies.until import run_until
from simulation.workers import Crew, crew_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of `compare`: `results` holds every number as a record, the methods the forms in which they leave the program.

    `replications` has the tables that they come from, in order.
    """

    results: results.Comparison
    replications: tuple[ReplicationResult, ...]

    @property
    def answer(self) -> str:
        """The answer in one sentence."""
        return str(self.to_dict()["answer"])

    def to_dict(self) -> Plain:
        """The document `careroute/compare/1` as plain data."""
        return document.document_of(self.results)

    def to_json(self) -> str:
        """The document as JSON text, byte for byte what `careroute compare --json` prints."""
        return document.to_json(self.results)

    def to_html(self) -> str:
        """The report page: one file that needs nothing else."""
        from simulation.report.page import page_of  # noqa: PLC0415 - the plotting library takes longer to load than many a comparison

        return page_of(self.results)

    def frame(self) -> pl.DataFrame:
        """Every measure of every arm and group, one row each: arm, group, name, measure, unit, mean, low, high."""
        return csv.measures_frame(self.results)

    def differences_frame(self) -> pl.DataFrame:
        """Every difference from the first arm, one row each."""
        return csv.differences_frame(self.results)

    def replications_frame(self) -> pl.DataFrame:
        """The overall measures of every replication, one row each."""
        return csv.replications_frame(self.results)

    def raw_frame(self) -> pl.DataFrame:
        """What every measure is computed from: the numerator and denominator of every arm, replication, group and measure."""
        return raw.raw_frame(self.results.arms, self.replications)


def compare(
    scenario: Path | str | Scenario,
    *,
    policies: Sequence[str],
    rosters: Sequence[str] | None = None,
    replications: int = 10,
    seed: int | None = None,
    workers: int = 1,
    crew: Crew | None = None,
    save_logs: Path | str | None = None,
    until: str | None = None,
    at_most: int = 1_000,
    steady_state: bool = False,
    control_variates: bool = False,
    on_done: Callable[[], None] = nobody,
) -> Comparison:
    """Compare policies, and rosters where several are named, on a scenario file; every arm faces the same customers.

    `policies` are names (built-in, presets, the site's, or from an installed package), names of groups of them ("all", "builtin", or a
    system such as "asterisk"), or paths of policy files; the first, under the first roster, is the baseline. `rosters` are names in the
    scenario, by default its first. `seed` replaces the scenario's. More than one worker starts processes, so a script needs the usual
    `if __name__ == "__main__":`; the result is the same. A `crew`, from `simulation.workers.crew_of`, takes the place of `workers` and
    stays open: an executor of `concurrent.futures`, or a cluster. `save_logs` is a folder, missing or empty, that receives every event log
    as a journal. `on_done` is called after each replication.

    `until` names goals of precision, such as "service_level:0.5pp,asa_s:5%": replications run in batches of `replications` until every
    difference is known that well, and `at_most` so many. `steady_state` adds what holds once the start has worn off, `control_variates`
    what the figures are when the luck of the drawn days is taken out.

    Raises:
        ConfigError: a file, a name or a number cannot be used.
        WorkersLost: workers died again and again.
    """
    loaded = loaded_scenario(scenario, seed)
    refuse_below("replications", replications, least=1)
    refuse_below("workers", workers, least=1)
    experiment = Experiment(
        scenario=loaded,
        arms=arms_named(loaded, policies, rosters),
        replications=replications,
        logs_folder=None if save_logs is None else _empty_folder(Path(save_logs)),
    )
    goals = None if until is None else _until(until, batch=replications, at_most=at_most)
    _refuse_unmeasured(loaded, "until", [] if goals is None else [goal.measure for goal in goals.goals])
    with nullcontext(crew) if crew is not None else crew_of(workers=workers if goals else min(workers, replications)) as chosen:
        if goals is None:
            found, stopped = run_experiment(experiment, crew=chosen, on_done=on_done), None
        else:
            found, stopped = run_until(experiment, goals, crew=chosen, on_done=on_done)
    compared = results.compared(loaded, experiment.arms, found)
    steady = steady_state_of(loaded, experiment.arms, found) if steady_state else None
    controlled = controlled_values(loaded, experiment.arms, found) if control_variates else None
    return Comparison(replace(compared, stopped=stopped, steady=steady, controlled=controlled), found)


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome of `select`."""

    scenario: Scenario
    selection: Selection

    @property
    def chosen(self) -> str:
        """The name of the chosen arm."""
        return self.selection.chosen

    def to_dict(self) -> Plain:
        """The document `careroute/select/1` as plain data."""
        return selection_document(self.scenario, self.selection)

    def to_json(self) -> str:
        """The document as JSON text."""
        return selection_json(self.scenario, self.selection)


def select(
    scenario: Path | str | Scenario,
    *,
    policies: Sequence[str],
    by: str,
    indifference: str | None = None,
    budget: int | None = None,
    rosters: Sequence[str] | None = None,
    replications: int = 10,
    seed: int | None = None,
    workers: int = 1,
    crew: Crew | None = None,
    on_done: Callable[[], None] = nobody,
) -> Choice:
    """Choose the best of many policies and rosters by one measure, with no more replications than that takes.

    `by` is "best:MEASURE" (KN: `indifference` is the difference that matters, such as "1pp" or "2s") or "ocba:MEASURE" (`budget` is how
    many replications all arms may take together). `replications` come first for every arm and are then added at a time; the other
    arguments are those of `compare`.

    Raises:
        ConfigError: a file, a name or a number cannot be used, or does not go with the others.
        WorkersLost: workers died again and again.
    """
    loaded = loaded_scenario(scenario, seed)
    refuse_below("workers", workers, least=1)
    refuse_below("replications", replications, least=3)
    how = parse_selection(by, indifference=indifference, budget=budget)
    _refuse_unmeasured(loaded, "select", [how.measure])
    experiment = Experiment(scenario=loaded, arms=arms_named(loaded, policies, rosters), replications=replications)
    with nullcontext(crew) if crew is not None else crew_of(workers=workers) as chosen:
        return Choice(loaded, run_selection(experiment, how, first_stage=replications, batch=replications, crew=chosen, on_done=on_done))


@dataclass(frozen=True, slots=True)
class Replay:
    """The outcome of `replay`: the log, and the comparison of one arm that it was replayed under."""

    log: RecordedLog
    comparison: Comparison

    def measured(self) -> ArmValues | None:
        """The measures of a journal as it happened, without intervals; None for a table of arrivals."""
        return None if self.log.measured is None else results.values_of_one_day(self.comparison.results.scenario, self.log.measured)

    def to_dict(self) -> Plain:
        """The document `careroute/replay/1` as plain data."""
        measured = self.measured()
        arrivals = [interaction.arrived_at_ms for interaction in self.log.interactions]
        return {
            "schema": "careroute/replay/1",
            "log": {
                "name": self.log.name,
                "interactions": len(self.log.interactions),
                "first_at_ms": min(arrivals),
                "last_at_ms": max(arrivals),
            },
            "inferred": list(self.log.inferred),
            "measured": None if measured is None else document.plain_arm(measured),
            "replayed": self.comparison.to_dict(),
        }


def replay(
    log: Path | str,
    *,
    scenario: Path | str | Scenario,
    policy: str,
    roster: str | None = None,
    replications: int = 10,
    seed: int | None = None,
    workers: int = 1,
    redials_within_ms: Duration | None = None,
    on_done: Callable[[], None] = nobody,
) -> Replay:
    """Replay a log (a file of recorded interactions, or a journal's directory) under one policy of a scenario.

    The scenario's demand and backlog are replaced; its site, roster, behaviour and horizon hold. With `redials_within_ms` the next
    interaction of a known customer, so long after an abandoned one at the most, is a redial of it and comes only where that one is lost
    again. The other arguments are those of `compare`.

    Raises:
        ConfigError: the log or the scenario cannot be used, or no interaction of the log falls into the horizon.
    """
    recorded = read_log(Path(log))
    if redials_within_ms is not None:
        refuse_below("redials_within_ms", redials_within_ms, least=1)
    demand = ReplayedLog(log=recorded.interactions, name=recorded.name, redials_within_ms=redials_within_ms)
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(Path(scenario), demand=demand)
    check_within_horizon(loaded, recorded.interactions, Path(log))
    replaced = replace(loaded, demand=demand, backlog=(), notes=())
    check_covered(replaced, Path(log))
    comparison = compare(
        replaced,
        policies=[policy],
        rosters=None if roster is None else [roster],
        replications=replications,
        seed=seed,
        workers=workers,
        on_done=on_done,
    )
    return Replay(recorded, comparison)


def decisions(journal: Path | str) -> pl.DataFrame:
    """Every offer of a journal's directory, of production or saved by `compare`, one row each, with why it was made and what became of it.

    Raises:
        ConfigError: the journal cannot be read.
    """
    return decisions_frame(Path(journal))


def timeline(
    scenario: Path | str | Scenario,
    *,
    policy: str,
    roster: str | None = None,
    replication: int = 0,
    seed: int | None = None,
    step_ms: Duration = 60_000,
) -> SimulatedDay:
    """Simulate one replication under one policy and look at it every `step_ms` (>= 1,000): who waits where, and what every agent does.

    It is the replication of that number (from 0) that a comparison with the same seed has. The other arguments are those of `compare`.

    Raises:
        ConfigError: a file, a name or a number cannot be used.
    """
    loaded = loaded_scenario(scenario, seed)
    refuse_below("replication", replication, least=0)
    refuse_below("step_ms", step_ms, least=1_000)
    arm = arms_named(loaded, [policy], None if roster is None else [roster])[0]
    return simulate_day(loaded, arm, replication=replication, step_ms=step_ms)


def arms_named(scenario: Scenario, policies: Sequence[str], rosters: Sequence[str] | None) -> tuple[Arm, ...]:
    """Every policy (by name, group or path) under every roster (None: the scenario's first), each with a name of its own.

    Raises:
        ConfigError: a policy or a roster is not known.
    """
    if not policies:
        raise ConfigError("names no policy", key="policies", remedy="Name at least one, such as longest-idle.")
    registry = registry_with_plugins()
    policies = _without_groups(policies, (*scenario.policies, *registry.names()))
    # A path stands relative to where the command runs, as every path on a command line does.
    specs = [resolve_policy(name, folder=Path(), site_policies=scenario.policies, registry=registry) for name in policies]
    names = [spec.name if is_path(name) else name for spec, name in zip(specs, policies, strict=True)]
    chosen = list(scenario.rosters)[:1] if rosters is None else list(rosters)
    for roster in chosen:
        if roster not in scenario.rosters:
            problem, remedy = "is not a roster of the scenario", did_you_mean(roster, scenario.rosters)
            raise ConfigError(problem, key="rosters", value=roster, remedy=remedy)
    return arms_of(specs, chosen, names)


def _refuse_unmeasured(scenario: Scenario, key: str, names: Sequence[str]) -> None:
    priced = [measure.name for measure in PRICED_MEASURES if measure.name in names]
    if priced and scenario.penalties is None:
        remedy = "Say in the scenario's table [penalties] what going wrong costs."
        raise ConfigError("is measured only where the scenario states penalties", key=key, value=priced[0], remedy=remedy)


def _until(text: str, *, batch: int, at_most: int) -> Until:
    if batch < 2:
        raise ConfigError("makes batches of one, which have no interval", key="replications", value=batch, remedy="Write 2 or more.")
    refuse_below("at_most", at_most, least=batch)
    return Until(goals=parse_goals(text, key="until"), batch=batch, at_most=at_most)


def _without_groups(policies: Sequence[str], known: Sequence[str]) -> list[str]:
    """Groups replaced by their members; what is named beside its group stands where it was named, and once."""
    single = [name for name in policies if name not in group_names() or name in known]
    found: list[str] = []
    for name in policies:
        members = (name,) if name in single else members_of(name, tuple(dict.fromkeys(known)))
        found += [one for one in members if one == name or one not in (*single, *found)]
    return found


def _empty_folder(folder: Path) -> Path:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError("is not an empty folder", file=folder, remedy="Logs are never added to others: name a new folder for them.")
    return folder
