"""Statistics of replications: estimates and differences, goals of precision, warm-up, control variates, and choosing among many."""

from simulation.statistics.estimates import (
    Difference,
    Interval,
    Replicated,
    difference,
    holm,
    interval,
    joint_interval,
    replicate,
    replications_needed,
)

__all__ = [
    "Difference",
    "Interval",
    "Replicated",
    "difference",
    "holm",
    "interval",
    "joint_interval",
    "replicate",
    "replications_needed",
]
