"""A counterfactual as plain data and as a table for a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.counterfactual.study import Counterfactual, Values
from simulation.kpis.measure import AnyMeasure
from simulation.kpis.registry import MEASURES
from simulation.report.numbers import MISSING, mean_text, number, value_text
from simulation.statistics import Interval

SCHEMA = "careroute/counterfactual/1"
SHOWN = ("offered", "handled", "abandoned", "service_level", "asa_s", "wait_p90_s", "abandonment", "occupancy")


def answer(found: Counterfactual) -> str:
    """The answer in one sentence: the first difference that is established, or that none is."""
    baseline = found.arms[0].name
    if not found.differences:
        level = value_text(MEASURES["service_level"], found.values[baseline]["service_level"])
        return f"Under {baseline} the day would have had a service level of {level}"
    parts = []
    for arm, differences in found.differences.items():
        told = differences["service_level"]
        text = _difference(MEASURES["service_level"], told)
        doubt = "" if told is not None and is_established(told) else ", which is not established"
        parts.append(f"{arm} instead of {baseline}: {text} service level{doubt}")
    return "; ".join(parts)


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
    table = Table("", *(["as it happened"] if found.measured is not None else []), *(arm.name for arm in found.arms))
    for name in found.differences:
        table.add_column(f"{name} minus {found.arms[0].name}")
    for name in SHOWN:
        measure = MEASURES[name]
        cells = [] if found.measured is None else [mean_text(measure, found.measured[name])]
        cells += [value_text(measure, values[name]) for values in found.values.values()]
        cells += [_difference(measure, differences[name]) for differences in found.differences.values()]
        table.add_row(name, *cells)
    console.print(table)
    for line in found.statements:
        console.print(Text(f"- {line}"))
    for line in dict.fromkeys(line for arm in found.arms for line in found.scenario.stated_assumptions(arm.roster)):
        console.print(Text(f"- {line}", style="dim"))


def _difference(measure: AnyMeasure, interval: Interval | None) -> str:
    if interval is None:
        return MISSING
    unit = " points" if measure.unit == "share" else ""
    text = f"{number(measure, interval.mean, signed=True)}{unit}"
    if interval.low is None or interval.high is None or interval.low == interval.high:
        return text
    return f"{text} ({number(measure, interval.low, signed=True)} to {number(measure, interval.high, signed=True)})"


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
