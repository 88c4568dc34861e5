"""The results of sweeps: one SQLite file, a row for each arm and replication, under a key that says what made it.

The key covers the code and the versions it computes with, everything the scenario says (demand, site, behaviour, horizon, seed), the roster
and the policy. So what is found under it is what would be computed, and results of two versions or two inputs never stand side by side.
"""

import hashlib
import io
import pickle
import sqlite3
import zlib
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from routing.config.errors import ConfigError
from routing.core.canonical import content_hash
from simulation.experiment import ReplicationResult
from simulation.files import check_can_hold
from simulation.scenario import Arm, Scenario
from simulation.workers.code import code_digest

FILE: Final = "results.sqlite"
_TABLE = """
CREATE TABLE IF NOT EXISTS results (
    key TEXT NOT NULL, replication INTEGER NOT NULL, scenario TEXT NOT NULL, arm TEXT NOT NULL, code TEXT NOT NULL, result BLOB NOT NULL,
    PRIMARY KEY (key, replication)
) WITHOUT ROWID
"""
_WAIT_S = 60
"""How long a second sweep into the same folder waits for the first one's row."""


def key_of(scenario: Scenario, arm: Arm) -> str:
    """The key of an arm's results. What does not touch them is left out: names, notes, and the scenario's other rosters and policies."""
    bare = replace(scenario, name="", policies={}, rosters={arm.roster: scenario.rosters[arm.roster]}, assumptions=(), notes=())
    text = repr((code_digest(), bare, content_hash(arm.policy)))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Results:
    """The results in a folder, made where it is missing; used in a `with` block.

    Raises:
        ConfigError: the folder cannot be used, or its file is no such table.
    """

    def __init__(self, folder: Path) -> None:
        check_can_hold(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE
        try:
            self._database = sqlite3.connect(self.path, isolation_level=None, timeout=_WAIT_S)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute(_TABLE)
        except sqlite3.DatabaseError as error:
            raise ConfigError(f"holds no results of a sweep ({error})", file=self.path, remedy="Name another folder.") from error

    def __enter__(self) -> "Results":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def done(self, key: str) -> frozenset[int]:
        """The replications that are there."""
        return frozenset(number for (number,) in self._database.execute("SELECT replication FROM results WHERE key = ?", (key,)))

    def add(self, key: str, *, scenario: str, arm: str, result: ReplicationResult) -> None:
        """Keep the result of one arm, at once and for good; one that is there already stays."""
        packed = zlib.compress(pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL), 1)
        row = (key, result.replication, scenario, arm, code_digest(), packed)
        self._database.execute("INSERT OR IGNORE INTO results VALUES (?, ?, ?, ?, ?, ?)", row)

    def read(self, key: str, replication: int) -> ReplicationResult:
        """One result.

        Raises:
            ConfigError: the row is damaged.
        """
        query = "SELECT result FROM results WHERE key = ? AND replication = ?"
        (packed,) = self._database.execute(query, (key, replication)).fetchone()
        try:
            found = _Plain(io.BytesIO(zlib.decompress(packed))).load()
        except (zlib.error, pickle.UnpicklingError, EOFError) as error:
            remedy = "Name another folder, or delete the file to compute everything again."
            raise ConfigError(f"has a damaged row ({error})", file=self.path, remedy=remedy) from error
        if not isinstance(found, ReplicationResult):
            raise ConfigError("has a row that holds no result", file=self.path, remedy="Name another folder.")
        return found

    def others(self, keys: Collection[str]) -> int:
        """How many rows belong to other inputs or other code."""
        counted = self._database.execute("SELECT key, COUNT(*) FROM results GROUP BY key").fetchall()
        return sum(count for key, count in counted if key not in keys)


class _Plain(pickle.Unpickler):
    """Reads records of results and arrays of numbers, and refuses to load anything else that a file may name."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(("simulation.kpis.", "numpy")) or (module, name) in _RECORDS:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"it names {module}.{name}")


_RECORDS = {("simulation.experiment", "ReplicationResult"), ("simulation.run", "RunSummary")}
