"""The journal in SQLite keeps the contract, and its directory to itself."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from routing.store.errors import JournalDamaged, JournalError, JournalInUse, JournalMissing, JournalNewer
from routing.store.journal import Journal
from routing.store.sqlite import JOURNAL_FILE, open_journal, read_journal
from routing.store.tables import SCHEMA_VERSION
from tests.routing.store.contract import JournalContract
from tests.routing.store.rows_to_write import a_row, some_rows


class TestSqliteJournal(JournalContract):
    """The contract over a directory that does not exist before."""

    directory: Path

    @pytest.fixture(autouse=True)
    def _a_directory(self, tmp_path: Path) -> None:
        self.directory = tmp_path / "region" / "data"

    def opened(self) -> Journal:
        """The journal of the test's directory."""
        return open_journal(self.directory)


def test_the_settings_are_those_that_make_a_commit_durable(tmp_path: Path) -> None:
    """The database is in write-ahead mode, and its writer waits for the disk."""
    journal = open_journal(tmp_path)
    connection = journal._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    journal.close()


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    """Neither this process nor another may open the journal while it is written; afterwards both may."""
    journal = open_journal(tmp_path)
    with pytest.raises(JournalInUse, match="another process writes this journal"):
        open_journal(tmp_path)
    command = "import sys, pathlib, routing.store.sqlite as s; s.open_journal(pathlib.Path(sys.argv[1]))"
    other = subprocess.run([sys.executable, "-c", command, tmp_path], capture_output=True, text=True, check=False)
    assert "JournalInUse" in other.stderr
    journal.close()
    open_journal(tmp_path).close()


def test_a_writer_whose_epoch_has_passed_keeps_nothing(tmp_path: Path) -> None:
    """Where the lock did not hold, the epoch in the database does: an append of the older writer is refused."""
    old = open_journal(tmp_path)
    old.append([a_row(1)])
    (tmp_path / "lock").unlink()
    new = open_journal(tmp_path)
    with pytest.raises(JournalInUse, match="epoch 2 has begun, this is 1"):
        old.append([a_row(2)])
    new.append([a_row(2)])
    assert [sealed.epoch for sealed in new.read()] == [1, 2]
    old.close()
    new.close()


def test_a_reader_follows_a_live_writer(tmp_path: Path) -> None:
    """Rows are seen once they are appended, while the writer goes on."""
    rows = some_rows(4)
    journal = open_journal(tmp_path)
    reader = read_journal(tmp_path)
    for count, row in enumerate(rows, 1):
        journal.append([row])
        assert [sealed.row for sealed in reader.read()] == rows[:count]
        assert (reader.last_seq, reader.epoch) == (row.last_seq, 1)
    reader.close()
    journal.close()


def test_a_reader_changes_nothing(tmp_path: Path) -> None:
    """Reading after a crash leaves the database and its log byte for byte, and a reader's connection cannot write."""
    acknowledged = append_and_die(tmp_path, groups=3)
    before = {name: (tmp_path / name).read_bytes() for name in (JOURNAL_FILE, f"{JOURNAL_FILE}-wal", "witness")}
    reader = read_journal(tmp_path)
    assert reader.last_seq >= acknowledged
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection.execute("DELETE FROM journal")
    reader.close()
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_a_directory_without_a_journal_is_named(tmp_path: Path) -> None:
    """A tool pointed at the wrong place says so and makes nothing there."""
    with pytest.raises(JournalMissing, match="there is no journal here"):
        read_journal(tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    """The refusal gives the system's own reason."""
    (tmp_path / "data").write_text("")
    with pytest.raises(JournalError, match="cannot be used"):
        open_journal(tmp_path / "data")


def test_a_later_schema_is_refused_unchanged(tmp_path: Path) -> None:
    """Neither a writer nor a reader guesses what a later version meant; the directory can be opened by that version again."""
    open_journal(tmp_path).close()
    connection = sqlite3.connect(tmp_path / JOURNAL_FILE)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    for opening in (open_journal, read_journal):
        with pytest.raises(JournalNewer, match="has schema 2, known is 1"):
            opening(tmp_path)


@pytest.mark.parametrize("content", ["CREATE TABLE other (name TEXT)", "PRAGMA user_version = 1"])
def test_a_database_of_another_program_is_left_alone(tmp_path: Path, content: str) -> None:
    """Its tables are not touched, and the message says that it is no journal."""
    connection = sqlite3.connect(tmp_path / JOURNAL_FILE)
    connection.execute("PRAGMA application_id = 7")
    connection.execute(content)
    connection.close()
    before = (tmp_path / JOURNAL_FILE).read_bytes()
    for opening in (open_journal, read_journal):
        with pytest.raises(JournalDamaged, match="this is not a journal"):
            opening(tmp_path)
    assert (tmp_path / JOURNAL_FILE).read_bytes() == before


def append_and_die(directory: Path, *, groups: int, group: int = 1) -> int:
    """Let another process append until it has acknowledged `groups` groups, kill it, and give the last sequence it acknowledged."""
    command = [sys.executable, "-m", "tests.routing.store.append_for_ever", str(directory), str(group)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3], env=os.environ) as writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(groups)]
        writer.kill()
        # What it said between the last line read and its death was acknowledged too; a line cut short was not.
        acknowledged += [int(line) for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    return acknowledged[-1]


@pytest.mark.parametrize(("groups", "group"), [(1, 1), (7, 1), (40, 3), (150, 10)])
def test_what_was_acknowledged_survives_kill_9(tmp_path: Path, groups: int, group: int) -> None:
    """Twice killed in full flight, the journal holds every acknowledged row and no half of a group."""
    for _ in range(2):
        acknowledged = append_and_die(tmp_path, groups=groups, group=group)
        journal = open_journal(tmp_path)
        kept = [sealed.row for sealed in journal.read()]
        journal.close()
        assert len(kept) >= acknowledged
        assert len(kept) % group == 0
        assert kept == [a_row(seq) for seq in range(1, len(kept) + 1)]
