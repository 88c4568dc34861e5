"""A journal as text, one row a line, so that a change of the golden day can be read in a diff."""

import json
from collections.abc import Iterable
from pathlib import Path

from routing.store.memory import MemoryJournal
from routing.store.rows import Row, SealedRow

DAY = Path(__file__).with_name("day.jsonl")
DIGEST = Path(__file__).with_name("day.digest")
BEFORE_SITE_APPLIED_2 = Path(__file__).with_name("site-applied-1.jsonl")
"""The first rows of the same day in the bytes of an earlier version; never regenerated."""


def as_text(rows: Iterable[SealedRow]) -> str:
    """The rows with their payloads as JSON inside JSON; compact, because the payload's own bytes must come back."""
    return "".join(f"{_line(sealed)}\n" for sealed in rows)


def _line(sealed: SealedRow) -> str:
    row = sealed.row
    content = {
        "seq": [row.first_seq, row.last_seq],
        "at": row.at,
        "request_id": row.request_id,
        "codec": row.codec,
        "epoch": sealed.epoch,
        "events": json.loads(row.payload),
        "checksum": sealed.checksum.hex(),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> MemoryJournal:
    """The journal with these rows; every checksum is checked."""
    return MemoryJournal(list(map(_sealed, text.splitlines())))


def _sealed(line: str) -> SealedRow:
    content = json.loads(line)
    row = Row(
        first_seq=content["seq"][0],
        last_seq=content["seq"][1],
        at=content["at"],
        request_id=content["request_id"],
        codec=content["codec"],
        payload=json.dumps(content["events"], ensure_ascii=False, separators=(",", ":")).encode(),
    )
    return SealedRow(row=row, epoch=content["epoch"], checksum=bytes.fromhex(content["checksum"]))
