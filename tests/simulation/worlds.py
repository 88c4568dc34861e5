"""Builders of small simulated worlds: a scenario on 1 January 1970 UTC, so that instants are milliseconds since that midnight."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from routing.config.roster import Roster, RosteredAgent, ShiftPattern
from routing.core.events import HandlingEnded, InteractionEnded, InteractionQueued, OfferAccepted, Recorded
from routing.model.agent import Agent
from routing.model.interaction import EndCause, Interaction
from routing.model.site import PolicySpec, Site
from routing.model.time import DAY_MS, HOUR_MS, Duration, Instant
from simulation.behaviour import Behaviour, BehaviourRule
from simulation.demand import Birth, Births, Demand, DrawnDemand
from simulation.laws import Constant, Exponential, Law, Never
from simulation.scenario import Arm, AtEnd, Calendar, Scenario
from tests.builders import a_site, an_interaction

ASSUMED = "assumption: a test"


def a_shift(start_ms: Duration = 0, end_ms: Duration = DAY_MS, *, breaks: Iterable[tuple[Duration, Duration]] = ()) -> ShiftPattern:
    """A shift on every day, the whole day long by default."""
    return ShiftPattern(start_ms=start_ms, end_ms=end_ms, breaks=tuple(breaks))


def a_member(agent: Agent, *shifts: ShiftPattern, shrinkage_per_mille: int = 0) -> RosteredAgent:
    """An agent on the given shifts; the whole day without any."""
    return RosteredAgent(agent=agent, patterns=shifts or (a_shift(),), shrinkage_per_mille=shrinkage_per_mille)


def a_roster(*members: RosteredAgent, name: str = "planned") -> Roster:
    """A roster of the given members."""
    return Roster(name=name, members=members)


def a_rule_of(law: Law | Never, **when: str) -> BehaviourRule:
    """A behaviour rule; `when` gives one value a field."""
    return BehaviourRule(when={name: (value,) for name, value in when.items()}, law=law, source=ASSUMED)


def a_behaviour(**overrides: Any) -> Behaviour:
    """Nobody leaves, work takes a minute, agents answer at once and return after a minute; `overrides` replaces any field."""
    behaviour = Behaviour(
        patience=(a_rule_of(Never()),),
        work=(a_rule_of(Constant(value_ms=60_000)),),
        wrap_up=(),
        answer=(),
        return_after=Constant(value_ms=60_000),
        return_after_source=ASSUMED,
    )
    return replace(behaviour, **overrides)


def a_scenario(
    roster: Roster, *, site: Site | None = None, demand: Demand | None = None, behaviour: Behaviour | None = None, **overrides: Any
) -> Scenario:
    """One day with one roster, nothing left out and nothing left over; `overrides` replaces any other field of `Scenario`."""
    scenario = Scenario(
        name="test",
        site=site or a_site(),
        policies={},
        behaviour=behaviour or a_behaviour(),
        rosters={roster.name: roster},
        demand=demand or DrawnDemand(streams=(), description="none"),
        backlog=(),
        calendar=Calendar(date=dt.date(1970, 1, 1), days=1, zone="UTC"),
        starts_at=0,
        ends_at=DAY_MS,
        opening_hours={},
        at_end=AtEnd.SERVE_OUT,
        serve_out_limit_ms=12 * HOUR_MS,
        seed=1,
    )
    return replace(scenario, **overrides)


def an_arm(scenario: Scenario, policy: PolicySpec | None = None) -> Arm:
    """The scenario's first roster under a policy, by default the site's."""
    chosen = policy or scenario.site.policy
    return Arm(name=chosen.name, policy=chosen, roster=next(iter(scenario.rosters)))


def a_birth(
    interaction: Interaction | None = None,
    *,
    at: Instant = 0,
    patience_ms: Duration | None = None,
    work_ms: Duration = 60_000,
    wrap_up_ms: Duration = 0,
    answer_delay_ms: Duration = 0,
) -> Birth:
    """A birth whose customer never leaves and whose agent answers at once."""
    return Birth(at, interaction or an_interaction(), patience_ms, work_ms, wrap_up_ms, answer_delay_ms)


def the_births(*births: Birth) -> Births:
    """Births as a scenario would have made them."""
    return Births(births=births, excluded={})


def exponential(mean_ms: Duration) -> tuple[BehaviourRule, ...]:
    """One rule for everything: exponential with a mean."""
    return (a_rule_of(Exponential(mean_ms=mean_ms)),)


def story_of(log: Iterable[Recorded]) -> Mapping[str, dict[str, Instant | str]]:
    """What happened to each interaction, from the log: who answered and when, when the talk ended and when the agent was free."""
    told: dict[str, dict[str, Instant | str]] = {}
    for _, at, _, event in log:
        match event:
            case InteractionQueued():
                told[event.interaction.id] = {}
            case OfferAccepted():
                told[event.interaction_id] |= {"agent": event.agent_id, "start": at}
            case HandlingEnded():
                told[event.interaction_id] |= {"end_talk": at}
            case InteractionEnded(cause=EndCause.HANDLED):
                told[event.interaction_id] |= {"agent_free": at}
            case InteractionEnded():
                told[event.interaction_id] |= {f"{event.cause}_at": at}
            case _:
                pass
    return told
