"""Every run of these tests keeps books of its own, which must agree with the measures when it is over."""

from collections.abc import Sequence
from typing import Any

import pytest

from routing.core.commands import Command
from routing.model.time import Instant
from simulation import run
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.verify.identities import Books
from simulation.world import World


class WorldWithBooks(World):
    """A world whose run is audited."""

    def __init__(self, *, observers: Sequence[Any], witnesses: Sequence[Any] = (), **options: Any) -> None:
        self._books, self._ledger = Books(), Ledger()
        super().__init__(observers=[*observers, self._books, self._ledger], witnesses=[*witnesses, self._ledger.witness], **options)

    def run(self, opening: Sequence[Command], stops_at: Instant) -> None:
        """As ever, and then the books are compared."""
        super().run(opening, stops_at)
        assert self._books.broken(facts_of(self._ledger)) == []


@pytest.fixture(autouse=True)
def audited_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """All runs in this process."""
    monkeypatch.setattr(run, "World", WorldWithBooks)
