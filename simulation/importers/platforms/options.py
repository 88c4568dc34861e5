"""What may be said about a platform's log in a mapping file: little, because the platform's own documentation says what its fields mean."""

import sys
from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from routing.config.document import FileModel
from routing.config.values import Identifier
from routing.model.requirement import AttributeValue
from simulation.importers.mapping import Clock, Trust

_WITHHELD: Final = frozenset("anonymous private restricted unavailable unknown withheld".split())
"""What stands in the place of a number that is not shown: these callers are nobody, not one customer."""

_SHARED_MAX: Final = 10_000


class PlatformMapping(FileModel):
    """The mapping of a platform's log; everything but `format` may be left out."""

    format: Identifier
    """The name of an importer, such as "asterisk-queue-log"."""
    note: str | None = None
    encoding: Literal["utf-8", "latin-1", "cp1252"] = "utf-8"
    trust: Trust = Trust()
    time: Clock = Clock(zone="UTC")
    """For the formats that write times without an offset; all others carry their own."""
    queues: tuple[Identifier, ...] | None = None
    """Only what first waited in one of these queues of the source."""
    channels: Mapping[Identifier, Identifier] = Field(default_factory=dict)
    """The source's word for a channel, in small letters, to the site's."""
    types: Mapping[Identifier, Identifier] = Field(default_factory=dict)
    """The source's queue to the type of the interaction; one that is not named keeps its name."""
    outcomes: Mapping[str, Identifier] = Field(default_factory=dict)
    """The source's reason of an end to an outcome, in place of the importer's own reading."""
    legs: Literal["leave_out", "keep"] = "leave_out"
    """What came out of a conversation that was handed on did not arrive; it is left out, or kept as an arrival of its own."""
    customers: Literal["numbered", "leave_out"] = "numbered"
    """Callers become numbers, so that no telephone number is copied; or nobody is named."""
    attributes: tuple[Identifier, ...] = ()
    """Names of the source's own attributes that are kept; all others may hold personal data and are left."""


class Names:
    """The names of one log as the mapping wants them; equal names share one object, so that a million rows hold few."""

    def __init__(self, mapping: PlatformMapping) -> None:
        self._mapping = mapping
        self._customers: dict[str, str] = {}
        self._attributes: dict[tuple[tuple[str, AttributeValue], ...], Mapping[str, AttributeValue]] = {}

    def channel(self, word: str) -> str:
        """The site's name of a channel."""
        small = word.lower()
        return sys.intern(self._mapping.channels.get(small, small))

    def type(self, queue: str) -> str:
        """The type of what waits in a queue."""
        return sys.intern(self._mapping.types.get(queue, queue))

    def outcome(self, reason: str | None, otherwise: str) -> str:
        """The outcome of a reason, if the mapping names it; else the importer's reading."""
        return otherwise if reason is None else self._mapping.outcomes.get(reason, otherwise)

    def customer(self, name: str | None) -> str | None:
        """A number for each customer, in order of appearance; None for nobody, or where the mapping leaves customers out."""
        if not name or self._mapping.customers == "leave_out" or name.lower() in _WITHHELD:
            return None
        known = self._customers.get(name)
        if known is None:
            known = self._customers[name] = f"c{len(self._customers) + 1}"
        return known

    def attributes(self, pairs: tuple[tuple[str, AttributeValue], ...]) -> Mapping[str, AttributeValue]:
        """Attributes as a mapping; the commonest are one object for all."""
        if len(self._attributes) < _SHARED_MAX:
            return self._attributes.setdefault(pairs, dict(pairs))
        shared = self._attributes.get(pairs)
        return dict(pairs) if shared is None else shared

    def is_wanted(self, queue: str) -> bool:
        """Whether the mapping asks for what waited in a queue."""
        return self._mapping.queues is None or queue in self._mapping.queues
