"""Call-backs: customers who hung up, or never waited, and are rung up.

    callbacks             interactions that were to be called back
    callback_attempts     attempts that began
    callbacks_reached     share of the call-backs whose customer answered an attempt
    callback_wait_s       mean of (first attempt - the request, or the instant wished for if that is later), over those attempted
    promises_kept         kept / (kept + broken); a promise still open, or cancelled before its instant, is neither

The wait on the line of such a customer ends with the request and is in the waits like any other. They are not part of service level and
ASA, on either side: nobody answered them on the line, and how long they waited for the call is `callback_wait_s`.
"""

import numpy as np

from simulation.kpis.facts import Facts, Flags, Rows
from simulation.kpis.ledger import NOT_YET
from simulation.kpis.measure import SECONDS, SHARE_BOUNDS, Better, Measure, Ratio


def _is_callback(facts: Facts, rows: Rows) -> Flags:
    flags: Flags = facts.callback_since[rows] != NOT_YET
    return flags


def _callbacks(facts: Facts, rows: Rows) -> Ratio:
    return Ratio(int(np.count_nonzero(_is_callback(facts, rows))), 1)


def _attempts(facts: Facts, rows: Rows) -> Ratio:
    return Ratio(int(facts.attempts[rows].sum()), 1)


def _reached(facts: Facts, rows: Rows) -> Ratio:
    return Ratio(int(np.count_nonzero(facts.is_reached[rows])), int(np.count_nonzero(_is_callback(facts, rows))))


def _wait(facts: Facts, rows: Rows) -> Ratio:
    called_at, since = facts.called_at[rows], facts.callback_since[rows]
    is_called = called_at != NOT_YET
    return Ratio(int((called_at - since)[is_called].sum()), int(np.count_nonzero(is_called)))


def _kept(facts: Facts, rows: Rows) -> Ratio:
    kept, broken = int(facts.promises_kept[rows].sum()), int(facts.promises_broken[rows].sum())
    return Ratio(kept, kept + broken)


CALLBACKS = Measure(name="callbacks", unit="interactions", better=Better.NEITHER, tally=_callbacks)
ATTEMPTS = Measure(name="callback_attempts", unit="attempts", better=Better.NEITHER, tally=_attempts)
REACHED = Measure(name="callbacks_reached", unit="share", better=Better.HIGHER, tally=_reached, bounds=SHARE_BOUNDS)
CALLBACK_WAIT = Measure(name="callback_wait_s", unit="s", better=Better.LOWER, tally=_wait, scale=SECONDS)
PROMISES_KEPT = Measure(name="promises_kept", unit="share", better=Better.HIGHER, tally=_kept, bounds=SHARE_BOUNDS)
