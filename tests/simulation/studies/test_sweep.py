"""Sweeps: every combination, kept as it is finished, gone on with where it stopped, and never mixed."""

import json
import os
import pickle
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import simulation
from routing.cli import main
from routing.config.errors import ConfigError
from simulation.api import compare
from simulation.checks import check_sweep_file
from simulation.report.sweep import sweep_frame, sweep_json
from simulation.studies.sweep.plan import load_sweep
from simulation.studies.sweep.run import missing, run_missing, swept
from simulation.studies.sweep.store import FILE, Results, key_of
from simulation.workers import crew_of

PLAN = """
schema = "careroute/sweep/1"
name = "two rates"
scenarios = ["scenario.toml"]
policies = ["longest-idle"]
rosters = ["four", "five"]
replications = 2

[parameters]
"demand.rates.0.per_hour" = [10, 20]
ends = ["09:00"]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The front desk's files with a plan of two rates and two rosters, for an hour and a half."""
    folder = Path(shutil.copytree("examples/front-desk", tmp_path / "desk"))
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    return folder


def run_all(plan: Path, results: Path, *, at_most: int | None = None) -> int:
    """Computes what is missing, or stops after some; how many replications that were."""
    done: list[int] = []

    def count() -> None:
        done.append(1)
        if len(done) == at_most:
            raise KeyboardInterrupt

    with Results(results) as kept, crew_of(workers=1) as crew:
        try:
            run_missing(load_sweep(plan), kept, crew=crew, on_done=count)
        except KeyboardInterrupt:
            assert at_most is not None
    return len(done)


def document(plan: Path, results: Path) -> str:
    """What a finished sweep prints."""
    with Results(results) as kept:
        return sweep_json("two rates", list(swept(load_sweep(plan), kept)))


def test_every_combination_is_compared(desk: Path, tmp_path: Path) -> None:
    """Two rates make two scenarios with two arms each, and their figures are those of a comparison of the same files."""
    assert run_all(desk / "plan.toml", tmp_path / "results") == 4
    variants = json.loads(document(desk / "plan.toml", tmp_path / "results"))["variants"]
    assert [variant["parameters"] for variant in variants] == [{"demand.rates.0.per_hour": rate, "ends": "09:00"} for rate in (10, 20)]
    scenario = (desk / "scenario.toml").read_text(encoding="utf-8").replace('ends = "17:30"', 'ends = "09:00"', 1)
    (desk / "scenario.toml").write_text(scenario.replace("per_hour = 40", "per_hour = 20"), encoding="utf-8")
    alone = compare(desk / "scenario.toml", policies=["longest-idle"], rosters=["four", "five"], replications=2).to_dict()
    for arm in variants[1]["arms"]:
        assert arm["measures"] == alone["policies"][arm["arm"]]["overall"]
    assert variants[1]["answer"] == alone["answer"]


def test_a_stopped_sweep_goes_on_with_the_same_bytes(desk: Path, tmp_path: Path) -> None:
    """After one replication of four the other three are computed, then none; more are added to those that are there."""
    stopped, straight = tmp_path / "stopped", tmp_path / "straight"
    assert [
        run_all(desk / "plan.toml", stopped, at_most=1),
        run_all(desk / "plan.toml", stopped),
        run_all(desk / "plan.toml", stopped),
    ] == [
        1,
        3,
        0,
    ]
    assert run_all(desk / "plan.toml", straight) == 4
    assert document(desk / "plan.toml", stopped) == document(desk / "plan.toml", straight)
    (desk / "plan.toml").write_text(PLAN.replace("replications = 2", "replications = 3"), encoding="utf-8")
    assert run_all(desk / "plan.toml", stopped) == 2


def test_another_roster_runs_beside_those_that_are_there(desk: Path, tmp_path: Path) -> None:
    """Only the new arm is computed; the others keep their keys."""
    run_all(desk / "plan.toml", tmp_path / "results")
    (desk / "plan.toml").write_text(PLAN.replace('"four", "five"', '"four", "hour", "five"'), encoding="utf-8")
    with Results(tmp_path / "results") as kept:
        lacking = missing(load_sweep(desk / "plan.toml"), kept)
        assert [parts for _, parts in lacking] == [[(0, (1,)), (1, (1,))]] * 2


