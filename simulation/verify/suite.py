"""Runs the cases on as many processes as there are and judges them; the results do not depend on how many."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scipy import stats

from simulation.kpis.measure import Tally
from simulation.verify.cases import RELATIVE_ERROR_MAX, Case, Setting, Simulation
from simulation.verify.figures import scale_of
from simulation.verify.kinds import KINDS
from simulation.verify.model import Model
from simulation.verify.trial import (
    CONTROL,
    OTHER,
    Carrier,
    Done,
    Job,
    Role,
    carrier_of,
    carry_out,
    customers_a_replication,
    model_of,
    simulated_names,
)
from simulation.verify.verdicts import Estimate, Known, Level, Result, Run, Verdict, corrected, estimate, judge, judge_calculated, paired
from simulation.workers import Crew, Shared, Task

SEED = 1
SECOND_SEED = 1_000_001
"""Of the run after a miss."""
LONGER = 4
BOUND = "at best "
"""What a figure is called where it is held against a bound that nothing can beat."""
_CUSTOMERS_A_TASK = {Carrier.ROUTER: 25_000, Carrier.RECURSION: 1_500_000, Carrier.LOOP: 500_000}
_BY_RULE = "run again with another seed and four times the length"

Work: TypeAlias = Callable[[Sequence[Job]], list[Done]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One run of a setting: the tallies of its replications by figure, and where the world and what stands in for it disagreed."""

    by: str
    seed: int
    replications: int
    customers: int
    tallies: tuple[dict[str, Tally], ...]
    differences: tuple[str, ...]


def verify(cases: Sequence[Case], *, is_quick: bool, crew: Crew, on_done: Callable[[int, int], None]) -> list[Result]:
    """Every figure of the cases, judged, in their order. `on_done` is told how many jobs of how many are done, stage by stage."""
    work = _done_by(crew, on_done)
    results = _calculated(cases, work)
    chosen = [(case, setting) for case in cases for setting in case.settings if _is_simulated(case, setting, is_quick=is_quick)]
    first = _attempts(chosen, work, is_quick=is_quick, seed=SEED, times=1)
    for (case, setting), attempt in zip(chosen, first, strict=True):
        results += _judged(case, setting, attempt, is_quick=is_quick)
    missed = {(one.id, one.setting) for one in results if one.verdict is Verdict.FAIL and one.runs}
    again = [(case, setting) for case, setting in chosen if (case.id, setting.name) in missed]
    second = _attempts(again, work, is_quick=is_quick, seed=SECOND_SEED, times=LONGER)
    for (case, setting), attempt in zip(again, second, strict=True):
        results = _replaced(results, _judged(case, setting, attempt, is_quick=is_quick))
    results += _not_simulated(cases)
    order = {case.id: place for place, case in enumerate(cases)}
    return sorted(results, key=lambda one: order[one.id])


def _is_simulated(case: Case, setting: Setting, *, is_quick: bool) -> bool:
    return case.simulation is not None and not setting.reason and (case.simulation.quick if is_quick else case.simulation.full) > 0


def _done_by(crew: Crew, on_done: Callable[[int, int], None]) -> Work:
    """Does jobs with a crew; the answers come in the order of the jobs, whoever was faster."""

    def work(jobs: Sequence[Job]) -> list[Done]:
        found: dict[int, Done] = {}
        nothing = Shared(None)
        for task, done in crew.run(Task(_numbered, nothing, (number, job)) for number, job in enumerate(jobs)):
            found[task.item[0]] = done
            on_done(len(found), len(jobs))
        return [found[number] for number in range(len(jobs))]

    return work


def _numbered(_: None, item: tuple[int, Job]) -> Done:
    return carry_out(item[1])


# ---- calculators, and traces by hand ----


