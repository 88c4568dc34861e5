"""Agents who differ in what they can do: longest idle first, specialists and generalists, skill lists, flexible staff."""

from dataclasses import replace
from functools import partial

import numpy as np

from routing.model.site import PolicySpec, WeightedScorer
from routing.model.time import HOUR_MS
from routing.policy import waiting_columns as field
from routing.policy.agent_columns import MISSING
from routing.policy.arrays import BoolArray
from routing.policy.pipeline import Block
from routing.policy.presets.builtin import FILTERS, LONGEST_IDLE, SKILLS_PRIORITY
from routing.policy.registry import PolicyRegistry
from simulation.behaviour import ProficiencyEffect
from simulation.laws import Never
from simulation.theory.longest_idle import longest_idle
from simulation.theory.two_skills import Rule, TwoSkills
from simulation.verify.cases import Parameters
from simulation.verify.kinds import one_pool
from simulation.verify.kinds.kind import Extent, Figures, Kind
from simulation.verify.model import Group, Habits, Model, Stream
from simulation.verify.plain import First, Pairing

FIRST_COME = replace(
    LONGEST_IDLE,
    name="first come, best agent",
    scorers=(WeightedScorer(name="skill_fit", weight_ms=10 * HOUR_MS),),
    is_interaction_first=True,
)
"""The longest waiting customer is served first, by the free agent who is best at it, the longest idle among equals."""
_RESERVE = "reserve"


# ---- first come first served, longest idle agent ----


def _longest_idle(p: Parameters) -> Figures:
    rates, skills = dict(p["arrival_rates"]), [frozenset(held) for held in p["skills"]]
    figures = longest_idle(arrival_rates=rates, service_rates=[1.0] * len(skills), skills=skills)
    return {
        **{f"delayed:{kind}": share for kind, share in figures.delayed.items()},
        **{f"wait:{kind}": wait for kind, wait in figures.mean_wait.items()},
        **{f"occupancy:agent{number}": share for number, share in enumerate(figures.busy, start=1)},
    }


def _longest_idle_model(p: Parameters, extent: Extent) -> Model:
    return Model(
        unit_ms=extent.unit_ms,
        streams=tuple(
            Stream(kind=kind, line=kind, rates=extent.rates(rate), work=extent.exponential(1), patience=Never())
            for kind, rate in p["arrival_rates"].items()
        ),
        groups=tuple(
            Group(name=f"agent{number}", levels=dict.fromkeys(held, 5), staff=(1,)) for number, held in enumerate(p["skills"], start=1)
        ),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
    )


# ---- specialists and generalists ----

_RULES = {"type 0 first": Rule.TYPE_0_FIRST, "type 1 first": Rule.TYPE_1_FIRST, "reserve": Rule.TYPE_0_FIRST_RESERVE_1}


def _two_skills(p: Parameters) -> Figures:
    system = TwoSkills(
        arrival_rates=tuple(p["arrival_rates"]),
        patience_rates=tuple(1 / mean for mean in p["patiences"]),
        specialists=tuple(p["specialists"]),
        special_rates=tuple(1 / mean for mean in p["special_works"]),
        generalists=p["generalists"],
        general_rates=(1 / p["general_work"],) * 2,
        cut=tuple(p["cut"]),
    )
    if p["rule"] == "best":
        return {
            "least_left_rate": system.least_abandoned_rate((1.0, 1.0), span=1e-6),
            "least_weighted_left_rate": system.least_abandoned_rate((1.0, 3.0), span=1e-6),
        }
    figures = system.figures(_RULES[p["rule"]])
    left = [p["arrival_rates"][kind] * figures[f"abandoned_{kind}"] for kind in (0, 1)]
    return {
        **{f"abandoned:{kind}": figures[f"abandoned_{kind}"] for kind in (0, 1)},
        **{f"not_delayed:{kind}": figures[f"not_delayed_{kind}"] for kind in (0, 1)},
        **{f"queue:{kind}": figures[f"mean_queue_{kind}"] for kind in (0, 1)},
        **{f"occupancy:special{kind}": figures[f"occupancy_special_{kind}"] for kind in (0, 1)},
        "occupancy:general": figures["occupancy_general"],
        "abandoned": sum(left) / sum(p["arrival_rates"]),
        "left_rate": figures["abandoned_rate"],
        "weighted_left_rate": left[0] + 3 * left[1],
    }


def _two_skills_model(p: Parameters, extent: Extent) -> Model:
    """Specialists first, by their level; the order of the types is their class; the reserve is a filter as a package might bring it."""
    first = 1 if p["rule"] == "type 1 first" else 0
    reserve = 1 if p["rule"] == "reserve" else 0
    policy = replace(SKILLS_PRIORITY, name=p["rule"], filters=(*FILTERS, _RESERVE) if reserve else FILTERS)
    # The base work is a generalist's, at level 4; each level above takes an eighth off, so that specialists need 5/8 and 4/8 of it.
    special_levels = [4 + round(8 * (1 - work / p["general_work"])) for work in p["special_works"]]
    return Model(
        unit_ms=extent.unit_ms,
        streams=tuple(
            Stream(
                kind=str(kind),
                line=str(kind),
                rates=extent.rates(p["arrival_rates"][kind]),
                work=extent.exponential(p["general_work"]),
                patience=extent.exponential(p["patiences"][kind]),
                class_rank=int(kind == first),
            )
            for kind in (0, 1)
        ),
        groups=(
            *(Group(name=f"special{kind}", levels={str(kind): special_levels[kind]}, staff=(p["specialists"][kind],)) for kind in (0, 1)),
            Group(name="general", levels={"0": 4, "1": 4}, staff=(p["generalists"],)),
        ),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
        policy=policy,
        proficiency=ProficiencyEffect(reference_level=4, faster_per_level_per_mille=125, source="assumption: the model's rates"),
        leaving_costs={"0": 1, "1": 3},
        parts=partial(_register_reserve, reserve) if reserve else None,
    )


