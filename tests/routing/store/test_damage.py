"""A journal whose files were damaged gives what was written or refuses; it never gives anything else."""

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from routing.store.errors import JournalDamaged, JournalError, JournalFailed
from routing.store.rows import Row
from routing.store.sqlite import JOURNAL_FILE, WITNESS_FILE, open_journal, read_journal
from tests.routing.store.rows_to_write import a_row, some_rows

WAL_FILE = f"{JOURNAL_FILE}-wal"
ROWS = some_rows(60)
INJURIES = 120
"""Injuries a test tries, each on a fresh copy; the seed is fixed."""


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal closed in order: all its rows are in the database file."""
    directory = tmp_path_factory.mktemp("closed")
    journal = open_journal(directory)
    journal.append(ROWS)
    journal.close()
    return directory


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a journal in full flight: half of its rows are in the database file, the others in the write-ahead log."""
    directory, copy = tmp_path_factory.mktemp("live"), tmp_path_factory.mktemp("crashed") / "data"
    journal = open_journal(directory)
    journal.append(ROWS[:30])
    journal._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for row in ROWS[30:]:
        journal.append([row])
    shutil.copytree(directory, copy)
    journal.close()
    return copy


def injured(original: Path, name: str, injure: Callable[[random.Random, bytes], bytes], copies: Path) -> Iterator[Path]:
    """Copies of a journal's directory, each with another injury to the file `name`."""
    rng = random.Random(f"{original.name} {name}")
    for number in range(INJURIES):
        directory = copies / str(number)
        shutil.copytree(original, directory)
        # The index of the log lives in shared memory; without it SQLite reads the log itself, as after a restart.
        (directory / f"{JOURNAL_FILE}-shm").unlink(missing_ok=True)
        path = directory / name
        path.write_bytes(injure(rng, path.read_bytes()))
        yield directory
        shutil.rmtree(directory)


def flip_a_bit(rng: random.Random, content: bytes) -> bytes:
    """The content with one bit turned."""
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]


def cut(rng: random.Random, content: bytes) -> bytes:
    """A start of the content."""
    return content[: rng.randrange(len(content))]


def rows_as_read(directory: Path) -> list[Row]:
    """The rows a tool reads."""
    reader = read_journal(directory)
    try:
        return [sealed.row for sealed in reader.read()]
    finally:
        reader.close()


def rows_as_opened(directory: Path) -> list[Row]:
    """The rows a writer reads."""
    journal = open_journal(directory)
    try:
        return [sealed.row for sealed in journal.read()]
    finally:
        journal.close()


@pytest.mark.parametrize("name", [JOURNAL_FILE, WAL_FILE])
@pytest.mark.parametrize("rows_of", [rows_as_read, rows_as_opened])
def test_no_turned_bit_gives_wrong_rows(crashed: Path, tmp_path: Path, name: str, rows_of: Callable[[Path], list[Row]]) -> None:
    """Wherever the bit is, the journal holds every acknowledged row or says that it does not; most bits are noticed."""
    refused = 0
    for directory in injured(crashed, name, flip_a_bit, tmp_path):
        try:
            assert rows_of(directory) == ROWS
        except JournalError:
            refused += 1
    assert refused > INJURIES // 4


def test_no_turned_bit_of_a_closed_journal_gives_wrong_rows(closed: Path, tmp_path: Path) -> None:
    """The same for a database without a log, which SQLite reads without any check of its own."""
    for directory in injured(closed, JOURNAL_FILE, flip_a_bit, tmp_path):
        try:
            assert rows_as_opened(directory) == ROWS
        except JournalError:
            continue


def test_a_turned_bit_of_the_witness_is_harmless(closed: Path, tmp_path: Path) -> None:
    """A witness that is not whole is no evidence; the rows are all there."""
    for directory in injured(closed, WITNESS_FILE, flip_a_bit, tmp_path):
        assert rows_as_opened(directory) == ROWS


def test_a_cut_log_is_refused(crashed: Path, tmp_path: Path) -> None:
    """A lost tail is noticed although SQLite itself takes it for a torn one: the witness remembers."""
    for directory in injured(crashed, WAL_FILE, cut, tmp_path):
        with pytest.raises(JournalDamaged):
            rows_as_opened(directory)


