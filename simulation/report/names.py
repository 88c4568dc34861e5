"""The headline measures as a page names them."""

from collections.abc import Collection, Iterable
from typing import Final

from simulation.kpis.registry import PRICED_MEASURES

NAMES: Final = {
    "service_level": "Service level",
    "asa_s": "Speed of answer (mean wait of the answered)",
    "wait_p90_s": "Nine in ten wait at most",
    "abandonment": "Abandonment",
    "occupancy": "Occupancy",
    "penalty": "Penalties for what went wrong",
    "fairness_gini": "Inequality of occupancy between agents (Gini)",
    "offered": "Offered",
    "handled": "Handled",
    "in_progress": "Still in progress at the end",
}


def with_priced(names: Iterable[str], measured: Collection[str]) -> tuple[str, ...]:
    """The names, and those of what has a price after them where it was measured."""
    return (*names, *(measure.name for measure in PRICED_MEASURES if measure.name in measured))
