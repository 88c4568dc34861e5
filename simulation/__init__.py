"""Careroute's planner: recorded or modelled demand through the production router, compared under other policies and rosters.

import simulation

comparison = simulation.compare("scenario.toml", policies=["longest-idle", "least-cost"], replications=10)
print(comparison.answer)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.api import Choice, Comparison, Replay, compare, decisions, replay, select, timeline
    from simulation.staffing.interface import find_roster, staffing_table
    from simulation.studies.sweep.api import sweep

__all__ = [
    "Choice",
    "Comparison",
    "Replay",
    "compare",
    "decisions",
    "find_roster",
    "replay",
    "select",
    "staffing_table",
    "sweep",
    "timeline",
]


def __getattr__(name: str) -> Any:
    """Loads the interface on its first use: most commands of this package need neither statistics nor tables."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in {"find_roster", "staffing_table"}:
        from simulation.staffing import interface  # noqa: PLC0415 - loading late is what this function is for

        return getattr(interface, name)
    if name == "sweep":
        from simulation.studies.sweep import api as sweeps  # noqa: PLC0415 - loaded late as well

        return getattr(sweeps, name)
    from simulation import api  # noqa: PLC0415 - loaded late as well

    return getattr(api, name)
