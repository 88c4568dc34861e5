"""The found roster on a terminal, line by line while it is searched, and as JSON."""

import datetime as dt
import json
import math
from collections.abc import Iterator
from typing import Any, Final

from simulation.staffing.cuts.certificate import Certificate
from simulation.staffing.cuts.goals import Goal
from simulation.staffing.cuts.groups import Plan
from simulation.staffing.cuts.plan import StaffingPlan, Tried
from simulation.staffing.cuts.sample import Problem
from simulation.staffing.cuts.search import Step

SCHEMA: Final = "careroute/staffing-plan/1"


def step_line(problem: Problem, step: Step, number: int) -> str:
    """One plan that was tried: what it is, what it costs, and what it misses."""
    missing = "reaches every goal"
    if step.worst is not None:
        missing = f"misses {goal_text(problem, problem.goals[step.worst])} by {100 * step.missing:.1f} points"
    return f"{number:3} {step.phase}: {plan_text(problem, step.plan)}; cost {step.cost:,.2f}; {missing}"


def plan_text(problem: Problem, plan: Plan) -> str:
    """The numbers of a plan by group."""
    return ", ".join(f"{group.name} {count}" for group, count in zip(problem.groups, plan, strict=True))


def goal_text(problem: Problem, goal: Goal) -> str:
    """The goal in words."""
    scenario = problem.scenario
    stated = scenario.site.queues[goal.queue].service_level.target_ms if goal.target_ms is None else goal.target_ms
    is_whole = (goal.starts_at, goal.ends_at) == (scenario.starts_at, scenario.ends_at)
    times = [dt.datetime.fromtimestamp(at / 1_000, scenario.calendar.zone_info) for at in (goal.starts_at, goal.ends_at)]
    text = "%H:%M" if scenario.days == 1 else "%a %d %H:%M"
    when = "" if is_whole else f" {times[0]:{text}} to {times[1]:{text}}"
    return f"{goal.queue}{when} ({100 * goal.share:g} % in {stated / 1_000:g} s)"


def lines(plan: StaffingPlan) -> Iterator[str]:
    """The answer, what stands beside it, how sure it is, and what it rests on."""
    problem = plan.problem
    money = "cost" if problem.groups[0].members[0].hourly_cost is not None else "paid hours"
    if plan.found is None:
        yield "No plan was found that reaches every goal."
    else:
        sure = "certified" if plan.is_certified else "NOT CERTIFIED"
        yield f"{plan_text(problem, plan.found.plan)}: {money} {plan.found.cost:,.2f}, {sure}."
        yield from _goal_lines(plan)
        yield f"Least utilisation of the busiest agents (rho*): {_rho(plan.found)}; at 1 or above no policy carries the work."
    listed = plan.as_listed
    yield f"Roster {problem.roster_name} as listed: {plan_text(problem, listed.plan)}; {money} {listed.cost:,.2f}; rho* {_rho(listed)}."
    for goal, level in zip(problem.goals, listed.levels, strict=True):
        yield f"    {goal_text(problem, goal)}: {100 * level:.1f} % on the sample"
    if listed.utilisation >= 1:
        yield "    ITS SKILLS CANNOT CARRY THE WORK, whatever the policy: lines grow until customers leave."
    if plan.alone.plan is not None and plan.alone.cost is not None:
        yield f"Each queue alone by Erlang, no skill shared: {plan_text(problem, plan.alone.plan)}; {money} {plan.alone.cost:,.2f}."
    else:
        yield "Each queue alone by Erlang: the shifts of those who may serve all of a queue's work do not cover it."
    yield from _proof_lines(plan)


def _goal_lines(plan: StaffingPlan) -> Iterator[str]:
    if plan.found is None or not plan.certificates:
        return
    last = plan.certificates[-1]
    for goal, level, fresh, lower in zip(plan.problem.goals, plan.found.levels, last.levels, last.lower, strict=True):
        verdict = "" if lower >= goal.share else "; UNPROVED"
        text = f"{100 * level:.1f} % on the sample, {100 * fresh:.1f} % on fresh days, at least {100 * lower:.1f} %"
        yield f"    {goal_text(plan.problem, goal)}: {text}{verdict}"
    yield f"    {_of(last)}; attempt {len(plan.certificates)}, and the errors of all attempts add up to less than 5 %."


