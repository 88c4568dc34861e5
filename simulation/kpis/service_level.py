"""Service level: the share of interactions answered within the target. Four rules are in use; each has its own name here.

Answered within T means: waited (queued to accepted, ringing included) <= T, where T is the target of the interaction's queue, or the
time to its own due time where it has one. With N offered, A answered, A_T answered within T, L abandoned, L_T abandoned within T:

    service_level                              A_T / N
    service_level_answered                     A_T / A
    service_level_answered_plus_late_abandons  A_T / (A + L - L_T)
    service_level_abandons_within_target_good  (A_T + L_T) / N

Interactions still waiting, or still being handled, when the log ends stay in N. Those to be called back are in none of the numbers: nobody
answered them on the line, and `callbacks.py` says how long they waited for the call.
"""

import numpy as np

from simulation.kpis.facts import Facts, Flags, Rows
from simulation.kpis.ledger import NOT_YET, Outcome
from simulation.kpis.measure import SHARE_BOUNDS, Better, Measure, Ratio


def targets_met(facts: Facts, rows: Rows) -> tuple[Flags, Flags]:
    """Of each of the rows whether it counts among the offered (N), and whether it was answered within its target (A_T)."""
    is_on_line = facts.callback_since[rows] == NOT_YET
    return is_on_line, is_on_line & facts.is_answered[rows] & (facts.waited_ms[rows] <= facts.target_ms[rows])


def _counts(facts: Facts, rows: Rows) -> tuple[int, int, int, int, int]:
    """N, A, A_T, L, L_T of the rows."""
    is_on_line, is_answered_within = targets_met(facts, rows)
    is_answered = facts.is_answered[rows] & is_on_line
    is_within = facts.waited_ms[rows] <= facts.target_ms[rows]
    is_abandoned = (facts.outcome[rows] == Outcome.ABANDONED) & is_on_line
    sums = (is_answered, is_answered_within, is_abandoned, is_abandoned & is_within)
    answered, answered_within, abandoned, abandoned_within = (int(np.count_nonzero(flags)) for flags in sums)
    return int(np.count_nonzero(is_on_line)), answered, answered_within, abandoned, abandoned_within


def _of_offered(facts: Facts, rows: Rows) -> Ratio:
    offered, _, answered_within, _, _ = _counts(facts, rows)
    return Ratio(answered_within, offered)


def _of_answered(facts: Facts, rows: Rows) -> Ratio:
    _, answered, answered_within, _, _ = _counts(facts, rows)
    return Ratio(answered_within, answered)


def _of_answered_plus_late_abandons(facts: Facts, rows: Rows) -> Ratio:
    _, answered, answered_within, abandoned, abandoned_within = _counts(facts, rows)
    return Ratio(answered_within, answered + abandoned - abandoned_within)


def _abandons_within_target_good(facts: Facts, rows: Rows) -> Ratio:
    offered, _, answered_within, _, abandoned_within = _counts(facts, rows)
    return Ratio(answered_within + abandoned_within, offered)


SERVICE_LEVEL, ANSWERED, ANSWERED_PLUS_LATE_ABANDONS, ABANDONS_WITHIN_TARGET_GOOD = (
    Measure(name=name, unit="share", better=Better.HIGHER, tally=tally, bounds=SHARE_BOUNDS)
    for name, tally in (
        ("service_level", _of_offered),
        ("service_level_answered", _of_answered),
        ("service_level_answered_plus_late_abandons", _of_answered_plus_late_abandons),
        ("service_level_abandons_within_target_good", _abandons_within_target_good),
    )
)
