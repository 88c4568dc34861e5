"""Write THIRD-PARTY-NOTICES.md: every pinned package, its version and its licence, read from the installed metadata."""

from importlib.metadata import Distribution, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "THIRD-PARTY-NOTICES.md"
SHORT_LICENCE_CHARS = 60
INTRODUCTION = """# Third-party notices

Careroute installs the packages below; it contains none of their code. Each package carries its licence text in its own metadata
(`.venv/lib/python*/site-packages/NAME-VERSION.dist-info/`). This page is written by `make notices` from the pinned versions.

A report page written by `careroute` embeds plotly.js (MIT), which the plotly package ships, so that it opens without a network.

The data shipped in `examples/` is named in [NOTICE](NOTICE).
"""


def licence_of(package: Distribution) -> str:
    """The package's licence as it names it: its SPDX expression, else its short licence field, else its classifiers, else its licence file.

    Raises LookupError where the metadata names none: such a package needs a person's look.
    """
    metadata = package.metadata
    stated = [metadata[key] for key in ("License-Expression", "License") if key in metadata]
    for licence in stated:
        if licence and "\n" not in licence and len(licence) <= SHORT_LICENCE_CHARS:
            return licence
    classifiers = metadata.get_all("Classifier") or []
    classified = sorted(line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::"))
    if classified:
        return ", ".join(classified)
    for file in package.files or []:
        if file.name.upper().startswith("LICENSE"):
            return file.read_text().strip().partition("\n")[0].strip()
    raise LookupError(f"{metadata['Name']} names no licence")


def table(heading: str, requirement_file: str) -> str:
    """One section: the packages of a requirement file, sorted as pinned."""
    rows = [f"\n## {heading}\n", "| package | version | licence |", "| --- | --- | --- |"]
    for line in (ROOT / "requirements" / requirement_file).read_text().splitlines():
        name, pinned, version = line.partition("==")
        if pinned:
            rows.append(f"| {name} | {version} | {licence_of(distribution(name))} |")
    return "\n".join(rows) + "\n"


def main() -> None:
    """Write the page."""
    TARGET.write_text(INTRODUCTION + table("At run time", "runtime.txt") + table("For development only", "dev.txt"))
    print(f"{TARGET.name} written")


if __name__ == "__main__":
    main()
