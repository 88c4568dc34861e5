"""Logs of any length, damaged on purpose: copies of a sample, each later than the one before and with calls of its own.

The same seed gives the same bytes. What is done to a record: cut short, two fields exchanged, a byte of another encoding, a field of twenty
thousand bytes (and now and then a line of two million), a NUL, another digit, a minus, written twice, written later, or left out.
"""

import json
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SECONDS_BETWEEN_COPIES: Final = 90_000
"""More than a sample's longest task, so that copies follow one another as days do."""

_TIMES: Final = re.compile(rb"(?P<epoch>1773\d{6})(?P<fraction>\d*)|(?P<iso>2026-03-1\dT\d\d:\d\d:\d\d)|(?P<caller>4930555)")
_SEPARATORS: Final = re.compile(rb"([|,])")
_HUGE_BYTES: Final = 20_000
_LINE_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample of one format: how its ids begin (a copy's number is put there), and what stands after a record and before the first.

    `mapping` names the mapping file beside a sample whose columns nobody knows.
    """

    log_format: str
    name: str
    ids: bytes
    end: bytes = b"\n"
    header: bytes = b""
    mapping: str = ""

    def records(self, folder: Path) -> list[bytes]:
        """The records of the sample, without what stands after each."""
        content = (folder / self.name).read_bytes()
        if self.name.endswith(".json"):
            return [json.dumps(one, separators=(",", ":")).encode() for one in json.loads(content)["conversations"]]
        records = content.removeprefix(self.header).strip(b"\n").split(self.end)
        return [record for record in records if record]


SAMPLES: Final = (
    Sample(log_format="asterisk-queue-log", name="asterisk-queue-log.txt", ids=rb"(?!)"),
    Sample(log_format="amazon-connect", name="amazon-connect.jsonl", ids=rb'(?<=")c-'),
    Sample(log_format="genesys-cloud", name="genesys-cloud.json", ids=rb'(?<=")g-'),
    Sample(log_format="twilio-taskrouter", name="twilio-taskrouter.jsonl", ids=rb'(?<=")WT(?=\d)'),
    Sample(log_format="freeswitch-callcenter", name="freeswitch-events.txt", ids=rb"(?<=: )u(?=\d)", end=b"\n\n"),
    Sample(
        log_format="csv",
        name="call-log.csv",
        ids=rb"^k-",
        header=b"call_no,date_time,caller,line,waited_s,talked_s,agent,result,language,direction,held_s,after_s\n",
        mapping="call-log.mapping.toml",
    ),
)
"""Call ids of a queue log are times, and move with them."""


def write_damaged_log(path: Path, folder: Path, sample: Sample, *, rows: int, seed: int, share: float) -> None:
    """Writes a log of so many records, of which a share is damaged."""
    with path.open("wb") as file:
        file.write(sample.header)
        file.writelines(record + sample.end for record in damaged_records(folder, sample, rows=rows, seed=seed, share=share))


def damaged_records(folder: Path, sample: Sample, *, rows: int, seed: int, share: float) -> Iterator[bytes]:
    """The records of a damaged log."""
    rng = random.Random(seed)
    held: list[tuple[int, bytes]] = []
    for number, record in enumerate(_copies(sample.records(folder), sample.ids, rows)):
        while held and held[0][0] <= number:
            yield held.pop(0)[1]
        if rng.random() >= share:
            yield record
            continue
        damage = rng.choice(_DAMAGES)
        if damage is None:
            held.append((number + rng.randint(2, 9), record))
            held.sort(key=lambda pair: pair[0])
        else:
            yield from damage(rng, record)
    for _, record in held:
        yield record


def _copies(records: list[bytes], ids: bytes, rows: int) -> Iterator[bytes]:
    pattern = re.compile(_TIMES.pattern + rb"|(?P<id>" + ids + rb")")
    parts = [_parts(record, pattern) for record in records]
    for number in range(rows):
        copy, position = divmod(number, len(parts))
        yield b"".join(part if isinstance(part, bytes) else part(copy) for part in parts[position])


def _parts(record: bytes, pattern: re.Pattern[bytes]) -> list[bytes | Callable[[int], bytes]]:
    """A record as text and as functions of the copy's number."""
    parts: list[bytes | Callable[[int], bytes]] = []
    end = 0
    for found in pattern.finditer(record):
        parts += [record[end : found.start()], _moving(found)]
        end = found.end()
    return [*parts, record[end:]]


def _moving(found: re.Match[bytes]) -> Callable[[int], bytes]:
    if found["epoch"]:
        seconds, fraction = int(found["epoch"]), found["fraction"]
        return lambda copy: b"%d%s" % (seconds + copy * SECONDS_BETWEEN_COPIES, fraction)
    if found["iso"]:
        day, moment = int(found["iso"][8:10]), [int(part) for part in found["iso"][11:].split(b":")]
        seconds = 1_773_100_800 + (day - 10) * 86_400 + moment[0] * 3_600 + moment[1] * 60 + moment[2]
        return lambda copy: time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds + copy * SECONDS_BETWEEN_COPIES)).encode()
    if found["caller"]:
        return lambda copy: b"4930%07d" % copy
    name = found["id"]
    return lambda copy: b"%s%dx" % (name, copy)


def _cut(rng: random.Random, record: bytes) -> list[bytes]:
    return [record[: rng.randrange(len(record))]]


def _exchanged(rng: random.Random, record: bytes) -> list[bytes]:
    parts = _SEPARATORS.split(record)
    first, second = (2 * rng.randrange((len(parts) + 1) // 2) for _ in range(2))
    parts[first], parts[second] = parts[second], parts[first]
    return [b"".join(parts)]


def _with(text: bytes) -> Callable[[random.Random, bytes], list[bytes]]:
    def damage(rng: random.Random, record: bytes) -> list[bytes]:
        place = rng.randrange(len(record) + 1)
        return [record[:place] + text + record[place:]]

    return damage


def _huge(rng: random.Random, record: bytes) -> list[bytes]:
    return _with(b"9" * (_LINE_BYTES if rng.random() < 0.001 else _HUGE_BYTES))(rng, record)


def _other_digit(rng: random.Random, record: bytes) -> list[bytes]:
    digits = [place for place, byte in enumerate(record) if 48 <= byte <= 57]
    if not digits:
        return [record]
    place = rng.choice(digits)
    return [record[:place] + b"%d" % rng.randrange(10) + record[place + 1 :]]


def _twice(_: random.Random, record: bytes) -> list[bytes]:
    return [record, record]


def _left_out(_rng: random.Random, _record: bytes) -> list[bytes]:
    return []


_DAMAGES: Final[tuple[Callable[[random.Random, bytes], list[bytes]] | None, ...]] = (
    None,  # written later
    _cut,
    _exchanged,
    _with(b"\xe9\xff"),
    _huge,
    _with(b"\x00"),
    _other_digit,
    _with(b"-"),
    _twice,
    _left_out,
)
