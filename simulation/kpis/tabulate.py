"""Tabulates one day: the tally of every measure, overall and in every group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from routing.model.ids import ChannelId, QueueId
from simulation.kpis.breakdown import Breakdown, breakdown_of
from simulation.kpis.facts import ALL_ROWS, Facts, Rows, parted, rows_of_kind, rows_where
from simulation.kpis.measure import AgentMeasure, Measure, Tally
from simulation.kpis.registry import AGENT_MEASURES, INTERACTION_MEASURES, INTERVAL_MEASURES, PRICED_MEASURES, QUEUE_MEASURES

Row: TypeAlias = Mapping[str, Tally]
"""The tallies of one group by the name of the measure."""

LIVE = "live"
"""The kind of channels on which somebody waits."""

DEFERRABLE = "deferrable"
"""The kind of channels whose work can wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The tallies of one day. Every queue and channel of the site has its row, used or not; half hours are in order.

    `by_kind` parts LIVE from DEFERRABLE channels, as far as the site has them: a mean over both would be a mean over seconds and hours.
    `live_by_interval` has the interactions on live channels only, and no measures of agents.
    """

    overall: Row
    by_queue: Mapping[QueueId, Row]
    by_channel: Mapping[ChannelId, Row]
    by_kind: Mapping[str, Row]
    by_interval: tuple[Row, ...]
    live_by_interval: tuple[Row, ...]
    breakdown: Breakdown


def tabulate(facts: Facts) -> Table:
    """The table of one day."""
    agents_overall = {measure.name: measure.tally(facts.agent_ids, facts.agents) for measure in AGENT_MEASURES}
    intervals = range(len(facts.agent_intervals))
    live = rows_of_kind(facts, is_live=True)
    return Table(
        overall={**_row(facts, ALL_ROWS), **agents_overall},
        by_queue={name: _queue_row(facts, position, name) for position, name in enumerate(facts.queues)},
        by_channel={name: _row(facts, rows_where(facts.channel, position)) for position, name in enumerate(facts.channels)},
        by_kind={kind: _row(facts, rows_of_kind(facts, is_live=kind == LIVE)) for kind in _kinds(facts)},
        by_interval=tuple(_interval_row(facts, interval) for interval in intervals),
        live_by_interval=tuple(_live_row(facts, live[facts.interval[live] == interval]) for interval in intervals),
        breakdown=breakdown_of(facts),
    )


def _kinds(facts: Facts) -> list[str]:
    live = len(facts.live_channels)
    return ([LIVE] if live else []) + ([DEFERRABLE] if len(facts.channels) > live else [])


def _row(facts: Facts, rows: Rows) -> Row:
    own, legs = parted(facts, rows)
    measures = INTERACTION_MEASURES if facts.penalties is None else (*INTERACTION_MEASURES, *PRICED_MEASURES)
    return {measure.name: measure.tally(facts, legs if measure.is_of_legs else own) for measure in measures}


def _queue_row(facts: Facts, position: int, name: QueueId) -> Row:
    rows = rows_where(facts.queue, position)
    visits = {measure.name: measure.tally(facts, name) for measure in QUEUE_MEASURES}
    return {**_row(facts, rows), **visits}


def _interval_row(facts: Facts, interval: int) -> Row:
    rows, _ = parted(facts, rows_where(facts.interval, interval))
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


def _live_row(facts: Facts, rows: Rows) -> Row:
    own, _ = parted(facts, rows)
    return {measure.name: measure.tally(facts, own) for measure in INTERVAL_MEASURES if isinstance(measure, Measure)}
