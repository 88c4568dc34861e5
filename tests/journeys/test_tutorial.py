"""The tutorial, followed line by line, but with a day in place of ten large ones."""

import re
from pathlib import Path

import pytest

from tests.command_lines import complete_lines, run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial" / "first-comparison.md").read_text(encoding="utf-8")


def test_every_step_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command exits 0 in the order of the page, and the last tells the story of a request that was handled."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    for line in complete_lines(PAGE):
        quick = line.replace("busy-day-x10.toml", "busy-day.toml").replace("planned,leaner", "planned,one-fewer")
        if re.match(r"careroute (compare|replay)", quick) and "--replications" not in quick:
            quick += " --replications 1"
        capsys.readouterr()
        assert run(quick) == 0, line
    assert "101001517995: ended: handled" in capsys.readouterr().out
    assert (tmp_path / "out" / "report.html").is_file()
