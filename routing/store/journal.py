"""What every journal can do, whatever keeps its rows."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from routing.store.rows import Row, SealedRow


class JournalReader(Protocol):
    """A journal as tools see it: read, never written."""

    @property
    def last_seq(self) -> int:
        """The sequence number of the last event, 0 for an empty journal."""
        ...

    @property
    def epoch(self) -> int:
        """How often the journal was opened for writing; every row carries the epoch it was written in, and epochs never fall."""
        ...

    def read(self, from_seq: int = 1) -> Iterator[SealedRow]:
        """The rows in order, each checked against the chain, from the one that holds `from_seq` on.

        Reading from 1 proves the whole history; reading from later trusts what lies before. Empty where `from_seq` lies beyond the end.

        Raises:
            JournalDamaged: at the first row that is not what was written; rows before it are good and were given.
            ValueError: `from_seq` is below 1.
        """
        ...

    def close(self) -> None:
        """Let go of files and locks; a second call does nothing."""
        ...


class Journal(JournalReader, Protocol):
    """A journal as its one writer sees it. One thread at a time may use it, and a `read` ends before the next `append` begins."""

    def append(self, rows: Sequence[Row]) -> None:
        """Keep all rows or none; when it returns they are durable, and only then may anybody learn what they say.

        The first row begins at `last_seq + 1` and each at its predecessor's end. No rows is allowed and does nothing.

        Raises:
            JournalFailed: the rows may or may not be kept; the journal takes no more, and the process must stop.
            JournalInUse: another process has taken the journal over; nothing was kept.
            ValueError: the rows do not follow the journal; nothing was kept.
        """
        ...
