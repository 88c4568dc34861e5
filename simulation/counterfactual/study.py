"""The recorded day under other policies and rosters: fit what the log does not hold, impute it several times, simulate, combine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import polars as pl

from routing.config.errors import ConfigError
from routing.model.time import Duration
from simulation.behaviour import Behaviour
from simulation.counterfactual.completing import has_left
from simulation.counterfactual.frames import differences_frame, values_frame
from simulation.counterfactual.imputed import Imputed, ImputedRule
from simulation.counterfactual.missing import Missing, missing_of
from simulation.counterfactual.rubin import IMPUTATIONS_MIN, combined
from simulation.demand import ReplayedLog
from simulation.experiment import Experiment, run_experiment
from simulation.fits.observed import observe
from simulation.fits.rules import BehaviourFit, FittedRule, behaviour_fit
from simulation.fits.write import TABLES, source_of, whom
from simulation.interactions import RecordedInteraction
from simulation.kpis.measure import AnyMeasure, Tally
from simulation.kpis.registry import MEASURES
from simulation.kpis.tabulate import LIVE, Row, Table
from simulation.laws import Law, Never
from simulation.recorded import RecordedLog
from simulation.scenario import Arm, Scenario
from simulation.statistics import Interval, replicate
from simulation.streams import Purpose, Streams
from simulation.workers import Crew

Values: TypeAlias = Mapping[str, Interval | None]
"""The interval of every measure by name; None where it is undefined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactual:
    """A recorded day under several arms: the first is the baseline. `values` and `differences` (arm minus baseline) are by arm.

    `measured` is the day as it happened, measured by the same code; None for a table, which has no events. All measures are those of live
    interactions where there is deferrable work beside them, as in every comparison. `statements` say what was known, what was imputed and
    what the intervals speak of; `missing` counts it.
    """

    log: RecordedLog
    scenario: Scenario
    arms: tuple[Arm, ...]
    imputations: int
    fit: BehaviourFit
    measured: Values | None
    values: Mapping[str, Values]
    differences: Mapping[str, Values]
    missing: Mapping[Purpose, Missing]
    statements: tuple[str, ...]

    def frame(self) -> pl.DataFrame:
        """Every measure of every arm, and of the day as it happened, one row each: arm, measure, unit, mean, low, high."""
        return values_frame(self)

    def differences_frame(self) -> pl.DataFrame:
        """Every difference from the first arm, one row each."""
        return differences_frame(self)

    def to_html(self) -> str:
        """The page: one file that needs nothing else."""
        from simulation.counterfactual.page import page_of  # noqa: PLC0415 - the plotting library takes longer to load than many a study

        return page_of(self)


def study(
    log: RecordedLog,
    scenario: Scenario,
    arms: tuple[Arm, ...],
    *,
    imputations: int,
    fitted_to: RecordedLog | None = None,
    redials_within_ms: Duration | None = None,
    workers: int = 1,
    crew: Crew | None = None,
    on_done: Callable[[], None],
) -> Counterfactual:
    """The recorded day of `log` under every arm; what is missing is fitted to `fitted_to`, by default to the log itself.

    With `redials_within_ms` redials are looked for in the log, and come only where the attempt before is lost again.

    Raises:
        ConfigError: there are fewer than five imputations, or the log tells neither waits nor handling.
    """
    if imputations < IMPUTATIONS_MIN:
        raise ConfigError(
            f"is less than {IMPUTATIONS_MIN}", key="imputations", value=imputations, remedy="Few imputations hide what is missing."
        )
    source = log if fitted_to is None else fitted_to
    fit = behaviour_fit(observe(source.interactions), source.name)
    if not fit.of(Purpose.PATIENCE) or not fit.of(Purpose.WORK):
        remedy = "It needs when customers were answered and when they ended, or left. Replay such a log with `careroute replay` instead."
        raise ConfigError("tells not enough of waits and handling to know what was missing", value=source.name, remedy=remedy)
    imputed = imputed_rules(fit, imputations, scenario.seed)
    demand = ReplayedLog(log=log.interactions, name=log.name, redials_within_ms=redials_within_ms, imputed=imputed)
    day = replace(scenario, demand=demand, behaviour=_beside(scenario.behaviour), backlog=(), notes=())
    experiment = Experiment(scenario=day, arms=arms, replications=imputations)
    results = run_experiment(experiment, workers=workers, crew=crew, on_done=on_done)
    tables = {arm.name: [result.tables[place] for result in results] for place, arm in enumerate(arms)}
    by_arm = {name: [_values_of(headline(table)) for table in of_arm] for name, of_arm in tables.items()}
    baseline = by_arm[arms[0].name]
    return Counterfactual(
        log=log,
        scenario=day,
        arms=arms,
        imputations=imputations,
        fit=fit,
        measured=None if log.measured is None else {name: _as_it_was(value) for name, value in _values_of(headline(log.measured)).items()},
        values={name: _combined(values, is_bounded=True) for name, values in by_arm.items()},
        differences={name: _combined(_minus(values, baseline)) for name, values in by_arm.items() if name != arms[0].name},
        missing=missing_of(log.interactions, imputed),
        statements=tuple(_statements(log.interactions, fit, imputations, are_redials_bound=redials_within_ms is not None)),
    )


