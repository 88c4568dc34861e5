"""The Python interface of staffing: scheduled agents against required ones."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from routing.config.errors import ConfigError, did_you_mean
from routing.model.time import Duration
from simulation.arguments import loaded_scenario, nobody, refuse_below
from simulation.scenario import Scenario
from simulation.staffing.required import Method
from simulation.staffing.rules import Rule
from simulation.staffing.table import StaffingTable, scheduled_against_required
from simulation.workers import Crew, crew_of


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
