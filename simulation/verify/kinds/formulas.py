"""Figures that only a calculator has: limits, bounds, plans, procedures."""

import math

from simulation.theory.erlang import agents_for_delay
from simulation.theory.many_agents import fluid_abandoned, fluid_wait, garnett_delayed, halfin_whitt_delayed, square_root_staffing
from simulation.theory.planning import least_utilisation
from simulation.theory.selection import allocate, days_for_half_width, kim_nelson_constants
from simulation.verify.cases import Parameters
from simulation.verify.kinds.kind import Figures, Kind


def _halfin_whitt(p: Parameters) -> Figures:
    return {"delayed": halfin_whitt_delayed(p["beta"])}


def _garnett(p: Parameters) -> Figures:
    beta = (p["agents"] - p["load"]) / math.sqrt(p["load"])
    return {"delayed": garnett_delayed(beta, service_rate=p["service_rate"], patience_rate=p["patience_rate"])}


def _square_root(p: Parameters) -> Figures:
    beta, agents = square_root_staffing(p["load"], delayed=p["delayed"])
    return {"beta": beta, "agents": agents, "agents_exact": agents_for_delay(arrival_rate=p["load"], service_rate=1, delayed=p["delayed"])}


def _fluid(p: Parameters) -> Figures:
    mean = p["patience"]
    quantile = {"exponential": lambda share: -mean * math.log(1 - share), "uniform": lambda share: 2 * mean * share}[p["patience_law"]]
    return {"abandoned": fluid_abandoned(p["utilisation"]), "wait": fluid_wait(p["utilisation"], quantile)}


def _plan(p: Parameters) -> Figures:
    return {
        "least_utilisation": least_utilisation(
            arrival_rates=p["arrival_rates"], pool_sizes=p["pool_sizes"], service_rates=p["service_rates"]
        )
    }


def _allocation(p: Parameters) -> Figures:
    given = allocate(means=p["means"], variances=p["variances"], done=p["done"], more=p["more"])
    return {f"more:{number}": more for number, more in enumerate(given)}


def _kim_nelson(p: Parameters) -> Figures:
    eta, h_squared = kim_nelson_constants(alternatives=p["alternatives"], error=p["error"], first_stage=p["first_stage"])
    return {"eta": eta, "h_squared": h_squared}


def _days(p: Parameters) -> Figures:
    return {"days": days_for_half_width(standard_deviation=p["standard_deviation"], half_width=p["half_width"], confidence=p["confidence"])}


KINDS = {
    "Halfin-Whitt limit": Kind(calculate=_halfin_whitt),
    "Garnett limit": Kind(calculate=_garnett),
    "square-root staffing": Kind(calculate=_square_root),
    "fluid limit": Kind(calculate=_fluid),
    "static plan": Kind(calculate=_plan),
    "OCBA": Kind(calculate=_allocation),
    "KN constants": Kind(calculate=_kim_nelson),
    "days needed": Kind(calculate=_days),
}
