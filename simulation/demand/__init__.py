"""Who arrives when: recorded logs, arrival rates, and the chance that lies over them."""

from simulation.demand.records import (
    BacklogItem,
    Birth,
    Births,
    Demand,
    DrawnDemand,
    ReplayedLog,
)
from simulation.demand.stream import DemandStream, RateSpan, stream_name

__all__ = ["BacklogItem", "Birth", "Births", "Demand", "DemandStream", "DrawnDemand", "RateSpan", "ReplayedLog", "stream_name"]
