"""Attendance: whose shifts fall into a scenario (`shifts`), who comes and when they may be offered work (`plan`), and how exactly people
keep to that (`stays`).
"""

from simulation.roster.plan import PresenceChange, commitments_of, planned_presence, presence_plan
from simulation.roster.stays import BREAK_REASON, PLANNED_REASON

__all__ = ["BREAK_REASON", "PLANNED_REASON", "PresenceChange", "commitments_of", "planned_presence", "presence_plan"]