def _calculated(cases: Sequence[Case], work: Work) -> list[Result]:
    jobs = [
        Job(case=case, setting=setting, role=role)
        for case in cases
        for setting in case.settings
        for role, function in ((Role.CALCULATE, KINDS[case.kind].calculate), (Role.ROUTE, KINDS[case.kind].route))
        if function is not None
    ]
    results = []
    for job, done in zip(jobs, work(jobs), strict=True):
        level = Level.ROUTER if job.role is Role.ROUTE else Level.CALCULATOR
        allowed = RELATIVE_ERROR_MAX.get(job.case.exactness, 0.0)
        for name, expected in job.setting.expected.items():
            if name not in done.figures:
                continue
            reason = judge_calculated(expected, done.figures[name], allowed)
            results.append(
                Result(
                    id=job.case.id,
                    setting=job.setting.name,
                    metric=name,
                    level=level,
                    expected=expected,
                    simulated=done.figures[name],
                    half_width=None,
                    verdict=Verdict.FAIL if reason else Verdict.PASS,
                    reason=reason,
                )
            )
    return results


def _not_simulated(cases: Sequence[Case]) -> list[Result]:
    return [
        Result(
            id=case.id,
            setting=setting,
            metric="",
            level=Level.SIMULATOR,
            expected=None,
            simulated=None,
            half_width=None,
            verdict=Verdict.CALCULATOR_ONLY,
            reason=reason,
        )
        for case in cases
        for setting, reason in (("", case.reason), *((one.name, one.reason) for one in case.settings))
        if reason
    ]


# ---- runs ----


def _attempts(chosen: Sequence[tuple[Case, Setting]], work: Work, *, is_quick: bool, seed: int, times: int) -> list[Attempt]:
    """One attempt a setting; the tasks of all settings are done side by side."""
    tasks_of = [_tasks(case, setting, seed=seed, replications=times * _replications(case, is_quick=is_quick)) for case, setting in chosen]
    answers = iter(work([task for tasks in tasks_of for task in tasks]))
    return [_attempt(tasks, [next(answers) for _ in tasks]) for tasks in tasks_of]


def _replications(case: Case, *, is_quick: bool) -> int:
    simulation = _simulation(case)
    return simulation.quick if is_quick else simulation.full


def _simulation(case: Case) -> Simulation:
    if case.simulation is None:
        raise ValueError(f"the case {case.id} is not simulated")
    return case.simulation


def _tasks(case: Case, setting: Setting, *, seed: int, replications: int) -> list[Job]:
    carrier = carrier_of(case, setting)
    step = max(1, round(_CUSTOMERS_A_TASK[carrier] / customers_a_replication(model_of(case, setting))))
    role = Role.SIMULATE if carrier is Carrier.ROUTER else Role.STAND_IN
    pieces = [
        Job(case=case, setting=setting, role=role, seed=seed, first=first, last=min(first + step, replications))
        for first in range(0, replications, step)
    ]
    return pieces if carrier is Carrier.ROUTER else [Job(case=case, setting=setting, role=Role.AGREE, seed=seed), *pieces]


def _attempt(tasks: Sequence[Job], answers: Sequence[Done]) -> Attempt:
    pieces = [done for task, done in zip(tasks, answers, strict=True) if task.role is not Role.AGREE]
    return Attempt(
        by=carrier_of(tasks[0].case, tasks[0].setting).value,
        seed=tasks[0].seed,
        replications=tasks[-1].last,
        customers=sum(done.customers for done in pieces),
        tallies=tuple(one for done in pieces for one in done.tallies),
        differences=tuple(text for done in answers for text in done.differences),
    )


def _judged(case: Case, setting: Setting, attempt: Attempt, *, is_quick: bool) -> list[Result]:
    results = []
    for name, (found, known) in _found(case, setting, attempt, is_quick=is_quick).items():
        reason = "; ".join(attempt.differences) or judge(known, found)
        run = Run(
            by=attempt.by,
            seed=attempt.seed,
            replications=attempt.replications,
            customers=attempt.customers,
            simulated=found.value,
            half_width=found.half_width,
        )
        results.append(
            Result(
                id=case.id,
                setting=setting.name,
                metric=name,
                level=Level.PUBLISHED if known.interval is not None else Level.SIMULATOR,
                expected=known.value,
                simulated=found.value,
                half_width=found.half_width,
                verdict=Verdict.FAIL if reason else Verdict.PASS,
                reason=reason,
                runs=(run,),
            )
        )
    return results


