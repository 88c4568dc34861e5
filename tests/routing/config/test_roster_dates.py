"""Rosters by date: absences, overtime, agents on clocks of their own, and schedules with one row for each shift."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from routing.config.errors import ConfigError
from routing.config.roster import Break, Roster
from routing.config.roster_file import load_roster
from routing.config.schemas import schema_of_file
from routing.model.agent import Agent
from routing.model.time import HOUR_MS, MINUTE_MS
from tests.routing.config.files import ROSTER, a_site, changed, headline, written

AN_HOUR = '[[overtime]]\nagents = ["ana"]\ndate = 2015-08-11\nstart = "08:00"\nend = "09:00"\n'
BOSTON = ZoneInfo("America/New_York")
TUESDAY = dt.date(2015, 8, 11)
SCHEDULE = """\
agent,date,start,end,breaks,kind,skills,channels,hourly_cost
ana,2015-08-11,8:00,16:30,10:00-10:15;12:00-12:30,,billing:8,phone;email,28.50
ben,2015-08-11,22:00,06:00,02:00-02:30,,sales:7,phone,
ana,2015-08-11,16:30,18:00,,overtime,,,
ana,2015-08-12,,,,absence,,,
ana,2015-08-12,08:00,16:30,,,,,28.50
"""


def a_roster(folder: Path, text: str) -> Roster:
    """The roster of a TOML text, checked against the small site."""
    return load_roster(written(folder, "roster.toml", text), a_site(folder).site)


def a_schedule(folder: Path, text: str = SCHEDULE) -> Roster:
    """The roster of a table of shifts, checked against the small site."""
    return load_roster(written(folder, "week.csv", text), a_site(folder).site)


def at(clock: str, day: dt.date = TUESDAY, zone: ZoneInfo = BOSTON) -> int:
    """The instant of a time of day."""
    return round(dt.datetime.combine(day, dt.time.fromisoformat(clock), zone).timestamp() * 1_000)


def test_absences_take_shifts_away_and_overtime_adds_them(tmp_path: Path) -> None:
    """Pool-01 is away for three days, both ends included; pool-02 stays two hours longer on one of them."""
    dates = """
[[absences]]
agents = ["pool-01"]
from = 2015-08-11
to = 2015-08-13

[[overtime]]
agents = ["pool-02"]
date = 2015-08-11
start = "16:30"
end = "18:30"
breaks = [{ start = "17:30", length = "15min" }]
"""
    roster = a_roster(tmp_path, ROSTER + dates)
    days = [TUESDAY + dt.timedelta(days=offset) for offset in range(-1, 4)]
    assert ["pool-01" in roster.shifts_on(day, BOSTON) for day in days] == [True, False, False, False, True]
    (shift, overtime) = roster.shifts_on(TUESDAY, BOSTON)["pool-02"]
    assert (shift.is_overtime, overtime.is_overtime) == (False, True)
    assert (overtime.starts_at, overtime.ends_at) == (shift.ends_at, at("18:30"))
    assert overtime.breaks == (Break(starts_at=at("17:30"), ends_at=at("17:45")),)
    assert overtime.net_ms == 105 * MINUTE_MS


def test_an_agent_works_by_the_clock_of_their_own_zone(tmp_path: Path) -> None:
    """From 22 to 06 in Berlin, on the night in which clocks there go forward, is seven hours, whatever the scenario's zone does."""
    text = changed(ROSTER, 'id = "ana"', 'id = "ana"\nzone = "Europe/Berlin"')
    berlin, before = ZoneInfo("Europe/Berlin"), dt.date(2015, 3, 28)
    (shift,) = a_roster(tmp_path, text).shifts_on(before, BOSTON)["ana"]
    assert shift.starts_at == at("22:00", before, berlin)
    assert shift.ends_at - shift.starts_at == 7 * HOUR_MS
    assert shift.net_ms == 7 * HOUR_MS - shift.break_ms


def test_a_schedule_is_a_roster(tmp_path: Path) -> None:
    """Rows of one agent come together: skills said once, shifts and overtime by date, an absence that takes the day away."""
    roster = a_schedule(tmp_path)
    (ana, ben) = roster.members
    assert ana.agent == Agent(id="ana", attributes={"billing": 8}, capacity=100, channel_maxima={"phone": 1, "email": 3})
    assert (ana.hourly_cost, ben.hourly_cost) == (28.5, None)
    (day, overtime) = roster.shifts_on(TUESDAY, BOSTON)["ana"]
    assert (day.starts_at, day.ends_at, len(day.breaks), overtime.is_overtime) == (at("08:00"), at("16:30"), 2, True)
    (night,) = roster.shifts_on(TUESDAY, BOSTON)["ben"]
    assert night.ends_at == at("06:00", TUESDAY + dt.timedelta(days=1))
    assert roster.shifts_on(TUESDAY + dt.timedelta(days=1), BOSTON) == {}


@pytest.mark.parametrize("separator", [";", "\t"])
def test_spreadsheets_of_other_countries_are_read(tmp_path: Path, separator: str) -> None:
    """Semicolons or tabs between the cells, lists in quotes, and the byte order mark that some programs write first."""
    rows = [
        row.replace("10:00-10:15;12:00-12:30", '"10:00-10:15;12:00-12:30"').replace("phone;email", '"phone;email"') for row in [SCHEDULE]
    ]
    text = "\ufeff" + rows[0].replace(",", separator)
    path = written(tmp_path, "other.csv", text)
    assert load_roster(path, None).shifts_on(TUESDAY, BOSTON) == a_schedule(tmp_path).shifts_on(TUESDAY, BOSTON)
    assert schema_of_file(path) == "careroute/roster/1"