def _beside(behaviour: Behaviour) -> Behaviour:
    """What of a behaviour goes beside a log, whose handling times hold what made agents quick or slow, and its rows who tried again."""
    quickness = replace(behaviour, proficiency=None, pace=(), learning=None, fatigue=None, hold=(), parallel=())
    return replace(quickness, balking=(), redial=(), resolution=())


def imputed_rules(fit: BehaviourFit, imputations: int, seed: int) -> Imputed:
    """The rules of a fit with one law an imputation, its parameters drawn from their uncertainty."""
    return Imputed(
        rules={
            purpose: tuple(
                ImputedRule(when=rule.when, laws=tuple(_law(rule, f"{purpose}{place}", seed, number) for number in range(imputations)))
                for place, rule in enumerate(fit.of(purpose))
            )
            for purpose in TABLES
        }
    )


def headline(table: Table) -> Row:
    """The tallies an answer is about: of live interactions where there is deferrable work beside them, with the agents' own."""
    return {**table.overall, **table.by_kind[LIVE]} if LIVE in table.by_kind else table.overall


def _law(rule: FittedRule, name: str, seed: int, imputation: int) -> Law | Never:
    chosen = rule.chosen
    if chosen is None:
        return rule.law
    generator = Streams(seed=seed, replication=imputation).generator(Purpose.IMPUTED_LAW, name)
    return chosen.drawn(generator.standard_normal(len(chosen.point)))


def _values_of(row: Row) -> dict[str, float | None]:
    return {name: _value(measure, row[name]) for name, measure in MEASURES.items() if name in row}


def _value(measure: AnyMeasure, tally: Tally) -> float | None:
    return replicate([tally], measure.scale).value


def _as_it_was(value: float | None) -> Interval | None:
    return None if value is None else Interval(value, None, None)


def _minus(values: Sequence[Mapping[str, float | None]], baseline: Sequence[Mapping[str, float | None]]) -> list[dict[str, float | None]]:
    """The paired differences: in each imputation all arms met the same customers."""
    return [
        {name: None if value is None or its[name] is None else value - (its[name] or 0.0) for name, value in mine.items()}
        for mine, its in zip(values, baseline, strict=True)
    ]


def _combined(values: Sequence[Mapping[str, float | None]], *, is_bounded: bool = False) -> Values:
    names = values[0]
    return {
        name: combined([one[name] for one in values], MEASURES[name].bounds) if is_bounded else combined([one[name] for one in values])
        for name in names
    }


def _statements(rows: Sequence[RecordedInteraction], fit: BehaviourFit, imputations: int, *, are_redials_bound: bool) -> Iterator[str]:
    answered = sum(1 for row in rows if row.answered_at_ms is not None)
    left = sum(1 for row in rows if has_left(row))
    yield (
        f"the {left:,} customers who left while waiting keep their patience as it was; of the {answered:,} who were answered it is unknown "
        "beyond their wait, and drawn from the fitted law given that"
    )
    handled = sum(1 for row in rows if row.handling_ms is not None)
    yield (
        f"the {handled:,} handling times of the log go with their customers, whoever serves them; the other {len(rows) - handled:,} are "
        "imputed, those of everybody who left among them"
    )
    yield (
        f"{imputations} imputations, each with parameters drawn from the uncertainty of the fits; 99 % intervals by Rubin's rules from the "
        "variance between them"
    )
    yield (
        "the intervals speak of this day alone, of what the log does not hold of it: another day like it would differ by its arrivals "
        "and its customers, too"
    )
    yield (
        "agents are those of the roster, with its chance of absence, and do what the behaviour file says, except that what makes them "
        "quicker or slower is in the handling times already; the platform cancels nothing"
    )
    if are_redials_bound:
        yield "a recorded redial comes where the attempt before it is lost again, and is then drawn anew from the behaviour file"
    else:
        yield (
            "who tried again, or came again, does so as in the log: a policy that makes fewer leave would have fewer of those, and is "
            "better than these figures say"
        )
    for rule in fit.of(Purpose.PATIENCE):
        if isinstance(rule.law, Never):
            yield f"nobody left{whom(rule)}: they are taken to wait without end, which is too kind to a policy that makes them wait"
    yield from law_statements(fit)


def law_statements(fit: BehaviourFit) -> Iterator[str]:
    """A line for each fitted law: for whom it is, from what, how, and how sure."""
    for purpose in TABLES:
        for rule in fit.of(purpose):
            yield f"{TABLES[purpose]}{whom(rule)}: {source_of(rule, fit.log)}"
