"""Agents who differ: fast and slow ones, outbound work between calls, chats held at once; and customers who come again."""

from dataclasses import replace
from functools import partial

import numpy as np

from routing.model.site import PolicySpec, WeightedScorer
from routing.model.time import HOUR_MS
from routing.policy.arrays import BoolArray
from routing.policy.pipeline import Block
from routing.policy.presets.builtin import FILTERS, LONGEST_IDLE
from routing.policy.registry import PolicyRegistry
from simulation.behaviour import ProficiencyEffect
from simulation.laws import Never
from simulation.theory.erlang import ErlangC
from simulation.theory.pools import ChatPool, blending, redials, slow_server, two_speeds
from simulation.verify.cases import Parameters
from simulation.verify.kinds.kind import Extent, Figures, Kind
from simulation.verify.model import Group, Model, Stream

LINE = "line"
FAST, SLOW = 10, 1
"""Levels of the fast and the slow."""
_SLOW_LAST = "slow_when_many_wait"

RULES = {
    "fast": (WeightedScorer(name="skill_fit", weight_ms=HOUR_MS),),
    "slow": (WeightedScorer(name="attribute_order", weight_ms=HOUR_MS, parameters={"order_by": f"{LINE} asc"}),),
    "random": (WeightedScorer(name="random_order", weight_ms=1),),
}
"""Which of two idle agents is called first, as scorers; the longest waiting customer is served first under all of them."""


def two_kinds_of_agents(
    extent: Extent, *, arrival_rate: float, fast: tuple[int, float], slow: tuple[int, float], policy: PolicySpec
) -> Model:
    """Fast and slow agents, each (number, rate), before one line. The base work is that of the slow, of which the fast need a part.

    Raises:
        ValueError: no whole number of thousandths for each level between them makes the two rates.
    """
    (fast_agents, fast_rate), (slow_agents, slow_rate) = fast, slow
    quick, reference, faster = _effect(fast_rate, slow_rate)
    effect = ProficiencyEffect(reference_level=reference, faster_per_level_per_mille=faster, source="assumption: the model's rates")
    return Model(
        unit_ms=extent.unit_ms,
        streams=(
            Stream(
                kind=LINE,
                line=LINE,
                rates=extent.rates(arrival_rate),
                work=extent.exponential(1_000 / quick / fast_rate),
                patience=Never(),
            ),
        ),
        groups=(
            Group(name="fast", levels={LINE: FAST}, staff=(fast_agents,)),
            Group(name="slow", levels={LINE: SLOW}, staff=(slow_agents,)),
        ),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
        policy=policy,
        proficiency=effect,
    )


def _effect(fast_rate: float, slow_rate: float) -> tuple[int, int, int]:
    """The part of the base work the fast need, in thousandths, the reference level, and the thousandths a level is worth."""
    for reference in range(SLOW, FAST + 1):
        for faster in range(1, 1_000):
            quick, tardy = 1_000 - faster * (FAST - reference), 1_000 + faster * (reference - SLOW)
            if quick >= 100 and abs(quick * fast_rate - tardy * slow_rate) < 1e-9:
                return quick, reference, faster
    raise ValueError(f"no effect of proficiency in whole thousandths makes {fast_rate} of {slow_rate}")


def _two_speeds(p: Parameters) -> Figures:
    figures = two_speeds(arrival_rate=p["arrival_rate"], fast=tuple(p["fast"]), slow=tuple(p["slow"]), first=p["first"])
    return {
        "wait": figures["mean_wait"],
        "delayed": figures["delayed"],
        "occupancy:fast": figures["occupancy_fast"],
        "occupancy:slow": figures["occupancy_slow"],
        "number": figures["mean_number"],
    }


def _two_speeds_model(p: Parameters, extent: Extent) -> Model:
    policy = replace(LONGEST_IDLE, name=f"{p['first']} first", scorers=RULES[p["first"]], is_interaction_first=True)
    return two_kinds_of_agents(extent, arrival_rate=p["arrival_rate"], fast=tuple(p["fast"]), slow=tuple(p["slow"]), policy=policy)


