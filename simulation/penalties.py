"""What a scenario says that going wrong costs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalties:
    """What goes wrong costs, in the currency of the rosters' `hourly_cost`: each customer who leaves, each who is not answered within the
    target, and each hour that customers wait.
    """

    abandoned: float = 0.0
    late: float = 0.0
    waited_hour: float = 0.0
