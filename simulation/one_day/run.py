"""Runs one replication of one policy and keeps its timeline."""

from dataclasses import dataclass

import polars as pl

from routing.config.errors import ConfigError
from routing.model.time import Duration
from simulation.one_day.figures import figures, headline
from simulation.one_day.record import Doing, Timeline, TimelineRecorder
from simulation.run import RunSummary, run_replication
from simulation.scenario import Arm, Scenario

LOOKS_MAX = 20_000
"""More looks than this no page can show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedDay:
    """One replication of one arm of a scenario, as it passed; `summary` counts what became of everybody."""

    scenario: Scenario
    arm: Arm
    replication: int
    timeline: Timeline
    summary: RunSummary

    @property
    def headline(self) -> str:
        """When most waited, and where."""
        return headline(self.scenario, self.timeline)

    def figures(self) -> list[str]:
        """The fullest and the slowest moment of every queue, and how many agents were at work."""
        return figures(self.scenario, self.timeline)

    def to_html(self) -> str:
        """The page, one file that needs nothing else."""
        from simulation.one_day.page import page_of  # noqa: PLC0415 - the plotting library takes a while to load

        return page_of(self.scenario, self.arm, self.replication, self.timeline)

    def queues_frame(self) -> pl.DataFrame:
        """Columns at_ms, queue, waiting, longest_wait_s, deferred: one row for each queue and look."""
        line = self.timeline
        return pl.DataFrame(
            {
                "at_ms": list(line.instants) * len(line.queues),
                "queue": [name for name in line.queues for _ in line.instants],
                "waiting": line.waiting.reshape(-1),
                "longest_wait_s": line.longest_wait_s.reshape(-1),
                "deferred": line.deferred.reshape(-1),
            }
        )

    def lines_frame(self) -> pl.DataFrame:
        """Columns at_ms, lines (a group of lines), busy_tones (from this look on, before the next): one row for each group and look."""
        line = self.timeline
        return pl.DataFrame(
            {
                "at_ms": list(line.instants) * len(line.lines),
                "lines": [name for name in line.lines for _ in line.instants],
                "busy_tones": line.busy_tones.reshape(-1),
            },
            schema={"at_ms": pl.Int64, "lines": pl.String, "busy_tones": pl.Int64},
        )

    def agents_frame(self) -> pl.DataFrame:
        """Columns at_ms, agent, doing (a name such as "handling"): one row for each agent and look."""
        line = self.timeline
        names = {int(doing): doing.name.lower() for doing in Doing}
        return pl.DataFrame(
            {
                "at_ms": list(line.instants) * len(line.agents),
                "agent": [name for name in line.agents for _ in line.instants],
                "doing": [names[cell] for cell in line.doing.reshape(-1).tolist()],
            },
            schema={"at_ms": pl.Int64, "agent": pl.String, "doing": pl.String},
        )


def simulate_day(scenario: Scenario, arm: Arm, *, replication: int, step_ms: Duration) -> SimulatedDay:
    """Simulate one replication of an arm and look at it every `step_ms` from the start of the horizon to the last event.

    Raises:
        ConfigError: more looks than a page can show, or the scenario cannot be used.
    """
    looks = (scenario.ends_at - scenario.starts_at) // step_ms
    if looks > LOOKS_MAX:
        remedy = f"A page can show {LOOKS_MAX:,}: look less often."
        raise ConfigError(f"gives {looks:,} looks at the day", key="step_ms", value=step_ms, remedy=remedy)
    recorder = TimelineRecorder(starts_at=scenario.starts_at, step_ms=step_ms, lines=tuple(group.name for group in scenario.lines))
    summary = run_replication(scenario, arm, replication, [recorder], witnesses=[recorder.witness])
    ends_at = min(scenario.stops_at, max(scenario.ends_at, summary.last_event_at + 1))
    return SimulatedDay(scenario=scenario, arm=arm, replication=replication, timeline=recorder.timeline(ends_at), summary=summary)
