"""Customers and their needs: who tried how often, who was lost for good, and whose need was resolved at the first contact.

A need begins with a contact; a contact is one or more attempts until somebody serves the customer; a need that is not resolved brings a
further contact. With N offered (attempts), R redials (second and later attempts at a contact), P repeats (first attempts at second and
later contacts), F lost for good and S of the first contacts resolved:

    balked                    left on finding that they would have to wait; part of the abandoned
    redials                   R
    repeats                   P
    finally_lost              F: their last attempt was blocked, abandoned, refused, diverted, unserved or unreached
    lost_share                F / (N - R), the share of contacts
    repeat_share              P / (N - R), the share of contacts
    first_contact_resolution  S / (N - R - P), the share of needs; those who were lost before they were served count in it as unresolved

Redials count where they come; what became of a contact, or of a need, counts where its first attempt came.

Only a simulated world knows who comes again and what was resolved. Over a journal R and P are 0, every loss is for good, and first contact
resolution has no value; neither has it where the behaviour says nothing about resolving.
"""

from collections.abc import Callable

import numpy as np

from simulation.kpis.facts import Facts, Flags, Rows
from simulation.kpis.measure import SHARE_BOUNDS, Better, Measure, Ratio

UNIT = "interactions"


def _is_redial(facts: Facts, rows: Rows) -> Flags:
    return np.asarray(facts.attempt[rows] > 1)


def _is_repeat(facts: Facts, rows: Rows) -> Flags:
    return np.asarray((facts.contact[rows] > 1) & (facts.attempt[rows] == 1))


def _count(flags: Flags) -> int:
    return int(np.count_nonzero(flags))


def _contacts(facts: Facts, rows: Rows) -> int:
    return _count(~_is_redial(facts, rows))


def _resolution(facts: Facts, rows: Rows) -> Ratio:
    if not facts.knows_resolution:
        return Ratio(0, 0)
    return Ratio(_count(facts.is_resolved_at_once[rows]), _count((facts.contact[rows] == 1) & (facts.attempt[rows] == 1)))


def _counting(name: str, better: Better, flags: Callable[[Facts, Rows], Flags]) -> Measure:
    return Measure(name=name, unit=UNIT, better=better, tally=lambda facts, rows: Ratio(_count(flags(facts, rows)), 1))


def _share_of_contacts(name: str, flags: Callable[[Facts, Rows], Flags]) -> Measure:
    def tally(facts: Facts, rows: Rows) -> Ratio:
        return Ratio(_count(flags(facts, rows)), _contacts(facts, rows))

    return Measure(name=name, unit="share", better=Better.LOWER, tally=tally, bounds=SHARE_BOUNDS)


BALKED = _counting("balked", Better.LOWER, lambda facts, rows: facts.is_balked[rows])
REDIALS = _counting("redials", Better.LOWER, _is_redial)
REPEATS = _counting("repeats", Better.LOWER, _is_repeat)
FINALLY_LOST = _counting("finally_lost", Better.LOWER, lambda facts, rows: facts.is_finally_lost[rows])
LOST_SHARE = _share_of_contacts("lost_share", lambda facts, rows: facts.is_finally_lost[rows])
REPEAT_SHARE = _share_of_contacts("repeat_share", _is_repeat)
FIRST_CONTACT_RESOLUTION = Measure(
    name="first_contact_resolution", unit="share", better=Better.HIGHER, tally=_resolution, bounds=SHARE_BOUNDS
)
