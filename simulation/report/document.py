"""The comparison as `careroute/compare/1`: plain data, the same bytes for the same comparison."""

import hashlib
import json
import platform
from importlib.metadata import version
from typing import Final

from routing.core.canonical import content_hash
from simulation.comparison import ArmDifferences, ArmValues, Comparison, Differences, Values
from simulation.kpis.breakdown import WAITS_S
from simulation.kpis.registry import MEASURES
from simulation.report.plain import Plain, plain_interval, rounded
from simulation.report.studies import plain_first_two, plain_studies
from simulation.report.words import SERVICE_LEVEL_RULE, answer, assumptions, notes, precision
from simulation.scenario import Scenario

SCHEMA: Final = "careroute/compare/1"

_PACKAGES = ("careroute", "numpy", "ortools", "scipy", "simpy")


def document_of(comparison: Comparison) -> Plain:
    """The document, its keys in the order in which a reader wants them; `digest` covers all the others and the scenario's content."""
    content = {
        "schema": SCHEMA,
        "answer": answer(comparison),
        "scenario": _scenario(comparison),
        "service_level_rule": SERVICE_LEVEL_RULE,
        "arms": _arms(comparison),
        "policies": {arm: plain_arm(values) for arm, values in comparison.values.items()},
        "intervals": {arm: _by_interval(values) for arm, values in comparison.values.items()},
        "breakdown": {arm: _breakdown(values) for arm, values in comparison.values.items()},
        "differences": [_differences(one) for one in comparison.differences],
        "precision": _precision(comparison),
        "first_two": plain_first_two(comparison),
        **plain_studies(comparison),
        "excluded": [
            {"channel": channel, "reason": reason, "mean": rounded(mean)} for (channel, reason), mean in comparison.excluded.items()
        ],
        "assumptions": list(assumptions(comparison)),
        "notes": list(notes(comparison)),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in _PACKAGES},
    }
    return content | {"digest": hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=16).hexdigest()}


def to_json(comparison: Comparison) -> str:
    """The document as JSON text with a line break at its end."""
    return json.dumps(document_of(comparison), indent=2, ensure_ascii=False) + "\n"


def scenario_hash(scenario: Scenario) -> str:
    """A hash of everything the scenario says, demand and rosters included, so that a digest vouches for the input too."""
    # A scenario is nothing but records, mappings in file order, texts and numbers, so its text is the same in every process.
    return hashlib.blake2b(repr(scenario).encode(), digest_size=16).hexdigest()


def _scenario(comparison: Comparison) -> Plain:
    scenario = comparison.scenario
    return {
        "name": scenario.name,
        "site": scenario.site.id,
        "demand": comparison.scenario.demand.description,
        "date": scenario.calendar.date.isoformat(),
        "days": scenario.calendar.days,
        "time_zone": scenario.calendar.zone,
        "starts_at_ms": scenario.starts_at,
        "ends_at_ms": scenario.ends_at,
        "at_end": scenario.at_end.value,
        "seed": scenario.seed,
        "replications": comparison.replications,
        "hash": scenario_hash(scenario),
    }


def _arms(comparison: Comparison) -> Plain:
    return {
        arm.name: {
            "policy": arm.policy.name,
            "policy_hash": content_hash(arm.policy),
            "match_interval_ms": arm.policy.match_interval_ms,
            "roster": arm.roster,
            "agents": len(comparison.scenario.rosters[arm.roster].members),
        }
        for arm in comparison.arms
    }


def plain_arm(values: ArmValues) -> Plain:
    """The measures of one arm: overall, by queue, by channel and by kind of channel."""
    return {
        "overall": _group(values.overall),
        "by_queue": {name: _group(group) for name, group in values.by_queue.items()},
        "by_channel": {name: _group(group) for name, group in values.by_channel.items()},
        "by_kind": {name: _group(group) for name, group in values.by_kind.items()},
    }


def _by_interval(values: ArmValues) -> list[Plain]:
    return [
        {"starts_at": starts_at.isoformat(), "kpis": _group(group), "live_kpis": _group(live)}
        for (starts_at, group), (_, live) in zip(values.by_interval, values.live_by_interval, strict=True)
    ]


def _breakdown(values: ArmValues) -> Plain:
    return {
        "service_level_by_queue": {name: [plain_interval(one) for one in level] for name, level in values.level_by_queue.items()},
        "occupancy_by_agent": {name: plain_interval(one) for name, one in values.occupancy_by_agent.items()},
        "waits_longer": [{"than_s": after_s} | plain_interval(one) for after_s, one in zip(WAITS_S, values.waits_longer, strict=True)],
    }


def _group(values: Values) -> Plain:
    return {name: plain_interval(interval) | {"unit": MEASURES[name].unit} for name, interval in values.items()}


def _differences(arm: ArmDifferences) -> Plain:
    return {
        "arm": arm.arm,
        "baseline": arm.baseline,
        "overall": _tested(arm.overall),
        "by_queue": {name: _tested(group) for name, group in arm.by_queue.items()},
        "by_channel": {name: _tested(group) for name, group in arm.by_channel.items()},
        "by_kind": {name: _tested(group) for name, group in arm.by_kind.items()},
    }


def _tested(differences: Differences) -> Plain:
    found: Plain = {}
    for name, tested in differences.items():
        found[name] = plain_interval(None if tested is None else tested.difference.interval) | {
            "ci95_joint": None if tested is None or tested.joint is None else plain_interval(tested.joint)["ci95"],
            "unit": MEASURES[name].unit,
            "better": MEASURES[name].better.value,
            "p": None if tested is None else rounded(tested.difference.p),
            "p_adjusted": None if tested is None else rounded(tested.p_adjusted),
            "is_significant": tested is not None and tested.is_significant,
        }
    return found


def _precision(comparison: Comparison) -> list[Plain]:
    return [
        {
            "arm": arm,
            "measure": measure,
            "half_width": rounded(half_width),
            "half_width_wanted": rounded(wanted),
            "replications_needed": needed,
            "pairing": rounded(comparison.pairing(arm, measure)),
        }
        for arm, measure, half_width, wanted, needed in precision(comparison)
    ]
