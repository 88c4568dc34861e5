"""A real Dask scheduler with two worker processes on this machine: the same bytes as here, also when a worker is killed on the way."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from simulation.api import compare
from simulation.workers import crew_of
from tests.simulation.comparisons import a_busy_office

ADDRESS = re.compile(r"Scheduler at: +(tcp://127\.0\.0\.1:\d+)")
REGISTERED = "Registered to:"


def started(*words: str, folder: Path, until: str) -> tuple["subprocess.Popen[str]", str]:
    """A Dask process that has said on standard error what it is waited for, and what it said."""
    dask = subprocess.Popen([sys.executable, "-m", "dask", *words], stderr=subprocess.PIPE, text=True, cwd=folder, env={**os.environ})
    assert dask.stderr is not None
    said = ""
    while until not in said:
        line = dask.stderr.readline()
        assert line, said
        said += line
    return dask, said


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list["subprocess.Popen[str]"]]]:
    """The address of a scheduler, and the processes of its two workers."""
    folder = tmp_path_factory.mktemp("dask")
    dask, said = started("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", folder=folder, until="Scheduler at:")
    found = ADDRESS.search(said)
    assert found is not None, said
    address = found.group(1)
    words = ("worker", address, "--host", "127.0.0.1", "--no-nanny", "--no-dashboard", "--nthreads", "1")
    workers = [started(*words, folder=folder, until=REGISTERED)[0] for _ in range(2)]
    yield address, workers
    for process in (*workers, dask):
        process.kill()
        process.communicate()


def test_a_cluster_gives_the_bytes_of_one_process(scheduler: tuple[str, list["subprocess.Popen[str]"]]) -> None:
    """Quietly at first; then with a worker killed after the first replication, whose work the other one does again."""
    address, workers = scheduler
    here = compare(a_busy_office(hours=1), policies=["longest-idle", "skills-priority"], replications=8).to_json()

    def kill_one() -> None:
        workers[0].send_signal(signal.SIGKILL)

    with crew_of(cluster=address) as crew:
        assert compare(a_busy_office(hours=1), policies=["longest-idle", "skills-priority"], replications=8, crew=crew).to_json() == here
        again = compare(
            a_busy_office(hours=1), policies=["longest-idle", "skills-priority"], replications=8, crew=crew, on_done=kill_one
        ).to_json()
    assert again == here


def test_an_address_without_a_scheduler_is_refused() -> None:
    """The message says what to start."""
    with pytest.raises(ConfigError, match="dask scheduler"):
        crew_of(cluster="tcp://127.0.0.1:9")
