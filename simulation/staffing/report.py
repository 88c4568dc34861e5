"""The staffing table on a terminal and as JSON."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.staffing.required import Method
from simulation.staffing.rules import Rule
from simulation.staffing.table import StaffingRow, StaffingTable

SCHEMA: Final = "careroute/staffing/1"
_RULES = {
    Rule.SIPP: "SIPP",
    Rule.LAGGED_SIPP: "lagged SIPP",
    Rule.MOL: "modified offered load",
    Rule.SQUARE_ROOT: "the square-root rule",
    Rule.ISA: "simulation (ISA)",
}
_METHODS = {Method.ERLANG_C: "Erlang C", Method.ERLANG_A: "Erlang A"}


def print_table(table: StaffingTable, console: Console) -> None:
    """Print what is too much and too little, the intervals in which anything happens, and what to know about the numbers."""
    console.print(Text(headline(table), style="bold"))
    channels = ", ".join(table.channels)
    console.print(Text(f"Roster {table.roster} on {channels}; {aim_text(table)}.", style="dim"))
    grid = Table(box=SIMPLE_HEAD, collapse_padding=True, pad_edge=False)
    for title in ("from", "arrivals", "handle", "load", "required", "scheduled", "present", "diff", "in time", "leave"):
        grid.add_column(title, justify="left" if title == "from" else "right")
    for row in table.rows:
        if row.arrivals or row.scheduled or row.required:
            grid.add_row(*_cells(row, table))
    console.print(grid)
    for line in money(table):
        console.print(line)
    for note in table.notes:
        console.print(Text(f" - {note}", style="dim"))


def aim_text(table: StaffingTable) -> str:
    """The service level aimed at, and the rule with its formula, where it has one."""
    formula = "" if table.rule in {Rule.ISA, Rule.SQUARE_ROOT} else f", {_METHODS[table.method]}"
    return f"{100 * table.share:g} % answered within {table.target_ms / 1_000:g} s by {_RULES[table.rule]}{formula}"


def headline(table: StaffingTable) -> str:
    """What is too much and too little, in one sentence."""
    short = [row for row in table.rows if row.difference < 0]
    if not short:
        return f"Enough agents in every interval, and {table.over_h:,.1f} agent hours more than required."
    worst = min(short, key=lambda row: row.difference)
    fewest = f"{-worst.difference:,.1f} agents too few at {_clock(worst, table)}"
    return f"{table.under_h:,.1f} agent hours too few and {table.over_h:,.1f} too many; at worst {fewest}."


def money(table: StaffingTable) -> Iterator[str]:
    """What the roster and the penalties cost, as far as it is stated."""
    overtime = f", {table.cost.overtime_h:,.1f} of them overtime" if table.cost.overtime_h else ""
    amount = "no cost: some agent on shift has no hourly_cost" if table.cost.amount is None else f"cost {table.cost.amount:,.2f}"
    yield f"Paid hours {table.cost.paid_h:,.1f}{overtime}; {amount}."
    if table.penalty is not None:
        yield f"Expected penalties {table.penalty:,.2f}."


def to_json(table: StaffingTable) -> str:
    """The document `careroute/staffing/1`, with a line break at its end."""
    return json.dumps({"schema": SCHEMA, **asdict(table)}, ensure_ascii=False, indent=2) + "\n"


def _cells(row: StaffingRow, table: StaffingTable) -> tuple[str, ...]:
    difference = Text(f"{row.difference:+.1f}", style="red" if row.difference < 0 else "")
    return (
        _clock(row, table),
        f"{row.arrivals:.1f}",
        f"{row.handle_s:.0f} s",
        f"{row.load_erlangs:.2f}",
        str(row.required),
        f"{row.scheduled:.1f}",
        f"{row.present:.1f}",
        difference.markup,
        f"{100 * row.service_level:.0f} %",
        f"{100 * row.abandonment:.1f} %",
    )


def _clock(row: StaffingRow, table: StaffingTable) -> str:
    local = dt.datetime.fromtimestamp(row.starts_at // 1_000, tz=ZoneInfo(table.zone))
    days = {dt.datetime.fromtimestamp(one.starts_at // 1_000, tz=ZoneInfo(table.zone)).date() for one in (table.rows[0], table.rows[-1])}
    return f"{local:%H:%M}" if len(days) == 1 else f"{local:%a %d %H:%M}"
