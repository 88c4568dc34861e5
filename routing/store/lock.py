"""The lock that keeps a second writer out of a journal's directory."""

import fcntl
import os
from pathlib import Path

from routing.store.errors import JournalInUse


class DirectoryLock:
    """An exclusive lock on a file of its own, held until `close` or the end of the process, however it ends.

    A file of its own, because closing any descriptor of the database file would drop the locks that SQLite itself holds on it.

    Raises:
        JournalInUse: another process, or this one by another journal, holds it.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            remedy = "Stop the other one first, or give this one a directory of its own."
            raise JournalInUse("another process writes this journal", remedy=remedy, path=path.parent) from None

    def close(self) -> None:
        """Let others in."""
        os.close(self._descriptor)
