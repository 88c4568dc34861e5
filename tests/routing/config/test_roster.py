"""Rosters: agents, groups and shifts from TOML and CSV, and calendars turned into instants."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from routing.config.errors import ConfigError
from routing.config.roster import Break, Roster, Shift, ShiftPattern, local_instant
from routing.config.roster_file import load_roster
from routing.model.agent import Agent
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS
from tests.routing.config.files import ROSTER, a_site, changed, headline, written

BOSTON = ZoneInfo("America/New_York")
TUESDAY = dt.date(2015, 8, 11)
HEADER = "id,skills,attributes,capacity,channels,shifts,breaks,days,shrinkage\n"
ANA = "ana,billing:8;sales:4,language:es,120,phone:1;email:2,08:00-16:30,10:00-10:15;12:00-12:30,mon tue,0.05\n"


def a_roster(folder: Path, text: str = ROSTER) -> Roster:
    """The roster of a TOML text, checked against the small site."""
    return load_roster(written(folder, "roster.toml", text), a_site(folder).site)


def a_csv_roster(folder: Path, text: str) -> Roster:
    """The roster of a CSV text, checked against the small site."""
    return load_roster(written(folder, "roster.csv", text), a_site(folder).site)


def at(clock: str, day: dt.date = TUESDAY) -> int:
    """The instant of a time of day in Boston."""
    return round(dt.datetime.combine(day, dt.time.fromisoformat(clock), BOSTON).timestamp() * 1_000)


def test_agents_and_groups_become_agents(tmp_path: Path) -> None:
    """Groups number their agents with equal length; channels without numbers take the site's maximum."""
    agents = a_roster(tmp_path).agents
    assert [agent.id for agent in agents[:3]] == ["ana", "pool-01", "pool-02"]
    assert len(agents) == 11
    assert agents[0] == Agent(id="ana", attributes={"billing": 7}, capacity=100, channel_maxima={"phone": 1, "email": 3})


def test_shifts_become_instants_of_a_date(tmp_path: Path) -> None:
    """Local times are read in the zone of the scenario; breaks in waves go round in the order of the file."""
    shifts = a_roster(tmp_path).shifts_on(TUESDAY, BOSTON)
    breaks = [shifts[agent][0].breaks[0].starts_at for agent in ("pool-01", "pool-02", "pool-03")]
    assert (shifts["pool-01"][0].starts_at, shifts["pool-01"][0].ends_at) == (at("08:00"), at("16:30"))
    assert breaks == [at("12:00"), at("12:30"), at("12:00")]


def test_a_shift_past_midnight_ends_the_next_day(tmp_path: Path) -> None:
    """An end before the start, and a break before the start, lie on the next day."""
    wednesday = TUESDAY + dt.timedelta(days=1)
    (shift,) = a_roster(tmp_path).shifts_on(TUESDAY, BOSTON)["ana"]
    assert shift == Shift(
        starts_at=at("22:00"),
        ends_at=at("06:00", wednesday),
        breaks=(Break(starts_at=at("02:00", wednesday), ends_at=at("02:30", wednesday)),),
    )


def test_a_shift_returns_on_its_weekdays_only(tmp_path: Path) -> None:
    """Agents without a shift on a date are not in its answer."""
    text = changed(ROSTER, 'end = "16:30"', 'end = "16:30"\ndays = ["mon", "fri"]')
    assert list(a_roster(tmp_path, text).shifts_on(TUESDAY, BOSTON)) == ["ana"]


@pytest.mark.parametrize(("date", "hours"), [(dt.date(2015, 3, 7), 7), (dt.date(2015, 10, 31), 9), (dt.date(2015, 6, 1), 8)])
def test_a_night_across_a_change_of_the_clocks_is_an_hour_shorter_or_longer(date: dt.date, hours: int) -> None:
    """From 22 to 06 on the wall clock people work 7 hours in spring and 9 in autumn."""
    shift = ShiftPattern(start_ms=22 * HOUR_MS, end_ms=30 * HOUR_MS).on(date, BOSTON)
    assert shift is not None
    assert shift.ends_at - shift.starts_at == hours * HOUR_MS


