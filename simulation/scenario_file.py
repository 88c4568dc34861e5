"""Reads scenario files, `careroute/scenario/1`, and everything they name, and checks that the parts fit together."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from routing.config.changes import changed
from routing.config.document import Document, FileModel, load, parse
from routing.config.errors import ConfigError, did_you_mean
from routing.config.findings import refuse_any
from routing.config.roster import Roster, local_instant
from routing.config.roster_file import load_roster
from routing.config.site import read_site
from routing.config.values import CalendarDate, DurationMs, FileName, Identifier, TimeOfDayMs, ZoneName
from routing.model.site import Site
from routing.model.time import DAY_MS, HOUR_MS
from routing.policy.registry import PolicyRegistry
from simulation.agents.coverage import check_agents
from simulation.agents.outbound_file import OutboundFile, outbound_faults
from simulation.behaviour_file import load_behaviour
from simulation.coverage import check_behaviour_channels, check_callback_habits, check_covered, check_within_horizon
from simulation.customers.checks import check_customer_rules, line_faults
from simulation.customers.lines import LineGroupFile
from simulation.demand import BacklogItem, Demand, ReplayedLog
from simulation.demand.demand_file import DemandFile, read_demand
from simulation.demand.rate_rows import Points
from simulation.penalties import Penalties
from simulation.roster import presence_plan
from simulation.scenario import AtEnd, Calendar, OpenSpan, Scenario, ShiftEnd
from simulation.streams import Streams

SCENARIO_SCHEMA: Final = "careroute/scenario/1"


class OpeningFile(FileModel):
    """A span of local time in which a live channel is open, on every day of the horizon unless `days` names some."""

    from_: TimeOfDayMs = Field(alias="from")
    to: TimeOfDayMs
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class BacklogFile(FileModel):
    """An entry of [[backlog]]: like interactions that wait when the horizon begins."""

    channel: Identifier
    type: Identifier
    attributes: dict[Identifier, int | str] = Field(default_factory=dict)
    count: Annotated[int, Field(ge=1, le=1_000_000)]
    waited: DurationMs = 0
    priority: Points = 0


Amount = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class PenaltiesFile(FileModel):
    """The table [penalties]: amounts of money."""

    abandoned: Amount = 0.0
    late: Amount = 0.0
    waited_hour: Amount = 0.0


class ScenarioFile(FileModel):
    """A scenario file's keys."""

    name: Identifier
    site: FileName
    behaviour: FileName
    rosters: Annotated[dict[Identifier, FileName], Field(min_length=1)]
    date: CalendarDate
    zone: ZoneName
    days: Annotated[int, Field(ge=1, le=366)] = 1
    starts: TimeOfDayMs = 0
    ends: TimeOfDayMs = DAY_MS
    at_end: Literal["serve_out", "cut"] = "serve_out"
    serve_out_limit: DurationMs = 12 * HOUR_MS
    shifts_of_day_before: bool = False
    at_shift_end: Literal["finish", "hand_back"] = "finish"
    penalties: PenaltiesFile | None = None
    outbound: dict[Identifier, OutboundFile] = Field(default_factory=dict)
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    demand: DemandFile
    opening_hours: dict[Identifier, tuple[OpeningFile, ...]] = Field(default_factory=dict)
    backlog: tuple[BacklogFile, ...] = ()
    lines: dict[Identifier, LineGroupFile] = Field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def load_scenario(
    path: Path,
    registry: PolicyRegistry | None = None,
    *,
    demand: Demand | None = None,
    changes: Mapping[str, object] | None = None,
    date: dt.date | None = None,
) -> Scenario:
    """The scenario of a file with all the files it names; relative names start from its folder. `registry` knows the policies.

    A `demand` stands in for the file's own, which is then not read; whether it fits the rest is for the caller to check. `changes` are
    values that stand in for the file's, by key, with dots between its parts. A `date` stands in for the file's own days: that one day;
    whether anybody works then is for the caller to check.

    Raises:
        ConfigError: a file cannot be read or used, or the parts do not fit together.
    """
    document, stated = load(path, SCENARIO_SCHEMA, ScenarioFile)
    if changes:
        document = changed(document, changes)
        stated = parse(document, ScenarioFile)
    calendar = Calendar(date=date or stated.date, days=1 if date else stated.days, zone=stated.zone)
    starts_at = local_instant(calendar.dates[0], stated.starts, calendar.zone_info)
    ends_at = local_instant(calendar.dates[-1], stated.ends, calendar.zone_info)
    if starts_at >= ends_at:
        raise document.error(("ends",), "is not after starts", remedy="Write a later time, or more days.")
    config = read_site(document.beside(stated.site), registry)
    refuse_any(
        [
            *_channel_faults(document, stated, config.site),
            *line_faults(document, stated.lines, config.site),
            *outbound_faults(document, stated.outbound, config.site),
        ]
    )
    scenario = Scenario(
        name=stated.name,
        site=config.site,
        policies=config.policies,
        behaviour=load_behaviour(document.beside(stated.behaviour)),
        rosters={name: load_roster(document.beside(file), config.site) for name, file in stated.rosters.items()},
        demand=demand or read_demand(document, stated.demand, calendar, (starts_at, ends_at)),
        backlog=tuple(_backlog_item(item) for item in stated.backlog),
        calendar=calendar,
        starts_at=starts_at,
        ends_at=ends_at,
        opening_hours=_opening_hours(stated.opening_hours, calendar),
        at_end=AtEnd(stated.at_end),
        serve_out_limit_ms=stated.serve_out_limit,
        seed=stated.seed,
        shifts_of_day_before=stated.shifts_of_day_before,
        at_shift_end=ShiftEnd(stated.at_shift_end),
        outbound=tuple(one.to_list(name, calendar) for name, one in stated.outbound.items()),
        penalties=None if stated.penalties is None else Penalties(**stated.penalties.model_dump()),
        assumptions=stated.assumptions,
        notes=stated.notes,
        lines=tuple(group.to_group(name) for name, group in stated.lines.items()),
    )
    check_behaviour_channels(scenario, document.beside(stated.behaviour))
    check_agents(scenario, document.beside(stated.behaviour))
    check_callback_habits(scenario, document.beside(stated.behaviour))
    check_customer_rules(scenario, document.beside(stated.behaviour))
    if demand is None:
        if isinstance(scenario.demand, ReplayedLog):
            check_within_horizon(scenario, scenario.demand.log, document.beside(scenario.demand.name))
        check_covered(scenario, document.path)
    for name, roster in scenario.rosters.items() if date is None else ():
        _check_roster(document, scenario, name, roster)
    return scenario


