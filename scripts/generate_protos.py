"""Generate routing/v1 from proto/routing/v1: messages with protoc's own stubs, gRPC services with mypy-protobuf's.

The generated code is committed, so that a user needs no compiler; a test regenerates it and compares.
"""

import sys
from importlib.resources import files
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "proto"
PACKAGE = Path("routing/v1")
INIT = '"""The wire: messages and services generated from proto/routing/v1. Never edited by hand."""\n'


def generate(into: Path) -> list[Path]:
    """Write `routing/v1` below the folder and return the files written, relative to it and sorted.

    Exits with protoc's own message on standard error where a source does not compile.
    """
    protos = sorted(str(path.relative_to(SOURCES)) for path in (SOURCES / PACKAGE).glob("*.proto"))
    target = into / PACKAGE
    target.mkdir(parents=True, exist_ok=True)
    (target / "__init__.py").write_text(INIT)
    plugin = Path(sys.executable).parent / "protoc-gen-mypy_grpc"
    code = protoc.main(
        [
            "protoc",
            f"--proto_path={SOURCES}",
            f"--proto_path={files('grpc_tools') / '_proto'}",
            f"--plugin=protoc-gen-mypy_grpc={plugin}",
            f"--python_out={into}",
            f"--pyi_out={into}",
            f"--grpc_python_out={into}",
            f"--mypy_grpc_out={into}",
            *protos,
        ]
    )
    if code != 0:
        sys.exit(code)
    return sorted(path.relative_to(into) for path in target.glob("*.py*"))


def main() -> None:
    """Replace the generated files in the project, or write them below the folder given as the only argument."""
    into = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    for old in (into / PACKAGE).glob("*.py*"):
        old.unlink()
    print(f"{len(generate(into))} files written to {PACKAGE}")


if __name__ == "__main__":
    main()
