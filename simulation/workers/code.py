"""Which code computes: a digest of the package's source and of the versions it computes with, so that results of two are never mixed."""

import hashlib
import platform
from functools import cache
from importlib.metadata import entry_points, version
from pathlib import Path

import routing
import simulation

_PACKAGES = ("careroute", "numpy", "ortools", "scipy", "simpy")


def versions() -> dict[str, str]:
    """The versions of Python, of Careroute, of what computes, and of installed packages that bring policies."""
    plugins = {entry.dist.name for entry in entry_points(group="careroute.policies") if entry.dist is not None}
    return {"python": platform.python_version()} | {name: version(name) for name in sorted({*_PACKAGES, *plugins})}


@cache
def code_digest() -> str:
    """A digest of every source file of both packages and of `versions`: it changes whenever a figure might."""
    digest = hashlib.blake2b(repr(versions()).encode(), digest_size=16)
    for package in (routing, simulation):
        for folder in package.__path__:
            for path in sorted(Path(folder).rglob("*.py")):
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