def test_a_toml_roster_takes_a_schedule_beside_its_own_shifts(tmp_path: Path) -> None:
    """Who the agents are stands in one file, when they work in another; both kinds of shifts count."""
    written(tmp_path, "week.csv", "agent,date,start,end\npool-03,2015-08-11,18:00,20:00\nana,2015-08-11,08:00,10:00\n")
    roster = a_roster(tmp_path, changed(ROSTER, "[defaults]", 'shift_table = "week.csv"\n\n[defaults]'))
    shifts = roster.shifts_on(TUESDAY, BOSTON)
    assert [shift.starts_at for shift in shifts["ana"]] == [at("08:00"), at("22:00")]
    assert [shift.starts_at for shift in shifts["pool-03"]] == [at("08:00"), at("18:00")]
    written(tmp_path, "week.csv", "agent,date,start,end\nann,2015-08-11,18:00,20:00\n")
    with pytest.raises(ConfigError) as caught:
        a_roster(tmp_path, changed(ROSTER, "[defaults]", 'shift_table = "week.csv"\n\n[defaults]'))
    assert headline(caught.value, tmp_path) == ('week.csv, line 2, key agent: "ann" is not an agent of the roster. Did you mean "ana"?')


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("ana,11.08.2015,08:00,16:30,,,,,", 'line 7, key date: "11.08.2015" is not a date. Write year, month and day: 2015-08-11.'),
        ("ana,2015-08-13,8.00,16:30,,,,,", 'line 7, key start: "8.00" is not a time of day.'),
        ("ana,2015-08-13,08:00,,,,,,", 'line 7, key end: "" is not a time of day.'),
        ("ana,2015-08-13,08:00,12:00,12:00-12:30,,,,", "has a break from 12:00 to 12:30, which is not within the shift. Breaks lie"),
        ("ana,2015-08-13,08:00,12:00,,holiday,,,", 'key kind: "holiday" is not a kind of row. Write shift, overtime, absence'),
        ("ana,2015-08-13,08:00,12:00,,absence,,,", 'key start: "08:00" is of an absence, which lasts all day.'),
        ("ana,2015-08-11,17:00,19:00,,,,,", 'line 7, key agent: "ana" has two shifts that overlap. It begins before the shift of line 4'),
        ("ben,2015-08-12,05:00,07:00,,,,,", 'line 7, key agent: "ben" has two shifts that overlap. It begins before the shift of line 3'),
        ("ana,2015-08-13,08:00,12:00,,,,,30", 'line 7, key hourly_cost: "30" contradicts an earlier row. Line 2 says "28.50" of ana'),
        ("ana,2015-08-13,08:00,12:00,,,,,30 EUR", 'key hourly_cost: "30 EUR" contradicts'),
        ("eve,2015-08-13,08:00,12:00,,,,phone,30 EUR", 'key hourly_cost: "30 EUR" is not an amount of money.'),
        ("eve,2015-08-13,08:00,12:00,,,law:3,phone,", 'key skills: has "law", which is not a skill of the site (agent eve)'),
        ("eve,2015-08-13,08:00,12:00,,,,,", "serves no channel (agent eve). List the channels this agent takes."),
        ("eve,2015-08-13,08:00", "line 7: has 3 columns, the header has 9."),
    ],
)  # fmt: skip
def test_a_wrong_row_of_a_schedule_is_refused_with_line_and_column(tmp_path: Path, row: str, message: str) -> None:
    """Each mistake names the row that has it and what to write instead."""
    with pytest.raises(ConfigError) as caught:
        a_schedule(tmp_path, SCHEDULE + row + "\n")
    assert message in headline(caught.value, tmp_path)


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ('[[absences]]\nagents = ["anna"]\nfrom = 2015-08-11\n', '"anna" is not an agent of the roster. Did you mean "ana"?'),
        ('[[absences]]\nagents = ["ana"]\nfrom = 2015-08-11\nto = 2015-08-10\n', "lies before from. The last date of an absence"),
        ('[[absences]]\nagents = ["ana"]\nfrom = 2015-08-11\nto = 2018-08-10\n', "makes 1096 days of absence."),
        (
            f'{AN_HOUR}breaks = [{{ start = "10:00", length = "5min" }}]\n',
            "has a break from 10:00 to 10:05, which is not within the shift.",
        ),
    ],
)
def test_wrong_dates_are_refused_with_place_and_remedy(tmp_path: Path, added: str, message: str) -> None:
    """Entries that name nobody, or no time."""
    with pytest.raises(ConfigError) as caught:
        a_roster(tmp_path, f"{ROSTER}\n{added}")
    assert message in headline(caught.value, tmp_path)
    assert caught.value.line is not None


def test_a_schedule_without_rows_or_columns_is_refused(tmp_path: Path) -> None:
    """A lone header has no shifts, and a column that nobody knows is none of a schedule."""
    header = SCHEDULE.split("\n", maxsplit=1)[0]
    with pytest.raises(ConfigError, match="has no shifts"):
        a_schedule(tmp_path, f"{header}\n")
    with pytest.raises(ConfigError, match="is not a column of a table of shifts"):
        a_schedule(tmp_path, f"{header},team\n")
