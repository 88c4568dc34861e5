"""One line before like agents: patient customers, customers who leave, no room to wait, lines that run out."""

from simulation.laws import Constant, Law, Never, Triangular
from simulation.theory.erlang import ErlangC, agents_for_service_level, erlang_b
from simulation.theory.patience import ConstantPatience, ExponentialPatience, PoolWithPatience
from simulation.theory.single_server import Class, HyperexponentialArrivals, bursty_queue, mean_wait_fifo
from simulation.theory.trunks import separate_pools_with_shared_lines
from simulation.verify.cases import Parameters
from simulation.verify.kinds.kind import Extent, Figures, Kind
from simulation.verify.model import Bursts, Group, Model, Stream

LINE = "line"


def a_pool(
    extent: Extent,
    *,
    arrival_rate: float,
    work: Law,
    agents: int,
    patience: Law | Never,
    target: float = 0.0,
    waiting_max: int | None = None,
    balking: float = 0.0,
) -> Model:
    """One line; a share `balking` of the customers has no patience at all: an independent stream of its own, as a Poisson stream splits."""
    shares = [("stays", 1 - balking, patience)]
    if balking:
        shares.append(("balks", balking, Constant(value_ms=0)))
    streams = tuple(
        Stream(kind=kind, line=LINE, rates=extent.rates(arrival_rate * share), work=work, patience=law) for kind, share, law in shares
    )
    return Model(
        unit_ms=extent.unit_ms,
        streams=streams,
        groups=(Group(name="agents", levels={LINE: 5}, staff=(agents,)),),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
        target_ms=round(target * extent.unit_ms),
        waiting_max=waiting_max,
    )


# ---- nobody may wait ----


def _loss(p: Parameters) -> Figures:
    return {"lost": erlang_b(p["agents"], p["load"])}


def _loss_model(p: Parameters, extent: Extent) -> Model:
    """Customers without any patience leave a line that has no place to wait: what is lost is Erlang's."""
    return a_pool(extent, arrival_rate=p["load"], work=extent.exponential(1), agents=p["agents"], patience=Constant(value_ms=0))


# ---- everybody waits ----


def _patient(p: Parameters) -> Figures:
    pool = ErlangC(arrival_rate=p["arrival_rate"], service_rate=1 / p["work"], agents=p["agents"])
    return {
        "delayed": pool.delayed,
        "wait": pool.mean_wait,
        "wait_p90": pool.wait_quantile(0.9),
        "queue": pool.mean_queue,
        "occupancy": pool.occupancy,
        "in_target": pool.answered_within(p.get("target", 0.0)),
    }


def _patient_model(p: Parameters, extent: Extent) -> Model:
    return a_pool(
        extent,
        arrival_rate=p["arrival_rate"],
        work=extent.exponential(p["work"]),
        agents=p["agents"],
        patience=Never(),
        target=p.get("target", 0.0),
    )


def _fewest(p: Parameters) -> Figures:
    rate, service = p["load"] / p["work"], 1 / p["work"]
    agents = agents_for_service_level(arrival_rate=rate, service_rate=service, target=p["target"], share=p["share"])
    pool = ErlangC(arrival_rate=rate, service_rate=service, agents=p["agents"])
    return {"fewest_agents": agents, "in_target": pool.answered_within(p["target"])}


def _fewest_model(p: Parameters, extent: Extent) -> Model:
    return _patient_model({**p, "arrival_rate": p["load"] / p["work"]}, extent)


# ---- customers leave ----


def _impatient(p: Parameters) -> Figures:
    balking = p.get("balking", 0.0)
    constant = p.get("patience_law") == "constant"
    patience = ConstantPatience(limit=p["patience"]) if constant else ExponentialPatience(mean=p["patience"], balking=balking)
    pool = PoolWithPatience(arrival_rate=p["arrival_rate"], service_rate=1 / p["work"], agents=p["agents"], patience=patience)
    figures = {
        "abandoned": pool.abandoned,
        "delayed": pool.delayed,
        "wait": pool.mean_wait,
        "wait_of_answered": pool.mean_wait_of_answered,
        "queue": pool.mean_queue,
        "occupancy": pool.occupancy,
        "wait_p90": pool.wait_quantile(0.9),
    }
    for name, target in (("", p.get("target")), ("_later", p.get("later_target"))):
        if target is not None:
            answered, left = pool.answered_within(target), pool.abandoned_within(target)
            figures[f"in_target{name}"] = answered
            figures[f"in_target_of_answered{name}"] = answered / (1 - pool.abandoned)
            figures[f"in_target_of_answered_and_late{name}"] = answered / (1 - left)
            figures[f"answered_or_left_in_target{name}"] = answered + left
    return figures


