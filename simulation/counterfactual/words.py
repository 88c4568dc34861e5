"""A counterfactual as plain data and as a table for a terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.counterfactual.frames import AS_IT_HAPPENED
from simulation.counterfactual.study import Counterfactual, Values
from simulation.kpis.registry import MEASURES
from simulation.report.names import with_priced
from simulation.report.numbers import interval_text, mean_text, number, value_text
from simulation.statistics import Interval

SCHEMA = "careroute/counterfactual/1"
SHOWN = ("offered", "handled", "abandoned", "service_level", "asa_s", "wait_p90_s", "abandonment", "occupancy")
_LEVEL = MEASURES["service_level"]
_LISTED_MAX = 3


def answer(found: Counterfactual) -> str:
    """The answer in one sentence: which arm, by how much, how sure."""
    baseline = found.arms[0].name
    if not found.differences:
        level = value_text(_LEVEL, found.values[baseline][_LEVEL.name])
        was = "" if found.measured is None else f"; it was {mean_text(_LEVEL, found.measured[_LEVEL.name])}"
        return f"Under {baseline} {level} of {_whom(found)} would have been answered within their targets{was}."
    ranked = sorted(_levels(found).items(), key=lambda one: -one[1].mean)  # stable: equals keep the order of the arms
    sure = {arm: interval for arm, interval in ranked if is_established(interval)}
    better, worse = ([arm for arm, interval in sure.items() if (interval.mean > 0) is wanted] for wanted in (True, False))
    if better:
        best = sure[better[0]]
        gain = f"{better[0]} would have answered {number(_LEVEL, best.mean)} points more of {_whom(found)} within their targets"
        sureness = f"99 % interval {_bounds(best)}"
        return f"{gain} than {baseline} ({sureness}){_also('more', better[1:])}{_also('fewer', worse)}."
    shown = ranked if len(ranked) <= _LISTED_MAX else ranked[: _LISTED_MAX - 1]
    rest = [f"{len(ranked) - len(shown)} others no higher"] if len(shown) < len(ranked) else []
    listed = "; ".join([f"{arm} {interval_text(_LEVEL, interval)}" for arm, interval in shown] + rest)
    if ranked and len(worse) == len(ranked):
        return f"{baseline} would have answered the most of {_whom(found)} within their targets: {listed}."
    if ranked and all((one.low, one.mean, one.high) == (0, 0, 0) for _, one in ranked):
        return f"There is no difference in service level: {listed}."
    none = f"It is not established that another arm would have answered more of {_whom(found)} within their targets than {baseline}"
    return f"{none}: {listed}{_also('fewer', worse)}." if listed else f"{none}."


def _levels(found: Counterfactual) -> dict[str, Interval]:
    """The differences in service level, where there are any."""
    levels = {arm: differences[_LEVEL.name] for arm, differences in found.differences.items()}
    return {arm: interval for arm, interval in levels.items() if interval is not None}


def _whom(found: Counterfactual) -> str:
    return "the live interactions" if has_two_kinds(found) else "all interactions"


def has_two_kinds(found: Counterfactual) -> bool:
    """Whether the day had live and deferrable work, so that what is told is told of the live interactions."""
    channels = found.scenario.site.channels
    return len({channels[row.channel].is_live for row in found.log.interactions}) > 1


def _bounds(interval: Interval) -> str:
    low, high = (interval.mean if edge is None else edge for edge in (interval.low, interval.high))
    return f"{number(_LEVEL, low, signed=True)} to {number(_LEVEL, high, signed=True)}"


def _also(direction: str, arms: Sequence[str]) -> str:
    shown = arms if len(arms) <= _LISTED_MAX else arms[:_LISTED_MAX]
    more = f" and {len(arms) - len(shown)} others" if len(shown) < len(arms) else ""
    return f"; shown to answer {direction}: {', '.join(shown)}{more}" if arms else ""


def is_established(difference: Interval) -> bool:
    """Whether the 99 % interval of a difference leaves out zero."""
    return difference.low is not None and difference.high is not None and (difference.low > 0 or difference.high < 0)


def document_of(found: Counterfactual) -> dict[str, Any]:
    """The content of `careroute/counterfactual/1`."""
    return {
        "schema": SCHEMA,
        "answer": answer(found),
        "log": {"name": found.log.name, "interactions": len(found.log.interactions)},
        "scenario": found.scenario.name,
        "imputations": found.imputations,
        "confidence": 0.99,
        "seed": found.scenario.seed,
        "missing": {purpose.value: asdict(one) for purpose, one in found.missing.items()},
        "statements": list(found.statements),
        "assumptions": {arm.name: list(found.scenario.stated_assumptions(arm.roster)) for arm in found.arms},
        "measured": None if found.measured is None else _plain(found.measured),
        "arms": {name: _plain(values) for name, values in found.values.items()},
        "differences": {name: _plain(values) for name, values in found.differences.items()},
    }


def print_counterfactual(found: Counterfactual, console: Console) -> None:
    """The answer, the table of the arms, and everything it rests on."""
    console.print(Text(answer(found), style="bold"))
    console.print(Text(f"{found.log.name}: {len(found.log.interactions):,} interactions, {found.imputations} imputations", style="dim"))
    table = Table("", *([AS_IT_HAPPENED] if found.measured is not None else []), *(arm.name for arm in found.arms))
    for name in found.differences:
        table.add_column(f"{name} minus {found.arms[0].name}")
    for name in with_priced(SHOWN, found.values[found.arms[0].name]):
        measure = MEASURES[name]
        cells = [] if found.measured is None else [mean_text(measure, found.measured.get(name))]
        cells += [value_text(measure, values[name]) for values in found.values.values()]
        cells += [interval_text(measure, differences[name]) for differences in found.differences.values()]
        table.add_row(name, *cells)
    console.print(table)
    for line in found.statements:
        console.print(Text(f"- {line}"))
    for line in dict.fromkeys(line for arm in found.arms for line in found.scenario.stated_assumptions(arm.roster)):
        console.print(Text(f"- {line}", style="dim"))


def _plain(values: Values) -> Mapping[str, Any]:
    return {
        name: None
        if interval is None
        else {
            "mean": interval.mean,
            "ci99": None if interval.low is None else [interval.low, interval.high],
            "unit": MEASURES[name].unit,
        }
        for name, interval in values.items()
    }
