"""The reference pages of recorded interactions and mapping files show files that work."""

import re
from pathlib import Path

import pytest

from simulation.importers.mapping import load_mapping
from simulation.importers.registry import PLATFORMS, load_usable_mapping
from simulation.interactions import read_interactions

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (REFERENCE / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_mapping_page_shows_a_whole_mapping(tmp_path: Path) -> None:
    """The example is read as it stands, and every key of the file has its place in it."""
    (block,) = blocks("mapping.md", "toml")
    path = tmp_path / "mapping.toml"
    path.write_text(block, encoding="utf-8")
    mapping = load_mapping(path)[1]
    assert sorted(set(type(mapping).model_fields) - mapping.model_fields_set) == ["answered_at"]


@pytest.mark.parametrize("block", blocks("interactions.md", "csv"))
def test_the_interactions_page_shows_a_readable_table(tmp_path: Path, block: str) -> None:
    """The example is a table of two interactions."""
    path = tmp_path / "log.csv"
    path.write_text(block, encoding="utf-8")
    assert [record.channel for record in read_interactions(path)] == ["app", "phone"]


def test_the_page_of_platforms_shows_a_whole_mapping(tmp_path: Path) -> None:
    """The example is read as it stands, every key of the file has its place in it, and every format its row and page."""
    (block,) = blocks("platform-logs.md", "toml")
    path = tmp_path / "mapping.toml"
    path.write_text(block, encoding="utf-8")
    mapping = load_usable_mapping(path)[1]
    assert set(type(mapping).model_fields) == mapping.model_fields_set
    page = (REFERENCE / "platform-logs.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([a-z-]+)` \|.*\]\((import-[a-z-]+\.md)\) \|$", page, re.MULTILINE))
    assert sorted(listed) == sorted(PLATFORMS)
    for log_format, name in listed.items():
        assert f"`{log_format}`" in (REFERENCE / name).read_text(encoding="utf-8").splitlines()[0]
