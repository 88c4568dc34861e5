"""The pages: every one is listed, every link leads somewhere, every schema has its page, and what they show can be typed or read."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest

from routing.cli import installed_commands
from routing.config.schemas import checker_of, registered_schemas
from tests.command_lines import command, complete_lines, has_placeholders, mentioned_lines, parse, unknown_options
from tests.source_tree import ROOT, text_files

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
RULER = re.compile(r"\|( -+ \|)+$")
SCHEMA = re.compile(r"careroute/[a-z]+/\d+")
NOT_SCHEMAS = {f"careroute/{name}" for name in ("maping/1", "sampel/1", "sample/1", "sit/1", "site/2", "site/7", "plan/9")}
"""Names that tests make up, to be refused."""


def name_of(page: Path) -> str:
    """A page's path in the project."""
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    """A page's text."""
    return page.read_text(encoding="utf-8")


def blocks(language: str) -> list[tuple[str, str]]:
    """(page, code) of every block of a language on all pages."""
    return [(name_of(page), code) for page in PAGES for found, code in BLOCK.findall(text_of(page)) if found == language]


def anchor(heading: str) -> str:
    """A heading as a link names it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Files and headings that links name exist; links to the world outside are left alone."""
    broken = []
    for link in LINK.findall(text_of(page)):
        if "://" in link or link.startswith("mailto:"):
            continue
        file, _, part = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        is_there = target.exists() and (not part or part in {anchor(heading) for heading in HEADING.findall(text_of(target))})
        broken += [] if is_there else [link]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_table_has_a_head(page: Path) -> None:
    """A row after an empty line begins a new table, which is no table without a head."""
    lines = ["", *FENCE.sub("", text_of(page)).splitlines(), ""]
    begun = [place for place, line in enumerate(lines) if line.startswith("|") and not lines[place - 1].startswith("|")]
    assert [lines[place] for place in begun if not RULER.match(lines[place + 1])] == []


def test_every_page_is_listed() -> None:
    """The list of pages has each page below docs/, and the README leads to the list."""
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(text_of(index)) if "://" not in link}
    assert sorted(name_of(page) for page in ROOT.glob("docs/**/*.md") if page not in listed and page != index) == []
    assert "docs/README.md" in LINK.findall(text_of(ROOT / "README.md"))


def test_every_schema_has_a_reference_page() -> None:
    """Whatever the project writes or reads under a schema's name is explained on a page with that name in a heading or a table."""
    named = {schema for path in text_files() for schema in SCHEMA.findall((ROOT / path).read_text(encoding="utf-8"))}
    explained = {schema for page in ROOT.glob("docs/reference/*.md") for schema in SCHEMA.findall(text_of(page))}
    assert sorted(named - explained - NOT_SCHEMAS) == []


def test_every_checked_schema_is_listed_with_the_check() -> None:
    """The page of the check has every kind of file, and each finds its reader."""
    page = ROOT / "docs" / "reference" / "check.md"
    rows = [SCHEMA.findall(line)[0] for line in text_of(page).splitlines() if line.startswith("| [`careroute/")]
    assert sorted(rows) == list(registered_schemas())
    for schema in rows:
        assert callable(checker_of(schema, page))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_line_can_be_typed(page: Path) -> None:
    """Commands, options and values are the commands' own, and files of the examples exist."""
    text = text_of(page)
    for line in complete_lines(text):
        if not has_placeholders(line):
            parse(line)
    for line in [*complete_lines(text), *mentioned_lines(text)]:
        assert unknown_options(line) == [], line
        missing = [word for word in re.findall(r"examples/[\w./-]+", line) if not (ROOT / word).exists()]
        assert missing == [], line


@pytest.mark.parametrize("name", sorted(entry.name for entry in installed_commands()))
def test_every_command_shows_an_example_that_can_be_typed(name: str) -> None:
    """The help of each command ends with an example of that command, and its page's list names the command."""
    examples = mentioned_lines(command(name).help or "")
    assert examples
    assert examples[0].split()[1] == name
    for line in examples:
        parse(line)
        assert [word for word in re.findall(r"examples/[\w./-]+", line) if not (ROOT / word).exists()] == []
    assert f"`{name}`" in text_of(ROOT / "docs" / "README.md")


def test_toml_and_json_can_be_read() -> None:
    """Every block of data is data; the tests of each room then read it as what it is."""
    for _, code in blocks("toml"):
        tomllib.loads(code)
    for _, code in blocks("json"):
        json.loads(code)


def test_every_python_example_is_run_by_a_test() -> None:
    """A page with Python on it is named by a test, which executes what it shows."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py") if path != Path(__file__))
    for page, code in blocks("python"):
        ast.parse(code)
        assert Path(page).name in tests or f'"{Path(page).stem}"' in tests, page
