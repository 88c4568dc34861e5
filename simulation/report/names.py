"""The headline measures as a page names them."""

from typing import Final

NAMES: Final = {
    "service_level": "Service level",
    "asa_s": "Speed of answer (mean wait of the answered)",
    "wait_p90_s": "Nine in ten wait at most",
    "abandonment": "Abandonment",
    "occupancy": "Occupancy",
    "fairness_gini": "Inequality of occupancy between agents (Gini)",
    "offered": "Offered",
    "handled": "Handled",
    "in_progress": "Still in progress at the end",
}
