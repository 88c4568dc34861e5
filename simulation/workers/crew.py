"""Crews: whoever computes tasks. One interface, in this process or on any executor of `concurrent.futures`."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from itertools import islice
from typing import Any, Protocol

from routing.config.errors import ConfigError
from simulation.workers.task import Shared, Task, run_task

_LOSSES_MAX = 3
"""So many times in a row may workers be lost without a single result in between."""


class WorkersLost(ConfigError):  # noqa: N818 - the name says what happened
    """Workers died again and again, so that going on would be no use: there are more of them than the machine bears."""


class Crew(Protocol):
    """Computes tasks; used in a `with` block, which lets go of every worker, at once where an exception or Ctrl-C ends it."""

    def __enter__(self) -> "Crew": ...

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None: ...

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Any]]:
        """Every task with its result, in whatever order they end.

        Raises what a task raises, and WorkersLost.
        """
        ...


class Alone:
    """Computes in this process, one task after the other."""

    def __enter__(self) -> "Alone":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        pass

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Any]]:
        """Every task with its result, in order."""
        for task in tasks:
            yield task, task.run()


class OnExecutor:
    """Computes on an executor, of which at most `window` tasks wait at a time, so that a long list of tasks needs no memory.

    `executor` belongs to the caller, who closes it. Where `renew` makes another one after a loss, lost tasks are computed again; `losses`
    are the errors by which a loss shows.
    """

    def __init__(
        self,
        executor: Executor,
        *,
        window: int = 64,
        renew: Callable[[], Executor] | None = None,
        losses: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError),
    ) -> None:
        self._executor = executor
        self._window = window
        self._renew = renew
        self._losses = losses

    def __enter__(self) -> "OnExecutor":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        pass

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Any]]:
        """Every task with its result, in whatever order they end."""
        waiting = deque[Task]()
        more = iter(tasks)
        running: dict[Future[Any], Task] = {}
        losses = 0
        try:
            while True:
                waiting.extend(islice(more, max(0, self._window - len(running) - len(waiting))))
                is_lost = not self._submit(waiting, running)
                if not running and not is_lost:
                    return
                done = wait(running, return_when=FIRST_COMPLETED).done if running else set()
                for future in [one for one in running if one in done]:
                    task = running.pop(future)
                    try:
                        result = future.result()
                    except self._losses:
                        is_lost = True
                        waiting.append(task)
                    else:
                        losses = 0
                        yield task, result
                if is_lost:
                    losses += 1
                    waiting.extendleft(running.values())
                    running.clear()
                    self._begin_again(losses)
        finally:
            for future in running:
                future.cancel()

    def _submit(self, waiting: deque[Task], running: dict[Future[Any], Task]) -> bool:
        """Hand over what waits; False where the executor turns out to be lost, and what it did not take goes on waiting."""
        while waiting:
            try:
                running[self._hand_over(waiting[0])] = waiting[0]
            except self._losses:
                return False
            waiting.popleft()
        return True

    def _hand_over(self, task: Task) -> Future[Any]:
        return self._executor.submit(run_task, task.function, self.share(task.shared), task.item)

    def share(self, shared: Shared[Any]) -> Any:
        """What stands for the shared thing in a task; by default itself, which packs its bytes once."""
        return shared

    def _begin_again(self, losses: int) -> None:
        if self._renew is None or losses > _LOSSES_MAX:
            problem = f"died {losses} times in a row without a result"
            remedy = 'Use fewer of them, or more memory; a script needs the usual `if __name__ == "__main__":`.'
            raise WorkersLost(problem, key="workers", remedy=remedy)
        self._executor = self._renew()
