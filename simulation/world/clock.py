"""The order of equal instants: stories that begin; the router's deadlines; agents who finish; agents who answer; shifts and breaks, in the
roster's order; agents who come back after a missed offer; arrivals, in the order of the demand; customers who leave; outbound work. Within
the others, what was scheduled first comes first. So a customer whose patience ends as an agent answers is served.
"""

from typing import Final

from simpy.core import Environment
from simpy.events import Event, EventPriority

from routing.model.time import Duration, Instant


class Rank:
    """The order of equal instants, lowest first; the priorities of SimPy's schedule."""

    BEGIN: Final = EventPriority(0)
    DEADLINE: Final = EventPriority(1)
    FINISH: Final = EventPriority(2)
    ANSWER: Final = EventPriority(3)
    SHIFT: Final = EventPriority(4)
    RETURN: Final = EventPriority(5)
    ARRIVE: Final = EventPriority(6)
    LEAVE: Final = EventPriority(7)
    DIAL: Final = EventPriority(8)


class Clock(Environment):
    """SimPy's environment in whole milliseconds."""

    @property
    def now(self) -> Instant:
        """The present instant."""
        return int(self._now)  # SimPy's clock may be any number; every delay here is whole


class Moment(Event):
    """An instant to wake at. SimPy's own timeout cannot be ranked among equal instants."""

    # Of the class, since every moment comes; its value says so to whoever waits for what may also fail to come about.
    _ok = True
    _value = True

    def __init__(self, env: Environment, delay_ms: Duration, rank: EventPriority) -> None:
        super().__init__(env)
        env.schedule(self, rank, delay_ms)
