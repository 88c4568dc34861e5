"""What became of the live interactions of one day, by half hour of arrival: the same figures of a log and of a simulated day."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from routing.core.classifier import Classifier
from routing.model.interaction import EndCause, Interaction
from routing.model.time import Duration
from routing.policy.classify import RuleClassifier
from simulation.interactions import RecordedInteraction
from simulation.kpis.facts import INTERVAL_MS
from simulation.scenario import Scenario

MEASURES = ("offered", "abandonment", "service_level", "asa_s")
"""Counts, the share that left, the share answered within its queue's target, and the mean wait of those answered."""

Figures = Mapping[str, float | None]
"""A value for each measure; None where it has no denominator."""


@dataclass(slots=True)
class _Sums:
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    in_target: int = 0
    waited_ms: int = 0

    def figures(self) -> Figures:
        return {
            "offered": float(self.offered),
            "abandonment": self.abandoned / self.offered if self.offered else None,
            "service_level": self.in_target / self.offered if self.offered else None,
            "asa_s": self.waited_ms / self.answered / 1_000 if self.answered else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """The figures of one day, and of each of its half hours from the start of the horizon on."""

    overall: Figures
    by_interval: tuple[Figures, ...]


def target_of(scenario: Scenario) -> Callable[[RecordedInteraction], Duration]:
    """The service-level target of the queue that the site's rules send an interaction to."""
    cache: dict[tuple[str, str, str], Duration] = {}
    return partial(_target, scenario, RuleClassifier(), cache)


def _target(scenario: Scenario, classify: Classifier, cache: dict[tuple[str, str, str], Duration], one: RecordedInteraction) -> Duration:
    key = (one.channel, one.type, json.dumps(dict(one.attributes), sort_keys=True))
    if key not in cache:
        interaction = Interaction(id="sample", channel=one.channel, type=one.type, attributes=one.attributes)
        route = classify(interaction, scenario.starts_at, scenario.site)
        cache[key] = 0 if route is None else scenario.site.queues[route.queue_id].service_level.target_ms
    return cache[key]


def day_figures(scenario: Scenario, log: Iterable[RecordedInteraction], target: Callable[[RecordedInteraction], Duration]) -> DayFigures:
    """The figures of the live interactions that fall into the scenario's horizon and opening hours."""
    sums: dict[int, _Sums] = defaultdict(_Sums)
    overall = _Sums()
    for one in log:
        channel = scenario.site.channels.get(one.channel)
        within = scenario.starts_at <= one.arrived_at_ms < scenario.ends_at
        if channel is None or not channel.is_live or not within or not scenario.is_open(one.channel, one.arrived_at_ms):
            continue
        for part in (overall, sums[(one.arrived_at_ms - scenario.starts_at) // INTERVAL_MS]):
            part.offered += 1
            part.abandoned += one.outcome == EndCause.ABANDONED.value
            if one.answered_at_ms is not None:
                waited_ms = one.answered_at_ms - one.arrived_at_ms
                part.answered += 1
                part.waited_ms += waited_ms
                part.in_target += waited_ms <= target(one)
    count = -(-(scenario.ends_at - scenario.starts_at) // INTERVAL_MS)
    return DayFigures(overall=overall.figures(), by_interval=tuple(sums[place].figures() for place in range(count)))
