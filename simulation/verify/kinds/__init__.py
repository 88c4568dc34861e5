"""The kinds of systems: how the figures of each are worked out, and how it is simulated."""

from simulation.verify.kinds import classes, days, formulas, one_pool, skills, traces, unlike_agents
from simulation.verify.kinds.kind import Kind

_ROOMS = (one_pool, classes, unlike_agents, skills, days, formulas, traces)

KINDS: dict[str, Kind] = {name: kind for room in _ROOMS for name, kind in room.KINDS.items()}
"""Every kind by the name that a case gives."""
