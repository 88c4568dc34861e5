"""How often the interpreter looks for garbage that refers to itself: hardly ever, while a replication is made and runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

_THRESHOLDS: Final = (200_000, 20, 20)


class _Rarely:
    """The thresholds belong to the whole process, in which several threads may simulate: the last to end puts them back."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running = 0
        self._before = gc.get_threshold()

    def begin(self) -> None:
        with self._lock:
            if not self._running:
                self._before = gc.get_threshold()
                gc.set_threshold(*_THRESHOLDS)
            self._running += 1

    def end(self) -> None:
        with self._lock:
            self._running -= 1
            if not self._running:
                gc.set_threshold(*self._before)


_RARELY: Final = _Rarely()


@contextmanager
def collected_rarely() -> Iterator[None]:
    """A replication leaves next to no cycles, and what it holds lives long: to look through it again and again finds nothing.

    Whatever has no cycles is freed at once as ever.
    """
    _RARELY.begin()
    try:
        yield
    finally:
        _RARELY.end()
