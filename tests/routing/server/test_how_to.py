"""The how-to pages that show calls: their sites load without a finding, and each call, typed in order, gets the answer that is shown."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from routing.config.roster_file import load_roster
from routing.config.site import read_site
from tests.routing.server.harness import a_desk
from tests.routing.server.test_reflection import grpcurl
from tests.source_tree import ROOT

ADDRESS = "127.0.0.1:7070"
NAMES = (
    "call-customers-back",
    "hand-a-conversation-on",
    "interruptible-work-and-shifts",
    "open-and-close-queues",
    "relax-requirements-in-steps",
)
"""Pages that begin with a site and a roster and then show calls."""


def blocks(name: str) -> list[tuple[str, str]]:
    """(language, text) of the fenced blocks of a page, in order; calls have no language."""
    text = (ROOT / f"docs/how-to/{name}.md").read_text(encoding="utf-8")
    return re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def part_of(answer: Any, shown: Any) -> Any:
    """As much of an answer as a page shows of it."""
    if isinstance(shown, dict):
        return {key: part_of(answer.get(key), value) for key, value in shown.items()} if isinstance(answer, dict) else answer
    return answer


@pytest.mark.parametrize("name", NAMES)
async def test_the_calls_of_the_page_get_the_answers_it_shows(name: str, tmp_path: Path) -> None:
    """Over a real socket, by reflection, as an engineer would type them."""
    (_, site_text), (_, roster_text), *rest = blocks(name)
    (tmp_path / "site.toml").write_text(site_text)
    (tmp_path / "roster.toml").write_text(roster_text)
    config = read_site(tmp_path / "site.toml")
    assert [finding.text for finding in config.findings] == []
    agents = load_roster(tmp_path / "roster.toml", config.site).agents
    answer: Any = None
    shown = 0
    async with a_desk(tmp_path / "data", site=config.site, agents=agents) as desk:
        for language, text in rest:
            if language == "json":
                expected = json.loads(text)
                assert expected == part_of(answer, expected)
                shown += 1
            for line in text.splitlines() if language == "" else ():
                program, plaintext, option, data, address, method = shlex.split(line)
                assert (program, plaintext, option, address) == ("grpcurl", "-plaintext", "-d", ADDRESS)
                printed = await grpcurl(desk, option, data, method)
                assert printed.startswith("{"), f"{line}\n{printed}"
                answer = json.loads(printed)
    assert shown > 0


def test_no_page_with_calls_is_left_out() -> None:
    """Whatever shows a roster and a call is run here."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs/how-to").glob("*.md")}
    assert {name for name, text in texts.items() if "grpcurl" in text and "careroute/roster/1" in text} == set(NAMES)
