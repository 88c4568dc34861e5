"""Events as bytes and back: a row's payload is the JSON array `[[type, version, {fields}], ...]`.

JSON, so that a journal can be read with a shell and an editor in ten years; msgspec, because it writes and strictly reads dataclasses in
a few microseconds. The type is the event's class name and the version its own, so that a change of one event says nothing of the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

import msgspec

from routing.core.events import Event, Recorded
from routing.store.errors import JournalDamaged, JournalNewer
from routing.store.journal import JournalReader
from routing.store.rows import RESTORE, Row
from routing.store.upcasts import UPCASTS, VERSIONS, Upcast

CODEC_VERSION = 1
"""The version of the frame around the events; the events have versions of their own."""

EVENT_TYPES: tuple[type[Event], ...] = get_args(Event)

_UPGRADE = "Use the version of careroute that wrote it, or a later one."


class EventCodec:
    """Writes every event in its present version, and reads every version up to it.

    `versions` lists the event classes beyond version 1, `upcasts` the step up from each earlier (name, version).

    Raises:
        ValueError: a step is missing.
    """

    def __init__(self, *, versions: Mapping[type[Event], int], upcasts: Mapping[tuple[str, int], Upcast]) -> None:
        self._labels = {kind: (kind.__name__, versions.get(kind, 1)) for kind in EVENT_TYPES}
        self._kinds = {name: (kind, version) for kind, (name, version) in self._labels.items()}
        self._decoders = {kind.__name__: msgspec.json.Decoder(kind) for kind in EVENT_TYPES}
        self._upcasts = dict(upcasts)
        missing = [f"{name} {v}" for name, version in self._labels.values() for v in range(1, version) if (name, v) not in upcasts]
        if missing:
            raise ValueError(f"no step up from {', '.join(missing)}")
        self._encoder = msgspec.json.Encoder(enc_hook=_as_dict)
        self._frame: msgspec.json.Decoder[list[tuple[str, int, msgspec.Raw]]] = msgspec.json.Decoder(list[tuple[str, int, msgspec.Raw]])

    def encode(self, recorded: Sequence[Recorded]) -> Row:
        """The row of what one `handle` call recorded.

        Raises:
            ValueError: there is nothing, or the events are not gap-free, of one instant and of one request.
        """
        if not recorded:
            raise ValueError("a row holds at least one event")
        first_seq, at, request_id, _ = recorded[0]
        labels = self._labels
        tagged = []
        for expected_seq, (seq, its_at, its_request_id, event) in enumerate(recorded, first_seq):
            if seq != expected_seq or its_at != at or its_request_id != request_id:
                raise ValueError(f"event {seq} does not belong to the row that begins with event {first_seq}")
            tagged.append((*labels[type(event)], event))
        return Row(
            first_seq=first_seq,
            last_seq=first_seq + len(recorded) - 1,
            at=at,
            request_id=request_id,
            codec=CODEC_VERSION,
            payload=self._encoder.encode(tagged),
        )

    def decode(self, row: Row) -> list[Recorded]:
        """The events of a row.

        Raises:
            JournalNewer: it holds an event, or a version of one, that this release does not know.
            JournalDamaged: it is not what any release writes.
        """
        if row.codec > CODEC_VERSION:
            raise JournalNewer(f"row {row.first_seq} has codec version {row.codec}, known is {CODEC_VERSION}", remedy=_UPGRADE)
        try:
            tagged = self._frame.decode(row.payload)
            if len(tagged) != row.last_seq - row.first_seq + 1:
                raise msgspec.ValidationError(f"{len(tagged)} events for the sequences {row.first_seq} to {row.last_seq}")
            return [
                Recorded(seq, row.at, row.request_id, self._event(row, name, version, raw))
                for seq, (name, version, raw) in enumerate(tagged, row.first_seq)
            ]
        except msgspec.DecodeError as error:
            raise JournalDamaged(f"row {row.first_seq} cannot be read ({error})", remedy=RESTORE, row=row.first_seq) from error

    def _event(self, row: Row, name: str, version: int, raw: msgspec.Raw) -> Event:
        known = self._kinds.get(name)
        if known is None:
            raise JournalNewer(f"row {row.first_seq} holds an event {name}, which is not known", remedy=_UPGRADE)
        kind, present = known
        if version == present:
            return self._decoders[name].decode(raw)
        if version > present:
            raise JournalNewer(f"row {row.first_seq} holds {name} in version {version}, known is {present}", remedy=_UPGRADE)
        if version < 1:
            raise msgspec.ValidationError(f"{name} in version {version}")
        fields: dict[str, Any] = msgspec.json.decode(raw, type=dict[str, Any])
        for step in range(version, present):
            fields = self._upcasts[name, step](fields)
        return msgspec.convert(fields, kind)


def _as_dict(value: object) -> object:
    """What msgspec does not know itself: a mapping that is no dict, such as the read-only views a configuration may hold."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be kept in a journal")


CODEC = EventCodec(versions=VERSIONS, upcasts=UPCASTS)


def encode_row(recorded: Sequence[Recorded]) -> Row:
    """The row to append for what one `Router.handle` call returned; see `EventCodec.encode`."""
    return CODEC.encode(recorded)


def read_events(journal: JournalReader, from_seq: int = 1) -> Iterator[Recorded]:
    """The events of a journal in order, from `from_seq` on; see `JournalReader.read` and `EventCodec.decode` for what may be raised."""
    for sealed in journal.read(from_seq):
        for recorded in CODEC.decode(sealed.row):
            if recorded.seq >= from_seq:
                yield recorded
