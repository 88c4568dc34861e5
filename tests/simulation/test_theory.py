"""The simulator against queueing theory: figures of five queues with 99 % intervals, half-widths of 2 % (shares) and 5 % (mean waits).

Estimates use independent replications with a warm-up, and the recursion of `queues_in_theory` as a control variate: estimate = recursion
over many replications + (world - recursion) over a few. The first test shows that the difference is exactly zero, customer by customer,
so the interval is the recursion's. The world with the whole router alone would need hours for the same precision.
"""

import numpy as np
import pytest

from routing.core.events import InteractionEnded, InteractionQueued, OfferAccepted, Recorded
from routing.model.interaction import EndCause
from routing.model.time import Duration, Instant
from simulation.run import run_replication
from tests.simulation.queues_in_theory import CASES, Ints, TheoryCase, measures, ratio_interval, recursion, scenario_of
from tests.simulation.worlds import an_arm

SEED = 1
LANES = 250
"""Replications run side by side; a bound on memory, without influence on the numbers."""


def waits_of(log: list[Recorded]) -> list[tuple[Instant, Duration, bool]]:
    """Arrival, wait and whether answered, of every interaction in order of arrival."""
    queued: dict[str, Instant] = {}
    left: dict[str, tuple[Instant, bool]] = {}
    for _, at, _, event in log:
        match event:
            case InteractionQueued():
                queued[event.interaction.id] = at
            case OfferAccepted():
                left[event.interaction_id] = (at, True)
            case InteractionEnded(cause=EndCause.ABANDONED | EndCause.REFUSED):
                left[event.interaction_id] = (at, False)
            case _:
                pass
    return [(at, left[key][0] - at, left[key][1]) for key, at in queued.items()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_world_does_what_the_recursion_does(case: TheoryCase) -> None:
    """One replication through SimPy and the whole router: every customer waits, or leaves, exactly as in the recursion."""
    scenario = scenario_of(case, seed=SEED)
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append])
    outcomes = recursion(scenario, case, range(1))
    expected = list(zip(outcomes.arrived_at[0].tolist(), outcomes.wait_ms[0].tolist(), outcomes.is_answered[0].tolist(), strict=True))
    assert waits_of(log) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_figures_agree_with_theory(case: TheoryCase) -> None:
    """The 99 % interval of every figure is as narrow as asked for and contains the exact value."""
    scenario = scenario_of(case, seed=SEED)
    parts = [
        measures(recursion(scenario, case, range(first, min(first + LANES, case.replications))), case)
        for first in range(0, case.replications, LANES)
    ]
    misses = []
    for figures, unit, half_width_max in ((case.shares, 1, 0.02), (case.mean_waits, 1_000, 0.05)):
        for name, exact in figures.items():
            estimate, half_width = ratio_interval(joined(parts, name, 0), joined(parts, name, 1), confidence=0.99)
            if half_width > half_width_max * estimate or abs(estimate - exact * unit) > half_width:
                misses.append(f"{name}: {estimate / unit:.6g} +- {half_width / unit:.2g}, exact {exact:.6g}")
    assert misses == []


def joined(parts: list[dict[str, tuple[Ints, Ints]]], name: str, index: int) -> Ints:
    """One column of a figure over all replications, in their order."""
    return np.concatenate([part[name][index] for part in parts])
