"""The Python interface of staffing: scheduled agents against required ones, and the cheapest roster that keeps the promise."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from routing.config.errors import ConfigError, did_you_mean
from routing.model.time import Duration
from simulation.api import arms_named
from simulation.arguments import loaded_scenario, nobody, refuse_below
from simulation.scenario import Arm, Scenario
from simulation.staffing.cuts.plan import Effort, StaffingPlan, cheapest_plan, problem_of
from simulation.staffing.cuts.sample import Problem
from simulation.staffing.cuts.search import Step
from simulation.staffing.required import Method
from simulation.staffing.rules import Rule
from simulation.staffing.table import StaffingTable, scheduled_against_required
from simulation.workers import Crew, crew_of


def nobody_begins(problem: Problem) -> None:
    """Takes no notice of what is staffed."""


def nobody_steps(step: Step) -> None:
    """Takes no notice of a plan."""


def staffing_table(
    scenario: Path | str | Scenario,
    *,
    roster: str | None = None,
    channels: Sequence[str] | None = None,
    interval_ms: Duration = 1_800_000,
    rule: Rule | str = Rule.SIPP,
    method: Method | None = None,
    target_ms: Duration | None = None,
    share: float | None = None,
    by_queue: bool = False,
    replications: int = 20,
    workers: int = 1,
    crew: Crew | None = None,
    on_round: Callable[[], None] = nobody,
) -> StaffingTable:
    """The agents of a roster (default: the scenario's first) beside those that the load asks for; see `scheduled_against_required`.

    `workers` and `crew` are those of `compare`, for the one rule that simulates.

    Raises:
        ConfigError: a file, a name or a number cannot be used.
    """
    loaded = loaded_scenario(scenario)
    named = _rule(rule)
    refuse_below("interval_ms", interval_ms, least=60_000)
    refuse_below("replications", replications, least=1)
    refuse_below("workers", workers, least=1)
    with nullcontext(crew) if crew is not None else crew_of(workers=workers if named is Rule.ISA else 1) as chosen:
        return scheduled_against_required(
            loaded,
            next(iter(loaded.rosters)) if roster is None else roster,
            channels=channels,
            interval_ms=interval_ms,
            rule=named,
            method=method,
            target_ms=target_ms,
            share=share,
            by_queue=by_queue,
            replications=replications,
            crew=chosen,
            on_round=on_round,
        )


def _rule(name: str) -> Rule:
    known = [one.value for one in Rule]
    if name not in known:
        raise ConfigError("is not a rule of staffing", key="rule", value=name, remedy=did_you_mean(name, known))
    return Rule(name)


def find_roster(
    scenario: Path | str | Scenario,
    *,
    roster: str | None = None,
    policy: str | None = None,
    queues: Sequence[str] | None = None,
    every_ms: Duration | None = None,
    target_ms: Duration | None = None,
    share: float | None = None,
    at_most: int | None = None,
    replications: int = 20,
    fresh_days: int = 50,
    plans_max: int = 300,
    seed: int | None = None,
    workers: int = 1,
    crew: Crew | None = None,
    on_begin: Callable[[Problem], None] = nobody_begins,
    on_step: Callable[[Step], None] = nobody_steps,
    on_day: Callable[[], None] = nobody,
) -> StaffingPlan:
    """The cheapest numbers of alike agents with which the queues reach their service levels, with a certificate on fresh days.

    The groups are those of `roster` (default: the scenario's first), with at most `at_most` agents each. `policy` is the site's by default.
    The goals are those of the `queues`, by default all with live work: each its own service level, or `share` (0 to 1) within `target_ms`;
    over the horizon, or in every interval of `every_ms`. Plans meet the same `replications` days, at most `plans_max` of them for each
    attempt; the first certificate takes `fresh_days`. `on_begin` is told what is staffed, `on_step` every plan that is tried, `on_day` is
    called after each simulated day. The other arguments are those of `compare`.

    Raises:
        ConfigError: a file, a name or a number cannot be used.
        WorkersLost: workers died again and again.
    """
    loaded = loaded_scenario(scenario, seed)
    for name, value, least in (("replications", replications, 2), ("fresh_days", fresh_days, 2), ("plans_max", plans_max, 1)):
        refuse_below(name, value, least=least)
    refuse_below("workers", workers, least=1)
    if at_most is not None:
        refuse_below("at_most", at_most, least=1)
    if every_ms is not None:
        refuse_below("every_ms", every_ms, least=60_000)
    arm = arm_named(loaded, policy, roster)
    problem = problem_of(loaded, arm.roster, arm.policy, queues=queues, every_ms=every_ms, target_ms=target_ms, share=share)
    on_begin(problem)
    effort = Effort(replications=replications, fresh_days=fresh_days, plans_max=plans_max)
    with nullcontext(crew) if crew is not None else crew_of(workers=workers) as chosen:
        return cheapest_plan(problem, effort, at_most=at_most, crew=chosen, on_step=on_step, on_day=on_day)


def arm_named(scenario: Scenario, policy: str | None, roster: str | None) -> Arm:
    """The policy (None: the site's) under the roster (None: the scenario's first).

    Raises:
        ConfigError: one of them is not known.
    """
    if policy is None:
        name = next(iter(scenario.rosters)) if roster is None else roster
        if name not in scenario.rosters:
            raise ConfigError("is not a roster of the scenario", key="roster", value=name, remedy=did_you_mean(name, scenario.rosters))
        return Arm(name=scenario.site.policy.name, policy=scenario.site.policy, roster=name)
    return arms_named(scenario, [policy], None if roster is None else [roster])[0]
