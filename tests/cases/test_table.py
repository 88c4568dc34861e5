"""The page of behaviour cases and the tests of them name each other."""

import ast
import re

from tests.source_tree import ROOT, parsed, python_files

PAGE = (ROOT / "docs/reference/behaviour-cases.md").read_text()
ROWS = re.findall(r"^\| AT-(\d+) \| ([MNP/]+) \| ([^|]+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
RULES = re.findall(r"^\| ([^|]+) \|", PAGE.partition("## The rules")[2].partition("\n## ")[0], re.MULTILINE)[2:]
TESTS = [
    node.name
    for path in python_files("tests/cases/")
    for node in parsed(path).body
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_at_")
]


def named_in(cell: str) -> list[str]:
    """The names of tests in the last column of a row."""
    return re.findall(r"`(test_at_\w+)`", cell)


def test_every_test_stands_in_the_row_of_its_case() -> None:
    """Each exists, each is listed once, and under its own number."""
    assert sorted(TESTS) == sorted(name for *_, cell in ROWS for name in named_in(cell))
    assert [] == [name for number, *_, cell in ROWS for name in named_in(cell) if not name.startswith(f"test_at_{number}_")]


def test_every_case_has_a_test_or_says_what_is_missing() -> None:
    """No number stands twice, and none is silent."""
    numbers = [number for number, *_ in ROWS]
    assert sorted(set(numbers)) == numbers
    assert [] == [number for number, *_, cell in ROWS if not named_in(cell) and "not yet: " not in cell]
    assert len(ROWS) == PAGE.count("\n| AT-")


def test_every_case_says_which_rules_carry_it() -> None:
    """By the names of the list, which has each once."""
    assert sorted(set(RULES)) == sorted(RULES)
    assert [] == [(number, rule) for number, _, rules, *_ in ROWS for rule in rules.split(", ") if rule not in RULES]


def test_the_list_of_pages_says_how_many_cases_there_are() -> None:
    """The index counts what the page holds."""
    assert f"and {len(ROWS)} situations" in (ROOT / "docs/README.md").read_text()
