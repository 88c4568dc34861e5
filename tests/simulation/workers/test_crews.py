"""Crews: whoever computes, the results are the same; a killed worker's work is done again, and nobody is left behind."""

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from simulation.api import compare
from simulation.workers import Crew, Shared, Task, crew_of
from simulation.workers.crew import WorkersLost
from simulation.workers.task import run_task
from tests.simulation.comparisons import a_busy_office
from tests.simulation.workers import sample_tasks

POLICIES = ("longest-idle", "skills-priority")


def results(crew: Crew, function: Callable[..., int], shared: object, items: range) -> list[int]:
    """What the crew gives, in the order of the items."""
    thing = Shared(shared)
    return [result for _, result in sorted((task.item, result) for task, result in crew.run(Task(function, thing, item) for item in items))]


def test_every_task_comes_once_and_they_spread_over_processes() -> None:
    """More tasks than a crew holds at a time all have their results; two workers are two processes, and neither is this one."""
    with crew_of(workers=2) as crew:
        assert results(crew, sample_tasks.times, 7, range(25)) == [7 * item for item in range(25)]
        seen = set(results(crew, sample_tasks.whoever, 0, range(20)))
    assert len(seen) == 2
    assert os.getpid() not in seen


def test_any_executor_is_a_crew() -> None:
    """A comparison on somebody's threads has the bytes of one computed here, and the executor stays the caller's."""
    here = compare(a_busy_office(hours=1), policies=POLICIES, replications=3).to_json()
    with ThreadPoolExecutor(2) as threads, crew_of(executor=threads) as crew:
        assert compare(a_busy_office(hours=1), policies=POLICIES, replications=3, crew=crew).to_json() == here
        assert threads.submit(lambda: "still open").result() == "still open"


def test_a_killed_worker_s_work_is_done_again(tmp_path: Path) -> None:
    """One process is killed at task 3: every task still has its result, once."""
    with crew_of(workers=2) as crew:
        assert results(crew, sample_tasks.dies_once, tmp_path, range(12)) == list(range(12))
    assert (tmp_path / "died").exists()


def test_a_comparison_survives_a_killed_worker(tmp_path: Path) -> None:
    """A worker is killed after the first replication: the bytes and the saved logs are those of a quiet run."""
    quiet = compare(a_busy_office(hours=1), policies=POLICIES, replications=6).to_json()
    killed: list[int] = []

    def kill_one() -> None:
        if not killed:
            victim = multiprocessing.active_children()[0]
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGKILL)
            killed.append(victim.pid)

    with crew_of(workers=2) as crew:
        logs = tmp_path / "logs"
        found = compare(a_busy_office(hours=1), policies=POLICIES, replications=6, crew=crew, on_done=kill_one, save_logs=logs).to_json()
    assert killed
    assert found == quiet
    assert sorted(path.name for path in logs.iterdir()) == sorted(f"{name}-r{number:04}" for name in POLICIES for number in range(6))


def test_workers_that_only_die_end_the_run() -> None:
    """Nothing is tried for ever."""
    with pytest.raises(WorkersLost, match="memory"), crew_of(workers=2) as crew:
        results(crew, sample_tasks.always_dies, 0, range(2))
    assert multiprocessing.active_children() == []


def test_an_error_of_a_task_is_the_caller_s(tmp_path: Path) -> None:
    """Bad input that a worker finds arrives whole, and no process is left working."""
    with pytest.raises(ConfigError) as caught, crew_of(workers=2) as crew:
        results(crew, sample_tasks.refuses, 0, range(2))
    assert str(caught.value).startswith("scenario.toml, key seed: ")
    assert multiprocessing.active_children() == []


def test_other_code_is_refused() -> None:
    """What another version packed is not computed with."""
    unpack, (packed, code) = Shared(7).__reduce__()
    assert run_task(sample_tasks.times, unpack(packed, code), 6) == 42
    assert unpack(packed, code) is pickle.loads(pickle.dumps(Shared(7)))
    with pytest.raises(ConfigError, match="runs other code"):
        unpack(packed, "another digest")


def children_of(pid: int) -> list[int]:
    """The process's children, and theirs."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            child, parent = int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found += [child, *children_of(child)]
    return found


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_nobody_is_left_when_a_command_is_stopped(sent: signal.Signals, code: int) -> None:
    """Ctrl-C ends a comparison with 130 and without a traceback; however it ends, its workers end with it."""
    words = ("compare", "examples/boston-311/busy-day-x10.toml", "--policies", "longest-idle", "--replications", "500", "--workers", "2")
    command = subprocess.Popen([sys.executable, "-c", "from routing.cli import main; main()", *words], stderr=subprocess.PIPE, text=True)
    workers: list[int] = []
    while len(workers) < 2:
        assert command.poll() is None
        time.sleep(0.1)
        workers = children_of(command.pid)
    command.send_signal(sent)
    _, errors = command.communicate(timeout=60)
    assert command.returncode == code
    assert "Traceback" not in errors
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        time.sleep(0.05)
