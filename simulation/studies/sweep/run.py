"""Runs what a sweep lacks, and puts together what it has."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from simulation.comparison import Comparison, compared
from simulation.experiment import Experiment, ReplicationResult, run_part
from simulation.studies.sweep.plan import Sweep, Variant
from simulation.studies.sweep.store import Results
from simulation.workers import Crew, Shared, Task


@dataclass(frozen=True, slots=True)
class Swept:
    """A variant with its comparison."""

    variant: Variant
    comparison: Comparison


def missing(sweep: Sweep, results: Results) -> list[tuple[Variant, list[tuple[int, tuple[int, ...]]]]]:
    """By variant, the replications that lack some arms, with the places of those arms."""
    found = []
    for variant in sweep.variants:
        done = [results.done(key) for key in variant.keys]
        lacking = (
            (number, tuple(place for place, numbers in enumerate(done) if number not in numbers)) for number in range(sweep.replications)
        )
        found.append((variant, [part for part in lacking if part[1]]))
    return found


def run_missing(sweep: Sweep, results: Results, *, crew: Crew, on_done: Callable[[], None]) -> None:
    """Compute what is not there yet; every result is kept as soon as it is known, so that what is stopped goes on from there.

    Raises:
        ConfigError: a scenario cannot be run.
        WorkersLost: workers died again and again.
    """
    owners: dict[int, Variant] = {}

    def tasks() -> Iterator[Task]:
        for variant, parts in missing(sweep, results):
            shared = Shared(Experiment(scenario=variant.scenario, arms=variant.arms, replications=sweep.replications))
            owners[id(shared)] = variant
            for part in parts:
                yield Task(run_part, shared, part)

    for task, result in crew.run(tasks()):
        variant = owners[id(task.shared)]
        for position, place in enumerate(task.item[1]):
            arm = variant.arms[place]
            alone = replace(result, tables=result.tables[position : position + 1], summaries=result.summaries[position : position + 1])
            results.add(variant.keys[place], scenario=variant.name, arm=arm.name, result=alone)
        on_done()


def swept(sweep: Sweep, results: Results) -> Iterator[Swept]:
    """Every variant's comparison, from the results alone; all replications of the plan are there."""
    for variant in sweep.variants:
        days = [_together([results.read(key, number) for key in variant.keys]) for number in range(sweep.replications)]
        yield Swept(variant, compared(variant.scenario, variant.arms, days))


def _together(parts: Sequence[ReplicationResult]) -> ReplicationResult:
    """The arms of one replication, side by side as if they had run together."""
    return replace(parts[0], tables=tuple(part.tables[0] for part in parts), summaries=tuple(part.summaries[0] for part in parts))