def test_what_the_clocks_skip_is_read_with_the_old_offset() -> None:
    """02:30 becomes 03:30 in spring, the first 01:30 counts in autumn, and a shift that the change swallows is none."""
    spring, autumn = dt.date(2015, 3, 8), dt.date(2015, 11, 1)
    half_past_two = 2 * HOUR_MS + 30 * MINUTE_MS
    assert local_instant(spring, half_past_two, BOSTON) == at("03:30", spring)
    assert local_instant(autumn, half_past_two - HOUR_MS, BOSTON) == local_instant(autumn, 0, BOSTON) + 90 * MINUTE_MS
    assert ShiftPattern(start_ms=half_past_two, end_ms=3 * HOUR_MS + 30 * MINUTE_MS).on(spring, BOSTON) is None
    assert local_instant(spring, DAY_MS, BOSTON) == local_instant(dt.date(2015, 3, 9), 0, BOSTON)


def test_a_csv_row_is_an_agent(tmp_path: Path) -> None:
    """A spreadsheet says the same as the TOML file; empty cells take the defaults."""
    (ana, ben) = a_csv_roster(tmp_path, f"{HEADER}{ANA}\nben,sales:7,,,phone;email,22:00-06:00,02:00-02:30,,\n").members
    assert ana.agent == Agent(
        id="ana", attributes={"billing": 8, "sales": 4, "language": "es"}, capacity=120, channel_maxima={"phone": 1, "email": 2}
    )
    assert ana.shrinkage_per_mille == 50
    assert ana.patterns[0].weekdays == (0, 1)
    assert ana.patterns[0].breaks == ((10 * HOUR_MS, 10 * HOUR_MS + 15 * MINUTE_MS), (12 * HOUR_MS, 12 * HOUR_MS + 30 * MINUTE_MS))
    assert ben.agent == Agent(id="ben", attributes={"sales": 7}, capacity=100, channel_maxima={"phone": 1, "email": 3})
    assert ben.patterns == (
        ShiftPattern(start_ms=22 * HOUR_MS, end_ms=30 * HOUR_MS, breaks=((26 * HOUR_MS, 26 * HOUR_MS + 30 * MINUTE_MS),)),
    )