def test_what_is_changed_is_computed_afresh(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another line in any input, or other code, has other keys; a note has the same."""
    (plan,) = (load_sweep(desk / "plan.toml").variants[0],)
    key = key_of(plan.scenario, plan.arms[0])
    behaviour = (desk / "behaviour.toml").read_text(encoding="utf-8")
    (desk / "behaviour.toml").write_text(behaviour.replace("cv = 0.9", "cv = 0.8"), encoding="utf-8")
    changed = load_sweep(desk / "plan.toml").variants[0]
    assert key_of(changed.scenario, changed.arms[0]) != key
    (desk / "behaviour.toml").write_text(behaviour, encoding="utf-8")
    scenario = (desk / "scenario.toml").read_text(encoding="utf-8")
    (desk / "scenario.toml").write_text(scenario.replace("at noon", "at twelve"), encoding="utf-8")
    noted = load_sweep(desk / "plan.toml").variants[0]
    assert key_of(noted.scenario, noted.arms[0]) == key
    monkeypatch.setattr("simulation.studies.sweep.store.code_digest", lambda: "another version")
    assert key_of(noted.scenario, noted.arms[0]) != key


def test_a_file_that_names_code_is_not_run(desk: Path, tmp_path: Path) -> None:
    """A row that would call a function is refused, and so is one that is cut."""
    plan = load_sweep(desk / "plan.toml")
    key = key_of(plan.variants[0].scenario, plan.variants[0].arms[0])
    with Results(tmp_path / "results") as kept:
        database = sqlite3.connect(tmp_path / "results" / FILE)
        for row in (zlib.compress(pickle.dumps(os.getcwd)), b"cut"):
            database.execute("INSERT OR REPLACE INTO results VALUES (?, 0, '', '', '', ?)", (key, row))
            database.commit()
            with pytest.raises(ConfigError, match="damaged row"):
                kept.read(key, 0)
        database.close()
    (tmp_path / "results" / FILE).write_bytes(b"no database at all, but long enough to look at" * 100)
    with pytest.raises(ConfigError, match="holds no results"):
        Results(tmp_path / "results")


def test_the_command_prints_writes_and_refuses(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table, a frame with every figure, and one message for a key that the scenario does not have."""
    words = ["sweep", str(desk / "plan.toml"), "--results", str(tmp_path / "results"), "--workers", "1", "--replications", "1"]
    with pytest.raises(SystemExit) as ended:
        main([*words, "--out", str(tmp_path / "sweep.parquet")])
    assert ended.value.code == 0
    printed = capsys.readouterr()
    assert "demand.rates.0.per_hour=20" in printed.out
    assert "2 scenarios x 1 replications: 2 are to be computed" in printed.err
    frame = pl.read_parquet(tmp_path / "sweep.parquet")
    assert frame.select("scenario", "parameters", "arm").unique().height == 4
    with Results(tmp_path / "results") as kept:
        assert sweep_frame(list(swept(replace(load_sweep(desk / "plan.toml"), replications=1), kept))).equals(frame)
    (desk / "plan.toml").write_text(PLAN.replace("demand.rates.0.per_hour", "demand.rates.7.per_hour"), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "demand.rates.7.per_hour" in capsys.readouterr().err


def test_a_sweep_from_python_is_that_of_the_command(desk: Path, tmp_path: Path) -> None:
    """The same document, a frame with every arm, nothing computed twice, and no replication fewer than one."""
    done: list[int] = []
    found = simulation.sweep(desk / "plan.toml", results=tmp_path / "kept", on_done=lambda: done.append(1))
    assert found.to_json() == document(desk / "plan.toml", tmp_path / "kept")
    assert len(done) > 0
    again = simulation.sweep(desk / "plan.toml", results=tmp_path / "kept", on_done=lambda: done.append(2))
    assert again.to_dict() == found.to_dict()
    assert 2 not in done
    assert found.frame()["arm"].n_unique() == len(found.variants[0].comparison.arms)
    with pytest.raises(ConfigError, match="less than 1"):
        simulation.sweep(desk / "plan.toml", results=tmp_path / "kept", replications=0)


def test_the_page_shows_the_shipped_plan() -> None:
    """The plan of the reference is that of the example, which can be used."""
    shown = Path("docs/reference/sweep.md").read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    assert Path("examples/front-desk/sweep.toml").read_text(encoding="utf-8").endswith(shown)
    assert len(load_sweep(Path("examples/front-desk/sweep.toml")).variants) == 2
    report = check_sweep_file(Path("examples/front-desk/sweep.toml"))
    assert report.facts["replications"] == "4 of each arm, 24 runs in all"


def test_ctrl_c_keeps_what_is_finished(desk: Path, tmp_path: Path) -> None:
    """A sweep of many replications is stopped once a few are there: exit code 130, they are kept, and no worker is left."""
    results = tmp_path / "results"
    words = ["sweep", str(desk / "plan.toml"), "--results", str(results), "--workers", "2", "--replications", "5000"]
    command = subprocess.Popen([sys.executable, "-c", "from routing.cli import main; main()", *words], stderr=subprocess.PIPE, text=True)
    kept = 0
    while kept < 3:
        assert command.poll() is None
        time.sleep(0.1)
        if (results / FILE).exists():
            with Results(results) as so_far:
                kept = so_far.others([])
    command.send_signal(signal.SIGINT)
    _, errors = command.communicate(timeout=60)
    assert command.returncode == 130
    assert "the same command goes on" in errors
    with Results(results) as there:
        assert there.others([]) >= kept
