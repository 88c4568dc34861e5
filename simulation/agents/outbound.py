"""Outbound work: jobs that the center starts itself when enough agents are free, as a dialler or a campaign does.

A list holds jobs that nobody waits for. One is given to the router whenever fewer than `busy_below` agents who serve its channel are busy,
or more than `keep_free` are free, and no customer waits on a live channel that these agents serve. From there on the router decides.

Bhulai and Koole 2003: with equal service times it is best to start outbound work below a threshold of busy agents.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.model.ids import ChannelId
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundList:
    """`count` like jobs (None: as many as there is time for), started within `spans`, [from, to), earliest first.

    Exactly one of `busy_below` and `keep_free` is stated. `name` is part of every job's id, and so of its luck.
    """

    name: str
    channel: ChannelId
    type: str
    attributes: Mapping[str, AttributeValue]
    count: int | None
    busy_below: int | None
    keep_free: int | None
    spans: tuple[tuple[Instant, Instant], ...]

    def job(self, number: int) -> Interaction:
        """The job of that number, from 1, as an interaction."""
        return Interaction(id=f"outbound-{self.name}-{number}", channel=self.channel, type=self.type, attributes=self.attributes)

    def may_start(self, *, busy: int, free: int) -> bool:
        """Whether a job may be started with so many agents busy and free."""
        if self.busy_below is not None:
            return busy < self.busy_below and free > 0
        return self.keep_free is not None and free > self.keep_free
