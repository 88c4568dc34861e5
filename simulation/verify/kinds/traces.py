"""Traces small enough to be worked out by hand, through the simulated world and the whole router."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from routing.config.roster import Roster, RosteredAgent, ShiftPattern
from routing.core.events import HandlingEnded, InteractionEnded, InteractionQueued, OfferAccepted, Recorded
from routing.model.interaction import EndCause, Interaction
from routing.model.site import WeightedScorer
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from routing.policy.presets.builtin import LONGEST_IDLE
from simulation.demand import Birth, Births
from simulation.laws import Constant, Never
from simulation.run import run_replication
from simulation.scenario import Scenario
from simulation.verify.cases import Parameters
from simulation.verify.kinds.kind import Figures, Kind
from simulation.verify.model import CHANNEL, ROSTER, Group, Model, Stream, arm_of, scenario_of

_ZERO_MS = MINUTE_MS
"""The trace's second 0, late enough that agents can become available before it."""

POLICIES = {
    "longest idle": LONGEST_IDLE,
    "fewest skills": replace(LONGEST_IDLE, name="fewest skills", scorers=(WeightedScorer(name="fewest_skills", weight_ms=MINUTE_MS),)),
    # Deadlines run before what else happens at an instant: the window is a millisecond longer than the second it has to include.
    "window": replace(LONGEST_IDLE, name="window", assigner="min_cost_flow", match_interval_ms=SECOND_MS + 1),
}


def _played(p: Parameters) -> Figures:
    """What happened to each call, in whole seconds after the zero of the trace, and how long all of them waited together."""
    model = _model(p)
    births = tuple(_birth(number, call) for number, call in enumerate(p["calls"], start=1))
    log: list[Recorded] = []
    run_replication(_scenario(p, model), arm_of(model), 0, [log.append], births=Births(births=births, excluded={}))
    return dict(_told(log))


def _model(p: Parameters) -> Model:
    skills = dict.fromkeys(call["skill"] for call in p["calls"])
    return Model(
        unit_ms=SECOND_MS,
        streams=tuple(Stream(kind=skill, line=skill, rates=(), work=Constant(value_ms=0), patience=Never()) for skill in skills),
        groups=tuple(
            Group(name=f"{number}", levels=dict.fromkeys(held, 5), staff=(1,)) for number, held in enumerate(p["agents"], start=1)
        ),
        horizon_ms=HOUR_MS,
        policy=POLICIES[p["policy"]],
    )


def _scenario(p: Parameters, model: Model) -> Scenario:
    """Agents become available at the trace's instants; wrap-up is bounded by an hour only."""
    scenario = scenario_of(model, seed=0, replication=0)
    members = tuple(_since(member, second) for member, second in zip(scenario.rosters[ROSTER].members, p["idle_since"], strict=True))
    queues = {name: replace(queue, wrap_up_limit_ms=HOUR_MS) for name, queue in scenario.site.queues.items()}
    return replace(scenario, site=replace(scenario.site, queues=queues), rosters={ROSTER: Roster(name=ROSTER, members=members)})


def _since(member: RosteredAgent, second: int) -> RosteredAgent:
    return replace(member, patterns=(ShiftPattern(start_ms=_ZERO_MS + second * SECOND_MS, end_ms=DAY_MS),))


def _birth(number: int, call: dict[str, Any]) -> Birth:
    patience = call.get("patience")
    return Birth(
        _ZERO_MS + call["at"] * SECOND_MS,
        Interaction(id=f"call {number}", channel=CHANNEL, type=call["skill"], attributes={}),
        None if patience is None else patience * SECOND_MS,
        call["talk"] * SECOND_MS,
        call.get("wrap_up", 0) * SECOND_MS,
        0,
    )


def _told(log: Sequence[Recorded]) -> Iterator[tuple[str, float]]:
    queued: dict[str, float] = {}
    total = 0.0
    for _, instant, _, event in log:
        at = float((instant - _ZERO_MS) // SECOND_MS)
        match event:
            case InteractionQueued(interaction=interaction):
                queued[interaction.id] = at
            case OfferAccepted(interaction_id=call, agent_id=agent_id):
                total += at - queued[call]
                yield f"agent of {call}", float(agent_id.partition("-")[0])
                yield f"start of {call}", at
            case HandlingEnded(interaction_id=call):
                yield f"end of {call}", at
            case InteractionEnded(interaction_id=call, cause=EndCause.HANDLED):
                yield f"agent free after {call}", at
            case InteractionEnded(interaction_id=call):
                total += at - queued[call]
                yield f"{call} leaves", at
            case _:
                pass
    yield "total wait", total


KINDS = {"trace": Kind(route=_played)}
