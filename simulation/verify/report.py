"""What was verified, as a document and on a terminal."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.verify.cases import Case
from simulation.verify.verdicts import Level, Result, Verdict

SCHEMA = "careroute/verify/1"
_STYLE = {Verdict.PASS: "green", Verdict.FAIL: "bold red", Verdict.CALCULATOR_ONLY: "dim"}


def as_document(results: Sequence[Result], *, is_quick: bool) -> dict[str, Any]:
    """The document `careroute/verify/1`; nothing in it depends on the machine or on the number of workers."""
    counts = Counter(result.verdict for result in results)
    return {
        "schema": SCHEMA,
        "mode": "quick" if is_quick else "full",
        "counts": {verdict.value: counts[verdict] for verdict in Verdict},
        "results": [asdict(result) | {"level": result.level.value, "verdict": result.verdict.value} for result in results],
    }


def has_failed(results: Iterable[Result]) -> bool:
    """Whether anything failed."""
    return any(result.verdict is Verdict.FAIL for result in results)


def print_results(results: Sequence[Result], cases: Sequence[Case], console: Console) -> None:
    """A table a case, then what failed and what was not simulated, with reasons, and the count."""
    titles = {case.id: case.title for case in cases}
    for case_id in dict.fromkeys(result.id for result in results):
        mine = [result for result in results if result.id == case_id]
        console.print(Text(f"{case_id}  {titles[case_id]}", style="bold"))
        figures = [result for result in mine if result.expected is not None]
        if figures:
            console.print(_table(figures))
        for text in dict.fromkeys(_remark(result) for result in mine if result.reason):
            console.print(Text(f"  {text}", style="dim"))
        console.print()
    counts = Counter(result.verdict for result in results)
    passed, failed, only = counts[Verdict.PASS], counts[Verdict.FAIL], counts[Verdict.CALCULATOR_ONLY]
    line = f"{len(titles)} cases: {passed} figures pass, {failed} fail; {only} cases are for the calculator alone."
    console.print(Text(line, style="bold red" if failed else "bold green"))


def _table(results: Sequence[Result]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    has_settings = any(result.setting for result in results)
    if has_settings:
        table.add_column("setting")
    for heading in ("figure", "checked"):
        table.add_column(heading)
    for heading in ("expected", "found", "+- (99 %)"):
        table.add_column(heading, justify="right")
    table.add_column("customers", justify="right")
    table.add_column("verdict")
    for result in results:
        cells = [
            result.metric,
            _checked(result),
            _number(result.expected),
            _number(result.simulated),
            "" if result.half_width is None else f"{result.half_width:.2g}",
            f"{result.runs[-1].customers:,}" if result.runs else "",
        ]
        verdict = Text(result.verdict.value, style=_STYLE[result.verdict])
        table.add_row(*([result.setting, *cells] if has_settings else cells), verdict)
    return table


def _checked(result: Result) -> str:
    by = result.runs[-1].by if result.runs else ""
    return f"{result.level.value}, by {by}" if result.level in {Level.SIMULATOR, Level.PUBLISHED} and by else result.level.value


def _remark(result: Result) -> str:
    if result.verdict is Verdict.CALCULATOR_ONLY:
        return f"not simulated: {result.reason}"
    setting = f" ({result.setting})" if result.setting else ""
    runs = "; ".join(f"seed {run.seed}: {_number(run.simulated)} +- {_number(run.half_width)}" for run in result.runs)
    return f"{result.metric}{setting}: {result.reason}{f' [{runs}]' if runs else ''}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
