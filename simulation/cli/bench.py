"""`careroute bench`: measure speed from a checkout, side by side with a peer where there is one."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.config.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from benchmarks.result import Result

_FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
_NOT_BENCHMARKS = {"__init__", "result"}


def bench(
    name: Annotated[str, typer.Argument(help="The benchmark: decide, fidelity, imports, server or simulate.")],
    *,
    quick: Annotated[bool, typer.Option("--quick", help="A short run, to see that it works; its figures are rough.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON (careroute/bench/1).")] = False,
) -> None:
    """Measure speed or memory, with a peer in the same run where there is one; works from a checkout.

    Figures depend on the machine: compare ratios, and medians of runs on a quiet one.

    Example: `careroute bench simulate --quick`
    """
    known = sorted(path.stem for path in _FOLDER.glob("*.py") if is_benchmark(path))
    if not known:
        raise ConfigError("needs the folder of benchmarks", value="bench", remedy="Run it from a checkout of Careroute.")
    if name not in known:
        raise ConfigError("is not a benchmark", value=name, remedy=did_you_mean(name, known))
    sys.path.insert(0, str(_FOLDER.parent))
    module = import_module(f"benchmarks.{name}")
    results: list[Result] = []
    for result in module.run(quick=quick):
        results.append(result)
        if not as_json:
            _print(result)
    if as_json:
        document = import_module("benchmarks.result").as_document(name, results, module.PACKAGES)
        print(json.dumps(document, indent=2))


def is_benchmark(path: Path) -> bool:
    """Whether a file of the folder is a benchmark: it defines `run` at its top level."""
    return path.stem not in _NOT_BENCHMARKS and "\ndef run(" in path.read_text(encoding="utf-8")


def _print(result: "Result") -> None:
    peer = "" if result.peer is None else f"   {result.peer}: {result.peer_value:,.4g} (ratio {result.ratio:.3g})"
    number = float(result.value)  # a count may be a whole number, which before Python 3.12 does not know that it is one
    value = f"{number:,.0f}" if number.is_integer() else f"{number:,.4g}"
    print(f"{result.case:<28} {result.metric:<12} {value:>12} {result.unit}{peer}")
