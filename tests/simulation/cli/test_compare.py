"""`careroute compare` and `careroute replay` on the example day: what they print, what they write, and how they refuse."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from routing.cli import main
from simulation.kpis.registry import MEASURES

EXAMPLES = Path("examples/boston-311")
DAY = str(EXAMPLES / "busy-day.toml")
LOG = str(EXAMPLES / "day-2015-08-11.interactions.csv.gz")


def run(*words: str) -> int:
    """The exit code of a command line."""
    with pytest.raises(SystemExit) as caught:
        main(words)
    return int(caught.value.code or 0)


def test_json_is_the_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output is one JSON document; a single recorded day says how little it tells."""
    assert run("compare", DAY, "--policies", "longest-idle,least-cost", "--replications", "2", "--workers", "1", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "careroute/compare/1"
    assert list(document["policies"]) == ["longest-idle", "least-cost"]
    assert any("too small to choose a policy by" in note for note in document["notes"])
    assert any(line.startswith("handling") for line in document["assumptions"])


def test_files_are_written_and_named_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table is printed, the page and the CSV files are written."""
    words = ("compare", DAY, "--policies", "longest-idle", "--replications", "1", "--seed", "3", "--workers", "1")
    assert run(*words, "--csv", str(tmp_path / "csv"), "--html", str(tmp_path / "page.html")) == 0
    printed = capsys.readouterr()
    assert "service level" in printed.out
    assert "page.html" in printed.err
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "csv" / "replications.csv").is_file()


def test_a_replay_says_what_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    """The interactions of the file under one policy."""
    words = ("replay", LOG, "--scenario", DAY, "--policy", "longest-idle", "--replications", "1", "--workers", "1")
    assert run(*words) == 0
    assert "686 interactions" in capsys.readouterr().out
    assert run(*words, "--json") == 0
    assert json.loads(capsys.readouterr().out)["log"]["interactions"] == 686


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("compare", DAY, "--policies", "longest-idel"), '"longest-idle"'),
        (("compare", DAY, "--policies", "longest-idle,,least-cost"), "one comma"),
        (("compare", DAY, "--policies", "longest-idle", "--rosters", "planed"), '"planned"'),
        (("compare", "nowhere.toml", "--policies", "longest-idle"), "nowhere.toml"),
        (("compare", DAY, "--policies", "longest-idle", "--html", "docs"), "docs: cannot be written (is a directory)"),
        (("compare", DAY, "--policies", "longest-idle", "--html", "README.md/page.html"), "README.md is no folder"),
        (("compare", DAY, "--policies", "longest-idle", "--csv", "README.md"), "README.md: cannot be written (README.md is no folder)"),
        (("compare", DAY, "--policies", "longest-idle", "--seed", "-1"), "--seed"),
        (("replay", "nowhere.csv", "--scenario", DAY, "--policy", "longest-idle"), "nowhere.csv"),
        (("replay", "logs/journal.sqlite", "--scenario", DAY, "--policy", "longest-idle"), "Name its directory."),
    ],
)
def test_bad_input_is_one_message_and_exit_2(words: tuple[str, ...], remedy: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the value and what to write instead; nothing is printed as a result."""
    assert run(*words) == 2
    printed = capsys.readouterr()
    assert remedy in printed.err
    assert printed.out == ""


def test_what_cannot_be_written_is_refused_before_anything_is(tmp_path: Path) -> None:
    """A page that cannot be written leaves no tables behind either, and no log."""
    words = ("compare", DAY, "--policies", "longest-idle", "--csv", str(tmp_path / "csv"), "--save-logs", str(tmp_path / "logs"))
    assert run(*words, "--html", str(tmp_path)) == 2
    assert list(tmp_path.iterdir()) == []


def test_every_measure_has_its_row_in_the_reference() -> None:
    """The page of measures lists each of them, and no other."""
    text = Path("docs/reference/kpis.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip().strip("`") for line in text.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted(MEASURES)


def test_every_key_of_the_document_is_in_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    """The pages of `careroute/compare/1` and `careroute/replay/1` name every key of their documents."""
    words = ("replay", LOG, "--scenario", DAY, "--policy", "longest-idle", "--replications", "2", "--workers", "1", "--json")
    assert run(*words) == 0
    replayed = json.loads(capsys.readouterr().out)
    for page, document in (("replay", replayed), ("compare", replayed["replayed"])):
        text = Path(f"docs/reference/{page}.md").read_text(encoding="utf-8")
        missing = [key for key in (*document, *document.get("scenario", ()), *document.get("log", ())) if f"`{key}`" not in text]
        assert missing == []


def test_the_examples_of_the_reference_run(capsys: pytest.CaptureFixture[str]) -> None:
    """The Python examples of the page work as they stand there, each on top of the ones before."""
    text = Path("docs/reference/compare.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in text.split("```python\n")[1:]:
        exec(block.split("```")[0], names)
    printed = capsys.readouterr().out
    assert "longest-idle" in printed
    assert "True" in printed.splitlines()


CALLBACK = """
[[callback]]
after = "30s"
taken = 0.9
answered = 0.8
ring = { law = "uniform", low = "5s", high = "15s" }
source = "assumption: nine in ten take a call-back after half a minute"
"""
TRANSFER = """
[[transfer]]
when = { type = ["Question"] }
share = 0.2
kind = "blind"
type = "Passport"
source = "assumption: every fifth question is about a passport"
"""


@pytest.mark.parametrize(
    ("habit", "counted", "told"),
    [(CALLBACK, "callbacks", "nine in ten take a call-back"), (TRANSFER, "legs", "every fifth question")],
)
def test_a_behaviour_with_further_habits_is_compared_like_any_other(
    habit: str, counted: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the habit nothing of the kind is counted; with it, something is, on the same customers, and the assumption is repeated."""
    folder = Path(shutil.copytree("examples/front-desk", tmp_path / "desk"))
    calls_back = "[queues.desk]\ncallback.attempts = 2\n"
    site = (folder / "site.toml").read_text(encoding="utf-8")
    (folder / "site.toml").write_text(site.replace("[queues.desk]\n", calls_back), encoding="utf-8")
    words = ("compare", str(folder / "scenario.toml"), "--policies", "longest-idle,balanced", "--replications", "2", "--workers", "1")
    found: list[dict[str, Any]] = []
    for text in ("", habit):
        with (folder / "behaviour.toml").open("a", encoding="utf-8") as file:
            file.write(text)
        assert run(*words, "--json", "--csv", str(tmp_path / f"csv{len(found)}")) == 0
        found.append(json.loads(capsys.readouterr().out))
    plain, with_habit = (list(document["policies"].values()) for document in found)
    for before, after in zip(plain, with_habit, strict=True):
        assert before["overall"]["offered"] == after["overall"]["offered"]
        assert before["overall"][counted]["mean"] == 0
        assert after["overall"][counted]["mean"] > 0
    assert any(told in line for line in found[1]["assumptions"])
    assert not any(told in line for line in found[0]["assumptions"])
    assert run(*words) == 0
    assert "service level" in capsys.readouterr().out
