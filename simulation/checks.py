"""What `careroute check` says of the planner's files: each is read with everything it names, and told in a few facts."""

import datetime as dt
from collections import Counter
from pathlib import Path

from routing.config.report import CheckReport
from simulation.behaviour_file import load_behaviour
from simulation.demand.demand_file import days_in, read_demand_file
from simulation.importers.platforms.options import PlatformMapping
from simulation.importers.registry import load_usable_mapping
from simulation.interactions import read_interactions
from simulation.lint import scenario_findings
from simulation.scenario_file import load_scenario


def check_scenario_file(path: Path) -> CheckReport:
    """Reads a scenario with its site, behaviour, demand and rosters, and tells what would be run, with the linter's findings."""
    scenario = load_scenario(path)
    rosters = (f"{name} ({len(roster.members)} agents)" for name, roster in scenario.rosters.items())
    zone = scenario.calendar.zone_info
    starts_at, ends_at = (dt.datetime.fromtimestamp(at / 1_000, zone) for at in (scenario.starts_at, scenario.ends_at))
    facts: dict[str, int | str] = {
        "scenario": scenario.name,
        "site": scenario.site.id,
        "horizon": f"{starts_at:%Y-%m-%d %H:%M} to {ends_at:%Y-%m-%d %H:%M} ({scenario.calendar.zone})",
        "demand": scenario.demand.description,
        "rosters": ", ".join(rosters),
        "policies": ", ".join(scenario.policies) or "none of the site's own",
        "assumptions": len(scenario.assumptions),
        "seed": scenario.seed,
    }
    return CheckReport(facts=facts, findings=scenario_findings(path, scenario))


def check_behaviour_file(path: Path) -> CheckReport:
    """Reads a behaviour file and tells how many rules each purpose has."""
    behaviour = load_behaviour(path)
    rules = {
        "patience": behaviour.patience,
        "work": behaviour.work,
        "wrap-up": behaviour.wrap_up,
        "answer": behaviour.answer,
        "call-backs": behaviour.callback,
        "balking": behaviour.balking,
        "redials": behaviour.redial,
        "resolution": behaviour.resolution,
    }
    effect = behaviour.proficiency
    told = "none" if effect is None else f"{effect.faster_per_level_per_mille / 10:g} % a level above {effect.reference_level}"
    facts: dict[str, int | str] = {f"rules of {name}": len(found) for name, found in rules.items()}
    return CheckReport(facts={**facts, "habits about call-backs": len(behaviour.callback), "effect of proficiency": told})


def check_mapping_file(path: Path) -> CheckReport:
    """Reads a mapping file and the maps it names, and tells what it fills; its columns are checked against the table on import."""
    _, mapping = load_usable_mapping(path)
    facts: dict[str, int | str] = {"format": mapping.format, "time zone": mapping.time.zone}
    if isinstance(mapping, PlatformMapping):
        facts |= {
            "queues": "all" if mapping.queues is None else ", ".join(mapping.queues),
            "legs": mapping.legs,
            "customers": mapping.customers,
            "attributes": ", ".join(mapping.attributes) or "none",
        }
    else:
        facts |= {
            "instants": ", ".join(mapping.time_sources),
            "texts": ", ".join(mapping.text_sources),
            "attributes": ", ".join(mapping.attributes) or "none",
            "filters": len(mapping.keep),
            "columns": "not checked: `careroute import` knows the table",
        }
    return CheckReport(facts=facts)


def check_interactions_file(path: Path) -> CheckReport:
    """Reads recorded interactions and tells how many, when and on which channels they came."""
    log = read_interactions(path)
    channels = Counter(interaction.channel for interaction in log)
    facts: dict[str, int | str] = {
        "interactions": len(log),
        "channels": ", ".join(f"{name} {channels[name]}" for name in sorted(channels)),
        "types": len({interaction.type for interaction in log}),
    }
    if log:
        first, last = (dt.datetime.fromtimestamp(one.arrived_at_ms / 1_000, dt.UTC) for one in (log[0], log[-1]))
        facts["arrivals"] = f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
    return CheckReport(facts=facts)


def check_demand_file(path: Path) -> CheckReport:
    """Reads a demand file with the tables it names, and tells how much it brings on the days it speaks of."""
    calendar = days_in(path)
    demand = read_demand_file(path, calendar)
    expected = sum(span.expected for stream in demand.streams for span in stream.spans)
    facts: dict[str, int | str] = {
        "demand": demand.description,
        "streams": len(demand.streams),
        "factors": ", ".join(factor.scope.name for factor in demand.factors) or "none",
        "expected": f"{expected:,.1f} in {calendar.days} days",
    }
    return CheckReport(facts=facts)


def check_sweep_file(path: Path) -> CheckReport:
    """Reads the plan of a sweep with every scenario that it makes, and tells how much there is to do."""
    from simulation.studies.sweep.plan import load_sweep  # noqa: PLC0415 - needs tables and statistics, which no other check does

    sweep = load_sweep(path)
    arms = sum(len(variant.arms) for variant in sweep.variants)
    facts: dict[str, int | str] = {
        "scenarios": len(sweep.variants),
        "arms": arms,
        "replications": f"{sweep.replications} of each arm, {arms * sweep.replications:,} runs in all",
    }
    return CheckReport(facts=facts)
