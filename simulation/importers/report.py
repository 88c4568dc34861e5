"""What an import did to every row it read: written, filtered, or dropped for a reason, with the first places of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from routing.config.errors import shown

SCHEMA: Final = "careroute/import/1"

Treatment = Literal["filtered", "dirty", "noted"]
"""Filtered: left out as the mapping asks. Dirty: dropped, because it cannot be read. Noted: written, but read with a stated rule."""

_PLACES_MAX = 5
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
    """The account of an import: `read = written + filtered + dirty`, and every reason by itself."""

    read: int = 0
    written: int = 0
    tallies: dict[tuple[Treatment, str], Tally] = field(default_factory=dict)

    def count(self, treatment: Treatment, reason: str, *, line: int, example: str) -> None:
        """Counts one row under a reason."""
        tally = self.tallies.setdefault((treatment, reason), Tally(treatment=treatment, reason=reason, example=example))
        tally.count += 1
        if len(tally.first_lines) < _PLACES_MAX:
            tally.first_lines.append(line)

    def total(self, treatment: Treatment) -> int:
        """Rows under a treatment; a row may be noted more than once."""
        return sum(tally.count for tally in self.tallies.values() if tally.treatment == treatment)

    @property
    def kept(self) -> int:
        """Rows the filters kept: those written and those dirty."""
        return self.written + self.total("dirty")

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
            "written": self.written,
            "filtered": self.total("filtered"),
            "dirty": self.total("dirty"),
            "dirty_share": self.dirty_share,
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
