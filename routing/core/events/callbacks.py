"""Facts about call-backs and the promises made with them."""

from routing.model.callback import CallbackKind, CallbackOutcome
from routing.model.ids import AgentId, InteractionId
from routing.model.interaction import Interaction
from routing.model.record import record
from routing.model.time import Duration, Instant


@record(frozen=True, slots=True, kw_only=True)
class CallbackRequested:
    """A waiting customer left the line and is to be rung up; `interaction` is what holds from now on, with the channel of the call.

    Not before `not_before`, where that lies ahead; the promise is to begin by `promised_at`, and the call-back is raised at `urgent_at`.
    `paused_ms`: for how long in all the customer wished not to be called; that time makes nothing older.
    """

    interaction: Interaction
    kind: CallbackKind
    not_before: Instant | None
    promised_at: Instant | None
    urgent_at: Instant | None
    paused_ms: Duration


@record(frozen=True, slots=True, kw_only=True)
class CallbackDue:
    """A call-back that was put off may be made."""

    interaction_id: InteractionId
    due_at: Instant


@record(frozen=True, slots=True, kw_only=True)
class CallbackRaised:
    """The promised instant is near: the call-back counts in class `class_rank` from now on, where its own is lower."""

    interaction_id: InteractionId
    due_at: Instant
    class_rank: int


@record(frozen=True, slots=True, kw_only=True)
class CallbackLaunched:
    """Attempt number `attempt` to reach the customer began, for this agent.

    Without a report it ends at `expires_at`; `None` where the agent is on the line and knows best.
    """

    interaction_id: InteractionId
    agent_id: AgentId
    attempt: int
    expires_at: Instant | None


@record(frozen=True, slots=True, kw_only=True)
class CallbackReached:
    """The customer answered. `agent_id` is who talks to them; `None` where the reserved agent was lost meanwhile and they wait."""

    interaction_id: InteractionId
    agent_id: AgentId | None


@record(frozen=True, slots=True, kw_only=True)
class CallbackAttemptEnded:
    """An attempt did not reach the customer, and no more is held of its agent (`None` where nobody had accepted).

    The next may begin at `retry_at`; `None` where there is none.
    """

    interaction_id: InteractionId
    agent_id: AgentId | None
    outcome: CallbackOutcome
    attempt: int
    retry_at: Instant | None


@record(frozen=True, slots=True, kw_only=True)
class PromiseKept:
    """The first attempt began by the promised instant."""

    interaction_id: InteractionId


@record(frozen=True, slots=True, kw_only=True)
class PromiseBroken:
    """The promised instant passed before any attempt had begun; `due_at` is the first that was too late."""

    interaction_id: InteractionId
    due_at: Instant