def _of(certificate: Certificate) -> str:
    return f"Lower bounds of {certificate.days} fresh days, all together with {100 * (1 - certificate.error):g} %"


def _proof_lines(plan: StaffingPlan) -> Iterator[str]:
    sample = f"{plan.simulated} plans on the same {plan.replications} days"
    most = max(plan.at_most)
    if plan.found is None:
        left = "none is left" if plan.bound is None else f"none cheaper than {plan.bound:,.2f} does"
        yield f"{sample}, up to {most} agents of each group: {left}."
        if plan.steps[0].worst is not None:
            goal = goal_text(plan.problem, plan.problem.goals[plan.steps[0].worst])
            missing = f"{100 * plan.steps[0].missing:.1f} points"
            yield f"As many as that of each miss {goal} by {missing}: doors, requirements or the limit are in the way."
        return
    if any(count == limit for count, limit in zip(plan.found.plan, plan.at_most, strict=True)):
        yield f"A group is at the limit of {most} agents: with a higher --at-most there may be a cheaper plan."
    if any(plan.margins):
        raised = ", ".join(
            f"{goal_text(plan.problem, goal)} by {100 * margin:.1f} points"
            for goal, margin in zip(plan.problem.goals, plan.margins, strict=True)
            if margin
        )
        yield f"After a certificate was refused the sample had to show more: {raised}."
    if plan.is_cheapest_on_sample:
        yield f"{sample}: no plan that reaches the goals there is cheaper, as far as a further agent harms nobody."
    else:
        least = "unknown" if plan.bound is None else f"{plan.bound:,.2f}"
        yield f"{sample}, then the budget was used up: a plan might cost as little as {least}. Not proved to be the cheapest."


def _rho(tried: Tried) -> str:
    return "infinite: some work has nobody" if math.isinf(tried.utilisation) else f"{tried.utilisation:.3f}"


def to_json(plan: StaffingPlan) -> str:
    """The document `careroute/staffing-plan/1`, with a line break at its end."""
    return json.dumps(document_of(plan), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def document_of(plan: StaffingPlan) -> dict[str, Any]:
    """The document as plain data."""
    problem = plan.problem
    return {
        "schema": SCHEMA,
        "scenario": problem.scenario.name,
        "seed": problem.scenario.seed,
        "roster": problem.roster_name,
        "policy": problem.policy.name,
        "groups": [
            {"name": one.name, "listed": len(one.members), "at_most": most, "cost": one.cost, "paid_h": one.paid_h}
            for one, most in zip(problem.groups, plan.at_most, strict=True)
        ],
        "goals": [
            {
                "queue": goal.queue,
                "starts_at": goal.starts_at,
                "ends_at": goal.ends_at,
                "target_ms": goal.target_ms,
                "share": goal.share,
                "margin": margin,
            }
            for goal, margin in zip(problem.goals, plan.margins, strict=True)
        ],
        "found": None if plan.found is None else _plain(plan.found),
        "is_certified": plan.is_certified,
        "is_cheapest_on_sample": plan.is_cheapest_on_sample,
        "bound": plan.bound,
        "certificates": [
            {"first": one.first, "days": one.days, "error": one.error, "levels": list(one.levels), "lower": list(one.lower)}
            for one in plan.certificates
        ],
        "as_listed": _plain(plan.as_listed),
        "each_alone": None if plan.alone.plan is None else {"plan": list(plan.alone.plan), "cost": plan.alone.cost},
        "replications": plan.replications,
        "simulated_plans": plan.simulated,
        "steps": [
            {"phase": one.phase, "plan": list(one.plan), "cost": one.cost, "worst_goal": one.worst, "missing": one.missing}
            for one in plan.steps
        ],
        "assumptions": list(problem.scenario.stated_assumptions(problem.roster_name)),
        "notes": list(problem.scenario.notes),
    }


def _plain(tried: Tried) -> dict[str, Any]:
    rho = None if math.isinf(tried.utilisation) else tried.utilisation
    return {"plan": list(tried.plan), "cost": tried.cost, "utilisation": rho, "levels": list(tried.levels)}
