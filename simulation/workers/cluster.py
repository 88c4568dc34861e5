"""A Dask cluster by its scheduler's address: every worker computes as a process here would, and what a lost worker had begun moves on."""

from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Executor
from typing import Any

from routing.config.errors import ConfigError
from simulation.workers.code import code_digest
from simulation.workers.crew import OnExecutor
from simulation.workers.task import Shared, Task

try:
    from distributed import Client, KilledWorker
except ImportError as missing:
    raise ConfigError(
        "needs the package distributed", key="--cluster", remedy='Install it with `pip install "careroute[cluster]"`.'
    ) from missing

_WAIT_S = 5


class Cluster:
    """A crew of the workers of a Dask scheduler at `address`, such as "tcp://10.0.0.5:8786".

    Raises:
        ConfigError: nobody answers there, there is no worker, or one runs other code than this process.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = self._connected()
        self._check_code()
        threads = sum(self._client.nthreads().values())
        self._crew = _OnDask(self._client, window=max(64, 2 * threads))

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._client.close()

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Any]]:
        """Every task with its result, in whatever order they end."""
        return self._crew.run(tasks)

    def _connected(self) -> Client:
        try:
            return Client(self._address, timeout=_WAIT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            problem = f"is not the address of a Dask scheduler that answers ({error})"
            remedy = "Start one with `dask scheduler`, and write what it prints, such as tcp://10.0.0.5:8786."
            raise ConfigError(problem, key="--cluster", value=self._address, remedy=remedy) from error

    def _check_code(self) -> None:
        """Every worker is asked what it would compute with, before anything is computed."""
        try:
            self._client.wait_for_workers(1, timeout=_WAIT_S)
        except TimeoutError as error:
            remedy = "Start one or more with `dask worker ADDRESS`."
            raise ConfigError("has no workers", key="--cluster", value=self._address, remedy=remedy) from error
        answers = self._client.run(code_digest, on_error="return")
        for worker, answer in sorted(answers.items()):
            if answer != code_digest():
                why = f"cannot ({answer})" if isinstance(answer, BaseException) else "runs other code than this command"
                remedy = "Install the same version of Careroute and of the packages it computes with on every worker."
                raise ConfigError(f"worker {worker} {why}", key="--cluster", value=self._address, remedy=remedy)


class _OnDask(OnExecutor):
    """An executor on a Dask client; what tasks share is a task of its own there, kept by the scheduler once and made again when lost."""

    def __init__(self, client: Client, *, window: int) -> None:
        self._client = client
        self._sent: tuple[Shared[Any], Any] | None = None
        super().__init__(self._opened(), window=window, renew=self._opened, losses=(CancelledError, KilledWorker))

    def share(self, shared: Shared[Any]) -> Any:
        """The cluster's own copy; the last one is remembered, for tasks come thing by thing."""
        if self._sent is None or self._sent[0] is not shared:
            self._sent = (shared, self._client.submit(_itself, shared, pure=False))
        return self._sent[1]

    def _opened(self) -> Executor:
        self._sent = None
        executor: Executor = self._client.get_executor(pure=False)
        return executor


def _itself(shared: Shared[Any]) -> Shared[Any]:
    return shared
