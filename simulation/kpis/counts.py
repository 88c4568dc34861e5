"""Counts: how many interactions there were, and how each of them stood in the end.

offered = handled + abandoned + refused + diverted + unserved + cancelled + unreached + transferred + blocked + in_progress, overall and in
every group, because each interaction is in exactly one half hour of arrival, on one channel, and in one queue: the last one it was in; the
blocked came to none. Visits to
a queue are counted in `visits.py`, legs of conversations that were handed on in `legs.py`. A count is per day: the mean over replications.
"""

from simulation.kpis.facts import Facts, Rows, outcomes
from simulation.kpis.ledger import Outcome
from simulation.kpis.measure import Better, Measure, Ratio

UNIT = "interactions"


def _offered(facts: Facts, rows: Rows) -> Ratio:
    return Ratio(len(facts.outcome[rows]), 1)


def _counting(outcome: Outcome, better: Better) -> Measure:
    def tally(facts: Facts, rows: Rows) -> Ratio:
        return Ratio(outcomes(facts, rows, outcome), 1)

    return Measure(name=outcome.name.lower(), unit=UNIT, better=better, tally=tally)


OFFERED = Measure(name="offered", unit=UNIT, better=Better.NEITHER, tally=_offered)
"""Interactions that were queued, and those that heard a busy tone before."""

HANDLED = _counting(Outcome.HANDLED, Better.HIGHER)
"""Handled and wrapped up."""

ABANDONED = _counting(Outcome.ABANDONED, Better.LOWER)
"""Left while waiting."""

REFUSED = _counting(Outcome.REFUSED, Better.LOWER)
"""Turned away by its queue, on arrival or while it waited, and sent nowhere."""

DIVERTED = _counting(Outcome.DIVERTED, Better.LOWER)
"""Sent to voicemail or self-service by its queue or by a step of its route. With the refused, they are those whom the center blocked."""

UNSERVED = _counting(Outcome.UNSERVED, Better.LOWER)
"""Given up by the router: the limit of stay ran out, or everybody declined."""

CANCELLED = _counting(Outcome.CANCELLED, Better.NEITHER)
"""Taken out by the platform or a supervisor."""

UNREACHED = _counting(Outcome.UNREACHED, Better.LOWER)
"""Call-backs that never reached their customer."""

TRANSFERRED = _counting(Outcome.TRANSFERRED, Better.NEITHER)
"""Answered, and then gone on as a leg with another agent."""

BLOCKED = _counting(Outcome.BLOCKED, Better.LOWER)
"""Heard a busy tone: all lines were taken. They are in no queue, and in no wait."""

IN_PROGRESS = _counting(Outcome.IN_PROGRESS, Better.LOWER)
"""Still waiting, or still being handled, when the log ended."""

ENDS: tuple[Measure, ...] = (HANDLED, ABANDONED, REFUSED, DIVERTED, UNSERVED, CANCELLED, UNREACHED, TRANSFERRED, BLOCKED, IN_PROGRESS)
"""Whatever was offered is in exactly one of them, so that together they are all that was offered."""
