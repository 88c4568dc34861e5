"""Classes of customers: priorities on one server and in a pool, what the order costs, and whom to serve in overload."""

import math

from simulation.agents.parallel import ONE, Parallel
from simulation.laws import Law, Never
from simulation.theory.erlang import ErlangC
from simulation.theory.overload import OverloadedPool
from simulation.theory.single_server import (
    Class,
    mean_residual_work,
    mean_time_shared,
    mean_wait_fifo,
    mean_waits_by_priority,
    mean_waits_by_priority_in_a_pool,
)
from simulation.verify.cases import Parameters
from simulation.verify.kinds.kind import Extent, Figures, Kind
from simulation.verify.model import CHANNEL, Group, Habits, Model, Stream
from simulation.verify.plain import Pairing


def a_pool_of_classes(
    extent: Extent,
    *,
    arrival_rates: list[float],
    works: list[Law],
    patiences: list[Law | Never],
    agents: int,
    first: list[int],
    costs: list[float] | None = None,
) -> Model:
    """Like agents; class `first[0]` is served before `first[1]` and so on, each first come, first served. No order: all alike.

    Each class waits in a line of its own name: "0", "1" and so on.
    """
    names = [str(number) for number in range(len(arrival_rates))]
    ranks = {names[number]: len(first) - place for place, number in enumerate(first)}
    streams = tuple(
        Stream(kind=name, line=name, rates=extent.rates(rate), work=work, patience=patience, class_rank=ranks.get(name, 0))
        for name, rate, work, patience in zip(names, arrival_rates, works, patiences, strict=True)
    )
    return Model(
        unit_ms=extent.unit_ms,
        streams=streams,
        groups=(Group(name="agents", levels=dict.fromkeys(names, 5), staff=(agents,)),),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
        costs={name: round(1_000 * cost) for name, cost in zip(names, costs or [], strict=False)},
    )


def _classes(p: Parameters) -> list[Class]:
    return [
        Class(arrival_rate=rate, mean=mean, second_moment=(1 + scv) * mean**2)
        for rate, mean, scv in zip(p["arrival_rates"], p["works"], p["scvs"], strict=True)
    ]


def _one_server(p: Parameters) -> Figures:
    """Waits by class in the order given, or of all alike; their cost where costs are given."""
    classes, order = _classes(p), p.get("first", [])
    by_order = mean_waits_by_priority([classes[number] for number in order])
    waits = dict(zip(order, by_order, strict=True)) if order else dict.fromkeys(range(len(classes)), mean_wait_fifo(classes))
    figures = {f"wait:{number}": wait for number, wait in waits.items()}
    figures["residual_work"] = mean_residual_work(classes)
    figures["conserved"] = math.fsum(one.load * waits[number] for number, one in enumerate(classes))
    if "costs" in p:
        figures["cost"] = math.fsum(
            cost * one.arrival_rate * waits[number] for number, (cost, one) in enumerate(zip(p["costs"], classes, strict=True))
        )
    return figures


def _one_server_model(p: Parameters, extent: Extent) -> Model:
    works = [extent.law(mean, scv) for mean, scv in zip(p["works"], p["scvs"], strict=True)]
    return a_pool_of_classes(
        extent,
        arrival_rates=p["arrival_rates"],
        works=works,
        patiences=[Never() for _ in works],
        agents=1,
        first=p.get("first", []),
        costs=p.get("costs"),
    )


def _pool(p: Parameters) -> Figures:
    waits = mean_waits_by_priority_in_a_pool(p["arrival_rates"], service_rate=1, agents=p["agents"])
    figures = {f"wait:{number}": wait for number, wait in enumerate(waits)}
    mix = math.fsum(rate * wait for rate, wait in zip(p["arrival_rates"], waits, strict=True)) / math.fsum(p["arrival_rates"])
    together = ErlangC(arrival_rate=math.fsum(p["arrival_rates"]), service_rate=1, agents=p["agents"]).mean_wait
    return {**figures, "wait": mix, "wait_first_come": together}


def _pool_model(p: Parameters, extent: Extent) -> Model:
    rates = p["arrival_rates"]
    return a_pool_of_classes(
        extent,
        arrival_rates=rates,
        works=[extent.exponential(1) for _ in rates],
        patiences=[Never() for _ in rates],
        agents=p["agents"],
        first=list(range(len(rates))),
    )


def _overload(p: Parameters) -> Figures:
    pool = OverloadedPool(
        arrival_rates=tuple(p["arrival_rates"]),
        service_rate=1,
        patience_rates=tuple(p["patience_rates"]),
        holding_costs=tuple(p["costs"]),
        agents=p["agents"],
        cut=tuple(p["cut"]),
    )
    if p["first"] == "best":
        return {"least_cost": pool.least_cost(may_idle=False, span=1e-4)}
    return {"cost": pool.cost(first=p["first"])}


def _overload_model(p: Parameters, extent: Extent) -> Model:
    return a_pool_of_classes(
        extent,
        arrival_rates=p["arrival_rates"],
        works=[extent.exponential(1) for _ in p["arrival_rates"]],
        patiences=[extent.exponential(1 / rate) for rate in p["patience_rates"]],
        agents=p["agents"],
        first=[p["first"], 1 - p["first"]],
        costs=p["costs"],
    )


def _shared(p: Parameters) -> Figures:
    return {"time:given": mean_time_shared(p["work"], load=p["load"]), "time": mean_time_shared(1, load=p["load"])}


def _shared_model(p: Parameters, extent: Extent) -> Model:
    """One agent with room for all, whose total rate stays one. A third of them bring the given work, the others what makes the mean 1."""
    rest = (3 - p["work"]) / 2
    streams = (("given", 1 / 3, p["work"]), ("rest", 2 / 3, rest))
    return Model(
        unit_ms=extent.unit_ms,
        streams=tuple(
            Stream(kind=kind, line=kind, rates=extent.rates(p["load"] * share), work=extent.law(work, 0), patience=Never())
            for kind, share, work in streams
        ),
        groups=(Group(name="agents", levels={"given": 5, "rest": 5}, staff=(1,)),),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
        habits=Habits(at_once=100, parallel=Parallel(channels=(CHANNEL,), total_rates=(ONE,), source="assumption: the model's rates")),
    )


KINDS = {
    "classes, one server": Kind(calculate=_one_server, model=_one_server_model, rule=lambda _: Pairing()),
    "classes, a pool": Kind(calculate=_pool, model=_pool_model, rule=lambda _: Pairing()),
    "overload": Kind(calculate=_overload, model=_overload_model, rule=lambda _: Pairing()),
    "processor sharing": Kind(calculate=_shared, model=_shared_model),
}
