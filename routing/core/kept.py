"""Small records that the state's rows hold: work the router did not route, answers to requests, and what is kept of the ended."""

from collections.abc import Sequence
from typing import NamedTuple

from routing.model.ids import AgentId, ChannelId, InteractionId, QueueId
from routing.model.interaction import EndCause
from routing.model.time import Instant


class ExternalWork(NamedTuple):
    """Work of an agent that the router did not route, and what it takes of their budget."""

    channel: ChannelId
    capacity_cost: int
    is_assignment: bool


def limit_reached_until(counting: Sequence[Instant], count: int) -> Instant | None:
    """Until when an agent is at a limit of `count`, given the instants until which their assignments count; `None` below it."""
    return counting[-count] if len(counting) >= count else None


class Remembered(NamedTuple):
    """The answer to a request: sequence of its record, its instant, the hash of its payload and the subject of the answer."""

    seq: int
    at: Instant
    payload_hash: str
    subject: str


class Ended(NamedTuple):
    """What is kept of an ended interaction; `parent_id` and `leg_id` are its neighbours in a conversation of several legs."""

    at: Instant
    cause: EndCause
    queue_id: QueueId
    agent_id: AgentId | None
    parent_id: InteractionId | None = None
    leg_id: InteractionId | None = None