# ---- a slow server that is used late ----


def _slow_server(p: Parameters) -> Figures:
    number = slow_server(arrival_rate=p["arrival_rate"], fast_rate=p["fast_rate"], slow_rate=p["slow_rate"], threshold=p["threshold"])
    return {"number": number}


def _slow_server_model(p: Parameters, extent: Extent) -> Model:
    """The threshold is a filter such as anybody may bring in a package: the slow agent is no candidate until enough wait."""
    threshold = p["threshold"]
    policy = replace(LONGEST_IDLE, name=f"slow beyond {threshold}", filters=(*FILTERS, _SLOW_LAST), scorers=RULES["fast"])
    return replace(
        two_kinds_of_agents(extent, arrival_rate=p["arrival_rate"], fast=(1, p["fast_rate"]), slow=(1, p["slow_rate"]), policy=policy),
        parts=partial(_register, threshold),
    )


def _register(threshold: int, registry: PolicyRegistry) -> None:
    """With the fast agent busy, so many wait when one more than the threshold would be at the fast one."""

    def slow_when_many_wait(block: Block) -> BoolArray | None:
        columns = block.columns
        if columns.waiting.count >= threshold:
            return None
        is_fast = columns.agents.values_of(LINE, slice(0, columns.agents.count)) == FAST
        kept: BoolArray = np.asarray(is_fast, dtype=np.bool_)[block.places][np.newaxis]
        return kept

    registry.add_filter(_SLOW_LAST, 1, slow_when_many_wait, looks_at_all=True)


# ---- what waits for stories of its own ----


def _blending(p: Parameters) -> Figures:
    figures = blending(arrival_rate=p["arrival_rate"], service_rate=1, agents=p["agents"], threshold=p["threshold"])
    return {
        "delayed": figures["delayed"],
        "wait": figures["mean_wait"],
        "outbound_rate": figures["outbound_rate"],
        "occupancy": figures["occupancy"],
    }


def _chats(p: Parameters) -> Figures:
    pool = ChatPool(
        arrival_rate=p["arrival_rate"], patience_rate=1 / p["patience"], agents=p["agents"], agent_rates=tuple(p["agent_rates"])
    )
    figures = pool.figures(is_least_loaded_first=p["first"] == "least loaded")
    return {
        "abandoned": figures["abandoned"],
        "queue": figures["mean_queue"],
        "delayed": figures["delayed"],
        "chats": figures["mean_chats"],
        "handle_time": figures["mean_handle_time"],
        "occupancy": figures["busy"],
        "concurrency": figures["concurrency"],
    }


def _repeats(p: Parameters) -> Figures:
    rate = p["arrival_rate"] / p["resolved"]
    pool = ErlangC(arrival_rate=rate, service_rate=1 / p["work"], agents=p["agents"])
    return {"contact_rate": rate, "wait": pool.mean_wait, "in_target": pool.answered_within(p["target"])}


def _redials(p: Parameters) -> Figures:
    figures = redials(
        arrival_rate=p["arrival_rate"],
        service_rate=1 / p["work"],
        agents=p["agents"],
        patience_rate=1 / p["patience"],
        redial_share=p["redials"],
        redial_rate=1 / p["redial_after"],
    )
    return {
        "queue": figures["mean_queue"],
        "orbit": figures["mean_orbit"],
        "attempt_rate": figures["attempt_rate"],
        "abandoned": figures["abandoned_per_attempt"],
        "finally_lost": figures["lost"],
        "occupancy": figures["occupancy"],
    }


KINDS = {
    "two speeds": Kind(calculate=_two_speeds, model=_two_speeds_model),
    "slow server": Kind(calculate=_slow_server, model=_slow_server_model),
    "blending": Kind(calculate=_blending),
    "chats": Kind(calculate=_chats),
    "repeat contacts": Kind(calculate=_repeats),
    "redials": Kind(calculate=_redials),
}
"""Kinds whose system the simulated world can say are simulated as well."""
