"""Commands about call-backs."""

from dataclasses import dataclass

from routing.core.commands.request import Request
from routing.model.callback import CallbackKind, CallbackOutcome
from routing.model.ids import ChannelId, InteractionId
from routing.model.interaction import Interaction
from routing.model.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCallback(Request):
    """A waiting customer hangs up, keeps the place and is to be rung up on `channel` (`None`: the one they came on).

    They are not called before `not_before`, and `promised_at` is the instant by which they were told the first attempt begins.
    """

    interaction_id: InteractionId
    channel: ChannelId | None = None
    kind: CallbackKind = CallbackKind.AGENT_FIRST
    not_before: Instant | None = None
    promised_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleCallback(Request):
    """Accept an interaction whose customer never waited and is to be rung up on its channel; the rest as for `RequestCallback`."""

    interaction: Interaction
    kind: CallbackKind = CallbackKind.AGENT_FIRST
    not_before: Instant | None = None
    promised_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCallback(Request):
    """The customer does not want to be called any more; `reason` is for people."""

    interaction_id: InteractionId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCallbackAttempt(Request):
    """What came of the running attempt to reach the customer."""

    interaction_id: InteractionId
    outcome: CallbackOutcome
