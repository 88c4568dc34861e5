"""Days that begin empty: one constant rate, rates and staff that change by the period, rates that swing."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy import special

from simulation.laws import Constant, Never
from simulation.theory.days import Period, PoolDay
from simulation.theory.many_agents import all_busy, mean_busy_unlimited
from simulation.verify.cases import Parameters
from simulation.verify.kinds.kind import Extent, Figures, Kind
from simulation.verify.kinds.one_pool import LINE, a_pool
from simulation.verify.kinds.skills import FIRST_COME
from simulation.verify.model import Group, Habits, Model, Rate, Stream
from simulation.verify.plain import First, Pairing

_CYCLE = 2 * math.pi


def _from_empty(p: Parameters) -> Figures:
    day = PoolDay(service_rate=1 / p["work"], patience_rate=0.0, balking=0.0, target=p["target"], cut=p["cut"])
    opened, closed = day.figures([Period(duration=p["hours"] * 60, arrival_rate=p["arrival_rate"], agents=p["agents"])])
    served = opened.arrivals
    return {
        "offered_a_day": served,
        "good_a_day": opened.in_target,
        "left_a_day": opened.lost,
        "in_target": opened.in_target / served,
        "wait": (opened.waited + closed.waited) / served,
        "occupancy": opened.busy / (p["agents"] * p["hours"] * 60),
    }


def _from_empty_model(p: Parameters, extent: Extent) -> Model:
    return a_pool(
        extent,
        arrival_rate=p["arrival_rate"],
        work=extent.exponential(p["work"]),
        agents=p["agents"],
        patience=Never(),
        target=p["target"],
    )


# ---- rates and staff by the hour ----


def _changing(p: Parameters) -> Figures:
    if "busyness_shape" not in p:
        return _a_day(p, 1.0)
    shape = float(p["busyness_shape"])
    # Gauss and Legendre's rule over seven deviations to either side.
    nodes, weights = np.polynomial.legendre.leggauss(24)
    low, high = 1 - 7 / math.sqrt(shape), 1 + 7 / math.sqrt(shape)
    factors = (high - low) / 2 * nodes + (high + low) / 2
    density = np.exp(shape * math.log(shape) - special.gammaln(shape) + (shape - 1) * np.log(factors) - shape * factors)
    masses = weights * (high - low) / 2 * density
    days = [_a_day(p, factor) for factor in factors.tolist()]
    expected = math.fsum(p["hourly"])
    return {
        **{
            name: math.fsum(mass * day[name] for mass, day in zip(masses.tolist(), days, strict=True))
            for name in ("wait_total", "lost_total")
        },
        "arrivals_deviation": math.sqrt(expected + expected**2 / shape),
    }


def _a_day(p: Parameters, busyness: float) -> Mapping[str, float]:
    """Waits and losses by expected arrival of the day, and by the hour."""
    day = PoolDay(
        service_rate=1 / p["work"],
        patience_rate=1 / p["patience"],
        balking=p["balking"],
        target=p["target"],
        cut=50,
        leave_by_name=p.get("leave_by_name", False),
    )
    figures = day.figures(
        [
            Period(duration=3600, arrival_rate=busyness * rate / 3600, agents=agents)
            for rate, agents in zip(p["hourly"], p["agents"], strict=True)
        ]
    )
    expected = math.fsum(p["hourly"])
    return {
        "wait_total": math.fsum(one.waited for one in figures) / expected,
        "lost_total": math.fsum(one.lost for one in figures) / expected,
        **{f"wait_in_hour_{hour}": one.waited / one.arrivals for hour, one in enumerate(figures[:-1], start=1)},
        **{f"lost_in_hour_{hour}": one.lost / one.arrivals for hour, one in enumerate(figures[:-1], start=1)},
    }


def changing_day(p: Parameters, extent: Extent) -> Model:
    """One line whose rates and staff change by the hour; a tenth of the customers does not wait at all."""
    hour_ms = 3600 * extent.unit_ms
    shares = (("stays", 1 - p["balking"], extent.exponential(p["patience"])), ("balks", p["balking"], Constant(value_ms=0)))
    return Model(
        unit_ms=extent.unit_ms,
        streams=tuple(
            Stream(
                kind=kind,
                line=LINE,
                rates=tuple(Rate(length_ms=hour_ms, arrivals=share * rate) for rate in p["hourly"]),
                work=extent.exponential(p["work"]),
                patience=patience,
            )
            for kind, share, patience in shares
        ),
        groups=(Group(name="agents", levels={LINE: 5}, staff=tuple(p["agents"]), period_ms=hour_ms),),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=0,
        target_ms=round(p["target"] * extent.unit_ms),
        busyness_shape=p.get("busyness_shape"),
        expected_by_period=tuple(p["hourly"]),
    )


def _one_more(model: Model) -> Model:
    """The same day with one more agent in the first hour."""
    (group,) = model.groups
    return replace(model, groups=(replace(group, staff=(group.staff[0] + 1, *group.staff[1:])),))


# ---- rates that swing ----


def _swinging(p: Parameters) -> Figures:
    """Arrivals at `level + swing sin t`, agents without number: who is in the system at t = 0, 1, ..."""
    means = [_mean_at(p, at) for at in range(p["instants"])]
    return {f"in_system_at_{at}": mean for at, mean in enumerate(means)}


def _staffed(p: Parameters) -> Figures:
    """The same number in the system, of customers as impatient as service is quick; so many agents that the share all busy stays steady."""
    means = [_mean_at(p, at) for at in range(p["instants"])]
    return {f"all_busy_at_{at}": all_busy(mean, math.ceil(mean + p["spare"] * math.sqrt(mean))) for at, mean in enumerate(means)}


def _mean_at(p: Parameters, at: float) -> float:
    return mean_busy_unlimited(lambda t: p["level"] + p["swing"] * math.sin(t), service_rate=1, at=at)


def _swinging_model(p: Parameters, extent: Extent) -> Model:
    """More agents than are ever busy; the rate is constant over fiftieths of a unit, with the exact number of arrivals in each."""
    step_ms = extent.unit_ms // 50
    rates = []
    for number in range(-(-extent.horizon_ms // step_ms)):
        low, high = number / 50, (number + 1) / 50
        arrivals = p["level"] * (high - low) + p["swing"] * (math.cos(low) - math.cos(high))
        rates.append(Rate(length_ms=step_ms, arrivals=arrivals))
    return Model(
        unit_ms=extent.unit_ms,
        streams=(Stream(kind=LINE, line=LINE, rates=tuple(rates), work=extent.exponential(1), patience=Never()),),
        groups=(Group(name="agents", levels={LINE: 5}, staff=(p["agents"],)),),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=round(2 * _CYCLE * extent.unit_ms),
        cycle_ms=_CYCLE * extent.unit_ms,
    )


def _staffed_model(p: Parameters, extent: Extent) -> Model:
    """The staff changes every tenth of a unit to what its beginning needs; who leaves hands the conversation back, and any is as good."""
    model = _swinging_model({**p, "agents": 1}, extent)
    step_ms = extent.unit_ms // 10
    steps = range(-(-extent.horizon_ms // step_ms))
    means = [_mean_at(p, step / 10) for step in range(63)]  # a cycle is 62.8 steps: the mean is read where in the cycle the step begins
    staff = tuple(math.ceil(mean + p["spare"] * math.sqrt(mean)) for mean in (_between(means, step) for step in steps))
    (stream,) = model.streams
    return replace(
        model,
        streams=(replace(stream, patience=extent.exponential(1)),),
        groups=(Group(name="agents", levels={LINE: 5}, staff=staff, period_ms=step_ms),),
        habits=Habits(hand_back=True),
        staff_at=tuple(math.ceil(mean + p["spare"] * math.sqrt(mean)) for mean in (_mean_at(p, at) for at in range(p["instants"]))),
    )


def _between(means: list[float], step: int) -> float:
    """The mean at a step of any cycle, from those of one cycle, between its neighbours."""
    at = math.fmod(step / 10, _CYCLE) * 10
    low = min(int(at), len(means) - 2)
    return means[low] + (at - low) * (means[low + 1] - means[low])


def _three_periods_model(p: Parameters, extent: Extent) -> Model:
    """Three types, two groups; how long service takes and customers wait depends on the period they arrive in."""
    period_ms = round(p["period"] * extent.unit_ms)
    streams = []
    for kind, by_period in enumerate(p["arrival_rates"]):
        for period, rate in enumerate(by_period):
            before = Rate(length_ms=period_ms * period, arrivals=0)
            streams.append(
                Stream(
                    kind=f"type{kind}-period{period}",
                    line=f"type{kind}",
                    rates=(*((before,) if period else ()), Rate(length_ms=period_ms, arrivals=rate * p["period"])),
                    work=extent.exponential(1 / p["service_rates"][period]),
                    patience=extent.exponential(1 / p["patience_rates"][period]),
                )
            )
    best, second = 10, 9
    levels = ({"type1": best, "type0": second}, {"type2": best, "type1": second})
    # Type 1 tries the first group before the second; within a group nobody is preferred.
    return Model(
        unit_ms=extent.unit_ms,
        streams=tuple(streams),
        groups=tuple(
            Group(name=f"group{number}", levels=levels[number], staff=tuple(staff), period_ms=period_ms)
            for number, staff in enumerate(p["agents"])
        ),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=0,
        target_ms=round(p["target"] * extent.unit_ms),
        policy=replace(FIRST_COME, name="first come"),
        busyness_shape=p["busyness_shape"],
        expected_by_period=tuple(round(p["period"] * sum(rates)) for rates in zip(*p["arrival_rates"], strict=True)),
    )


KINDS = {
    "from empty": Kind(calculate=_from_empty, model=_from_empty_model, is_line=True),
    "changing day": Kind(calculate=_changing, model=changing_day, rule=lambda _: Pairing()),
    "one more agent": Kind(model=changing_day, rule=lambda _: Pairing(), other=_one_more),
    "swinging": Kind(calculate=_swinging, model=_swinging_model, rule=lambda _: Pairing()),
    "swinging, staffed": Kind(calculate=_staffed, model=_staffed_model),
    "three periods": Kind(model=_three_periods_model, rule=lambda _: Pairing(first=First.BEST)),
}
