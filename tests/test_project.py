"""The project's outside: what the README promises of the tree, what is generated, pinned and shipped."""

import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.source_tree import GENERATED, ROOT, project_files, text_files

FILE_BYTES_MAX = 1_000_000
TREE_BLOCK = re.compile(r"^## The house$.*?^```$\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# Written in pieces, so that this file does not break its own rule.
MACHINE_PATH = re.compile("(?<![\\w.:/-])/" + "(?:work|root|home|tmp|Users|opt)/[\\w.]")
REGISTRY_HOST = re.compile(
    "|".join(rf"\b{name}\." + end for name, end in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "(?:org|com)")))
)

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ENTRIES = [(group, name, value) for group, entries in PROJECT["entry-points"].items() for name, value in entries.items()]


def rooms_in_readme() -> list[str]:
    """The paths of the README's tree: a line's first word, below the less indented line above it."""
    block = TREE_BLOCK.search((ROOT / "README.md").read_text())
    assert block is not None, "README.md has no fenced tree under '## The house'"
    rooms: list[str] = []
    parents: list[tuple[int, str]] = []
    for line in block.group(1).splitlines():
        indent = len(line) - len(line.lstrip())
        parents = [(depth, path) for depth, path in parents if depth < indent]
        path = (parents[-1][1] if parents else "") + line.split()[0]
        parents.append((indent, path))
        rooms.append(path)
    return rooms


def rooms_in_tree() -> list[str]:
    """The top folders that hold project files, and the folders directly inside the two packages."""
    folders = {parent.as_posix() + "/" for path in project_files() for parent in Path(path).parents}
    return sorted(room for room in folders if re.fullmatch(r"[a-z]+/|(routing|simulation)/\w+/", room))


@pytest.mark.parametrize("room", rooms_in_readme())
def test_every_room_in_the_readme_exists(room: str) -> None:
    """A reader finds each room of the README's tree in the tree."""
    found = (ROOT / room).is_dir() if room.endswith("/") else (ROOT / room).is_file()
    assert found, f"README.md names {room}, which does not exist"


@pytest.mark.parametrize("room", rooms_in_tree())
def test_every_room_is_in_the_readme(room: str) -> None:
    """No folder is built that the README's tree does not explain."""
    assert room in rooms_in_readme(), f"README.md's tree has no line for {room}"


def test_generated_code_is_fresh(tmp_path: Path) -> None:
    """Generating the wire again gives the committed files, byte for byte."""
    subprocess.run([sys.executable, "scripts/generate_protos.py", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    made = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*.py*")}
    kept = {path: (ROOT / path).read_text() for path in project_files() if path.startswith(GENERATED)}
    stale = sorted(path for path in made.keys() | kept.keys() if made.get(path) != kept.get(path))
    assert stale == [], "run `make proto` and commit the result"


@pytest.mark.parametrize("path", text_files())
def test_no_file_names_a_machine(path: str) -> None:
    """No project file holds a path of somebody's machine or the address of a package registry."""
    found = [
        f"{path}:{number} {match.group()}"
        for number, line in enumerate((ROOT / path).read_text().splitlines(), start=1)
        for match in (MACHINE_PATH.search(line) or REGISTRY_HOST.search(line),)
        if match is not None and not line.startswith("#!")
    ]
    assert found == []


def test_no_file_is_heavy() -> None:
    """Every file stays under 1 MB: a clone is quick, and data is shipped compressed."""
    heavy = [path for path in project_files() if (ROOT / path).stat().st_size > FILE_BYTES_MAX]
    assert heavy == []


@pytest.mark.parametrize("path", ["requirements/runtime.txt", "requirements/dev.txt"])
def test_requirement_files_hold_pins_only(path: str) -> None:
    """Each line is `name==version`, a comment, or the other file: no address, no range, no hash."""
    odd = [
        line
        for line in (ROOT / path).read_text().splitlines()
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[0-9a-z.]+|-r runtime\.txt|#.*", line)
    ]
    assert odd == []


@pytest.mark.parametrize("line", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])
def test_every_dependency_is_pinned_within_its_range(line: str) -> None:
    """What pyproject.toml asks for is what the requirement files install."""
    requirement = Requirement(line)
    pins = pinned_versions()
    assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), f"run `make lock`: {line}"


def test_every_pinned_package_is_in_the_notices() -> None:
    """The third-party notices list the pinned versions."""
    notices = (ROOT / "THIRD-PARTY-NOTICES.md").read_text()
    missing = [name for name, version in pinned_versions().items() if f"| {name} | {version} |" not in notices]
    assert missing == [], "run `make notices`"


@pytest.mark.parametrize(("group", "name", "value"), ENTRIES)
def test_every_entry_point_leads_somewhere(group: str, name: str, value: str) -> None:
    """Each command, schema and policy named in pyproject.toml can be loaded."""
    module, _, attribute = value.partition(":")
    assert callable(getattr(import_module(module), attribute)), f"{group}: {name} = {value}"


def pinned_versions() -> dict[str, str]:
    """The version of each package in both requirement files."""
    lines = [line for name in ("runtime.txt", "dev.txt") for line in (ROOT / "requirements" / name).read_text().splitlines()]
    return dict(line.split("==") for line in lines if "==" in line)
