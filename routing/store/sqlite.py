"""The journal in a directory of one's own, kept by SQLite.

Write-ahead log, `synchronous = FULL`: a commit is on the disk before `append` returns, and one commit keeps a whole group of rows. There
is exactly one writing connection; it also moves the log into the database file. SQLite before 3.51.3 may corrupt a database when two
connections write and checkpoint at once, so tools read through connections that can do neither.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from routing.store.errors import JournalDamaged, JournalError, JournalFailed, JournalInUse, JournalMissing
from routing.store.lock import DirectoryLock
from routing.store.rows import RESTORE, Chain, Row, SealedRow, check_from, seal
from routing.store.tables import (
    check_schema,
    create_tables,
    epoch_of_writer,
    insert_rows,
    last_row,
    row_holding,
    select_rows,
    set_epoch_of_writer,
)
from routing.store.witness import Witness, WitnessFile, check_witness, read_witness

JOURNAL_FILE = "journal.sqlite"
WITNESS_FILE = "witness"
LOCK_FILE = "lock"

_SEQ_MIN = -(2**63)
_NOT_DAMAGE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY})
_SETTINGS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # macOS: without it a flush stops at the drive's cache
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",
)


def open_journal(directory: Path) -> "SqliteJournal":
    """The journal of a directory, opened for writing in a new epoch; both are made where they are missing.

    Raises:
        JournalInUse: another process writes it.
        JournalNewer: a later version made it.
        JournalDamaged: it is no journal, cannot be read, or ends below its witness.
        JournalError: the file system refuses.
    """
    return SqliteJournal(directory)


def read_journal(directory: Path) -> "SqliteReader":
    """The journal of a directory for reading only, beside its writer or without one.

    The database is never changed. SQLite may leave an empty `-wal` and a `-shm` file behind, which mean nothing.

    Raises:
        JournalMissing: there is none.
        JournalNewer, JournalDamaged, JournalError: as for `open_journal`.
    """
    return SqliteReader(directory)


class SqliteReader:
    """A journal read through a connection that cannot write; `JournalReader` says what it does."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / JOURNAL_FILE
        if not self._path.is_file():
            raise JournalMissing("there is no journal here", remedy="Name the directory that careroute serve was given.", path=directory)
        with ExitStack() as held, _explained(self._path):
            # The witness first: the log a moment later can only be longer.
            witness = read_witness(directory / WITNESS_FILE)
            address = f"{self._path.resolve().as_uri()}?mode=ro"
            self._connection = held.enter_context(
                closing(sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False))
            )
            check_schema(self._connection, self._path)
            _check_against(witness, self._connection, last_row(self._connection), self._path)
            self._held = held.pop_all()

    @property
    def last_seq(self) -> int:
        """The sequence number of the last event now; it grows while a writer is at work."""
        with _explained(self._path):
            last = last_row(self._connection)
        return 0 if last is None else last.row.last_seq

    @property
    def epoch(self) -> int:
        """The epoch of the process that writes, or wrote last."""
        with _explained(self._path):
            return epoch_of_writer(self._connection)

    def read(self, from_seq: int = 1) -> Iterator[SealedRow]:
        """The rows from the one that holds `from_seq` on, as they were when reading began; see `JournalReader.read`."""
        return _read(self._connection, from_seq, self._path)

    def close(self) -> None:
        """Let go of the connection."""
        self._held.close()


