"""FreeSWITCH's `mod_callcenter`: its events as text or JSON, or a table of call records with the variables it sets.

Events and headers: https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Modules/mod_callcenter_1049389. Times in the headers
are whole seconds; the event's own is finer. The module knows no hold, and its wrap-up time leaves no event.
"""

import csv
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import msgspec

from routing.config.errors import ConfigError
from routing.model.interaction import EndCause
from routing.model.time import SECOND_MS, Duration, Instant
from simulation.importers.platforms.calls import CallBook, CallEvent, Kind
from simulation.importers.platforms.lines import text_lines
from simulation.importers.platforms.options import PlatformMapping
from simulation.importers.platforms.presences import Presences, State
from simulation.importers.platforms.records import JsonRecords
from simulation.importers.platforms.stories import UNKNOWN, CallFolder
from simulation.importers.platforms.writer import IN_PROGRESS, Writer
from simulation.importers.report import ImportReport
from simulation.importers.sources import LeftOut
from simulation.interactions import RecordedInteraction

_SILENT: Final = ("agent-", "members-count")
"""What the names of the module's other actions begin with."""
JOINED: Final = "cc_queue_joined_epoch"
"""The variable by which a table of call records is known."""

_DIGITS_MAX: Final = 16
_EPOCH_DIGITS_MAX: Final = 10
_NOT_THE_AGENTS: Final = "ORIGINATOR_CANCEL"
"""The hang-up of a ring that another agent's answer, or the caller's, ended."""

OUTCOMES: Final = {
    "": EndCause.ABANDONED,
    "NONE": EndCause.ABANDONED,
    "BREAK_OUT": EndCause.ABANDONED,
    "EXIT_WITH_KEY": EndCause.UNSERVED,
    "TIMEOUT": EndCause.UNSERVED,
    "NO_AGENT_TIMEOUT": EndCause.UNSERVED,
}
"""What the reasons of a cancelled membership say."""

STATES: Final[dict[str, State]] = {
    "Available": "there",
    "Available (On Demand)": "there",
    "On Break": "away",
    "Logged Out": "gone",
}


class _Event(msgspec.Struct, kw_only=True):
    """The headers that are read, of any event; FreeSWITCH writes all of them as texts."""

    at: str | None = msgspec.field(name="Event-Date-Timestamp", default=None)
    action: str | None = msgspec.field(name="CC-Action", default=None)
    queue: str | None = msgspec.field(name="CC-Queue", default=None)
    agent: str | None = msgspec.field(name="CC-Agent", default=None)
    status: str | None = msgspec.field(name="CC-Agent-Status", default=None)
    member: str | None = msgspec.field(name="CC-Member-UUID", default=None)
    session: str | None = msgspec.field(name="CC-Member-Session-UUID", default=None)
    caller: str | None = msgspec.field(name="CC-Member-CID-Number", default=None)
    cause: str | None = msgspec.field(name="CC-Cause", default=None)
    cancel_reason: str | None = msgspec.field(name="CC-Cancel-Reason", default=None)
    hangup_cause: str | None = msgspec.field(name="CC-Hangup-Cause", default=None)
    joined: str | None = msgspec.field(name="CC-Member-Joined-Time", default=None)
    answered: str | None = msgspec.field(name="CC-Agent-Answered-Time", default=None)
    terminated: str | None = msgspec.field(name="CC-Bridge-Terminated-Time", default=None)
    leaving: str | None = msgspec.field(name="CC-Member-Leaving-Time", default=None)
    aborted: str | None = msgspec.field(name="CC-Agent-Aborted-Time", default=None)


_HEADERS: Final = {field.encode_name: field.name for field in msgspec.structs.fields(_Event)}


def import_freeswitch(source: Path, mapping: PlatformMapping, report: ImportReport) -> tuple[list[RecordedInteraction], Presences]:
    """Reads events or call records, telling which by the first line.

    Raises:
        ConfigError: the file cannot be read, or is a JSON document that breaks off.
    """
    writer = Writer(mapping, report)
    presences = Presences()
    first = next((text for _, text in text_lines(source, mapping.encoding, ImportReport())), "")
    if JOINED in first:
        _import_records(source, mapping, report, writer)
        return writer.interactions, presences
    book = CallBook(report, CallFolder(writer, report))
    is_json = first.startswith(("{", "["))
    events = JsonRecords(_Event, "an event", None).read(source, report) if is_json else _blocks(source, mapping, report)
    for line, event in events:
        try:
            _take(event, line, book, presences, writer)
        except LeftOut as left_out:
            report.count(left_out.treatment, left_out.reason, line=line, example=left_out.example)
    book.close()
    return writer.interactions, presences


