"""Why a journal cannot be used. Each error is one sentence for the operator, with the place and the remedy beside it."""

from pathlib import Path


class JournalError(Exception):
    """A journal cannot be read or written.

    `problem` completes "PATH: ..." as a sentence without its full stop, `remedy` is a whole sentence, and `path` is `None` for a journal
    that lives in memory.
    """

    def __init__(self, problem: str, *, remedy: str, path: Path | None = None) -> None:
        place = "" if path is None else f"{path}: "
        super().__init__(f"{place}{problem}. {remedy}")
        self.problem = problem
        self.remedy = remedy
        self.path = path


class JournalDamaged(JournalError):  # noqa: N818 - the name says what happened
    """The journal does not hold what was written: rot, a lost tail, or a file of another program.

    `row` is the first sequence number of the first bad row, or `None` where the damage has no row.
    """

    def __init__(self, problem: str, *, remedy: str, path: Path | None = None, row: int | None = None) -> None:
        super().__init__(problem, remedy=remedy, path=path)
        self.row = row


class JournalInUse(JournalError):  # noqa: N818 - the name says what happened
    """Another process writes this journal, or has taken it over; exactly one may."""


class JournalNewer(JournalError):  # noqa: N818 - the name says what happened
    """The journal was written by a newer version: it holds a schema, an event or an event version that this one does not know."""


class JournalFailed(JournalError):  # noqa: N818 - the name says what happened
    """An append failed, so nobody knows whether its rows are on the disk.

    The process must stop and start again by replay: a disk that failed one flush may claim success for the next one without having kept
    the pages. Every further append of the same journal raises this error.
    """


class JournalMissing(JournalError):  # noqa: N818 - the name says what happened
    """There is no journal in the directory."""
