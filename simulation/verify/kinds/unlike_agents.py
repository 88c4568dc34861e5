"""Agents who differ: fast and slow ones, outbound work between calls, chats held at once; and customers who come again."""

from dataclasses import replace
from functools import partial

import numpy as np

from routing.model.site import PolicySpec, WeightedScorer
from routing.model.time import HOUR_MS, MINUTE_MS
from routing.policy.arrays import BoolArray, IntArray
from routing.policy.pipeline import Block, Pairs
from routing.policy.presets.builtin import FILTERS, LONGEST_IDLE
from routing.policy.registry import PolicyRegistry
from simulation.agents.outbound import OutboundList
from simulation.agents.parallel import ONE, Parallel
from simulation.behaviour import ProficiencyEffect
from simulation.customers.coming_again import USUAL_LOSSES, Redial, Resolution, Return
from simulation.laws import Never
from simulation.theory.erlang import ErlangC
from simulation.theory.pools import ChatPool, blending, redials, slow_server, two_speeds
from simulation.verify.cases import Parameters
from simulation.verify.kinds.kind import Extent, Figures, Kind
from simulation.verify.kinds.one_pool import a_pool
from simulation.verify.model import CHANNEL, Group, Habits, Model, Stream
from simulation.verify.plain import First, Pairing

LINE = "line"
FAST, SLOW = 10, 1
"""Levels of the fast and the slow."""
_SLOW_LAST = "slow_when_many_wait"
_FULLEST = "fullest"
_REPEAT_AFTER = 10
"""The mean time after which somebody comes again, in units; the figures do not depend on it."""
_AS_BEFORE = Return(attributes={})

RULES = {
    "fast": (WeightedScorer(name="skill_fit", weight_ms=HOUR_MS),),
    "slow": (WeightedScorer(name="attribute_order", weight_ms=HOUR_MS, parameters={"order_by": f"{LINE} asc"}),),
    "random": (WeightedScorer(name="random_order", weight_ms=1),),
}
"""Which of two idle agents is called first, as scorers; the longest waiting customer is served first under all of them."""
_SPEED_RULES = {"fast": Pairing(first=First.BEST), "slow": Pairing(first=First.WORST), "random": None}
"""The same for the plain loop, which has no dice of its own."""


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


# ---- outbound work between calls ----


def _blending(p: Parameters) -> Figures:
    figures = blending(arrival_rate=p["arrival_rate"], service_rate=1, agents=p["agents"], threshold=p["threshold"])
    return {
        "delayed:inbound": figures["delayed"],
        "wait:inbound": figures["mean_wait"],
        "rate:outbound": figures["outbound_rate"],
        "occupancy": figures["occupancy"],
    }


def _blending_model(p: Parameters, extent: Extent) -> Model:
    """Inbound calls go first, by their class; a dialler starts a job whenever fewer than so many agents are busy and nobody waits."""
    inbound = Stream(
        kind="inbound", line="inbound", rates=extent.rates(p["arrival_rate"]), work=extent.exponential(1), patience=Never(), class_rank=1
    )
    # Nobody comes of themselves: the stream says how long a job takes, and where it waits.
    outbound = Stream(kind="outbound", line="outbound", rates=extent.rates(0), work=extent.exponential(1), patience=Never())
    jobs = OutboundList(
        name="jobs",
        channel=CHANNEL,
        type="outbound",
        attributes={},
        count=None,
        busy_below=p["threshold"],
        keep_free=None,
        spans=((0, extent.horizon_ms),),
    )
    return Model(
        unit_ms=extent.unit_ms,
        streams=(inbound, outbound),
        groups=(Group(name="agents", levels={"inbound": 5, "outbound": 5}, staff=(p["agents"],)),),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
        outbound=(jobs,) if p["threshold"] else (),
    )


# ---- chats that slow each other ----


def _chats(p: Parameters) -> Figures:
    pool = ChatPool(
        arrival_rate=p["arrival_rate"], patience_rate=1 / p["patience"], agents=p["agents"], agent_rates=tuple(p["agent_rates"])
    )
    figures = pool.figures(is_least_loaded_first=p["first"] == "least loaded")
    return {
        "abandoned": figures["abandoned"],
        "queue": figures["mean_queue"],
        "delayed": figures["delayed"],
        "in_hand": figures["mean_chats"],
        "handle_time": figures["mean_handle_time"],
        "occupancy": figures["busy"],
        "concurrency": figures["concurrency"],
    }


