"""What an import did to every row it read: written, filtered, or dropped for a reason, with the first places of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from routing.config.errors import shown

SCHEMA: Final = "careroute/import/1"

Treatment = Literal["filtered", "dirty", "noted"]
"""Filtered: left out as the mapping asks. Dirty: dropped, because it cannot be read. Noted: written, but read with a stated rule."""

_PLACES_MAX = 5
_EXAMPLE_CHARS_MAX = 200
_REASONS_TOLD_MAX = 3


@dataclass(slots=True, kw_only=True)
class Tally:
    """How many rows met one reason, the lines of the first five, and the value of the first."""

    treatment: Treatment
    reason: str
    count: int = 0
    first_lines: list[int] = field(default_factory=list)
    example: str = ""

    def told(self) -> str:
        """The tally in one phrase, for a message."""
        example = f": {shown(self.example)}" if self.example else ""
        return f"{self.reason} (rows: {self.count}, the first in line {self.first_lines[0]}{example})"


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """The account of an import: `read = used + filtered + dirty` rows, the interactions written, and every reason by itself.

    A row of a table is an interaction, so that `used` is `written` there; a row of a log of events is part of one.
    """

    read: int = 0
    written: int = 0
    tallies: dict[tuple[Treatment, str], Tally] = field(default_factory=dict)
    inferred: dict[str, int] = field(default_factory=dict)
    """Of how many interactions the value of a column was worked out instead of read."""

    def count(self, treatment: Treatment, reason: str, *, line: int, example: str, rows: int = 1) -> None:
        """Counts rows under a reason; `line` is the first of them, the value of the first row is kept as an example, cut if it is long."""
        tally = self.tallies.get((treatment, reason))
        if tally is None:
            tally = self.tallies[treatment, reason] = Tally(treatment=treatment, reason=reason, example=example[:_EXAMPLE_CHARS_MAX])
        tally.count += rows
        if len(tally.first_lines) < _PLACES_MAX:
            tally.first_lines.append(line)

    def total(self, treatment: Treatment) -> int:
        """Rows under a treatment; a row may be noted more than once."""
        return sum(tally.count for tally in self.tallies.values() if tally.treatment == treatment)

    @property
    def used(self) -> int:
        """Rows that became interactions, or told something of one or of an agent."""
        return self.read - self.total("filtered") - self.total("dirty")

    @property
    def kept(self) -> int:
        """Rows the filters kept: those used and those dirty."""
        return self.read - self.total("filtered")

    @property
    def dirty_share(self) -> float:
        """Dirty rows as a share of those the filters kept; 0 when they kept none."""
        return self.total("dirty") / self.kept if self.kept else 0.0

    def told(self, treatment: Treatment) -> str:
        """The commonest three reasons of a treatment in one phrase, with a value and a line of each."""
        tallies = sorted((tally for tally in self.tallies.values() if tally.treatment == treatment), key=lambda tally: -tally.count)
        return "; ".join(tally.told() for tally in tallies[:_REASONS_TOLD_MAX])

    def as_json(self) -> Mapping[str, object]:
        """The report as `careroute/import/1`, reasons in the order in which the file met them."""
        return {
            "schema": SCHEMA,
            "read": self.read,
            "used": self.used,
            "written": self.written,
            "filtered": self.total("filtered"),
            "dirty": self.total("dirty"),
            "dirty_share": self.dirty_share,
            "inferred": self.inferred,
            "reasons": [
                {
                    "treatment": tally.treatment,
                    "reason": tally.reason,
                    "count": tally.count,
                    "first_lines": tally.first_lines,
                    "example": tally.example,
                }
                for tally in self.tallies.values()
            ],
        }