def test_a_roster_without_a_site_is_read_unchecked(tmp_path: Path) -> None:
    """Names stay as they are, and a channel without a number counts as one at a time."""
    roster = load_roster(written(tmp_path, "roster.toml", changed(ROSTER, "billing = 7", "law = 7")), None)
    assert roster.agents[0].attributes == {"law": 7}
    assert roster.agents[0].channel_maxima == {"phone": 1, "email": 1}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("billing = 7", "biling = 7", 'has "biling", which is not a skill of the site (agent ana). Did you mean "billing"?'),
        ("billing = 7", "billing = 11", "gives billing the level 11 (agent ana). Levels run from 1 to 10."),
        ('["phone", "email"]', '["phone", "mail"]', 'serves "mail", which is not a channel of the site (agent ana). Did you mean "email"?'),
        ('["phone", "email"]', "{ phone = 0 }", "holds 0 of phone at once (agent ana). Write 1 or more, or leave it out."),
        ('channels = ["phone", "email"]', "", "serves no channel (agent ana). List the channels this agent takes."),
        ('["night"]', '["nite"]', '"nite" is not a shift of this roster. Did you mean "night"?'),
        ('id = "ana"', 'id = "pool-07"', '"pool-07" is the id of two agents. Give each agent their own id.'),
        ('start = "02:00"', 'start = "07:00"', "has a break from 07:00 the next day to 07:30 the next day, which is not within the shift."),
        ("waves = 2", "waves = 20", "which is not within the shift. With waves the last wave must still fit."),
        ("skills = { billing = 7 }", "skills = { billing = 7 }\nattributes = { billing = 1 }", 'as a skill and as an attribute (agent'),
        ("agents = 10", "agents = 0", "0 is too small. Write 1 or more."),
        ("skills = { billing = 7 }", "capacity = 60", "has capacity 60, but one interaction of phone takes 100 (agent ana)."),
        ("skills = { billing = 7 }", "shrinkage = 1.2", "1.2 is not a share. Write a number from 0 to 1"),
    ],
)  # fmt: skip
def test_a_wrong_roster_is_refused_with_place_and_remedy(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each mistake is told with its line, the agent, and what to write instead."""
    with pytest.raises(ConfigError) as caught:
        a_roster(tmp_path, changed(ROSTER, old, new))
    assert message in headline(caught.value, tmp_path)
    assert caught.value.line is not None


def test_a_roster_needs_somebody(tmp_path: Path) -> None:
    """Neither an empty TOML file nor a lone header is a roster."""
    with pytest.raises(ConfigError, match="has no agents"):
        a_roster(tmp_path, 'schema = "careroute/roster/1"\n')
    with pytest.raises(ConfigError, match="has no agents"):
        a_csv_roster(tmp_path, HEADER)
    with pytest.raises(ConfigError, match="is empty"):
        a_csv_roster(tmp_path, "")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("ana,billing:8\n", "roster.csv, line 2: has 2 columns, the header has 9. A cell that holds a comma stands in double quotes."),
        (ANA + ANA, 'roster.csv, line 3, key id: "ana" is the id of two agents. Line 2 has it too: give each agent one row.'),
        (ANA.replace("billing:8", "billing"), 'key skills: "billing;sales:4" has "billing", which is not name:value.'),
        (ANA.replace("billing:8", "billing:x"), 'key skills: "billing:x;sales:4" has "x" where a whole number must stand.'),
        (ANA.replace("billing:8", "sales:8"), 'key skills: "sales:8;sales:4" names sales twice. Remove one.'),
        (ANA.replace("billing:8", "law:8"), 'line 2, key skills: has "law", which is not a skill of the site (agent ana).'),
        (ANA.replace("language:es", "billing:es"), 'key attributes: names "billing" as a skill and as an attribute. Choose one.'),
        (ANA.replace(",120,", ",0,"), 'key capacity: "0" is not a capacity. Write a number from 1 to 1000000.'),
        (ANA.replace("08:00-16:30", "8 to 16"), 'key shifts: "8 to 16" is not a span from one time of day to another. Write 08:00-16:30'),
        (ANA.replace("08:00-16:30", "08:00-16:99"), 'key shifts: "08:00-16:99" is not a span from one time of day to another.'),
        (ANA.replace("10:00-10:15", "06:00-06:15"), 'key breaks: "06:00-06:15;12:00-12:30" has a break outside the shifts.'),
        (ANA.replace("10:00-10:15", "12:15-12:45"), 'key breaks: "12:15-12:45;12:00-12:30" has breaks that overlap at 12:15.'),
        (ANA.replace("mon tue", "mon tues"), 'key days: "mon tues" has "tues", which is not a weekday.'),
        (ANA.replace("0.05", "5"), 'key shrinkage: "5" is not a share. Write a number from 0 to 1 with at most'),
        (ANA.replace("0.05", "5%"), 'key shrinkage: "5%" is not a share.'),
        ('"ana,x', "roster.csv, line 2: not CSV: unexpected end of data."),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_line(tmp_path: Path, rows: str, message: str) -> None:
    """Each mistake in a table names line, column, value and remedy."""
    with pytest.raises(ConfigError) as caught:
        a_csv_roster(tmp_path, HEADER + rows)
    assert message in headline(caught.value, tmp_path)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("id,skils,channels\n", '"skils" is not a column of a roster. Did you mean "skills" or "shifts"?'),
        ("id,skills,skills,channels\n", '"skills" names two columns. Remove one.'),
        ("id,skills\n", "has no column channels. A roster needs id, skills, channels."),
    ],
)
def test_a_wrong_header_is_refused(tmp_path: Path, header: str, message: str) -> None:
    """The first row must name the columns of a roster, each once."""
    with pytest.raises(ConfigError) as caught:
        a_csv_roster(tmp_path, header)
    assert headline(caught.value, tmp_path) == f"roster.csv, line 1: {message}"


def test_an_unreadable_table_is_refused(tmp_path: Path) -> None:
    """A missing file, and one that is not UTF-8, are told apart."""
    with pytest.raises(ConfigError, match="cannot be read"):
        load_roster(tmp_path / "none.csv", None)
    path = tmp_path / "latin.csv"
    path.write_bytes(HEADER.encode() + b"jos\xe9,,,,phone,,,,\n")
    with pytest.raises(ConfigError, match="line 2: the text is not UTF-8"):
        load_roster(path, None)
