"""Penalties: what went wrong, in money, as the scenario prices it. Measured only where it does.

    penalty  abandoned x L + late x (N - A_T) + waited_hour x (sum of all waits in hours)

N, A_T and L are those of the service level: a customer who left before the target cost both `abandoned` and `late`. All waits are those of
`wait_mean_s`. Like a count it is per day, the mean over replications, so that the queues' amounts add up to the whole.
"""

from typing import Final

import numpy as np

from routing.model.time import HOUR_MS
from simulation.kpis.facts import Facts, Rows
from simulation.kpis.ledger import Outcome
from simulation.kpis.measure import Better, Measure, Ratio
from simulation.kpis.service_level import targets_met

MONEY: Final = "money"
"""The unit of amounts: the currency in which the scenario states them."""
_PARTS: Final = 1_000_000
"""Tallies are whole millionths, so that days add up in any order."""


def _tally(facts: Facts, rows: Rows) -> Ratio:
    prices = facts.penalties
    if prices is None:
        return Ratio(0, 0)
    is_on_line, is_in_time = targets_met(facts, rows)
    is_lost = is_on_line & (facts.outcome[rows] == Outcome.ABANDONED)
    waited_ms = int(facts.waited_ms[rows][facts.outcome[rows] != Outcome.BLOCKED].sum())
    late = int(np.count_nonzero(is_on_line)) - int(np.count_nonzero(is_in_time))
    amount = prices.abandoned * int(np.count_nonzero(is_lost)) + prices.late * late + prices.waited_hour * waited_ms / HOUR_MS
    return Ratio(round(amount * _PARTS), 1)


PENALTY = Measure(name="penalty", unit=MONEY, better=Better.LOWER, tally=_tally, scale=1 / _PARTS)
"""What the day cost beside its staff."""
