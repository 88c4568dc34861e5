"""Processes of this machine: started early, gone with whoever started them, and replaced when one is killed."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import wait
from typing import Any

from simulation.workers.crew import OnExecutor
from simulation.workers.task import Task

_MODULE = "simulation.experiment"
"""What nearly every task needs."""


class Processes:
    """A crew of `workers` processes, spawned afresh, so that no thread of this process is copied half-way.

    `is_early`: they start at once and load what nearly every task needs, while this process still reads its files.
    """

    def __init__(self, workers: int, *, is_early: bool = False) -> None:
        self._workers = workers
        self._is_early = is_early
        self._not_mine = set(multiprocessing.active_children())
        self._pool = self._open()
        self._crew = OnExecutor(self._pool, window=3 * workers, renew=self._reopen)

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self._end()
        self._pool.shutdown(cancel_futures=True)

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Any]]:
        """Every task with its result, in whatever order they end."""
        return self._crew.run(tasks)

    def _open(self) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(max_workers=self._workers, mp_context=spawn, initializer=_begin)
        for _ in range(self._workers if self._is_early else 0):
            pool.submit(_load)  # a process starts with the first task that finds none idle
        return pool

    def _reopen(self) -> ProcessPoolExecutor:
        """Another pool in place of one that has lost a process: what the others had begun is begun again, too."""
        self._end()
        self._pool.shutdown(cancel_futures=True)
        self._pool = self._open()
        return self._pool

    def _end(self) -> None:
        """End every process at once: what it works at is not wanted any more."""
        for process in set(multiprocessing.active_children()) - self._not_mine:
            process.terminate()


def _begin() -> None:
    """In a worker: leave Ctrl-C to whoever started it, and end when that process ends, however it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    with suppress(OSError):  # the same end, seen from the other side
        wait([sentinel])
    os._exit(1)


def _load() -> None:
    import_module(_MODULE)
