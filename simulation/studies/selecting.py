"""Choosing the best of many arms: KN, which drops what is left behind and guarantees its choice, or OCBA, which spreads a budget.

Replications come in batches of a fixed size, so that the choice does not depend on the number of workers. Every arm runs its replications
from the first on, and a replication brings the same customers to every arm that runs it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from routing.config.errors import ConfigError
from simulation.comparison import are_two_kinds, headline_rows
from simulation.experiment import Experiment, ReplicationResult, run_part, run_some
from simulation.kpis.measure import Better
from simulation.kpis.registry import MEASURES
from simulation.kpis.tabulate import LIVE, Row, Table
from simulation.statistics.estimates import Interval, Replicated, interval, replicate
from simulation.statistics.goals import parse_measure, parse_width
from simulation.statistics.selection import Screening, chance_of_right_choice, screening, spread
from simulation.workers import Crew, Shared, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """KN: the best arm by `measure`, if it is better than every other by `indifference` (in the measure's unit), but for `error`."""

    measure: str
    indifference: float
    error: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """OCBA: the best arm by `measure` that `replications`, of all arms together, can find."""

    measure: str
    replications: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What became of one arm: its value, from how many replications, and after how many it was dropped (None: it stayed)."""

    arm: str
    value: Interval | None
    replications: int
    dropped_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The chosen arm, and all of them in their order. `chance`: a lower bound on the probability that the choice is right.

    Under KN it is the guarantee; under OCBA an estimate from the variances seen. `is_live_only`: the measure is of live interactions.
    """

    how: Best | Budget
    first_stage: int
    batch: int
    chosen: str
    chance: float
    candidates: tuple[Candidate, ...]
    is_live_only: bool


def parse_selection(text: str, *, indifference: str | None, budget: int | None) -> Best | Budget:
    """What "best:MEASURE" or "ocba:MEASURE" asks for.

    Raises:
        ConfigError: it is neither, or what goes with it is missing or of no use.
    """
    kind, _, name = text.partition(":")
    if kind not in {"best", "ocba"} or not name:
        remedy = "Write best:service_level (with --indifference) or ocba:service_level (with --budget)."
        raise ConfigError("is no way to choose", key="--select", value=text, remedy=remedy)
    measure = parse_measure(name, key="--select")
    if kind == "best":
        if indifference is None or budget is not None:
            remedy = "Say from which difference on the choice matters, such as --indifference 1pp, and give no --budget."
            raise ConfigError("needs an indifference and takes no budget", key="--select", value=text, remedy=remedy)
        return Best(measure=name, indifference=parse_width(indifference, measure, key="--indifference"))
    if budget is None or indifference is not None:
        remedy = "Say how many replications all arms may take together, such as --budget 500, and give no --indifference."
        raise ConfigError("needs a budget and takes no indifference", key="--select", value=text, remedy=remedy)
    return Budget(measure=name, replications=budget)


def select(
    experiment: Experiment, how: Best | Budget, *, first_stage: int, batch: int, crew: Crew, on_done: Callable[[], None]
) -> Selection:
    """The best arm of an experiment; `first_stage` replications (>= 3) of every arm come first, then `batch` at a time.

    Raises:
        ConfigError: the measure has no better side, is undefined for an arm, or there is nothing to choose.
    """
    if MEASURES[how.measure].better is Better.NEITHER:
        raise ConfigError("is neither better high nor low", key="--select", value=how.measure, remedy="Choose by another measure.")
    if len(experiment.arms) < 2:
        raise ConfigError("are fewer than two, so that there is nothing to choose", key="arms", remedy="Name more policies or rosters.")
    if isinstance(how, Budget) and how.replications < first_stage * len(experiment.arms):
        least = first_stage * len(experiment.arms)
        raise ConfigError("does not reach for the first stage", key="--budget", value=how.replications, remedy=f"Write at least {least}.")
    race = _Race.begun(experiment, how.measure, run_some(Shared(experiment), range(first_stage), crew=crew, on_done=on_done), crew, on_done)
    dropped, chance = race.by_kn(how, batch) if isinstance(how, Best) else race.by_ocba(how, batch)
    found = {arm: race.replicated(arm) for arm in race.rows}
    left = [arm for arm in found if arm not in dropped]
    chosen = max(left, key=lambda arm: race.score(found[arm]))
    return Selection(
        how=how,
        first_stage=first_stage,
        batch=batch,
        chosen=chosen,
        chance=chance(chosen),
        candidates=tuple(
            Candidate(
                arm=arm,
                value=interval(one, MEASURES[how.measure].bounds),
                replications=len(race.rows[arm]),
                dropped_after=dropped.get(arm),
            )
            for arm, one in found.items()
        ),
        is_live_only=race.is_live_only,
    )


@dataclass(slots=True, kw_only=True)
class _Race:
    """The tallies of every arm so far, and the means to add to them."""

    experiment: Shared[Experiment]
    measure: str
    crew: Crew
    on_done: Callable[[], None]
    is_live_only: bool
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @classmethod
    def begun(
        cls, experiment: Experiment, measure: str, first: Sequence[ReplicationResult], crew: Crew, on_done: Callable[[], None]
    ) -> "_Race":
        rows = {arm: list(days) for arm, days in headline_rows(experiment.arms, first).items()}
        race = cls(experiment=Shared(experiment), measure=measure, crew=crew, on_done=on_done, is_live_only=are_two_kinds(first), rows=rows)
        for arm in rows:
            if race.replicated(arm).pseudo_values is None:
                remedy = "Choose by a measure that every arm has every day, or take more replications for the first stage."
                raise ConfigError(f"is undefined for {arm}", key="--select", value=measure, remedy=remedy)
        return race

    def replicated(self, arm: str) -> Replicated:
        return replicate([row[self.measure] for row in self.rows[arm]], MEASURES[self.measure].scale)

    def score(self, replicated: Replicated) -> float:
        """The value, the higher the better."""
        value = float("-inf") if replicated.value is None else replicated.value
        return value if MEASURES[self.measure].better is Better.HIGHER else -value

    def add(self, goals: Mapping[str, int]) -> None:
        """Run every arm on to its goal; arms that run the same replication meet its customers together."""
        places = {arm.name: place for place, arm in enumerate(self.experiment.value.arms)}
        wanted: dict[int, list[str]] = {}
        for arm, goal in goals.items():
            for replication in range(len(self.rows[arm]), goal):
                wanted.setdefault(replication, []).append(arm)
        parts = [(replication, tuple(places[arm] for arm in arms)) for replication, arms in sorted(wanted.items())]
        tables: dict[tuple[int, tuple[int, ...]], tuple[Table, ...]] = {}
        for task, result in self.crew.run(Task(run_part, self.experiment, part) for part in parts):
            tables[task.item] = result.tables
            self.on_done()
        for part in parts:
            for arm, table in zip(wanted[part[0]], tables[part], strict=True):
                self.rows[arm].append({**table.overall, **table.by_kind[LIVE]} if self.is_live_only else table.overall)

    def by_kn(self, how: Best, batch: int) -> tuple[dict[str, int], Callable[[str], float]]:
        """Which arms were dropped after how many replications."""
        done = min(len(rows) for rows in self.rows.values())
        screen: Screening = screening({arm: self.replicated(arm) for arm in self.rows}, indifference=how.indifference, error=how.error)
        dropped: dict[str, int] = {}
        left = list(self.rows)
        while True:
            stay = screen.survivors({arm: self.score(self.replicated(arm)) for arm in left}, done)
            dropped |= {arm: done for arm in left if arm not in stay}
            left = stay
            if len(left) == 1 or done >= screen.replications_max(left):
                return dropped, lambda _: 1 - how.error
            done = min(done + batch, max(done + 1, screen.replications_max(left)))
            self.add(dict.fromkeys(left, done))

    def by_ocba(self, how: Budget, batch: int) -> tuple[dict[str, int], Callable[[str], float]]:
        """Nobody is dropped: whoever is behind simply gets no more."""
        sign = 1 if MEASURES[self.measure].better is Better.HIGHER else -1
        while (spent := sum(len(rows) for rows in self.rows.values())) < how.replications:
            found = {arm: _turned(self.replicated(arm), sign) for arm in self.rows}
            done = {arm: len(rows) for arm, rows in self.rows.items()}
            more = spread(found, done, more=min(batch, how.replications - spent))
            self.add({arm: done[arm] + extra for arm, extra in more.items()})
        found = {arm: _turned(self.replicated(arm), sign) for arm in self.rows}
        return {}, lambda chosen: chance_of_right_choice(found, chosen)


def _turned(replicated: Replicated, sign: int) -> Replicated:
    """The same with the sign that makes higher better."""
    if replicated.value is None or replicated.pseudo_values is None:
        return replicated
    return Replicated(sign * replicated.value, tuple(sign * value for value in replicated.pseudo_values))
