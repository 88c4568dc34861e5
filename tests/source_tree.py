"""The project's own files, as the house rules look at them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATED = "routing/v1/"
PURE_ROOMS = ("routing/model/", "routing/core/", "routing/policy/", "routing/care/")


@cache
def project_files() -> tuple[str, ...]:
    """Every file that is committed or about to be, as sorted paths relative to the root; what .gitignore names is not among them."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return tuple(sorted(path for path in listing.stdout.split("\0") if path and (ROOT / path).is_file()))


def text_files() -> list[str]:
    """The project's files that hold readable text."""
    return [path for path in project_files() if b"\0" not in (ROOT / path).read_bytes()[:8192]]


def python_files(*folders: str) -> list[str]:
    """Hand-written Python files, all of them or those under the given folders (each ending in a slash)."""
    return [path for path in project_files() if path.endswith(".py") and not path.startswith(GENERATED) and path.startswith(folders or "")]


@cache
def parsed(path: str) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse((ROOT / path).read_text(), filename=path)


def lines_of(path: str) -> list[str]:
    """The file's lines, without their ends."""
    return (ROOT / path).read_text().splitlines()
