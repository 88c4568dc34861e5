"""Pin the versions installed in the running environment: `requirements/runtime.txt` and, on top of it, `requirements/dev.txt`.

What belongs where follows from pyproject.toml: the run-time dependencies and all they need in turn, then what only the `dev` extra adds.
"""

import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


def closure(roots: list[str]) -> dict[str, str]:
    """Map each package that the requirement strings need, directly or in turn, to its pinned line.

    Raises PackageNotFoundError for a package that is not installed here.
    """
    pinned: dict[str, str] = {}
    waiting = [Requirement(line) for line in roots]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if applies and (name not in pinned or requirement.extras):
            installed = distribution(name)
            pinned[name] = f"{name}=={installed.version}"
            waiting += needs_of(installed.requires or [], requirement.extras)
    return pinned


def needs_of(lines: list[str], extras: set[str]) -> list[Requirement]:
    """The requirements that apply to this machine under the given extras (and under none), with their markers resolved."""
    needs = []
    for line in lines:
        need = Requirement(line)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *sorted(extras))):
            need.marker = None
            needs.append(need)
    return needs


def main() -> None:
    """Write both files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime = closure(project["dependencies"])
    everything = closure(project["dependencies"] + project["optional-dependencies"]["dev"])
    development = {name: line for name, line in everything.items() if name not in runtime}
    note = "# Written by scripts/lock_requirements.py (`make lock`) from what pyproject.toml asks for; edit that instead.\n"
    folder = ROOT / "requirements"
    (folder / "runtime.txt").write_text(note + "".join(f"{runtime[name]}\n" for name in sorted(runtime)))
    (folder / "dev.txt").write_text(note + "-r runtime.txt\n" + "".join(f"{development[name]}\n" for name in sorted(development)))
    print(f"{len(runtime)} run-time and {len(development)} development packages pinned")


if __name__ == "__main__":
    main()