def _found(case: Case, setting: Setting, attempt: Attempt, *, is_quick: bool) -> dict[str, tuple[Estimate, Known]]:
    """Every figure that the runs give, beside what is known of it."""
    model = model_of(case, setting)
    found: dict[str, tuple[Estimate, Known]] = {}
    for name in simulated_names(setting):
        for what, guess in _estimates(case, setting, attempt, name, model):
            if what in setting.expected or what in setting.at_least:
                found[what] = guess, _known(setting, _simulation(case), what, guess, is_quick=is_quick)
    return found


def _estimates(case: Case, setting: Setting, attempt: Attempt, name: str, model: Model) -> Iterator[tuple[str, Estimate]]:
    """What the runs say of a figure: the figure, which may have a bound too; or of two arms what a pair tells."""
    kind, scale, tallies = KINDS[case.kind], scale_of(name, model), [one[name] for one in attempt.tallies]
    if kind.other is not None:
        difference, ratio = paired(tallies, [one[f"{OTHER}{name}"] for one in attempt.tallies], scale)
        yield f"difference of {name}", difference
        yield f"variance ratio of {name}", ratio
        return
    if kind.control is None:
        guess = estimate(tallies, scale)
    else:
        _, known = kind.control(setting.parameters, model)
        guess = corrected(
            tallies,
            scale,
            [([one[f"{CONTROL}{its}"] for one in attempt.tallies], scale_of(its, model), value) for its, value in known.items()],
        )
    yield name, guess
    yield f"{BOUND}{name}", guess


def _known(setting: Setting, simulation: Simulation, name: str, found: Estimate, *, is_quick: bool) -> Known:
    figure = name.removeprefix(BOUND)
    kinds = (figure, figure.partition(":")[0], figure.rpartition("_")[0], figure.partition(":")[0].rpartition("_")[0])
    widths = {**simulation.width_max_of, **setting.width_max_of}
    width_max = next((widths[one] for one in kinds if one in widths), simulation.width_max)
    width_max *= simulation.quick_factor if is_quick else 1
    if name in setting.at_least:
        return Known(value=setting.at_least[name], width_max=width_max, is_bound=True)
    value, interval = setting.expected[name], setting.published.get(name)
    if interval is None and simulation.published_runs is not None and found.deviation is not None:
        interval = _interval_of(value, simulation.published_runs, found.deviation)
    return Known(value=value, width_max=width_max, interval=interval)


def _interval_of(mean: float, runs: int, deviation: float) -> tuple[float, float]:
    """The 95 % interval that a printed mean of so many runs has, one run having this deviation."""
    half = float(stats.t.ppf(0.975, runs - 1)) * deviation / runs**0.5
    return mean - half, mean + half


def _replaced(results: list[Result], later: list[Result]) -> list[Result]:
    """What failed gives way to its second run, which knows of the first."""
    by_key = {(one.id, one.setting, one.metric): one for one in later}
    return [_second(one, by_key.get((one.id, one.setting, one.metric))) for one in results]


def _second(first: Result, second: Result | None) -> Result:
    if second is None or first.verdict is not Verdict.FAIL or not first.runs:
        return first
    because = f"{first.reason}; {_BY_RULE}"
    reason = f"{because}: {second.reason}" if second.reason else because
    return Result(
        id=first.id,
        setting=first.setting,
        metric=first.metric,
        level=first.level,
        expected=second.expected,
        simulated=second.simulated,
        half_width=second.half_width,
        verdict=second.verdict,
        reason=reason,
        runs=(*first.runs, *second.runs),
    )
