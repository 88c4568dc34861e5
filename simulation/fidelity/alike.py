"""When a fact of the journal and one of the router are the same fact.

They are equal, but for what cannot be equal: the place in the log where requests without effect were left out before; the hash of a request
that could not be read back to the letter; the hash of a policy, which holds the version of this software; and of facts that an earlier
version wrote, what that version did not write yet.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from enum import Enum, auto
from typing import Any, NamedTuple

import msgspec

from routing.core.events import Event, OfferMade, Recorded, RequestRecorded, SiteApplied
from routing.model.later import IS_LATER
from routing.store.rows import Row
from routing.store.upcasts import VERSIONS

_FRAME: msgspec.json.Decoder[list[tuple[str, int, msgspec.Raw]]] = msgspec.json.Decoder(list[tuple[str, int, msgspec.Raw]])
_PRESENT = {kind.__name__: version for kind, version in VERSIONS.items()}


class Version(NamedTuple):
    """The version in which a fact stands in the journal, and the one of today."""

    written: int
    present: int

    @property
    def is_older(self) -> bool:
        """Whether an earlier version wrote it."""
        return self.written < self.present


class Alike(Enum):
    """How much two facts agree."""

    YES = auto()
    BUT_FOR_HASHES = auto()
    """The same decision, by a policy of another version of this software."""
    NO = auto()


def versions_of(row: Row) -> Sequence[Version]:
    """The versions of a row's facts, in order."""
    return [Version(version, _PRESENT.get(name, 1)) for name, version, _ in _FRAME.decode(row.payload)]


def likeness(recorded: Recorded, replayed: Recorded, version: Version) -> Alike:
    """How much a fact of the journal and the router's in its place agree; both are of the same row."""
    if recorded.at != replayed.at or recorded.request_id != replayed.request_id:
        return Alike.NO
    if recorded.event == replayed.event:
        return Alike.YES
    if type(recorded.event) is not type(replayed.event):
        return Alike.NO
    mine, theirs = _comparable(recorded.event, replayed.event, is_older=version.is_older)
    if mine == theirs:
        return Alike.YES
    if isinstance(mine, OfferMade) and isinstance(theirs, OfferMade):
        decision = replace(theirs.decision, policy_hash=mine.decision.policy_hash, site_hash=mine.decision.site_hash)
        if mine == replace(theirs, decision=decision):
            return Alike.BUT_FOR_HASHES
    return Alike.NO


def _comparable(recorded: Event, replayed: Event, *, is_older: bool) -> tuple[Event, Event]:
    """Both without what need not be equal."""
    if isinstance(recorded, RequestRecorded) and isinstance(replayed, RequestRecorded):
        replayed = replace(replayed, payload_hash=recorded.payload_hash)
    if is_older:
        if isinstance(recorded, SiteApplied) and isinstance(replayed, SiteApplied):
            replayed = replace(replayed, site_hash=recorded.site_hash)
        replayed = _without_news(recorded, replayed)
    return recorded, replayed


def _without_news(recorded: Event, replayed: Event) -> Event:
    """The router's fact without the fields that were added later, where the journal's says nothing in them."""
    later: dict[str, Any] = {one.name: one.default for one in fields(recorded) if one.metadata.get(IS_LATER)}
    silent: Any = {name: default for name, default in later.items() if getattr(recorded, name) == default}
    return replace(replayed, **silent)
