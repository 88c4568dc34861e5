"""How many interactions the simulator plays in a second with the full router, beside a hand-written SimPy model of the same in the same
run.

Both draw their own arrivals, patience and handling; the drawing is part of the time. The two take turns, and each figure is the median of
the turns. The share that abandons is printed for both: it must agree, or they did not simulate the same thing.
"""

import gc
import statistics
import time
from collections.abc import Iterator

from benchmarks.models import SIX_SKILL, TWO_SKILL, Model, scenario_of
from benchmarks.result import Result
from benchmarks.simpy_peer import Counts, HandWritten
from simulation.run import run_replication

PACKAGES = ("simpy", "numpy")
INTERACTIONS, TURNS = 50_000, 5
PEER = "hand-written SimPy"


def run(*, quick: bool = False) -> Iterator[Result]:
    """The figures of both models; `quick` plays a tenth of the interactions once."""
    interactions, turns = (INTERACTIONS // 10, 1) if quick else (INTERACTIONS, TURNS)
    for model in (TWO_SKILL, SIX_SKILL):
        ours, theirs, shares = [], [], []
        for turn in range(turns):
            gc.collect()
            start = time.perf_counter()
            counted = _ours(model, interactions, seed=turn)
            middle = time.perf_counter()
            peer = HandWritten(model, interactions=interactions, seed=turn).run()
            end = time.perf_counter()
            ours.append(counted.arrived / (middle - start))
            theirs.append(peer.arrived / (end - middle))
            shares.append((counted.abandoned / counted.arrived, peer.abandoned / peer.arrived))
        yield Result(
            case=model.name,
            metric="rate",
            value=statistics.median(ours),
            unit="interactions/s",
            peer=PEER,
            peer_value=statistics.median(theirs),
        )
        yield Result(
            case=model.name,
            metric="abandonment",
            value=statistics.fmean(share for share, _ in shares),
            unit="ratio",
            peer=PEER,
            peer_value=statistics.fmean(share for _, share in shares),
        )


def _ours(model: Model, interactions: int, *, seed: int) -> Counts:
    scenario, arm = scenario_of(model, interactions=interactions, seed=seed)
    summary = run_replication(scenario, arm, 0)
    return Counts(summary.offered, summary.handled, summary.abandoned)
