"""Twilio TaskRouter's events: as the Events resource lists them, as Event Streams delivers them, or as event callbacks that were kept.

Events and fields: https://www.twilio.com/docs/taskrouter/api/event/reference and
https://www.twilio.com/docs/events/event-types/taskrouter/reservation. A task is a call of `calls`, a reservation an offer. TaskRouter
knows no hold.
"""

import datetime as dt
from pathlib import Path
from typing import Annotated, Final

import msgspec

from routing.model.interaction import EndCause
from routing.model.time import Instant
from simulation.importers.local_time import epoch_instant, since_epoch
from simulation.importers.platforms.calls import CallBook, CallEvent, Kind
from simulation.importers.platforms.options import PlatformMapping
from simulation.importers.platforms.presences import Presences, State
from simulation.importers.platforms.records import JsonRecords
from simulation.importers.platforms.stories import CallFolder
from simulation.importers.platforms.writer import Writer
from simulation.importers.report import ImportReport
from simulation.importers.sources import LeftOut
from simulation.interactions import RecordedInteraction

Moment = Annotated[dt.datetime, msgspec.Meta(tz=True)]

STREAM_PREFIX: Final = "com.twilio.taskrouter."
GROUPS: Final = frozenset("activity reservation task task-queue taskchannel task-channel worker workflow workspace".split())
"""What the names of TaskRouter's events begin with."""

KINDS: Final = {
    "task.created": Kind.ENTER,
    "task-queue.entered": Kind.ENTER,
    "reservation.created": Kind.OFFER,
    "reservation.rejected": Kind.MISS,
    "reservation.timeout": Kind.MISS,
    "reservation.accepted": Kind.CONNECT,
    "reservation.wrapup": Kind.END,
    "reservation.completed": Kind.WRAPPED,
    "task.completed": Kind.WRAPPED,
    "task.transfer-completed": Kind.END,
    "task.canceled": Kind.LEAVE,
    "task.deleted": Kind.LEAVE,
    "task.system-deleted": Kind.LEAVE,
}
OUTCOMES: Final = {"task.transfer-completed": EndCause.TRANSFERRED}
REASONS: Final = {"hangup": EndCause.ABANDONED, "task ttl exceeded": EndCause.UNSERVED}
"""Reasons of a canceled task, in small letters; the mapping's `outcomes` adds those that a platform writes itself."""

ACTIVITY_CHANGED: Final = frozenset(("worker.activity.update", "worker.activity"))
STATES: Final[dict[str, State]] = {"offline": "gone", "available": "there", "idle": "there", "reserved": "there", "busy": "there"}
"""The activities that TaskRouter and Flex begin with; in any other the agent is taken to be away."""


class _Payload(msgspec.Struct, kw_only=True):
    """What an event tells; both the Events resource and Event Streams use these names."""

    eventtype: str | None = None
    timestamp: Moment | None = None
    task_sid: str | None = None
    task_attributes: str | None = None
    task_channel_unique_name: str | None = None
    task_queue_name: str | None = None
    task_canceled_reason: str | None = None
    worker_name: str | None = None
    worker_sid: str | None = None
    worker_activity_name: str | None = None


class _Data(msgspec.Struct, kw_only=True):
    payload: _Payload


class _Event(msgspec.Struct, kw_only=True):
    """One event in any of the three forms."""

    event_type: str | None = None
    event_date: Moment | None = None
    event_date_ms: int | None = None
    event_data: _Payload | None = None
    type: str | None = None
    data: _Data | None = None
    callback_type: str | None = msgspec.field(name="EventType", default=None)
    timestamp: str | int | None = msgspec.field(name="Timestamp", default=None)
    timestamp_ms: str | int | None = msgspec.field(name="TimestampMs", default=None)
    task_sid: str | None = msgspec.field(name="TaskSid", default=None)
    task_attributes: str | None = msgspec.field(name="TaskAttributes", default=None)
    task_channel_unique_name: str | None = msgspec.field(name="TaskChannelUniqueName", default=None)
    task_queue_name: str | None = msgspec.field(name="TaskQueueName", default=None)
    task_canceled_reason: str | None = msgspec.field(name="TaskCanceledReason", default=None)
    worker_name: str | None = msgspec.field(name="WorkerName", default=None)
    worker_sid: str | None = msgspec.field(name="WorkerSid", default=None)
    worker_activity_name: str | None = msgspec.field(name="WorkerActivityName", default=None)


class _Customer(msgspec.Struct, kw_only=True):
    """The attributes under which TaskRouter's own integrations keep the customer's address."""

    caller: str | None = msgspec.field(name="from", default=None)
    address: str | None = msgspec.field(name="customerAddress", default=None)


_CUSTOMER: Final = msgspec.json.Decoder(_Customer)
_ATTRIBUTES: Final = msgspec.json.Decoder(dict[str, object])


