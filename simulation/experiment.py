"""An experiment: arms (policies x rosters) faced with the same replications, computed by whichever crew there is.

One task is one replication with all its arms, so that the customers are made once and every arm meets the same ones. Results are taken
in the order of replications, whichever process was faster: the number of workers changes nothing but the time it takes.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from routing.config.plugins import registry_with_plugins
from routing.model.ids import ChannelId
from routing.model.site import PolicySpec
from routing.model.time import HOUR_MS
from simulation.births import births_of
from simulation.demand import Births
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.tabulate import Table, tabulate
from simulation.logs import LogWriter
from simulation.run import RunSummary, run_replication
from simulation.scenario import Arm, Scenario
from simulation.workers import Crew, Shared, Task, crew_of
from simulation.world import Observer


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """What is run: `replications` (>= 1) of every arm. `logs_folder`, where given, receives every event log as a journal."""

    scenario: Scenario
    arms: tuple[Arm, ...]
    replications: int
    logs_folder: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicationResult:
    """One replication: the table and the summary of each arm, in the order of the arms, and what was born.

    `excluded` counts arrivals that were never offered, by (channel, reason); `carried_over` those that waited already when it began.
    `drawn` is how many were born and how many hours of work they brought, before any effect of the agents.
    """

    replication: int
    tables: tuple[Table, ...]
    summaries: tuple[RunSummary, ...]
    excluded: Mapping[tuple[ChannelId, str], int]
    carried_over: int
    drawn: tuple[float, float]


def arms_of(policies: Sequence[PolicySpec], rosters: Sequence[str], names: Sequence[str]) -> tuple[Arm, ...]:
    """Every policy under every roster, with a name of its own; `names` are what the policies are called, one each.

    The roster is part of the name when there are several. A name that comes again gets a number: the same policy twice is the test of
    a comparison that must show no difference.
    """
    arms: list[Arm] = []
    seen: Counter[str] = Counter()
    for roster in rosters:
        for policy, called in zip(policies, names, strict=True):
            name = called if len(rosters) == 1 else f"{called} @ {roster}"
            seen[name] += 1
            arms.append(Arm(name=name if seen[name] == 1 else f"{name} #{seen[name]}", policy=policy, roster=roster))
    return tuple(arms)


def run_experiment(
    experiment: Experiment, *, workers: int = 1, on_done: Callable[[], None], crew: Crew | None = None
) -> tuple[ReplicationResult, ...]:
    """The results in the order of replications; `on_done` is called after each, in whatever order they end.

    One worker runs in this process. More run in fresh processes. A `crew` takes the place of both, and stays open.

    Raises:
        ConfigError: the scenario, a roster or a policy cannot be used.
        WorkersLost: workers died again and again.
    """
    if crew is None:
        with crew_of(workers=min(workers, experiment.replications)) as own:
            return run_experiment(experiment, on_done=on_done, crew=own)
    return run_some(Shared(experiment), range(experiment.replications), crew=crew, on_done=on_done)


def run_some(
    experiment: Shared[Experiment], replications: Iterable[int], *, crew: Crew, on_done: Callable[[], None]
) -> tuple[ReplicationResult, ...]:
    """The results of the replications with these numbers, in their order."""
    numbers = tuple(replications)
    found: dict[int, ReplicationResult] = {}
    for task, result in crew.run(Task(run_one, experiment, number) for number in numbers):
        found[task.item] = result
        on_done()
    return tuple(found[number] for number in numbers)


def run_one(experiment: Experiment, replication: int) -> ReplicationResult:
    """One replication of every arm; a pure function but for the logs it saves."""
    return run_part(experiment, (replication, tuple(range(len(experiment.arms)))))


def run_part(experiment: Experiment, part: tuple[int, tuple[int, ...]]) -> ReplicationResult:
    """One replication of some of the arms, by their places: those meet the same customers as all would."""
    replication, places = part
    births = births_of(experiment.scenario, replication)
    runs = [_run_arm(experiment, experiment.arms[place], replication, births) for place in places]
    return ReplicationResult(
        replication=replication,
        tables=tuple(table for table, _ in runs),
        summaries=tuple(summary for _, summary in runs),
        excluded=births.excluded,
        carried_over=sum(1 for birth in births.births if birth.interaction.routing_credit_ms > 0),
        drawn=(float(len(births.births)), sum(birth.work_ms for birth in births.births) / HOUR_MS),
    )


def _run_arm(experiment: Experiment, arm: Arm, replication: int, births: Births) -> tuple[Table, RunSummary]:
    scenario, ledger = experiment.scenario, Ledger()
    with ExitStack() as stack:
        observers: list[Observer] = [ledger]
        if experiment.logs_folder is not None:
            observers.append(stack.enter_context(_new_log(experiment.logs_folder / log_name(arm, replication))))
        summary = run_replication(
            scenario, arm, replication, observers, witnesses=[ledger.witness], births=births, registry=registry_with_plugins()
        )
    facts = facts_of(ledger, starts_at=scenario.starts_at, ends_at=scenario.ends_at, penalties=scenario.penalties)
    return tabulate(facts), summary


@contextmanager
def _new_log(folder: Path) -> Iterator[LogWriter]:
    """A log that appears whole or not at all, in place of what a lost worker may have left there."""
    part = folder.with_name(f".{folder.name}.part")
    for left in (part, folder):
        shutil.rmtree(left, ignore_errors=True)
    with closing(LogWriter(part)) as log:
        yield log
    part.rename(folder)


def log_name(arm: Arm, replication: int) -> str:
    """The folder of one run's log, such as "least-cost@planned-r0003"; what a file name cannot hold becomes a dash."""
    plain = "".join(character if character.isalnum() or character in "-_.#@" else "-" for character in arm.name.replace(" @ ", "@"))
    return f"{plain}-r{replication:04}"