def _impatient_model(p: Parameters, extent: Extent) -> Model:
    mean = p["patience"]
    constant = p.get("patience_law") == "constant"
    return a_pool(
        extent,
        arrival_rate=p["arrival_rate"],
        work=extent.exponential(p["work"]),
        agents=p["agents"],
        patience=extent.law(mean, 0) if constant else extent.exponential(mean),
        target=p.get("target", 0.0),
        balking=p.get("balking", 0.0),
    )


# ---- lines that run out ----


def behind_lines(p: Parameters) -> Figures:
    """Pools that share a number of lines."""
    figures = separate_pools_with_shared_lines(
        pools=p["pools"],
        arrival_rate=p["arrival_rate"],
        service_rate=1 / p["work"],
        agents=p["agents"],
        lines=p["lines"],
        target=p["target"],
    )
    return {
        "blocked": figures.blocked,
        "delayed": figures.delayed,
        "wait_of_answered": figures.mean_wait,
        "in_target_of_answered": figures.in_target,
        "occupancy": figures.utilisation,
    }


def _one_pool_behind_lines(p: Parameters, extent: Extent) -> Model:
    """One pool waits only where every agent is busy: so many lines are so many agents and waiting places."""
    return a_pool(
        extent,
        arrival_rate=p["arrival_rate"],
        work=extent.exponential(p["work"]),
        agents=p["agents"],
        patience=Never(),
        target=p["target"],
        waiting_max=p["lines"] - p["agents"],
    )


# ---- one server ----


def _any_service(p: Parameters) -> Figures:
    return {"wait": mean_wait_fifo([Class(arrival_rate=p["arrival_rate"], mean=1, second_moment=1 + p["scv"])])}


def _any_service_model(p: Parameters, extent: Extent) -> Model:
    return a_pool(extent, arrival_rate=p["arrival_rate"], work=extent.law(1, p["scv"]), agents=1, patience=Never())


def _any_work_model(p: Parameters, extent: Extent) -> Model:
    """Work of a triangular law."""
    work = Triangular(**{f"{side}_ms": round(p[side] * extent.unit_ms) for side in ("low", "mode", "high")})
    return a_pool(extent, arrival_rate=1 / p["gap"], work=work, agents=p["agents"], patience=Never())


def _bursty(p: Parameters) -> Figures:
    arrivals = HyperexponentialArrivals(probabilities=tuple(p["probabilities"]), rates=tuple(p["rates"]))
    root, wait = bursty_queue(arrivals, service_rate=1 / p["work"])
    return {"delayed": root, "wait": wait}


def _bursty_model(p: Parameters, extent: Extent) -> Model:
    bursts = Bursts(probabilities=tuple(p["probabilities"]), means_ms=tuple(extent.unit_ms / rate for rate in p["rates"]))
    stream = Stream(kind="bursts", line=LINE, rates=(), work=extent.exponential(p["work"]), patience=Never(), bursts=bursts)
    return Model(
        unit_ms=extent.unit_ms,
        streams=(stream,),
        groups=(Group(name="agents", levels={LINE: 5}, staff=(1,)),),
        horizon_ms=extent.horizon_ms,
        warm_up_ms=extent.warm_up_ms,
    )


KINDS = {
    "loss": Kind(calculate=_loss, model=_loss_model, is_line=True),
    "patient pool": Kind(calculate=_patient, model=_patient_model, is_line=True),
    "fewest agents": Kind(calculate=_fewest, model=_fewest_model, is_line=True),
    "impatient pool": Kind(calculate=_impatient, model=_impatient_model, is_line=True),
    "one pool behind lines": Kind(calculate=behind_lines, model=_one_pool_behind_lines, is_line=True),
    "any work, from empty": Kind(model=_any_work_model, is_line=True),
    "any service": Kind(calculate=_any_service, model=_any_service_model, is_line=True),
    "bursty": Kind(calculate=_bursty, model=_bursty_model, is_line=True),
}