def _chats_model(p: Parameters, extent: Extent) -> Model:
    """Work is that of a chat held alone; further chats raise the total rate by less than one each."""
    alone, *_ = p["agent_rates"]
    rates = tuple(round(rate / alone * ONE) for rate in p["agent_rates"])
    scorer = "load_ratio" if p["first"] == "least loaded" else _FULLEST
    return Model(
        unit_ms=extent.unit_ms,
        streams=(
            Stream(
                kind=LINE,
                line=LINE,
                rates=extent.rates(p["arrival_rate"]),
                work=extent.exponential(1 / alone),
                patience=extent.exponential(p["patience"]),
            ),
        ),
        groups=(Group(name="agents", levels={LINE: 5}, staff=(p["agents"],)),),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
        policy=replace(
            LONGEST_IDLE, name=p["first"], scorers=(WeightedScorer(name=scorer, weight_ms=MINUTE_MS),), is_interaction_first=True
        ),
        habits=Habits(
            at_once=len(rates), parallel=Parallel(channels=(CHANNEL,), total_rates=rates, source="assumption: the model's rates")
        ),
        parts=_register_fullest,
    )


def _register_fullest(registry: PolicyRegistry) -> None:
    def fullest(pairs: Pairs) -> IntArray:
        """What is free of the agent's budget, in thousandths."""
        free: IntArray = 1_000 - pairs.columns.agents.load_per_mille[pairs.agents]
        return free

    registry.add_scorer(_FULLEST, 1, fullest, units_max=1_000)


# ---- customers who come again ----


def _repeats(p: Parameters) -> Figures:
    rate = p["arrival_rate"] / p["resolved"]
    pool = ErlangC(arrival_rate=rate, service_rate=1 / p["work"], agents=p["agents"])
    return {"rate": rate, "wait": pool.mean_wait, "in_target": pool.answered_within(p["target"])}


def _repeats_model(p: Parameters, extent: Extent) -> Model:
    habit = Resolution(
        when={},
        agent={},
        resolved=p["resolved"],
        returns=1.0,
        delay=extent.exponential(_REPEAT_AFTER),
        contacts_max=1_000,
        shape=_AS_BEFORE,
        source="assumption: the model's shares",
    )
    model = a_pool(
        extent,
        arrival_rate=p["arrival_rate"],
        work=extent.exponential(p["work"]),
        agents=p["agents"],
        patience=Never(),
        target=p["target"],
    )
    return replace(model, habits=Habits(resolution=habit))


def _redials_model(p: Parameters, extent: Extent) -> Model:
    habit = Redial(
        when={},
        after=USUAL_LOSSES,
        share=p["redials"],
        delay=extent.exponential(p["redial_after"]),
        attempts_max=1_000,
        shape=_AS_BEFORE,
        source="assumption: the model's shares",
    )
    model = a_pool(
        extent,
        arrival_rate=p["arrival_rate"],
        work=extent.exponential(p["work"]),
        agents=p["agents"],
        patience=extent.exponential(p["patience"]),
    )
    return replace(model, habits=Habits(redial=habit))


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
        "rate": figures["attempt_rate"],
        "abandoned": figures["abandoned_per_attempt"],
        "finally_lost": figures["lost"],
        "occupancy": figures["occupancy"],
    }


KINDS = {
    "two speeds": Kind(calculate=_two_speeds, model=_two_speeds_model, rule=lambda p: _SPEED_RULES[p["first"]]),
    "slow server": Kind(
        calculate=_slow_server, model=_slow_server_model, rule=lambda p: Pairing(first=First.BEST, slow_from=p["threshold"])
    ),
    "blending": Kind(calculate=_blending, model=_blending_model, rule=lambda _: Pairing()),
    "chats": Kind(calculate=_chats, model=_chats_model),
    "repeat contacts": Kind(calculate=_repeats, model=_repeats_model),
    "redials": Kind(calculate=_redials, model=_redials_model),
}