def import_twilio_taskrouter(source: Path, mapping: PlatformMapping, report: ImportReport) -> tuple[list[RecordedInteraction], Presences]:
    """Reads events in any order within the bounds of `calls`; interactions come in the order in which their tasks were over.

    Raises:
        ConfigError: the file cannot be read, or is a JSON document that breaks off.
    """
    writer = Writer(mapping, report)
    book = CallBook(report, CallFolder(writer, report))
    presences = Presences()
    for line, event in JsonRecords(_Event, "an event of TaskRouter", "events").read(source, report):
        try:
            name, at, payload = _read(event)
            if name in KINDS:
                if not payload.task_sid:
                    raise LeftOut("dirty", "an event of a task without the task", name)
                book.add(payload.task_sid, _call_event(name, at, line, payload, writer=writer, attribute_names=mapping.attributes))
            elif name in ACTIVITY_CHANGED and payload.worker_activity_name:
                agent = payload.worker_name or payload.worker_sid
                if not agent:
                    raise LeftOut("dirty", "an event of a worker without the worker", name)
                presences.tell(agent, at, STATES.get(payload.worker_activity_name.lower(), "away"))
            elif name.partition(".")[0] in GROUPS:
                raise LeftOut("filtered", "an event that tells of no arrival, offer, answer or end", name)
            else:
                raise LeftOut("dirty", "not an event of TaskRouter", name)
        except LeftOut as left_out:
            report.count(left_out.treatment, left_out.reason, line=line, example=left_out.example)
    book.close()
    return writer.interactions, presences


def _read(event: _Event) -> tuple[str, Instant, _Payload]:
    """The name of an event, its instant and what it tells."""
    if event.event_data is not None and event.event_type is not None:
        if event.event_date_ms is not None:
            return event.event_type, event.event_date_ms, event.event_data
        return event.event_type, _instant(event.event_date), event.event_data
    if event.data is not None and event.type is not None:
        return event.type.removeprefix(STREAM_PREFIX), _instant(event.data.payload.timestamp), event.data.payload
    if event.callback_type is None:
        raise LeftOut("dirty", "an event without its type or its data")
    return event.callback_type, _callback_instant(event), _payload(event)


def _instant(moment: dt.datetime | None) -> Instant:
    if moment is None:
        raise LeftOut("dirty", "an event without its time")
    return since_epoch(moment)


def _callback_instant(event: _Event) -> Instant:
    if event.timestamp_ms is not None:
        at = epoch_instant(str(event.timestamp_ms), "ms")
    else:
        at = None if event.timestamp is None else epoch_instant(str(event.timestamp), "s")
    if at is None:
        raise LeftOut("dirty", "an event without its time")
    return at


def _payload(event: _Event) -> _Payload:
    return _Payload(
        task_sid=event.task_sid,
        task_attributes=event.task_attributes,
        task_channel_unique_name=event.task_channel_unique_name,
        task_queue_name=event.task_queue_name,
        task_canceled_reason=event.task_canceled_reason,
        worker_name=event.worker_name,
        worker_sid=event.worker_sid,
        worker_activity_name=event.worker_activity_name,
    )


def _call_event(name: str, at: Instant, line: int, payload: _Payload, *, writer: Writer, attribute_names: tuple[str, ...]) -> CallEvent:
    kind = KINDS[name]
    is_entry = kind is Kind.ENTER
    return CallEvent(
        at,
        kind,
        line,
        queue=payload.task_queue_name if name != "task.created" else None,
        agent=payload.worker_name or payload.worker_sid if name.startswith("reservation.") else None,
        outcome=_outcome(name, kind, payload, writer),
        channel=payload.task_channel_unique_name,
        customer=_customer(payload.task_attributes) if is_entry else None,
        attributes=_attributes(payload.task_attributes, attribute_names) if is_entry else (),
    )


def _outcome(name: str, kind: Kind, payload: _Payload, writer: Writer) -> str | None:
    if kind is Kind.LEAVE:
        reason = payload.task_canceled_reason
        own = REASONS.get((reason or "").lower(), EndCause.CANCELLED)
        return writer.names.outcome(reason, own.value)
    return OUTCOMES.get(name, EndCause.HANDLED).value if kind in (Kind.END, Kind.WRAPPED) else None


def _customer(attributes: str | None) -> str | None:
    try:
        customer = _CUSTOMER.decode(attributes or "{}")
    except msgspec.DecodeError:  # a platform may write anything into the attributes of its tasks
        return None
    return customer.caller or customer.address


def _attributes(attributes: str | None, names: tuple[str, ...]) -> tuple[tuple[str, str | int], ...]:
    if not names:
        return ()
    try:
        found = _ATTRIBUTES.decode(attributes or "{}")
    except msgspec.DecodeError:
        return ()
    return tuple((name, value) for name in names if isinstance(value := found.get(name), str | int) and not isinstance(value, bool))
