"""Asterisk's `queue_log`: the text file of any version, or the table that realtime logging writes, exported as CSV.

Fields of the events: https://docs.asterisk.org/Operation/Logging/Queue-Logs/. Older versions write fewer; what is missing is taken from
the times, which are in whole seconds in the file. Nothing tells of hold and wrap-up.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from routing.model.interaction import EndCause
from routing.model.time import SECOND_MS, Duration, Instant
from simulation.importers.mapping import Clock
from simulation.importers.platforms.calls import CallBook, CallEvent, Kind
from simulation.importers.platforms.lines import text_lines
from simulation.importers.platforms.options import PlatformMapping
from simulation.importers.platforms.presences import Presences
from simulation.importers.platforms.stories import CallFolder
from simulation.importers.platforms.writer import Writer
from simulation.importers.report import ImportReport
from simulation.importers.sources import ClockReader, LeftOut
from simulation.interactions import RecordedInteraction

NOBODY: Final = frozenset(("", "NONE", "none"))

_SILENT: Final = frozenset(("CONFIGRELOAD", "QUEUESTART", "SYSCOMPAT", "DID", "INFO", "PENALTY", "RINGINUSE", "RINGCANCELED"))
"""Events that tell neither of a call's way nor of who is at work."""

_TABLE_COLUMNS: Final = ("time", "callid", "queuename", "agent", "event")
_DATA_COLUMNS: Final = ("data1", "data2", "data3", "data4", "data5")
_SECONDS_MAX: Final = 31_536_000
_EPOCH_SECONDS_MAX: Final = 4_102_444_800
"""The year 2100: a greater number is not a time."""


class _Row(NamedTuple):
    """One event as the log writes it; `data` are its parameters."""

    time: str
    call_id: str
    queue: str
    agent: str
    event: str
    data: tuple[str, ...]


def import_asterisk(source: Path, mapping: PlatformMapping, report: ImportReport) -> tuple[list[RecordedInteraction], Presences]:
    """Reads a queue log, telling a table by its first row; interactions come in the order in which their calls were over.

    Raises:
        ConfigError: the file cannot be read.
    """
    writer = Writer(mapping, report)
    book = CallBook(report, CallFolder(writer, report))
    presences = Presences()
    instant_of = _TimeReader(mapping.time, report)
    for line, fields in _rows(source, mapping, report):
        report.read += 1
        try:
            row = _row(fields)
            at = instant_of(row.time, line)
            if row.event in _EVENTS:
                if row.call_id in NOBODY:
                    raise LeftOut("dirty", "an event of a call without the id of the call", row.event)
                book.add(row.call_id, _EVENTS[row.event](row, at, line))
            elif row.event in _PRESENCES:
                _PRESENCES[row.event](presences, row, at)
            elif row.event in _SILENT:
                raise LeftOut("filtered", f"{row.event} tells nothing of a call's way or of who is at work")
            else:
                raise LeftOut("dirty", "not an event of a queue log", row.event)
        except LeftOut as left_out:
            report.count(left_out.treatment, left_out.reason, line=line, example=left_out.example)
    book.close()
    return writer.interactions, presences


def _rows(source: Path, mapping: PlatformMapping, report: ImportReport) -> Iterator[tuple[int, list[str]]]:
    """The fields of every row: split at bars, or, in a table, put into the order of the text file."""
    lines = text_lines(source, mapping.encoding, report)
    first = next(lines, None)
    if first is None:
        return
    delimiter = max(",;\t", key=first[1].count)
    header = [cell.strip().lower() for cell in _cells(first[1], delimiter)]
    if not {"callid", "event"} <= set(header):
        yield first[0], first[1].split("|")
        for line, text in lines:
            yield line, text.split("|")
        return
    has_parts = "data1" in header
    positions = [
        header.index(name) if name in header else len(header) for name in (*_TABLE_COLUMNS, *(_DATA_COLUMNS if has_parts else ("data",)))
    ]
    for line, text in lines:
        cells = _cells(text, delimiter)
        if len(cells) != len(header):
            yield line, []
            continue
        cells.append("")
        fields = [cells[position] for position in positions]
        yield line, fields if has_parts else [*fields[:5], *fields[5].split("|")]


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader((text,), delimiter=delimiter), [])
    except csv.Error:
        return []


def _row(fields: list[str]) -> _Row:
    if len(fields) < len(_TABLE_COLUMNS):
        raise LeftOut("dirty", "too few fields, or more than the first row has", "|".join(fields))
    time, call_id, queue, agent, event = (field.strip() for field in fields[:5])
    return _Row(time, call_id, queue, agent, event, tuple(fields[5:]))


class _TimeReader:
    """Reads seconds since 1970, as the file has them, or the local times of a table."""

    def __init__(self, clock: Clock, report: ImportReport) -> None:
        self._clock = ClockReader(clock, "time")
        self._report = report

    def __call__(self, text: str, line: int) -> Instant:
        """The instant; raises `LeftOut` for a text that is none."""
        whole, _, fraction = text.partition(".")
        if whole.isascii() and whole.isdigit() and len(whole) <= 10 and int(whole) < _EPOCH_SECONDS_MAX:
            return int(whole) * SECOND_MS + (int(fraction[:3].ljust(3, "0")) if fraction.isdecimal() and fraction.isascii() else 0)
        oddities: list[tuple[str, str]] = []
        at = None if text.isdigit() else self._clock.instant(text, oddities)
        if at is None:
            raise LeftOut("dirty", "time: neither seconds since 1970 nor a time in any of the formats", text)
        for reason, example in oddities:
            self._report.count("noted", reason, line=line, example=example)
        return at