class SqliteJournal:
    """A journal open for writing; `Journal` says what it does. `open_journal` makes it."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / JOURNAL_FILE
        self._has_failed = False
        with ExitStack() as held, _explained(self._path):
            _make_directory(directory)
            held.enter_context(closing(DirectoryLock(directory / LOCK_FILE)))
            # One thread at a time uses the connection, but not always the same: the server replays before its writer thread begins.
            self._connection = held.enter_context(closing(sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)))
            self._chain, self._epoch = self._open(directory)
            self._witness = held.enter_context(closing(WitnessFile(directory / WITNESS_FILE)))
            _sync(directory)
            self._held = held.pop_all()

    def _open(self, directory: Path) -> tuple[Chain, int]:
        connection = self._connection
        for setting in _SETTINGS:
            connection.execute(setting)
        create_tables(connection)
        check_schema(connection, self._path)
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != ("wal",):
            remedy = "Use a directory on a local file system."
            raise JournalError("the file system does not allow a write-ahead log", remedy=remedy, path=self._path)
        last = last_row(connection)
        witness = read_witness(directory / WITNESS_FILE)
        _check_against(witness, connection, last, self._path)
        chain = Chain(path=self._path)
        if last is not None:
            chain.take(last)
        # The highest of all that remember an epoch: were one of them wrong, an epoch might be used twice.
        epoch = max(epoch_of_writer(connection), chain.epoch, 0 if witness is None else witness.epoch) + 1
        set_epoch_of_writer(connection, epoch)
        return chain, epoch

    @property
    def last_seq(self) -> int:
        """The sequence number of the last event, 0 for an empty journal."""
        return self._chain.seq

    @property
    def epoch(self) -> int:
        """The epoch this process writes in."""
        return self._epoch

    def append(self, rows: Sequence[Row]) -> None:
        """Keep all rows or none, durable on return; see `Journal.append`."""
        if self._has_failed:
            raise self._failed("an earlier append failed")
        self._chain.admit(rows)
        if not rows:
            return
        previous = self._chain.checksum
        sealed = []
        for row in rows:
            sealed.append(seal(row, epoch=self._epoch, previous=previous))
            previous = sealed[-1].checksum
        try:
            self._commit(sealed)
            self._witness.write(Witness(seq=rows[-1].last_seq, epoch=self._epoch, checksum=previous))
        except (sqlite3.Error, OSError) as error:
            self._has_failed = True
            raise self._failed(str(error)) from error
        self._chain.take(sealed[-1])

    def _commit(self, sealed: Sequence[SealedRow]) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        epoch = epoch_of_writer(connection)
        if epoch != self._epoch:
            connection.execute("ROLLBACK")
            raise JournalInUse(
                f"another process has taken it over: epoch {epoch} has begun, this is {self._epoch}",
                remedy="Stop this process; it may not serve any more.",
                path=self._path,
            )
        insert_rows(connection, sealed)
        connection.execute("COMMIT")

    def _failed(self, reason: str) -> JournalFailed:
        remedy = "Free space or mend the disk, then start again: what was acknowledged is kept."
        return JournalFailed(f"the journal could not be written ({reason})", remedy=remedy, path=self._path)

    def read(self, from_seq: int = 1) -> Iterator[SealedRow]:
        """The rows from the one that holds `from_seq` on; see `JournalReader.read`."""
        return _read(self._connection, from_seq, self._path)

    def close(self) -> None:
        """Move the log into the database file and let others in."""
        self._held.close()


def _read(connection: sqlite3.Connection, from_seq: int, path: Path) -> Iterator[SealedRow]:
    check_from(from_seq)
    chain = Chain(path=path)
    begin = _SEQ_MIN
    with _explained(path):
        holding = row_holding(connection, from_seq) if from_seq > 1 else None
        before = None if holding is None else row_holding(connection, holding.row.first_seq - 1)
        if holding is not None and before is not None:
            begin = holding.row.first_seq
            chain.take(before)
        rows = select_rows(connection, begin)
    while True:
        # Only the database's own errors are explained: those of whoever uses the rows pass by.
        with _explained(path):
            sealed = next(rows, None)
        if sealed is None:
            return
        chain.check(sealed)
        if sealed.row.last_seq >= from_seq:
            yield sealed


def _check_against(witness: Witness | None, connection: sqlite3.Connection, last: SealedRow | None, path: Path) -> None:
    row = None if witness is None else row_holding(connection, witness.seq)
    checksum = None if row is None or witness is None or row.row.last_seq != witness.seq else row.checksum
    check_witness(witness, last_seq=0 if last is None else last.row.last_seq, checksum=checksum, path=path)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Tell the errors of the database and of the file system as errors of the journal."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # The module's own errors carry no code, and text that is not UTF-8 in a message of SQLite is not even one: only rot causes them.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in _NOT_DAMAGE:
            remedy = "Check who else uses it, and the permissions."
            raise JournalError(f"the journal cannot be opened ({error})", remedy=remedy, path=path) from error
        raise JournalDamaged(f"the journal cannot be read ({error})", remedy=RESTORE, path=path) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise JournalError(
            f"the directory cannot be used ({reason})", remedy="Check the path and its permissions.", path=path.parent
        ) from error


def _make_directory(directory: Path) -> None:
    """Make the directory and its parents, each durable in its own parent before anything is acknowledged from inside it."""
    if directory.is_dir():
        return
    _make_directory(directory.parent)
    directory.mkdir(exist_ok=True)
    _sync(directory.parent)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
