"""What is wrong with a file as a whole: errors that refuse it, gathered so that all are told, and findings that only warn."""

from collections.abc import Iterable
from dataclasses import dataclass

from routing.config.document import Document, key_text
from routing.config.errors import ConfigError
from routing.config.toml_lines import KeyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a file may say but probably does not mean: where it stands, what follows from it, and what to write instead."""

    file: str
    line: int | None
    key: str | None
    consequence: str
    remedy: str

    @property
    def text(self) -> str:
        """The finding as one line for a person."""
        line = None if self.line is None else f"line {self.line}"
        key = None if self.key is None else f"key {self.key}"
        where = ", ".join(part for part in (self.file, line, key) if part is not None)
        return f"{where}: {self.consequence}. {self.remedy}"


def finding(document: Document, key: KeyPath, *, consequence: str, remedy: str) -> Finding:
    """The finding at one key of a TOML file."""
    return Finding(file=str(document.path), line=document.line(key), key=key_text(key), consequence=consequence, remedy=remedy)


def refuse_any(faults: Iterable[ConfigError]) -> None:
    """Raises the first of `faults` with all others listed below it; without faults nothing happens."""
    found = tuple(faults)
    if found:
        found[0].others = (*found[0].others, *found[1:])
        raise found[0]
