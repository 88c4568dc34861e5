"""A day prepared for a real server: the plan that the player plays, and a site whose leases fit a compressed clock."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import tomli_w

from routing.config.errors import ConfigError
from routing.model.ids import AgentId
from routing.model.time import Instant
from simulation.births import births_of
from simulation.demand import Birth
from simulation.roster import PresenceChange, presence_plan
from simulation.scenario import Scenario
from simulation.streams import Streams

PLAN_SCHEMA = "careroute/plan/1"

LEASES = {"offer_timeout": "30min", "wrap_up_limit": "30min"}
"""A second of a clock that runs 600 times too fast is ten minutes: offers must live through a restart that takes a few real seconds."""
SESSION_LEASE = "6h"


def write_plan(scenario: Scenario, roster: str, starts_at: Instant, path: Path) -> int:
    """Write the first replication's day from `starts_at` on as a plan for the player; the number of interactions in it.

    What arrived before and can wait comes at the start, with its age. The day ends when the last agent leaves.

    Raises:
        ConfigError: the demand does not fit the site, or nobody works.
    """
    day = replace(scenario, starts_at=starts_at)
    plan = presence_plan(day, day.rosters[roster], Streams(seed=day.seed, replication=0))
    if not plan:
        raise ConfigError("has nobody who works on that day", file=scenario.name, value=roster, remedy="Choose another roster or day.")
    births = births_of(day, 0).births
    document = {
        "schema": PLAN_SCHEMA,
        "starts_at_ms": starts_at,
        "ends_at_ms": max(changes[-1].at for changes in plan.values()),
        "contacts": [_contact(birth) for birth in births],
        "presence": _changes(plan),
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return len(births)


def _contact(birth: Birth) -> dict[str, object]:
    interaction = birth.interaction
    return {
        "id": interaction.id,
        "at_ms": birth.at,
        "channel": interaction.channel,
        "type": interaction.type,
        "attributes": dict(interaction.attributes),
        "due_at_ms": interaction.due_at,
        "credit_ms": interaction.routing_credit_ms,
        "priority": interaction.priority,
        "customer_id": interaction.customer_id,
        "patience_ms": birth.patience_ms,
        "work_ms": birth.work_ms,
        "wrap_up_ms": birth.wrap_up_ms,
        "answer_delay_ms": birth.answer_delay_ms,
    }


def _changes(plan: Mapping[AgentId, tuple[PresenceChange, ...]]) -> list[dict[str, object]]:
    return [
        {"agent_id": agent_id, "at_ms": change.at, "presence": change.presence.value, "reason": change.reason}
        for agent_id, changes in plan.items()
        for change in changes
    ]


def write_site_with_long_leases(source: Path, target: Path) -> None:
    """Copy a site file with leases that suit a clock hundreds of times too fast; everything else stays as it is.

    A policy that the site names by a path is made absolute.
    """
    site = tomllib.loads(source.read_text(encoding="utf-8"))
    site["session_lease"] = SESSION_LEASE
    site["queue_defaults"] = {**site.get("queue_defaults", {}), **LEASES}
    for queue in site["queues"].values():
        for name in LEASES.keys() & queue.keys():
            queue[name] = LEASES[name]
    policy = site.get("policy", "")
    if policy.endswith(".toml"):
        site["policy"] = str((source.parent / policy).resolve())
    target.write_text(tomli_w.dumps(site), encoding="utf-8")