def _length_ms(data: tuple[str, ...], position: int) -> Duration | None:
    """A parameter in seconds; None where this version of the log does not write it."""
    if not -len(data) <= position < len(data):
        return None
    text = data[position].strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= _SECONDS_MAX:
        return int(text) * SECOND_MS
    if text.startswith("-") and text[1:].isdecimal():
        raise LeftOut("dirty", "a negative length of time", text)
    raise LeftOut("dirty", "a parameter that is not a length of time in seconds", text)


def _somebody(name: str) -> str | None:
    return None if name in NOBODY else name


def _enter(row: _Row, at: Instant, line: int) -> CallEvent:
    caller = row.data[1].strip() if len(row.data) > 1 else ""
    return CallEvent(at, Kind.ENTER, line, _somebody(row.queue), customer=_somebody(caller))


def _connect(row: _Row, at: Instant, line: int) -> CallEvent:
    wait_ms, ring_ms = _length_ms(row.data, 0), _length_ms(row.data, 2)
    return CallEvent(at, Kind.CONNECT, line, _somebody(row.queue), _somebody(row.agent), wait_ms=wait_ms, ring_ms=ring_ms)


def _miss(row: _Row, at: Instant, line: int) -> CallEvent:
    return CallEvent(at, Kind.MISS, line, _somebody(row.queue), _somebody(row.agent))


def _leave(outcome: EndCause, wait_at: int, row: _Row, at: Instant, line: int) -> CallEvent:
    return CallEvent(at, Kind.LEAVE, line, _somebody(row.queue), outcome=outcome.value, wait_ms=_length_ms(row.data, wait_at))


def _refuse(row: _Row, at: Instant, line: int) -> CallEvent:
    return CallEvent(at, Kind.LEAVE, line, _somebody(row.queue), outcome=EndCause.REFUSED.value, wait_ms=0)


def _end(outcome: EndCause, wait_at: int, row: _Row, at: Instant, line: int) -> CallEvent:
    wait_ms, talk_ms = _length_ms(row.data, wait_at), _length_ms(row.data, wait_at + 1)
    agent = _somebody(row.agent)
    return CallEvent(at, Kind.END, line, _somebody(row.queue), agent, outcome.value, wait_ms=wait_ms, talk_ms=talk_ms)


_EVENTS: Final[Mapping[str, Callable[[_Row, Instant, int], CallEvent]]] = MappingProxyType(
    {
        "ENTERQUEUE": _enter,
        "CONNECT": _connect,
        "RINGNOANSWER": _miss,
        "AGENTDUMP": _miss,
        "COMPLETEAGENT": partial(_end, EndCause.HANDLED, 0),
        "COMPLETECALLER": partial(_end, EndCause.HANDLED, 0),
        "TRANSFER": partial(_end, EndCause.TRANSFERRED, 2),
        "BLINDTRANSFER": partial(_end, EndCause.TRANSFERRED, 2),
        "ATTENDEDTRANSFER": partial(_end, EndCause.TRANSFERRED, -3),  # what stands before differs by method
        "ABANDON": partial(_leave, EndCause.ABANDONED, 2),
        "EXITEMPTY": partial(_leave, EndCause.UNSERVED, 2),
        "EXITWITHTIMEOUT": partial(_leave, EndCause.UNSERVED, 2),
        "EXITWITHKEY": partial(_leave, EndCause.UNSERVED, 3),
        "WITHDRAW": partial(_leave, EndCause.CANCELLED, 2),
        "LEAVEEMPTY": partial(_leave, EndCause.UNSERVED, 2),  # this and the others are written by Wazo and XiVO
        "FULL": _refuse,
        "JOINEMPTY": _refuse,
        "CLOSED": _refuse,
        "DIVERT_CA_RATIO": _refuse,
        "DIVERT_HOLDTIME": _refuse,
    }
)
"""How an event of a call is read; the numbers are the position of the wait among its parameters, and the talking time follows it."""


def _member(tell: Callable[[Presences, str, str, Instant], None], presences: Presences, row: _Row, at: Instant) -> None:
    tell(presences, _agent(row), row.queue, at)


def _pause(tell: Callable[[Presences, str, str | None, Instant], None], presences: Presences, row: _Row, at: Instant) -> None:
    tell(presences, _agent(row), _somebody(row.queue), at)


def _login(presences: Presences, row: _Row, at: Instant) -> None:
    presences.tell(_agent(row), at, "there")


def _logoff(presences: Presences, row: _Row, at: Instant) -> None:
    presences.tell(_agent(row), at, "gone")


def _agent(row: _Row) -> str:
    if row.agent in NOBODY:
        raise LeftOut("dirty", "an event of an agent without the agent", row.event)
    return row.agent


_PRESENCES: Final[Mapping[str, Callable[[Presences, _Row, Instant], None]]] = MappingProxyType(
    {
        "ADDMEMBER": partial(_member, Presences.join),
        "REMOVEMEMBER": partial(_member, Presences.leave),
        "PAUSE": partial(_pause, Presences.pause),
        "PAUSEALL": partial(_pause, Presences.pause),
        "UNPAUSE": partial(_pause, Presences.resume),
        "UNPAUSEALL": partial(_pause, Presences.resume),
        "AGENTLOGIN": _login,
        "AGENTCALLBACKLOGIN": _login,
        "AGENTLOGOFF": _logoff,
        "AGENTCALLBACKLOGOFF": _logoff,
    }
)
