"""How often the interpreter looks for garbage that refers to itself: hardly ever, while a replication is made and runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (200_000, 20, 20)


@contextmanager
def collected_rarely() -> Iterator[None]:
    """A replication leaves next to no cycles, and what it holds lives long: to look through it again and again finds nothing.

    Whatever has no cycles is freed at once as ever. The thresholds are those of the whole process, and are put back.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
