"""The journal in memory keeps the contract."""

from dataclasses import replace

import pytest

from routing.store.errors import JournalDamaged
from routing.store.journal import Journal
from routing.store.memory import MemoryJournal
from routing.store.rows import SealedRow
from tests.routing.store.contract import JournalContract
from tests.routing.store.rows_to_write import some_rows


class TestMemoryJournal(JournalContract):
    """The contract over rows handed from one journal to the next."""

    _last: MemoryJournal | None = None

    def opened(self) -> Journal:
        """A journal that continues the one before."""
        self._last = MemoryJournal([] if self._last is None else list(self._last.read()))
        return self._last


def sealed_rows(count: int) -> list[SealedRow]:
    """Rows in their chain."""
    journal = MemoryJournal()
    journal.append(some_rows(count))
    return list(journal.read())


def damage(rows: list[SealedRow]) -> dict[str, list[SealedRow]]:
    """Every way in which rows may no longer be what was written, at the third of them."""
    before, bad, after = rows[:2], rows[2], rows[3:]
    return {
        "checksum does not match": [*before, replace(bad, row=replace(bad.row, payload=bad.row.payload + b" ")), *after],
        "its checksum": [*before, replace(bad, row=replace(bad.row, request_id="")), *after],
        "rows are missing": [*before, *after],
        "sequence 3 is followed by row 2": [*before, before[1], bad, *after],
    }


@pytest.mark.parametrize("problem", damage(sealed_rows(6)))
def test_a_broken_chain_is_refused_at_its_place(problem: str) -> None:
    """A changed, dropped or doubled row is named, and so is what to do."""
    with pytest.raises(JournalDamaged, match=problem) as refused:
        MemoryJournal(damage(sealed_rows(6))[problem])
    assert "restore a copy" in refused.value.remedy


def test_a_request_without_an_id_is_not_one_with_an_empty_id() -> None:
    """The checksum tells the absence of a request id from an empty one."""
    rows = sealed_rows(6)
    without = next(sealed for sealed in rows if sealed.row.request_id is None)
    changed = [replace(item, row=replace(item.row, request_id="")) if item is without else item for item in rows]
    with pytest.raises(JournalDamaged) as refused:
        MemoryJournal(changed)
    assert refused.value.row == without.row.first_seq
