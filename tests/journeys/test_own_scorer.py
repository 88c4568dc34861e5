"""The how-to of a scorer, followed: a package on the path, found by its entry point, checked, compared and explained."""

import re
import tomllib
from pathlib import Path

import pytest

from routing.config.plugins import registry_with_plugins
from tests.command_lines import run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "write-a-scorer.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The page's code blocks of a language, in order."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like a checkout, with the page's package installed beside Careroute and its policy file written."""
    project, policy = blocks("toml")
    (module,) = blocks("python")
    stated = tomllib.loads(project)["project"]
    packages = tmp_path / "packages"
    info = packages / f"all_rounders-{stated['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {stated['name']}\nVersion: {stated['version']}\n", encoding="utf-8")
    entries = stated["entry-points"]["careroute.policies"].items()
    (info / "entry_points.txt").write_text("[careroute.policies]\n" + "\n".join(f"{name} = {value}" for name, value in entries))
    (packages / "all_rounders.py").write_text(module, encoding="utf-8")
    (tmp_path / "all-rounders-last.toml").write_text(policy, encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.syspath_prepend(packages)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_works_as_written(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The scorer is found, the policy is valid, a day is compared under it, and the story of an interaction names its price."""
    assert "breadth" in registry_with_plugins().scorer_names()
    check, compare_many, compare_one, explain = [line for block in blocks("shell") for line in block.splitlines()]
    assert run(check) == 0
    assert "scorers: breadth, skill_fit" in capsys.readouterr().out
    few = compare_many.replace("busy-day-x10", "busy-day") + " --replications 1"
    assert run(few) == 0
    assert (desk / "out" / "report.html").is_file()
    assert run(compare_one) == 0
    capsys.readouterr()
    assert run(explain) == 0
    assert "breadth " in capsys.readouterr().out


def test_without_the_package_the_scorer_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The policy file alone is refused by the scorer's name, with the ones there are."""
    path = tmp_path / "all-rounders-last.toml"
    path.write_text(blocks("toml")[1], encoding="utf-8")
    assert run(f"careroute check {path}") == 2
    assert '"breadth"' in capsys.readouterr().err
