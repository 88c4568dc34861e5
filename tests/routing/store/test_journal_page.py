"""The reference page of journals does what it says."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_example_prints_what_the_page_shows(tmp_path: Path) -> None:
    """The page's Python, run as pasted, gives the page's output."""
    page = (ROOT / "docs" / "reference" / "journal.md").read_text()
    [code], [shown] = re.findall(r"```python\n(.*?)```", page, re.DOTALL), re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert run.stdout == shown
