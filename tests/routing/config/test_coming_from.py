"""The pages for those who come from another system: their files load, name a preset of that system, and point at cases that exist."""

import re
from pathlib import Path

import pytest

from routing.config.policy import load_policy
from routing.config.presets import members_of, preset_specs
from routing.config.roster_file import load_roster
from routing.config.site import read_site
from routing.policy.registry import default_registry
from tests.routing.config.files import written
from tests.source_tree import ROOT

PAGES = sorted((ROOT / "docs/how-to").glob("from-*.md"))
CASES = set(re.findall(r"^\| (AT-\d+) \|", (ROOT / "docs/reference/behaviour-cases.md").read_text(), re.MULTILINE))

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def blocks(page: Path, schema: str) -> list[str]:
    """The files of one kind that a page shows."""
    return [
        code for code in re.findall(r"^```toml\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE) if f'"careroute/{schema}/1"' in code
    ]


def test_there_is_a_page_for_every_system() -> None:
    """Nine systems, nine pages."""
    systems = {spec.name.partition("-")[0] for spec in preset_specs()}
    assert len(systems) == len(PAGES) == 9
    assert systems == {page.stem.split("-")[1] for page in PAGES}


@every_page
def test_the_site_loads_under_a_preset_of_that_system_and_holds_no_error(page: Path, tmp_path: Path) -> None:
    """Findings may warn, as of strict levels, but none says that the site cannot work."""
    (text,) = blocks(page, "site")
    config = read_site(written(tmp_path, "site.toml", text))
    assert config.site.policy.name in members_of(page.stem.split("-")[1], ())
    assert [one.text for one in config.findings if one.severity == "error"] == []


@every_page
def test_the_roster_and_the_policy_load(page: Path, tmp_path: Path) -> None:
    """The roster beside the site of the page."""
    (site,) = blocks(page, "site")
    config = read_site(written(tmp_path, "site.toml", site))
    for text in blocks(page, "roster"):
        roster = load_roster(written(tmp_path, "roster.toml", text), config.site)
        assert len(roster.agents) == 1
    for text in blocks(page, "policy"):
        assert load_policy(written(tmp_path, "policy.toml", text), default_registry()).scorers


@every_page
def test_the_page_names_cases_that_exist_and_presets_that_exist(page: Path) -> None:
    """A case that was dropped or a preset that was renamed would be noticed."""
    named = set(re.findall(r"AT-\d+", page.read_text()))
    assert named
    assert named <= CASES
    system = page.stem.split("-")[1]
    presets = set(re.findall(rf"`({system}-[\w-]+)`", page.read_text())) | set(
        re.findall(rf'policy = "({system}-[\w-]+)"', page.read_text())
    )
    assert presets
    assert presets <= set(members_of(system, ()))