def _register_reserve(reserve: int, registry: PolicyRegistry) -> None:
    """Of type 1, only as many may go to generalists at one instant as leave so many of them idle."""

    def reserve_for_type_0(block: Block) -> BoolArray | None:
        columns = block.columns
        every = slice(0, columns.agents.count)
        is_general = (columns.agents.values_of("0", every) != MISSING) & (columns.agents.values_of("1", every) != MISSING)
        idle = int(np.count_nonzero(is_general & columns.agents.rooms()))
        is_type_1 = columns.waiting.table[field.QUEUE][block.waiting] == columns.queue_index["1"]
        first_come = np.argsort(columns.waiting.table[field.SEQUENCE][block.waiting])
        is_kept_out = np.empty_like(is_type_1)
        is_kept_out[first_come] = is_type_1[first_come] & (np.cumsum(is_type_1[first_come]) > idle - reserve)
        kept: BoolArray = ~(is_kept_out[:, np.newaxis] & is_general[block.places])
        return kept

    registry.add_filter(_RESERVE, 1, reserve_for_type_0, looks_at_all=True)


# ---- lists of skills ----


def _skill_lists_model(p: Parameters, extent: Extent) -> Model:
    """Agents of each primary type hold so many skills, from the best down; behind so many lines."""
    types, held = p["types"], p["skills"]
    policy: PolicySpec = {"own skills first": SKILLS_PRIORITY, "first come": FIRST_COME}[p["rule"]]
    groups, primary = [], p["agents"] // types
    for place in range(p["agents"]):
        kind, number = divmod(place, primary)
        order = [kind, *((kind + 1 + (number + step) % (types - 1)) % types for step in range(types - 1))][:held]
        levels = {str(one): 10 - rank for rank, one in enumerate(order)}
        groups.append(Group(name=f"agent{place:03}", levels=levels, staff=(1,)))
    return Model(
        unit_ms=extent.unit_ms,
        streams=tuple(
            Stream(
                kind=str(kind),
                line=str(kind),
                rates=extent.rates(p["load"] / p["work"] / types),
                work=extent.exponential(p["work"]),
                patience=Never(),
            )
            for kind in range(types)
        ),
        groups=tuple(groups),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
        target_ms=round(p["target"] * extent.unit_ms),
        policy=policy,
        habits=Habits(lines=p["lines"]),
    )


def _all_skills(p: Parameters, model: Model) -> tuple[Model, Figures]:
    """The same customers before agents who all have every skill: a pool whose figures are known."""
    pool = replace(
        model,
        groups=(Group(name="all", levels={"0": 5}, staff=(p["agents"],)),),
        waiting_max=p["lines"] - p["agents"],
        habits=Habits(),
    )
    known = one_pool.behind_lines({**p, "pools": 1, "arrival_rate": p["load"] / p["work"]})
    return pool, {name: known[name] for name in ("blocked", "delayed", "wait_of_answered", "in_target_of_answered")}


def _dedicated_model(p: Parameters, extent: Extent) -> Model:
    """Each agent has one skill."""
    load, agents = p["pools"] * p["arrival_rate"] * p["work"], p["pools"] * p["agents"]
    return _skill_lists_model({**p, "types": p["pools"], "agents": agents, "skills": 1, "load": load, "rule": "first come"}, extent)


def _flexible_model(p: Parameters, extent: Extent) -> Model:
    """Some can do the first type only, the others both; who can do one only comes first, and a freed one takes who waited longest."""
    patiences = [extent.exponential(mean) if mean else Never() for mean in p["patiences"]]
    return Model(
        unit_ms=extent.unit_ms,
        streams=tuple(
            Stream(
                kind=kind,
                line=kind,
                rates=extent.rates(p["arrival_rates"][number]),
                work=extent.exponential(p["works"][number]),
                patience=patiences[number],
            )
            for number, kind in enumerate(("billing", "technical"))
        ),
        groups=(
            Group(name="specialists", levels={"billing": 10}, staff=(p["specialists"],)),
            Group(name="flexible", levels={"billing": 5, "technical": 5}, staff=(p["flexible"],)),
        ),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
        target_ms=round(p["target"] * extent.unit_ms),
        policy=FIRST_COME,
    )


def _skill_lists_rule(p: Parameters) -> Pairing:
    """The best agent for the line, the longest idle among equals; a freed one by their own order, or by who waited longest."""
    return Pairing(first=First.BEST, is_own_order=p["rule"] == "own skills first")


def _two_skills_rule(p: Parameters) -> Pairing:
    return Pairing(first=First.BEST, reserve=1 if p["rule"] == "reserve" else 0)


KINDS = {
    "longest idle": Kind(calculate=_longest_idle, model=_longest_idle_model, rule=lambda _: Pairing()),
    "two skills": Kind(calculate=_two_skills, model=_two_skills_model, rule=_two_skills_rule),
    "skill lists": Kind(model=_skill_lists_model, rule=_skill_lists_rule, control=_all_skills),
    "pools behind lines": Kind(calculate=one_pool.behind_lines, model=_dedicated_model, rule=lambda _: Pairing()),
    "flexible staff": Kind(model=_flexible_model, rule=lambda _: Pairing(first=First.BEST)),
}