def _backlog_item(stated: BacklogFile) -> BacklogItem:
    return BacklogItem(
        channel=stated.channel,
        type=stated.type,
        attributes=stated.attributes,
        count=stated.count,
        waited_ms=stated.waited,
        priority=stated.priority,
    )


def _opening_hours(stated: Mapping[str, tuple[OpeningFile, ...]], calendar: Calendar) -> dict[str, tuple[OpenSpan, ...]]:
    found: dict[str, tuple[OpenSpan, ...]] = {}
    for channel, spans in stated.items():
        instants = [
            (local_instant(date, span.from_, calendar.zone_info), local_instant(date, span.to, calendar.zone_info))
            for date in calendar.dates
            for span in spans
            if f"{date:%a}".lower() in span.days
        ]
        found[channel] = tuple(OpenSpan(starts_at=start, ends_at=end) for start, end in sorted(instants) if start < end)
    return found


def _channel_faults(document: Document, stated: ScenarioFile, site: Site) -> Iterator[ConfigError]:
    for channel, spans in stated.opening_hours.items():
        if channel not in site.channels:
            remedy = did_you_mean(channel, site.channels)
            yield document.error(("opening_hours", channel), "is not a channel of the site", remedy=remedy)
        elif not site.channels[channel].is_live:
            problem = "has opening hours, but nobody waits on the line: deferrable work is taken at any time"
            yield document.error(("opening_hours", channel), problem, remedy="Remove it.")
        for index, span in enumerate(spans):
            if span.from_ >= span.to:
                problem = "from is not before to"
                yield document.error(("opening_hours", channel, index), problem, remedy="Write hours past midnight as two spans.")
    for index, item in enumerate(stated.backlog):
        if item.channel not in site.channels:
            remedy = did_you_mean(item.channel, site.channels)
            yield document.error(("backlog", index, "channel"), "is not a channel of the site", value=item.channel, remedy=remedy)
        elif site.channels[item.channel].is_live:
            problem = "has nobody waiting before the opening: a backlog is deferrable work"
            yield document.error(("backlog", index, "channel"), problem, value=item.channel, remedy="Choose a deferrable channel.")


def _check_roster(document: Document, scenario: Scenario, name: str, roster: Roster) -> None:
    try:
        plan = presence_plan(scenario, roster, Streams(seed=scenario.seed, replication=0))
    except ConfigError as error:
        raise document.error(("rosters", name), error.problem, value=error.value, remedy=error.remedy) from error
    if not plan and not any(member.shrinkage_per_mille for member in roster.members):
        days = f"{scenario.calendar.dates[0]} to {scenario.calendar.dates[-1]}"
        raise document.error(("rosters", name), f"has nobody on shift from {days}", remedy="Check the weekdays of its shifts.")
