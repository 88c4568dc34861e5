"""The reference page of these queues shows what it says."""

from pathlib import Path

from tests.source_tree import ROOT
from tests.test_docs import blocks


def test_the_example_holds() -> None:
    """Its assertions are executed as they stand."""
    shown = [code for page, code in blocks("python") if Path(page).name == "theory.md"]
    assert len(shown) == 1
    exec(compile(shown[0], str(ROOT / "docs/reference/theory.md"), "exec"), {})
