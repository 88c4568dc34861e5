"""Control variates of a comparison: how many came and how much work they brought, against what was to be expected."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.model.time import HOUR_MS, Instant
from simulation import laws
from simulation.births import rule_for
from simulation.comparison import headline_rows
from simulation.demand.chance import Spike
from simulation.demand.records import DrawnDemand
from simulation.demand.stream import DemandStream
from simulation.experiment import ReplicationResult
from simulation.kpis.registry import MEASURES
from simulation.scenario import Arm, Scenario
from simulation.statistics.controls import Controlled, controlled, distances_of
from simulation.statistics.estimates import difference, replicate
from simulation.streams import Purpose

MEASURED = ("service_level", "asa_s", "wait_mean_s", "abandonment", "occupancy")
"""The headline measures that are corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlledValue:
    """One measure of an arm, or its difference from the baseline (`is_difference`), with controls.

    The correction counts where it narrows the interval.
    """

    arm: str
    measure: str
    is_difference: bool
    found: Controlled

    @property
    def is_used(self) -> bool:
        """Whether the interval with controls is the narrower one."""
        return self.found.variance_ratio < 1


def controlled_values(scenario: Scenario, arms: Sequence[Arm], results: Sequence[ReplicationResult]) -> tuple[ControlledValue, ...]:
    """The corrected headline measures and differences of every arm, as far as controls say anything; none where nothing is known."""
    expected = expected_controls(scenario)
    if expected is None or len(results) < 2:
        return ()
    distances = distances_of([result.drawn for result in results], expected)
    rows = headline_rows(arms, results)
    baseline, *_ = rows
    found: list[ControlledValue] = []
    for measure in MEASURED:
        replicated = {arm: replicate([row[measure] for row in days], MEASURES[measure].scale) for arm, days in rows.items()}
        its = replicated[baseline].pseudo_values
        for arm, one in replicated.items():
            mine = one.pseudo_values
            if mine is None:
                continue
            corrected = controlled(mine, distances)
            if corrected is not None:
                found.append(ControlledValue(arm=arm, measure=measure, is_difference=False, found=corrected))
            if arm == baseline or its is None or difference(one, replicated[baseline]) is None:
                continue
            corrected = controlled(tuple(a - b for a, b in zip(mine, its, strict=True)), distances)
            if corrected is not None:
                found.append(ControlledValue(arm=arm, measure=measure, is_difference=True, found=corrected))
    return tuple(found)


def expected_controls(scenario: Scenario) -> tuple[float, float] | None:
    """How many are born on average, and how many hours of work they bring; None where the demand does not say."""
    if not isinstance(scenario.demand, DrawnDemand) or any(isinstance(factor, Spike) for factor in scenario.demand.factors):
        return None  # every other factor has the mean 1
    expected = [(stream, _expected(scenario, stream)) for stream in scenario.demand.streams]
    born = math.fsum(number for _, number in expected) + sum(item.count for item in scenario.backlog)
    work = math.fsum(number * _mean_work_ms(scenario, stream) for stream, number in expected)
    work += math.fsum(item.count * _mean_work_of(scenario, item.channel, item.type, item.attributes) for item in scenario.backlog)
    return born, work / HOUR_MS


def _expected(scenario: Scenario, stream: DemandStream) -> float:
    """How many of a stream are offered on average: what falls into the horizon and the opening hours."""
    is_live = scenario.site.channels[stream.channel].is_live
    spans = scenario.opening_hours.get(stream.channel) if is_live else None
    first = scenario.starts_at if is_live else min((span.starts_at for span in stream.spans), default=scenario.starts_at)
    open_ = [(first, scenario.ends_at)] if spans is None else _merged([(span.starts_at, span.ends_at) for span in spans])
    return math.fsum(
        span.expected / (span.ends_at - span.starts_at) * max(0, min(end, span.ends_at) - max(start, span.starts_at))
        for span in stream.spans
        for start, end in ((max(start, first), min(end, scenario.ends_at)) for start, end in open_)
    )


def _merged(spans: Sequence[tuple[Instant, Instant]]) -> list[tuple[Instant, Instant]]:
    """The spans in order, those that overlap as one."""
    found: list[tuple[Instant, Instant]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _mean_work_ms(scenario: Scenario, stream: DemandStream) -> float:
    return _mean_work_of(scenario, stream.channel, stream.type, stream.attributes)


def _mean_work_of(scenario: Scenario, channel: str, type_: str, attributes: Mapping[str, AttributeValue]) -> float:
    law = rule_for(scenario, Purpose.WORK, Interaction(id="any", channel=channel, type=type_, attributes=attributes)).law
    return 0.0 if isinstance(law, laws.Never) else laws.mean_ms(law)