def test_a_cut_database_is_refused(closed: Path, tmp_path: Path) -> None:
    """A database that lost its end gives nothing."""
    for directory in injured(closed, JOURNAL_FILE, cut, tmp_path):
        with pytest.raises(JournalDamaged):
            rows_as_opened(directory)


def test_a_torn_tail_that_nobody_was_told_of_leaves_an_exact_start(crashed: Path, tmp_path: Path) -> None:
    """Without a witness, as after a power loss that took it, whatever is left of the log is a whole number of rows."""
    (tmp_path / "whole").mkdir()
    shutil.copytree(crashed, tmp_path / "whole", dirs_exist_ok=True)
    (tmp_path / "whole" / WITNESS_FILE).unlink()
    for directory in injured(tmp_path / "whole", WAL_FILE, cut, tmp_path):
        rows = rows_as_opened(directory)
        assert rows == ROWS[: len(rows)]
        assert len(rows) >= 30


def test_a_lost_tail_names_what_was_acknowledged_and_can_be_accepted(closed: Path, tmp_path: Path) -> None:
    """The refusal says how far the log goes and how far it went; deleting the witness accepts the loss, knowingly."""
    directory = tmp_path / "data"
    shutil.copytree(closed, directory)
    lost = ROWS[-1]
    connection = sqlite3.connect(directory / JOURNAL_FILE)
    connection.execute("DELETE FROM journal WHERE first_seq = ?", (lost.first_seq,))
    connection.commit()
    connection.close()
    problem = f"the log ends at sequence {lost.first_seq - 1}, but {lost.last_seq} was acknowledged"
    with pytest.raises(JournalDamaged, match=problem) as refused:
        open_journal(directory)
    assert refused.value.row == lost.first_seq
    (directory / WITNESS_FILE).unlink()
    assert rows_as_opened(directory) == ROWS[:-1]


def test_a_database_put_in_place_of_another_is_refused(closed: Path, tmp_path: Path) -> None:
    """A journal of the same length but another history is not the one that was acknowledged."""
    other = open_journal(tmp_path)
    other.append([a_row(seq) for seq in range(1, ROWS[-1].last_seq + 1)])
    other.close()
    shutil.copy(closed / WITNESS_FILE, tmp_path / WITNESS_FILE)
    with pytest.raises(JournalDamaged, match="not the one that was acknowledged"):
        open_journal(tmp_path)


FILL_THE_DISK = """
import resource, sys
from pathlib import Path
from routing.store.errors import JournalFailed
from routing.store.sqlite import open_journal
from tests.routing.store.rows_to_write import a_row
journal = open_journal(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    for seq in range(1, 100_000):
        journal.append([a_row(seq)])
        print(seq)
except JournalFailed:
    pass
for _ in range(2):
    try:
        journal.append([a_row(journal.last_seq + 1)])
    except JournalFailed as error:
        print(error.problem, file=sys.stderr)
"""


def test_a_full_disk_stops_the_journal_and_loses_nothing(tmp_path: Path) -> None:
    """The system refuses to write beyond a size: that append fails, all later ones too, and every acknowledged row is there."""
    root = Path(__file__).parents[3]
    writer = subprocess.run([sys.executable, "-c", FILL_THE_DISK, tmp_path], capture_output=True, text=True, check=True, cwd=root)
    acknowledged = [int(line) for line in writer.stdout.split()]
    assert writer.stderr.splitlines() == ["the journal could not be written (an earlier append failed)"] * 2
    assert len(acknowledged) > 20
    assert rows_as_opened(tmp_path) == [a_row(seq) for seq in acknowledged]


def test_a_failed_append_is_final(tmp_path: Path) -> None:
    """After one failure the journal takes nothing more, even where the disk has room again."""
    journal = open_journal(tmp_path)
    journal.append([a_row(1)])
    connection = journal._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    with pytest.raises(JournalFailed, match="full"):
        journal.append([a_row(seq) for seq in range(2, 200)])
    connection.execute("PRAGMA max_page_count = 1000000").fetchall()
    with pytest.raises(JournalFailed, match="an earlier append failed"):
        journal.append([a_row(2)])
    journal.close()
    assert rows_as_opened(tmp_path) == [a_row(1)]
