"""What every journal must do: inherited by the tests of each one."""

from abc import ABC, abstractmethod

import pytest

from routing.store.codec import read_events
from routing.store.journal import Journal
from tests.routing.store.rows_to_write import a_row, an_event, some_rows


class JournalContract(ABC):
    """A subclass says how its journal is opened; every test here then holds for it."""

    @abstractmethod
    def opened(self) -> Journal:
        """The journal of this test, opened for writing; again after `close`, it continues."""

    def test_a_new_journal_is_empty(self) -> None:
        """There is nothing to read, and the first epoch has begun."""
        journal = self.opened()
        assert (journal.last_seq, journal.epoch, list(journal.read())) == (0, 1, [])
        journal.close()

    def test_rows_come_back_as_they_were(self) -> None:
        """What was appended, one by one or in groups, is read back equal and in order."""
        rows = some_rows(12)
        journal = self.opened()
        journal.append(rows[:1])
        journal.append(rows[1:9])
        journal.append(rows[9:])
        assert [sealed.row for sealed in journal.read()] == rows
        assert journal.last_seq == rows[-1].last_seq
        journal.close()

    def test_no_rows_change_nothing(self) -> None:
        """An empty group is allowed."""
        journal = self.opened()
        journal.append([])
        assert journal.last_seq == 0
        journal.close()

    def test_reading_starts_at_the_row_that_holds_the_sequence(self) -> None:
        """Each possible start gives the rows whose last event is not before it."""
        rows = some_rows(8)
        journal = self.opened()
        journal.append(rows)
        for from_seq in range(1, rows[-1].last_seq + 3):
            expected = [row for row in rows if row.last_seq >= from_seq]
            assert [sealed.row for sealed in journal.read(from_seq)] == expected
        journal.close()

    def test_events_are_read_from_the_exact_sequence(self) -> None:
        """A start inside a row leaves out the events before it."""
        journal = self.opened()
        journal.append([a_row(1, events=2), a_row(3, events=3)])
        assert [(item.seq, item.event) for item in read_events(journal, 4)] == [(4, an_event(4)), (5, an_event(5))]
        journal.close()

    def test_sequences_begin_at_one(self) -> None:
        """A start below 1 is a mistake of the caller."""
        journal = self.opened()
        with pytest.raises(ValueError, match="begin at 1"):
            list(journal.read(0))
        journal.close()

    def test_a_gap_is_refused_and_nothing_is_kept(self) -> None:
        """A group with a gap, an overlap or time running back keeps none of its rows."""
        journal = self.opened()
        journal.append([a_row(1)])
        for wrong in ([a_row(3)], [a_row(1)], [a_row(2), a_row(4)], [a_row(2), a_row(3, at=0)]):
            with pytest.raises(ValueError, match="cannot follow"):
                journal.append(wrong)
        assert [sealed.row for sealed in journal.read()] == [a_row(1)]
        journal.append([a_row(2)])
        assert journal.last_seq == 2
        journal.close()

    def test_opening_again_continues_in_the_next_epoch(self) -> None:
        """Rows stay, and each carries the epoch it was written in."""
        rows = some_rows(3)
        for epoch, row in enumerate(rows, 1):
            journal = self.opened()
            assert journal.epoch == epoch
            journal.append([row])
            journal.close()
        journal = self.opened()
        assert [(sealed.row, sealed.epoch) for sealed in journal.read()] == [(row, epoch) for epoch, row in enumerate(rows, 1)]
        journal.close()

    def test_equal_histories_have_equal_checksums(self) -> None:
        """The last checksum depends on the rows and the epoch, not on how they were grouped."""
        rows = some_rows(6)
        journal = self.opened()
        for row in rows[:3]:
            journal.append([row])
        journal.append(rows[3:])
        assert [sealed.checksum.hex() for sealed in journal.read()][-1] == "532a0e364bdd4f510e1c906ece609072"
        journal.close()

    def test_closing_twice_does_nothing(self) -> None:
        """A second close is harmless."""
        journal = self.opened()
        journal.close()
        journal.close()
