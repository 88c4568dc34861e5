"""Rows for journal tests: short, numbered, and telling their own place, so that wrong data cannot look right."""

from routing.core.events import Event, Recorded, RequestRecorded
from routing.model.time import Instant
from routing.store.codec import encode_row
from routing.store.rows import Row

MORNING: Instant = 1_439_280_000_000
"""11 August 2015, 08:00 UTC."""


def an_event(seq: int) -> Event:
    """An event that names its own sequence number in every field."""
    return RequestRecorded(request_id=f"request-{seq}", payload_hash=f"{seq:032x}", subject=f"interaction-{seq}", forget_before=seq)


def a_row(first_seq: int, *, events: int = 1, at: Instant | None = None) -> Row:
    """A row of numbered events, one second after the row before unless `at` says otherwise."""
    instant = MORNING + first_seq * 1_000 if at is None else at
    request_id = None if first_seq % 2 == 0 else f"request-{first_seq}"
    return encode_row([Recorded(first_seq + index, instant, request_id, an_event(first_seq + index)) for index in range(events)])


def some_rows(count: int, *, first_seq: int = 1) -> list[Row]:
    """Rows of one, two and three events in turn."""
    rows: list[Row] = []
    for index in range(count):
        rows.append(a_row(first_seq, events=index % 3 + 1))
        first_seq = rows[-1].last_seq + 1
    return rows
