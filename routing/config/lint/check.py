"""The shape of a check: a named function that looks at a subject and yields what it finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from routing.config.document import Document, key_text
from routing.config.findings import Finding, Severity
from routing.config.toml_lines import KeyPath


class Found(NamedTuple):
    """One thing a check found: the key it stands at, what follows from it (a clause), and what to write instead (a sentence)."""

    key: KeyPath
    consequence: str
    remedy: str


class Subject(Protocol):
    """What a check looks at: a file as read, with whatever it means."""

    @property
    def document(self) -> Document:
        """The file whose keys the findings name."""
        ...


S = TypeVar("S", bound=Subject)


@dataclass(frozen=True, slots=True)
class Check(Generic[S]):
    """A kind of finding. Its name is that of its function, `unused_queue` as `unused-queue`."""

    severity: Severity
    find: Callable[[S], Iterator[Found]]

    @property
    def name(self) -> str:
        """The name by which findings and the reference call it."""
        return self.find.__name__.replace("_", "-")

    def findings(self, subject: S) -> Iterator[Finding]:
        """Everything it finds, placed in the file."""
        document = subject.document
        for key, consequence, remedy in self.find(subject):
            yield Finding(
                check=self.name,
                severity=self.severity,
                file=str(document.path),
                line=document.line(key),
                key=key_text(key),
                consequence=consequence,
                remedy=remedy,
            )


def run(checks: Iterable[Check[S]], subject: S) -> tuple[Finding, ...]:
    """The findings of all checks, in the order of the checks."""
    return tuple(found for check in checks for found in check.findings(subject))
