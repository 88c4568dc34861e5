"""Abandonment: who left while waiting, with the short ones apart.

With N offered, L abandoned and S abandoned after a wait shorter than the queue's `short_abandon` (a wrong number, a change of mind):

    abandonment                L / N
    short_abandons             S, a count
    abandonment_without_short  (L - S) / (N - S)
"""

import numpy as np

from simulation.kpis.facts import Facts, Rows, outcomes
from simulation.kpis.ledger import Outcome
from simulation.kpis.measure import SHARE_BOUNDS, Better, Measure, Ratio


def _short(facts: Facts, rows: Rows) -> int:
    is_abandoned = facts.outcome[rows] == Outcome.ABANDONED
    return int(np.count_nonzero(is_abandoned & (facts.waited_ms[rows] < facts.short_abandon_ms[rows])))


def _of_all(facts: Facts, rows: Rows) -> Ratio:
    return Ratio(outcomes(facts, rows, Outcome.ABANDONED), len(facts.outcome[rows]))


def _without_short(facts: Facts, rows: Rows) -> Ratio:
    short = _short(facts, rows)
    return Ratio(outcomes(facts, rows, Outcome.ABANDONED) - short, len(facts.outcome[rows]) - short)


def _short_count(facts: Facts, rows: Rows) -> Ratio:
    return Ratio(_short(facts, rows), 1)


ABANDONMENT = Measure(name="abandonment", unit="share", better=Better.LOWER, tally=_of_all, bounds=SHARE_BOUNDS)
ABANDONMENT_WITHOUT_SHORT = Measure(
    name="abandonment_without_short", unit="share", better=Better.LOWER, tally=_without_short, bounds=SHARE_BOUNDS
)
SHORT_ABANDONS = Measure(name="short_abandons", unit="interactions", better=Better.LOWER, tally=_short_count)
