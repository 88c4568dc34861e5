"""What is wrong with a file as a whole: errors that refuse it, gathered so that all are told, and findings that only warn."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from routing.config.errors import ConfigError


class Severity(StrEnum):
    """How much a finding matters; the file is usable all the same."""

    ERROR = "error"
    """Some work can never be served, or an agent never used, whatever happens: hardly anybody means that."""
    WARNING = "warning"
    """Work or agents come off badly in situations that do occur."""
    NOTE = "note"
    """Part of the file has no effect, or one that its reader may not expect."""


SEVERITIES: tuple[Severity, ...] = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
"""From worst to mildest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a file may say but probably does not mean: where it stands, what follows from it, and what to write instead.

    `check` is the name under which the reference explains it.
    """

    check: str
    severity: Severity
    file: str
    line: int | None
    key: str | None
    consequence: str
    remedy: str

    @property
    def text(self) -> str:
        """The finding as one line for a person, without its severity."""
        line = None if self.line is None else f"line {self.line}"
        key = None if self.key is None else f"key {self.key}"
        where = ", ".join(part for part in (self.file, line, key) if part is not None)
        return f"{where}: {self.consequence}. {self.remedy} [{self.check}]"


def refuse_any(faults: Iterable[ConfigError]) -> None:
    """Raises the first of `faults` with all others listed below it; without faults nothing happens."""
    found = tuple(faults)
    if found:
        found[0].others = (*found[0].others, *found[1:])
        raise found[0]
