"""The Python interface of sweeps: what `careroute sweep` does, as a function with the same results."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from routing.config.errors import ConfigError
from simulation.report.plain import Plain
from simulation.report.sweep import sweep_document, sweep_frame, sweep_json
from simulation.studies.sweep.plan import load_sweep
from simulation.studies.sweep.run import Swept, run_missing, swept
from simulation.studies.sweep.store import Results
from simulation.workers import Crew, crew_of


@dataclass(frozen=True, slots=True)
class SweepResult:
    """The outcome of `sweep`: every variant of the plan with its comparison, in the order of the plan."""

    name: str
    variants: tuple[Swept, ...]

    def frame(self) -> pl.DataFrame:
        """Every measure of every arm of every variant: what `careroute sweep --out` writes."""
        return sweep_frame(self.variants)

    def to_dict(self) -> Plain:
        """The document `careroute/swept/1` as plain data."""
        return sweep_document(self.name, self.variants)

    def to_json(self) -> str:
        """The document as JSON text, byte for byte what `careroute sweep --json` prints."""
        return sweep_json(self.name, self.variants)


def sweep(
    plan: Path | str,
    *,
    results: Path | str,
    replications: int | None = None,
    workers: int = 1,
    crew: Crew | None = None,
    on_done: Callable[[], None] = lambda: None,
) -> SweepResult:
    """Run what of a plan is not in the folder of results yet, keep it there, and give the whole.

    `replications` of each arm take the place of the plan's; `workers` and `crew` are as for `simulation.compare`; `on_done` is called after
    each replication that had to be computed.

    Raises:
        ConfigError: a file, a name or a number cannot be used.
        WorkersLost: workers died again and again.
    """
    for name, value in (("replications", replications), ("workers", workers)):
        if value is not None and value < 1:
            raise ConfigError("is less than 1", key=name, value=value, remedy="Write a whole number from 1 on.")
    planned = load_sweep(Path(plan))
    planned = planned if replications is None else replace(planned, replications=replications)
    with Results(Path(results)) as kept:
        with nullcontext(crew) if crew is not None else crew_of(workers=workers) as chosen:
            run_missing(planned, kept, crew=chosen, on_done=on_done)
        return SweepResult(planned.name, tuple(swept(planned, kept)))
