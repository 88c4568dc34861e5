"""Tabulates one day: the tally of every measure, overall and in every group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from routing.model.ids import ChannelId, QueueId
from simulation.kpis.facts import ALL_ROWS, Facts, rows_where
from simulation.kpis.measure import AgentMeasure, Measure, Tally
from simulation.kpis.registry import AGENT_MEASURES, INTERACTION_MEASURES, INTERVAL_MEASURES, QUEUE_MEASURES

Row: TypeAlias = Mapping[str, Tally]
"""The tallies of one group by the name of the measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The tallies of one day. Every queue and channel of the site has its row, used or not; half hours are in order."""

    overall: Row
    by_queue: Mapping[QueueId, Row]
    by_channel: Mapping[ChannelId, Row]
    by_interval: tuple[Row, ...]


def tabulate(facts: Facts) -> Table:
    """The table of one day."""
    agents_overall = {measure.name: measure.tally(facts.agent_ids, facts.agents) for measure in AGENT_MEASURES}
    return Table(
        overall={measure.name: measure.tally(facts, ALL_ROWS) for measure in INTERACTION_MEASURES} | agents_overall,
        by_queue={name: _queue_row(facts, position, name) for position, name in enumerate(facts.queues)},
        by_channel={
            name: {measure.name: measure.tally(facts, rows_where(facts.channel, position)) for measure in INTERACTION_MEASURES}
            for position, name in enumerate(facts.channels)
        },
        by_interval=tuple(_interval_row(facts, interval) for interval in range(len(facts.agent_intervals))),
    )


def _queue_row(facts: Facts, position: int, name: QueueId) -> Row:
    rows = rows_where(facts.queue, position)
    visits = {measure.name: measure.tally(facts, name) for measure in QUEUE_MEASURES}
    return {measure.name: measure.tally(facts, rows) for measure in INTERACTION_MEASURES} | visits


def _interval_row(facts: Facts, interval: int) -> Row:
    rows = rows_where(facts.interval, interval)
    row: dict[str, Tally] = {}
    for measure in INTERVAL_MEASURES:
        match measure:
            case Measure():
                row[measure.name] = measure.tally(facts, rows)
            case AgentMeasure():
                row[measure.name] = measure.tally(facts.agent_ids, facts.agent_intervals[interval])
            case _:
                assert_never(measure)
    return row
