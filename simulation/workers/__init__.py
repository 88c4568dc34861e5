"""Where replications are computed: here, in processes of this machine, on any executor, or on a cluster; the results are the same bytes.

A crew takes tasks and gives results in whatever order they end. A worker that dies takes nothing with it: what it had begun is begun again
elsewhere, and since a task is a pure function of its numbers, nobody can tell afterwards.
"""

from concurrent.futures import Executor

from simulation.workers.crew import Alone, Crew, OnExecutor
from simulation.workers.task import Shared, Task

__all__ = ["Alone", "Crew", "OnExecutor", "Shared", "Task", "crew_of"]


def crew_of(*, workers: int = 1, cluster: str | None = None, executor: Executor | None = None, is_early: bool = False) -> Crew:
    """The crew that was asked for: a cluster by its address, somebody's executor, or `workers` processes; one worker is this process.

    `is_early`: processes start now, to be ready when the caller has read its files.

    Raises:
        ConfigError: the cluster cannot be used.
    """
    if executor is not None:
        return OnExecutor(executor)
    if cluster is not None:
        from simulation.workers.cluster import Cluster  # noqa: PLC0415 - an extra, which most never install

        return Cluster(cluster)
    if workers == 1:
        return Alone()
    from simulation.workers.local import Processes  # noqa: PLC0415 - what one worker does not need

    return Processes(workers, is_early=is_early)