def _blocks(source: Path, mapping: PlatformMapping, report: ImportReport) -> Iterator[tuple[int, _Event]]:
    """Events as text: a header a line, a blank line after the last; values are written as in an address."""
    headers: dict[str, str] = {}
    first_line, is_run_together = 0, False
    for line, text in chain(text_lines(source, mapping.encoding, report, with_blanks=True), ((0, ""),)):
        if not text:
            if first_line:
                report.read += 1
                if is_run_together:
                    report.count("dirty", "a header twice: two events run together", line=first_line, example=headers.get("action", ""))
                else:
                    yield first_line, _Event(**headers)
            headers, first_line, is_run_together = {}, 0, False
            continue
        first_line = first_line or line
        name, _, value = text.partition(":")
        field = _HEADERS.get(name)
        if field is not None:
            is_run_together = is_run_together or field in headers
            value = value.strip()
            headers[field] = unquote(value) if "%" in value else value


def _take(event: _Event, line: int, book: CallBook, presences: Presences, writer: Writer) -> None:
    action = event.action
    if action is None:
        raise LeftOut("filtered", "not an event of mod_callcenter")
    if action == "agent-status-change":
        state = STATES.get(event.status or "")
        if not event.agent or state is None:
            raise LeftOut("dirty", "a status without an agent, or one that the module does not have", f"{event.agent}: {event.status}")
        presences.tell(event.agent, _at(event, None), state)
        return
    if action not in _CALL_EVENTS:
        if action.startswith(_SILENT):
            raise LeftOut("filtered", "an action that tells of no arrival, offer, answer or end", action)
        raise LeftOut("dirty", "not an action of mod_callcenter", action)
    call_id = event.session or event.member
    if not call_id:
        raise LeftOut("dirty", "an event of a member without its id", action)
    book.add(call_id, _CALL_EVENTS[action](event, line, writer))


def _at(event: _Event, seconds: str | None) -> Instant:
    """The event's own time, in microseconds, or else the header in seconds that tells the same."""
    if event.at is not None and _is_count(event.at):
        return int(event.at) // 1_000
    if seconds is None or not _is_count(seconds):
        raise LeftOut("dirty", "an event without its time", event.action or "")
    return int(seconds) * SECOND_MS


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX


def _span_ms(start: str | None, end: str | None) -> Duration | None:
    """From one header in seconds to another; None where one is missing or 0, which stands for "never"."""
    if start is None or end is None or not (_is_count(start) and _is_count(end)) or int(start) == 0 or int(end) == 0:
        return None
    length = (int(end) - int(start)) * SECOND_MS
    if length < 0:
        raise LeftOut("dirty", "a negative length of time", f"{start} to {end}")
    return length


def _enter(event: _Event, line: int, _: Writer) -> CallEvent:
    return CallEvent(_at(event, event.joined), Kind.ENTER, line, event.queue, customer=event.caller)


def _offer(event: _Event, line: int, _: Writer) -> CallEvent:
    return CallEvent(_at(event, None), Kind.OFFER, line, event.queue, event.agent)


def _miss(event: _Event, line: int, _: Writer) -> CallEvent:
    if event.hangup_cause == _NOT_THE_AGENTS:
        raise LeftOut("filtered", "a ring that another answer or the caller ended")
    return CallEvent(_at(event, event.aborted), Kind.MISS, line, event.queue, event.agent)


def _connect(event: _Event, line: int, _: Writer) -> CallEvent:
    wait_ms = _span_ms(event.joined, event.answered)
    return CallEvent(_at(event, event.answered), Kind.CONNECT, line, event.queue, event.agent, wait_ms=wait_ms, customer=event.caller)


def _bridge_end(event: _Event, line: int, _: Writer) -> CallEvent:
    return _ended(event, line, event.terminated)


