"""The tables of a SQLite journal, and the statements that read and write them."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from routing.store.errors import JournalDamaged, JournalNewer
from routing.store.rows import Row, SealedRow

SCHEMA_VERSION = 1
"""Kept as the database's `user_version`; 0 is a database without tables."""

APPLICATION_ID = 0x43415245
"""Kept in the database's header, so that a file of another program is not taken for a journal ("CARE")."""

_FETCHED_ROWS = 512

_TABLES = (
    """
    CREATE TABLE journal (
        first_seq INTEGER PRIMARY KEY,
        last_seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        request_id TEXT,
        codec INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        payload BLOB NOT NULL,
        checksum BLOB NOT NULL
    ) STRICT
    """,
    "CREATE TABLE writer (only INTEGER PRIMARY KEY CHECK (only = 1), epoch INTEGER NOT NULL) STRICT",
    "INSERT INTO writer VALUES (1, 0)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
_COLUMNS = "first_seq, last_seq, at, request_id, codec, epoch, payload, checksum"
_ROW_TYPES = ((int, int, int, str, int, int, bytes, bytes), (int, int, int, type(None), int, int, bytes, bytes))


def create_tables(connection: sqlite3.Connection) -> None:
    """Make an empty database a journal, in one transaction; leaves any other database as it is."""
    connection.execute("BEGIN IMMEDIATE")
    empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,) and _pragma(connection, "application_id") == 0
    for statement in _TABLES if empty else ():
        connection.execute(statement)
    connection.execute("COMMIT")


def check_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a database that this version cannot read.

    Raises:
        JournalNewer: a later version made it.
        JournalDamaged: it is no journal.
    """
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise JournalDamaged("this is not a journal", remedy="Name the directory that careroute serve was given.", path=path)
    version = _pragma(connection, "user_version")
    if version > SCHEMA_VERSION:
        remedy = "Use the version of careroute that wrote it, or a later one."
        raise JournalNewer(f"the journal has schema {version}, known is {SCHEMA_VERSION}", remedy=remedy, path=path)
    if version < 1:
        raise JournalDamaged(f"the journal has schema {version}, which never was", remedy="Restore it from a copy.", path=path)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value = connection.execute(f"PRAGMA {name}").fetchone()[0]
    if not isinstance(value, int):
        raise TypeError(f"PRAGMA {name} gave {value!r}")
    return value


def insert_rows(connection: sqlite3.Connection, rows: Iterable[SealedRow]) -> None:
    """Add rows within the caller's transaction."""
    connection.executemany(f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_values, rows))


def _values(sealed: SealedRow) -> tuple[int, int, int, str | None, int, int, bytes, bytes]:
    row = sealed.row
    return row.first_seq, row.last_seq, row.at, row.request_id, row.codec, sealed.epoch, row.payload, sealed.checksum


def select_rows(connection: sqlite3.Connection, first_seq: int) -> Iterator[SealedRow]:
    """The rows that begin at `first_seq` or later, in order."""
    cursor = connection.execute(f"SELECT {_COLUMNS} FROM journal WHERE first_seq >= ? ORDER BY first_seq", (first_seq,))
    while chunk := cursor.fetchmany(_FETCHED_ROWS):
        yield from map(_sealed, chunk)


def row_holding(connection: sqlite3.Connection, seq: int) -> SealedRow | None:
    """The last row that begins at or before `seq`."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM journal WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1", (seq,)).fetchone()
    return None if found is None else _sealed(found)


def last_row(connection: sqlite3.Connection) -> SealedRow | None:
    """The row with the highest first sequence."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM journal ORDER BY first_seq DESC LIMIT 1").fetchone()
    return None if found is None else _sealed(found)


def _sealed(values: tuple[int, int, int, str | None, int, int, bytes, bytes]) -> SealedRow:
    first_seq, last_seq, at, request_id, codec, epoch, payload, checksum = values
    # A strict table checks types when it is written; after rot, a value may come back as another type.
    if tuple(map(type, values)) not in _ROW_TYPES:
        raise sqlite3.DatabaseError(f"row {first_seq} holds values of other types than were written")
    row = Row(first_seq=first_seq, last_seq=last_seq, at=at, request_id=request_id, codec=codec, payload=payload)
    return SealedRow(row=row, epoch=epoch, checksum=checksum)


def epoch_of_writer(connection: sqlite3.Connection) -> int:
    """The epoch of the process that writes, or wrote last; 0 before the first.

    Raises:
        sqlite3.DatabaseError: the table does not hold one.
    """
    found = connection.execute("SELECT epoch FROM writer").fetchall()
    if len(found) != 1 or not isinstance(found[0][0], int):
        raise sqlite3.DatabaseError("the epoch of the writer is lost")
    return found[0][0]


def set_epoch_of_writer(connection: sqlite3.Connection, epoch: int) -> None:
    """Begin an epoch, in a transaction of its own."""
    connection.execute("UPDATE writer SET epoch = ?", (epoch,))
