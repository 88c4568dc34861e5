"""The house rules that a machine can check in the source: sizes, the walls of the pure rooms, docstrings, stated reasons."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.source_tree import PURE_ROOMS, lines_of, parsed, python_files

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
REASON_CHARS_MIN = 10

ALLOWED_IN_PURE_ROOMS = frozenset(
    """
    __future__ abc bisect collections dataclasses enum functools hashlib heapq itertools json math msgspec numpy operator types typing
    """.split()
)
PURE_PACKAGES = tuple(room.rstrip("/").replace("/", ".") for room in PURE_ROOMS)
PACKAGE_ROOT = "routing"  # holds nothing but the version
BANNED_CALLS = frozenset("print open input breakpoint eval exec compile __import__ id hash".split())
SUPPRESSION = re.compile(r"#\s*(?:noqa\b(?::\s*[A-Z0-9, ]+)?|type:\s*ignore(?:\[[\w, -]+\])?|pragma:\s*no (?:cover|branch))")

every_file = pytest.mark.parametrize("path", python_files())
every_pure_file = pytest.mark.parametrize("path", python_files(*PURE_ROOMS))
every_package_file = pytest.mark.parametrize("path", python_files("routing/", "simulation/"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


@every_file
def test_a_file_is_one_idea(path: str) -> None:
    """No file is longer than 400 lines."""
    length = len(lines_of(path))
    assert length <= FILE_LINES_MAX, f"{path} has {length} lines: split it by idea"


@every_file
def test_a_function_fits_a_screen(path: str) -> None:
    """No function is longer than 70 lines."""
    long = [
        f"{path}:{node.lineno} {node.name} has {length} lines"
        for node in ast.walk(parsed(path))
        if isinstance(node, Function) and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]
    assert long == []


@every_pure_file
def test_a_pure_room_imports_only_what_is_listed(path: str) -> None:
    """The pure rooms import no clock, no dice, no file and no network: only the listed modules and each other."""
    solver = {"ortools"} if path.startswith("routing/policy/assigners/") else set()
    foreign = [
        f"{path}:{line} imports {module}"
        for line, module in imports_of(parsed(path))
        if module.partition(".")[0] not in ALLOWED_IN_PURE_ROOMS | solver and module != PACKAGE_ROOT and not is_in(module, PURE_PACKAGES)
    ]
    assert foreign == []


@every_pure_file
def test_a_pure_room_calls_nothing_that_differs_between_runs(path: str) -> None:
    """No output, no numpy dice, and neither `id` nor `hash`, whose answers change with the process."""
    banned = [
        f"{path}:{node.lineno} calls {ast.unparse(node.func)}"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and ((isinstance(node.func, ast.Name) and node.func.id in BANNED_CALLS) or ".random." in ast.unparse(node.func) + ".")
    ]
    assert banned == []


@every_pure_file
def test_a_pure_room_never_walks_over_a_set(path: str) -> None:
    """A set's order differs between runs: it is sorted before anything iterates over it."""
    walks = [
        f"{path}:{walked.lineno} iterates over {ast.unparse(walked)}"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.For | ast.comprehension)
        for walked in [node.iter]
        if isinstance(walked, ast.Set | ast.SetComp)
        or (isinstance(walked, ast.Call) and isinstance(walked.func, ast.Name) and walked.func.id in {"set", "frozenset"})
    ]
    assert walks == []


@every_package_file
def test_everything_public_says_what_it_is(path: str) -> None:
    """Every public module, class and function has a docstring."""
    silent = [f"{path}:{line} {name}" for line, name, node in public_parts(parsed(path), path) if ast.get_docstring(node) is None]
    assert silent == []


@every_file
def test_a_suppressed_warning_states_its_reason(path: str) -> None:
    """Each `noqa`, `type: ignore` and `pragma: no cover` is followed by a reason on the same line."""
    bare = []
    for number, line in enumerate(lines_of(path), start=1):
        for match in SUPPRESSION.finditer(line):
            reason = line[match.end() :].strip(" #-:")
            if len(reason) < REASON_CHARS_MIN and "re.compile" not in line:
                bare.append(f"{path}:{number} {match.group()}")
    assert bare == []


@every_file
def test_nothing_is_caught_broadly(path: str) -> None:
    """No handler catches everything: it would hide the defect and the story that goes with it."""
    broad = [
        f"{path}:{node.lineno}"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    assert broad == []


def imports_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and full name of every imported module, wherever in the file it is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""


def is_in(module: str, packages: tuple[str, ...]) -> bool:
    """Whether the module is one of the packages or inside one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def public_parts(tree: ast.Module, path: str) -> Iterator[tuple[int, str, ast.Module | ast.ClassDef | Function]]:
    """The module, its public classes with their public methods, and its public functions."""
    yield 1, path, tree
    for node in tree.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield node.lineno, node.name, node
            if isinstance(node, ast.ClassDef):
                for member in node.body:
                    if isinstance(member, Function) and not member.name.startswith("_"):
                        yield member.lineno, f"{node.name}.{member.name}", member
