"""The page for notebooks does what it shows, and its tables agree with the documents."""

from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def test_the_page_runs_and_its_tables_hold_every_figure() -> None:
    """docs/how-to/work-in-a-notebook.md: a comparison, a sweep and a counterfactual as frames."""
    page = (ROOT / "docs" / "how-to" / "work-in-a-notebook.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(
        compile(page.split("```python\n")[1].split("```")[0].replace("examples/", f"{ROOT}/examples/"), "work-in-a-notebook.md", "exec"),
        names,
    )
    found = names["what_if"]
    frame = found.frame()
    assert frame["arm"].unique(maintain_order=True).to_list() == ["as it happened", "longest-idle @ four", "longest-idle @ five"]
    level = found.differences["longest-idle @ five"]["service_level"]
    row = found.differences_frame().filter(measure="service_level").row(0, named=True)
    assert (row["arm"], row["unit"], row["mean"], row["low"]) == ("longest-idle @ five", "share", level.mean, level.low)
    assert names["swept"].frame()["parameters"].n_unique() == len(names["swept"].variants)
    assert names["compared"].frame().height > 0
