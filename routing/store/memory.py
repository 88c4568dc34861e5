"""A journal that lives as long as its process: for tests and for drivers that keep nothing."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from routing.store.rows import Chain, Row, SealedRow, check_from, seal


class MemoryJournal:
    """The journal contract over a list. `rows` continues an earlier one, in the next epoch."""

    def __init__(self, rows: Sequence[SealedRow] = ()) -> None:
        self._chain = Chain()
        for sealed in rows:
            self._chain.check(sealed)
        self._rows = list(rows)
        self._epoch = self._chain.epoch + 1

    @property
    def last_seq(self) -> int:
        """The sequence number of the last event, 0 where there is none."""
        return self._chain.seq

    @property
    def epoch(self) -> int:
        """One more than that of the rows it was opened with."""
        return self._epoch

    def append(self, rows: Sequence[Row]) -> None:
        """Keep all rows or none; see `Journal.append`."""
        self._chain.admit(rows)
        for row in rows:
            sealed = seal(row, epoch=self._epoch, previous=self._chain.checksum)
            self._chain.take(sealed)
            self._rows.append(sealed)

    def read(self, from_seq: int = 1) -> Iterator[SealedRow]:
        """The rows from the one that holds `from_seq` on; see `JournalReader.read`."""
        check_from(from_seq)
        start = bisect_left(self._rows, from_seq, key=lambda sealed: sealed.row.last_seq)
        chain = Chain()
        if start:
            chain.take(self._rows[start - 1])
        for sealed in self._rows[start:]:
            chain.check(sealed)
            yield sealed

    def close(self) -> None:
        """Nothing to let go of."""