def _queue_end(event: _Event, line: int, writer: Writer) -> CallEvent:
    if event.cause != "Cancel":
        return _ended(event, line, event.leaving)
    reason = event.cancel_reason or ""
    outcome = writer.names.outcome(reason, OUTCOMES.get(reason, EndCause.CANCELLED).value)
    wait_ms = _span_ms(event.joined, event.leaving)
    at = _at(event, event.leaving)
    return CallEvent(at, Kind.LEAVE, line, event.queue, outcome=outcome, wait_ms=wait_ms, customer=event.caller)


def _ended(event: _Event, line: int, ended: str | None) -> CallEvent:
    return CallEvent(
        _at(event, ended),
        Kind.END,
        line,
        event.queue,
        event.agent,
        EndCause.HANDLED.value,
        wait_ms=_span_ms(event.joined, event.answered),
        talk_ms=_span_ms(event.answered, ended),
        customer=event.caller,
    )


_CALL_EVENTS: Final[Mapping[str, Callable[[_Event, int, Writer], CallEvent]]] = {
    "member-queue-start": _enter,
    "member-queue-resume": _enter,
    "agent-offering": _offer,
    "bridge-agent-fail": _miss,
    "bridge-agent-start": _connect,
    "bridge-agent-end": _bridge_end,
    "member-queue-end": _queue_end,
}


def _import_records(source: Path, mapping: PlatformMapping, report: ImportReport, writer: Writer) -> None:
    """A table of call records whose first row names the variables, as `mod_cdr_csv` writes it with a template that lists them."""
    lines = text_lines(source, mapping.encoding, report)
    line_of_header, first = next(lines)
    header = _cells(first)
    if JOINED not in header:
        remedy = f"The first row names the variables; one of them is {JOINED}."
        raise ConfigError(f"has no column {JOINED}", file=source, line=line_of_header, remedy=remedy)
    for line, text in lines:
        report.read += 1
        cells = _cells(text)
        try:
            if len(cells) != len(header):
                raise LeftOut("dirty", "too few columns" if len(cells) < len(header) else "too many columns", text)
            _take_record(dict(zip(header, cells, strict=True)), line, writer)
        except LeftOut as left_out:
            report.count(left_out.treatment, left_out.reason, line=line, example=left_out.example)


def _cells(text: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader((text,)), [])]
    except csv.Error:
        return []


def _take_record(record: dict[str, str], line: int, writer: Writer) -> None:
    if record.get("cc_side") == "agent":
        raise LeftOut("filtered", "the agent's side of a call")
    joined = record[JOINED]
    if not joined:
        raise LeftOut("filtered", "never in a queue")
    call_id = record.get("cc_member_session_uuid") or record.get("uuid") or record.get("cc_member_uuid")
    if not call_id:
        raise LeftOut("dirty", "no id: neither cc_member_session_uuid, uuid nor cc_member_uuid")
    answered_at = _epoch(record, "cc_queue_answered_epoch")
    cancelled_at, terminated_at = _epoch(record, "cc_queue_canceled_epoch"), _epoch(record, "cc_queue_terminated_epoch")
    reason = record.get("cc_cancel_reason", "")
    if answered_at is not None:
        ended_at, outcome = terminated_at, EndCause.HANDLED.value if terminated_at is not None else IN_PROGRESS
    else:
        ended_at = cancelled_at if cancelled_at is not None else terminated_at
        outcome = IN_PROGRESS if ended_at is None else writer.names.outcome(reason, OUTCOMES.get(reason, EndCause.CANCELLED).value)
    queue = record.get("cc_queue") or UNKNOWN
    writer.write(
        RecordedInteraction(
            id=call_id,
            arrived_at_ms=_epoch(record, JOINED) or 0,
            channel=writer.names.channel("voice"),
            type=writer.names.type(queue),
            attributes=writer.names.attributes(()),
            customer=writer.names.customer(record.get("caller_id_number")),
            agent=sys.intern(record["cc_agent"]) if answered_at is not None and record.get("cc_agent") else None,
            answered_at_ms=answered_at,
            ended_at_ms=ended_at,
            outcome=outcome,
        ),
        queue=queue,
        line=line,
    )


def _epoch(record: dict[str, str], column: str) -> Instant | None:
    text = record.get(column, "")
    if text in ("", "0"):
        return None
    if not _is_count(text) or len(text) > _EPOCH_DIGITS_MAX:
        raise LeftOut("dirty", f"{column}: not seconds since 1970", text)
    return int(text) * SECOND_MS
