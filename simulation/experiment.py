"""An experiment: arms (policies x rosters) faced with the same replications, on as many processes as there are.

One task is one replication with all its arms, so that the customers are made once and every arm meets the same ones. Results are taken
in the order of replications, whichever process was faster: the number of workers changes nothing but the time it takes.
"""

import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from routing.config.plugins import registry_with_plugins
from routing.model.ids import ChannelId
from routing.model.site import PolicySpec
from simulation.births import births_of
from simulation.demand import Births
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.tabulate import Table, tabulate
from simulation.logs import LogWriter
from simulation.run import RunSummary, run_replication
from simulation.scenario import Arm, Scenario
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
    """

    replication: int
    tables: tuple[Table, ...]
    summaries: tuple[RunSummary, ...]
    excluded: Mapping[tuple[ChannelId, str], int]
    carried_over: int


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


def run_experiment(experiment: Experiment, *, workers: int, on_done: Callable[[], None]) -> tuple[ReplicationResult, ...]:
    """The results in the order of replications; `on_done` is called after each, in whatever order they end.

    One worker runs in this process. More run in fresh processes (spawned, so that no thread of this one is copied half-way).

    Raises:
        ConfigError: the scenario, a roster or a policy cannot be used.
    """
    if workers == 1 or experiment.replications == 1:
        return tuple(_run_here(experiment, on_done))
    return tuple(_run_apart(experiment, workers, on_done))


def run_one(experiment: Experiment, replication: int) -> ReplicationResult:
    """One replication of every arm; a pure function but for the logs it saves."""
    births = births_of(experiment.scenario, replication)
    runs = [_run_arm(experiment, arm, replication, births) for arm in experiment.arms]
    return ReplicationResult(
        replication=replication,
        tables=tuple(table for table, _ in runs),
        summaries=tuple(summary for _, summary in runs),
        excluded=births.excluded,
        carried_over=sum(1 for birth in births.births if birth.interaction.routing_credit_ms > 0),
    )


def _run_arm(experiment: Experiment, arm: Arm, replication: int, births: Births) -> tuple[Table, RunSummary]:
    scenario, ledger = experiment.scenario, Ledger()
    with ExitStack() as stack:
        observers: list[Observer] = [ledger]
        if experiment.logs_folder is not None:
            observers.append(stack.enter_context(closing(LogWriter(experiment.logs_folder / log_name(arm, replication)))))
        summary = run_replication(scenario, arm, replication, observers, births=births, registry=registry_with_plugins())
    return tabulate(facts_of(ledger, starts_at=scenario.starts_at, ends_at=scenario.ends_at)), summary


def log_name(arm: Arm, replication: int) -> str:
    """The folder of one run's log, such as "least-cost@planned-r0003"; what a file name cannot hold becomes a dash."""
    plain = "".join(character if character.isalnum() or character in "-_.#@" else "-" for character in arm.name.replace(" @ ", "@"))
    return f"{plain}-r{replication:04}"


def _run_here(experiment: Experiment, on_done: Callable[[], None]) -> Iterator[ReplicationResult]:
    for replication in range(experiment.replications):
        yield run_one(experiment, replication)
        on_done()


def _run_apart(experiment: Experiment, workers: int, on_done: Callable[[], None]) -> list[ReplicationResult]:
    pool = ProcessPoolExecutor(
        max_workers=min(workers, experiment.replications),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_prepare,
        initargs=(experiment,),
    )
    try:
        futures: list[Future[ReplicationResult]] = [pool.submit(_run_prepared, number) for number in range(experiment.replications)]
        for future in as_completed(futures):
            future.result()
            on_done()
        return [future.result() for future in futures]
    finally:
        # On an error or Ctrl-C: start nothing more. What runs ends with its replication, or at once by the same Ctrl-C.
        pool.shutdown(cancel_futures=True)


_prepared: list[Experiment] = []


def _prepare(experiment: Experiment) -> None:
    """In a worker: keep the experiment, which is too large to be sent with every replication, and die quietly of Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _prepared.append(experiment)


def _run_prepared(replication: int) -> ReplicationResult:
    return run_one(_prepared[0], replication)
