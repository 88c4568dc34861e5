"""Saves a simulated run's event log as a journal, in the format of production: every tool that reads the one reads the other."""

from pathlib import Path

from routing.core.events import Recorded
from routing.store.codec import encode_row
from routing.store.rows import Row
from routing.store.sqlite import open_journal

_ROWS_PER_COMMIT = 2_000
"""A simulated log lost in a crash is run again: commits are for speed, not for safety."""


class LogWriter:
    """An observer that writes what it sees into a new journal directory. Events of one instant make one row."""

    def __init__(self, directory: Path) -> None:
        self._journal = open_journal(directory)
        self._rows: list[Row] = []
        self._instant: list[Recorded] = []

    def __call__(self, recorded: Recorded) -> None:
        """Takes the next event of the log."""
        if self._instant and self._instant[-1].at != recorded.at:
            self._end_instant()
        self._instant.append(recorded)

    def close(self) -> None:
        """Write what is left and let go of the journal."""
        if self._instant:
            self._end_instant()
        self._journal.append(self._rows)
        self._journal.close()

    def _end_instant(self) -> None:
        self._rows.append(encode_row(self._instant))
        self._instant = []
        if len(self._rows) >= _ROWS_PER_COMMIT:
            self._journal.append(self._rows)
            self._rows = []
