"""Call-backs: requests as commands, and what stands or happened as messages."""

from typing import Any

from routing.core import commands, events
from routing.core.events import Recorded
from routing.core.state import CallbackRow
from routing.model.callback import CallbackKind, CallbackOutcome, CallbackRule, CallbackStage, Promise
from routing.model.time import Instant
from routing.server.convert.checks import EnumTable, identifier, instant, short
from routing.server.convert.nouns import interaction_of
from routing.server.errors import invalid
from routing.v1 import callbacks_pb2, interactions_pb2, site_pb2, types_pb2
from routing.v1.interactions_pb2 import InteractionCallback

KINDS = EnumTable(types_pb2.CallbackKind, "CALLBACK_KIND", CallbackKind)
STAGES = EnumTable(types_pb2.CallbackStage, "CALLBACK_STAGE", CallbackStage)
OUTCOMES = EnumTable(types_pb2.CallbackOutcome, "CALLBACK_OUTCOME", CallbackOutcome)
PROMISES = EnumTable(types_pb2.Promise, "PROMISE", Promise)


# ---- in ----


def request_callback(message: callbacks_pb2.RequestCallbackRequest) -> commands.RequestCallback:
    """The command of a request."""
    return commands.RequestCallback(
        request_id=identifier("request_id", message.request_id),
        interaction_id=identifier("interaction_id", message.interaction_id),
        channel=short("channel", message.channel) or None,
        kind=_kind_of(message.kind),
        not_before=_instant_of(message, "not_before_at_ms"),
        promised_at=_instant_of(message, "promised_at_ms"),
    )


def schedule_callback(message: callbacks_pb2.ScheduleCallbackRequest) -> commands.ScheduleCallback:
    """The command of a request."""
    if not message.HasField("interaction"):
        raise invalid("interaction", "is required")
    return commands.ScheduleCallback(
        request_id=identifier("request_id", message.request_id),
        interaction=interaction_of(message.interaction),
        kind=_kind_of(message.kind),
        not_before=_instant_of(message, "not_before_at_ms"),
        promised_at=_instant_of(message, "promised_at_ms"),
    )


def cancel_callback(message: callbacks_pb2.CancelCallbackRequest) -> commands.CancelCallback:
    """The command of a request."""
    return commands.CancelCallback(
        request_id=identifier("request_id", message.request_id),
        interaction_id=identifier("interaction_id", message.interaction_id),
        reason=short("reason", message.reason),
    )


def report_callback_attempt(message: callbacks_pb2.ReportCallbackAttemptRequest) -> commands.ReportCallbackAttempt:
    """The command of a request."""
    return commands.ReportCallbackAttempt(
        request_id=identifier("request_id", message.request_id),
        interaction_id=identifier("interaction_id", message.interaction_id),
        outcome=OUTCOMES.member("outcome", message.outcome),
    )


def callback_rule_of(message: site_pb2.CallbackRule) -> CallbackRule:
    """A queue's numbers; a missing message is a queue that takes none."""
    return CallbackRule(
        attempts_max=message.attempts_max,
        spacing_ms=message.spacing_ms,
        answer_timeout_ms=message.answer_timeout_ms,
        promise_lead_ms=message.promise_lead_ms,
        promise_class_rank=message.promise_class_rank if message.HasField("promise_class_rank") else None,
    )


def _kind_of(number: types_pb2.CallbackKind) -> CallbackKind:
    return CallbackKind.AGENT_FIRST if number == types_pb2.CALLBACK_KIND_UNSPECIFIED else KINDS.member("kind", number)


def _instant_of(message: Any, field: str) -> Instant | None:
    return instant(field, getattr(message, field)) if message.HasField(field) else None


# ---- out ----


def callback_to_wire(callback: CallbackRow | None) -> types_pb2.Callback | None:
    """A call-back as it stands, or `None` where there is none."""
    if callback is None:
        return None
    return types_pb2.Callback(
        kind=KINDS.number(callback.kind),
        stage=STAGES.number(callback.stage),
        requested_at_ms=callback.requested_at,
        not_before_at_ms=callback.not_before,
        promise=PROMISES.number(callback.promise),
        promised_at_ms=callback.promised_at,
        attempts=callback.attempts,
        attempt_expires_at_ms=callback.attempt_expires_at,
    )


def callback_rule_to_wire(rule: CallbackRule) -> site_pb2.CallbackRule:
    """A queue's numbers."""
    return site_pb2.CallbackRule(
        attempts_max=rule.attempts_max,
        spacing_ms=rule.spacing_ms,
        answer_timeout_ms=rule.answer_timeout_ms,
        promise_lead_ms=rule.promise_lead_ms,
        promise_class_rank=rule.promise_class_rank,
    )


def callback_progress(recorded: Recorded) -> InteractionCallback | None:
    """What happened to a call-back, or `None` where the event is not about one."""
    match recorded.event:
        case events.CallbackRequested() as event:
            return InteractionCallback(
                progress=interactions_pb2.CALLBACK_PROGRESS_REQUESTED,
                kind=KINDS.number(event.kind),
                channel=event.interaction.channel,
                until_ms=event.not_before,
                promised_at_ms=event.promised_at,
            )
        case events.CallbackDue():
            return InteractionCallback(progress=interactions_pb2.CALLBACK_PROGRESS_DUE)
        case events.CallbackRaised():
            return InteractionCallback(progress=interactions_pb2.CALLBACK_PROGRESS_RAISED)
        case events.CallbackLaunched() as event:
            return InteractionCallback(
                progress=interactions_pb2.CALLBACK_PROGRESS_LAUNCHED,
                agent_id=event.agent_id,
                attempt=event.attempt,
                until_ms=event.expires_at,
            )
        case events.CallbackReached() as event:
            return InteractionCallback(progress=interactions_pb2.CALLBACK_PROGRESS_REACHED, agent_id=event.agent_id or "")
        case events.CallbackAttemptEnded() as event:
            return InteractionCallback(
                progress=interactions_pb2.CALLBACK_PROGRESS_ATTEMPT_ENDED,
                agent_id=event.agent_id or "",
                attempt=event.attempt,
                outcome=OUTCOMES.number(event.outcome),
                until_ms=event.retry_at,
            )
        case events.PromiseKept():
            return InteractionCallback(progress=interactions_pb2.CALLBACK_PROGRESS_PROMISE_KEPT)
        case events.PromiseBroken():
            return InteractionCallback(progress=interactions_pb2.CALLBACK_PROGRESS_PROMISE_BROKEN)
        case _:
            return None
