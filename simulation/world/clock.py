"""The order of equal instants: stories that begin; the router's deadlines; agents who finish; agents who answer; shifts and breaks, in the
roster's order; agents who come back after a missed offer; arrivals, in the order of the demand; customers who leave; outbound work. Within
the others, what was scheduled first comes first. So a customer whose patience ends as an agent answers is served.
"""

from enum import IntEnum

from simpy.core import Environment
from simpy.events import Event, EventPriority

from routing.model.time import Duration


class Rank(IntEnum):
    """The order of equal instants, lowest first."""

    BEGIN = 0
    DEADLINE = 1
    FINISH = 2
    ANSWER = 3
    SHIFT = 4
    RETURN = 5
    ARRIVE = 6
    LEAVE = 7
    DIAL = 8


class Moment(Event):
    """An instant to wake at. SimPy's own timeout cannot be ranked among equal instants."""

    def __init__(self, env: Environment, delay_ms: Duration, rank: Rank) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(rank), delay_ms)
