"""How many interactions the simulator plays in a second of one core with the full router, beside a hand-written SimPy model of the same in
the same run; what memory a long run holds; and what a second worker is worth.

Both sides draw their own arrivals, patience and handling; the drawing is part of the time, which is that of the processor. The two take
turns, and each figure is the median of the turns. The share that abandons is printed for both: it must agree, or they did not simulate the
same thing.
"""

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import large_day
from benchmarks.large_day_peer import HandWrittenDay
from benchmarks.models import SIX_SKILL, TWO_SKILL, Model, scenario_of
from benchmarks.result import Result
from benchmarks.simpy_peer import Counts, HandWritten
from simulation.experiment import Experiment, run_experiment
from simulation.run import run_replication
from simulation.scenario import Arm, Scenario

PACKAGES = ("simpy", "numpy")
TURNS = 5
LONG_RUN = 1_000_000
REPLICATIONS, WORKERS = 16, 2
PEER = "hand-written SimPy"
MEGABYTE = 1_000_000
CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A model on both sides, each made from (interactions, seed), and how many interactions a turn plays."""

    name: str
    interactions: int
    scenario: Callable[[int, int], tuple[Scenario, Arm]]
    peer: Callable[[int, int], Counts]


def _small(model: Model) -> Case:
    return Case(
        name=model.name,
        interactions=50_000,
        scenario=lambda interactions, seed: scenario_of(model, interactions=interactions, seed=seed),
        peer=lambda interactions, seed: HandWritten(model, interactions=interactions, seed=seed).run(),
    )


CASES = (
    _small(TWO_SKILL),
    _small(SIX_SKILL),
    Case(
        name=large_day.NAME,
        interactions=60_000,
        scenario=large_day.scenario_of,
        peer=lambda interactions, seed: HandWrittenDay(interactions, seed).play(),
    ),
)


def run(*, quick: bool = False) -> Iterator[Result]:
    """The figures of all models, of memory and of workers; `quick` plays a tenth of the interactions once, a fiftieth of the long run."""
    for case in CASES:
        yield from _speed(case, case.interactions // 10 if quick else case.interactions, turns=1 if quick else TURNS)
    yield from _memory(LONG_RUN // 50 if quick else LONG_RUN)
    yield from _workers(2_000 if quick else 20_000)


def _speed(case: Case, interactions: int, *, turns: int) -> Iterator[Result]:
    ours, theirs, shares = [], [], []
    for turn in range(turns):
        gc.collect()
        start = time.thread_time()
        counted = _ours(case, interactions, seed=turn)
        middle = time.thread_time()
        peer = case.peer(interactions, turn)
        end = time.thread_time()
        ours.append(counted.arrived / (middle - start))
        theirs.append(peer.arrived / (end - middle))
        shares.append((counted.abandoned / counted.arrived, peer.abandoned / peer.arrived))
    yield Result(
        case=case.name,
        metric="rate",
        value=statistics.median(ours),
        unit="interactions/s",
        peer=PEER,
        peer_value=statistics.median(theirs),
    )
    yield Result(
        case=case.name,
        metric="abandonment",
        value=statistics.fmean(share for share, _ in shares),
        unit="ratio",
        peer=PEER,
        peer_value=statistics.fmean(share for _, share in shares),
    )


def _ours(case: Case, interactions: int, *, seed: int) -> Counts:
    scenario, arm = case.scenario(interactions, seed)
    summary = run_replication(scenario, arm, 0)
    return Counts(summary.offered, summary.handled, summary.abandoned)


def _memory(interactions: int) -> Iterator[Result]:
    """One long run, in a process of its own so that nothing else is counted."""
    command = [sys.executable, "-m", "benchmarks.long_run", str(interactions)]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True)
    for ended, resident_bytes in json.loads(done.stdout).items():
        yield Result(case=f"six-skill, after {int(ended):,}", metric="memory", value=resident_bytes / MEGABYTE, unit="MB")


def _workers(interactions: int) -> Iterator[Result]:
    """The same replications with their measures, by one worker and by several; by the clock on the wall, processes' start included."""
    scenario, arm = scenario_of(SIX_SKILL, interactions=interactions, seed=1)
    experiment = Experiment(scenario=scenario, arms=(arm,), replications=REPLICATIONS)
    taken = []
    for workers in (1, WORKERS):
        start = time.perf_counter()
        run_experiment(experiment, workers=workers, on_done=lambda: None)
        taken.append(time.perf_counter() - start)
    yield Result(case=f"six-skill, {WORKERS} workers", metric="speed-up", value=taken[0] / taken[1], unit="times one")
