"""How much single days differ from their mean: what a planner meets who plans by a mean."""

from collections.abc import Mapping

from simulation.comparison import Comparison
from simulation.demand import ReplayedLog
from simulation.kpis.registry import MEASURES
from simulation.report.names import with_priced
from simulation.report.numbers import MISSING, number
from simulation.statistics.prediction import Band, band_of

DAYS_MIN = 5
"""Fewer days tell next to nothing of a further one: between the smallest and the largest of five it lies with 67 %."""
_SHOWN = ("service_level", "asa_s", "wait_p90_s", "abandonment", "occupancy")


def sentence(comparison: Comparison) -> str:
    """What the bands are, and how likely a further day lies in one."""
    band = band_of([0.0] * comparison.replications)
    assert band is not None
    nth = {1: "", 2: "second ", 3: "third "}.get(band.rank, f"{band.rank}th ")
    same = (
        " These days are the recorded ones again, with other patience, handling and answering: another date differs by its arrivals, too."
        if isinstance(comparison.scenario.demand, ReplayedLog)
        else ""
    )
    return (
        f"The intervals above are those of means over replications; a single one differs more. From the {nth}smallest to the {nth}largest "
        f"value of {band.days} replications: one more lies there with a probability of {100 * band.chance:.0f} %.{same}"
    )


def bands(comparison: Comparison, arms: list[str]) -> Mapping[str, list[str]]:
    """By measure, the band of each arm; "-" where the measure has no value in some replication."""
    names = with_priced(_SHOWN, comparison.headline(comparison.baseline.name))
    return {name: [_text(name, [day[name] for day in comparison.daily_headline[arm]]) for arm in arms] for name in names}


def _text(name: str, values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    band: Band | None = band_of(known) if len(known) == len(values) else None
    if band is None:
        return MISSING
    measure = MEASURES[name]
    unit = {"share": " %", "money": ""}.get(measure.unit, f" {measure.unit}")
    return f"{number(measure, band.low)} to {number(measure, band.high)}{unit}"
