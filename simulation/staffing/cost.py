"""What the staff of a scenario costs: paid hours by the roster."""

from dataclasses import dataclass

from routing.config.roster import Roster, RosteredAgent, Shift
from routing.model.time import HOUR_MS
from simulation.roster.shifts import shifts_of
from simulation.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterCost:
    """Paid hours of a roster within a scenario, overtime apart, and what they cost; None where an agent who works has no `hourly_cost`.

    Every shift of the scenario's days is paid from its start to its end, breaks and illness included; what a planned absence takes away is
    not. Overtime costs the roster's `overtime_factor` as much.
    """

    paid_h: float
    overtime_h: float
    amount: float | None


def roster_cost(scenario: Scenario, roster: Roster) -> RosterCost:
    """What the roster's shifts cost that fall into the scenario."""
    paid = [(member, dated.shift) for member in roster.members for dated in shifts_of(scenario, member)]
    amounts = [_amount(roster, member, shift) for member, shift in paid]
    known = [amount for amount in amounts if amount is not None]
    return RosterCost(
        paid_h=sum(_hours(shift) for _, shift in paid),
        overtime_h=sum(_hours(shift) for _, shift in paid if shift.is_overtime),
        amount=sum(known) if len(known) == len(amounts) else None,
    )


def _hours(shift: Shift) -> float:
    return (shift.ends_at - shift.starts_at) / HOUR_MS


def _amount(roster: Roster, member: RosteredAgent, shift: Shift) -> float | None:
    if member.hourly_cost is None:
        return None
    return _hours(shift) * member.hourly_cost * (roster.overtime_factor if shift.is_overtime else 1.0)
