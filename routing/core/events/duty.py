"""Facts about what keeps an agent from work besides presence: pauses in a queue, limits, commitments, and work of their own."""

from routing.model.agent import Commitment
from routing.model.ids import AgentId, ChannelId, ExternalWorkId, QueueId
from routing.model.record import record
from routing.model.time import Instant


@record(frozen=True, slots=True, kw_only=True)
class AgentPaused:
    """An agent takes nothing from a queue for now; `reason` is theirs, or `missed_offer`."""

    agent_id: AgentId
    queue_id: QueueId
    reason: str


@record(frozen=True, slots=True, kw_only=True)
class AgentUnpaused:
    """An agent takes work from a queue again."""

    agent_id: AgentId
    queue_id: QueueId


@record(frozen=True, slots=True, kw_only=True)
class AssignmentCounted:
    """An agent took work of a queue that limits how much each is given: it counts until `counts_until`.

    Where that is as much as the queue allows, the agent is given nothing more of it before `limited_until`.
    """

    agent_id: AgentId
    queue_id: QueueId
    counts_until: Instant
    limited_until: Instant | None


@record(frozen=True, slots=True, kw_only=True)
class AssignmentLimitEnded:
    """An agent is below the limit of a queue again."""

    agent_id: AgentId
    queue_id: QueueId
    due_at: Instant


@record(frozen=True, slots=True, kw_only=True)
class CommitmentsPut:
    """When an agent is expected elsewhere became known; earliest first, none over yet."""

    agent_id: AgentId
    commitments: tuple[Commitment, ...]


@record(frozen=True, slots=True, kw_only=True)
class CommitmentEnded:
    """The earliest commitment of an agent is over."""

    agent_id: AgentId
    due_at: Instant


@record(frozen=True, slots=True, kw_only=True)
class ExternalWorkStarted:
    """An agent is busy with something that the router did not route, and that takes `capacity_cost` of their budget."""

    agent_id: AgentId
    work_id: ExternalWorkId
    channel: ChannelId
    capacity_cost: int
    is_assignment: bool
    reason: str


@record(frozen=True, slots=True, kw_only=True)
class ExternalWorkEnded:
    """Work that the router did not route is over."""

    agent_id: AgentId
    work_id: ExternalWorkId
