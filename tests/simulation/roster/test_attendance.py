"""Whose shifts fall into a scenario, who comes, and how well people keep to it."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from routing.config.errors import ConfigError
from routing.config.roster import RosteredAgent, ShiftPattern, local_instant
from routing.core import events
from routing.core.events import Recorded
from routing.model.agent import Presence
from routing.model.site import NotReadyReason, ShiftRule
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS
from simulation.agents.adherence import NO_LAPSE, Adherence, Lapse
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.laws import Constant, Exponential
from simulation.roster import PresenceChange, planned_presence, presence_plan
from simulation.run import run_replication
from simulation.scenario import Calendar, Scenario
from simulation.streams import Streams
from tests.builders import VOICE, a_queue, a_rule, a_site, an_agent
from tests.simulation.worlds import ASSUMED, a_behaviour, a_member, a_roster, a_scenario, a_shift, an_arm, the_births

STREAMS = Streams(seed=1, replication=0)
NIGHT = ShiftPattern(start_ms=22 * HOUR_MS, end_ms=30 * HOUR_MS)
BOSTON, BERLIN = "America/New_York", "Europe/Berlin"


def a_day_in(zone: str, date: dt.date, member: RosteredAgent, **overrides: object) -> Scenario:
    """One local day of a zone with one agent."""
    calendar = Calendar(date=date, days=1, zone=zone)
    starts_at, ends_at = (local_instant(date, after_ms, calendar.zone_info) for after_ms in (0, DAY_MS))
    fields = {"calendar": calendar, "starts_at": starts_at, "ends_at": ends_at} | overrides
    return a_scenario(a_roster(member), **fields)  # type: ignore[arg-type]  # the builder checks the names


def plan_of(scenario: Scenario, streams: Streams = STREAMS) -> tuple[PresenceChange, ...]:
    """The changes of the only agent."""
    return presence_plan(scenario, scenario.rosters["planned"], streams).get("a1", ())


def available_ms(changes: tuple[PresenceChange, ...]) -> int:
    """How long the changes leave the agent available."""
    return sum(then.at - change.at for change, then in pairwise(changes) if change.presence is Presence.AVAILABLE)


@pytest.mark.parametrize(
    ("zone", "date", "hours"),
    [
        (BERLIN, dt.date(2026, 3, 28), 7),  # clocks go forward at 02:00 in the night that begins on this date
        (BERLIN, dt.date(2026, 10, 24), 9),
        (BOSTON, dt.date(2026, 3, 7), 7),
        (BOSTON, dt.date(2026, 10, 31), 9),
        ("Australia/Lord_Howe", dt.date(2026, 4, 4), 8.5),  # half an hour only
        ("Asia/Kolkata", dt.date(2026, 3, 28), 8),
    ],
)
def test_nights_across_changes_of_the_clocks_are_correct_to_the_second(zone: str, date: dt.date, hours: float) -> None:
    """The agent comes at 22:00 and leaves at 06:00 on the clock of the wall, and works as long as that really takes."""
    changes = plan_of(a_day_in(zone, date, a_member(an_agent(), NIGHT)))
    clock = [dt.datetime.fromtimestamp(change.at / 1_000, tz=ZoneInfo(zone)) for change in changes]
    assert [f"{at:%H:%M:%S}" for at in clock] == ["22:00:00", "06:00:00"]
    assert available_ms(changes) == hours * HOUR_MS


def test_an_agent_elsewhere_works_within_the_days_of_the_scenario() -> None:
    """Night work in Manila is day work in Boston: from 21:00 to 05:00 there is 09:00 to 17:00 here, on the same day."""
    manila = replace(a_member(an_agent(), ShiftPattern(start_ms=21 * HOUR_MS, end_ms=29 * HOUR_MS)), zone="Asia/Manila")
    date = dt.date(2026, 6, 2)
    changes = plan_of(a_day_in(BOSTON, date, manila))
    assert [change.at for change in changes] == [local_instant(date, hours * HOUR_MS, ZoneInfo(BOSTON)) for hours in (9, 17)]
    early = replace(manila, patterns=(ShiftPattern(start_ms=3 * HOUR_MS, end_ms=11 * HOUR_MS),))
    changes = plan_of(a_day_in(BOSTON, date, early))
    assert [change.at for change in changes] == [local_instant(date, hours * HOUR_MS, ZoneInfo(BOSTON)) for hours in (15, 23)]


def test_the_night_before_counts_where_the_scenario_says_so() -> None:
    """Without it nobody is there before the first night shift begins; with it the shift of the day before is; a day shift never is."""
    date = dt.date(2026, 6, 2)
    member = a_member(an_agent(), NIGHT, a_shift(8 * HOUR_MS, 12 * HOUR_MS))
    alone = a_day_in("UTC", date, member)
    midnight = alone.starts_at
    assert [change.at - midnight for change in plan_of(alone)] == [hours * HOUR_MS for hours in (8, 12, 22, 30)]
    before = replace(alone, shifts_of_day_before=True)
    assert [change.at - midnight for change in plan_of(before)] == [hours * HOUR_MS for hours in (-2, 6, 8, 12, 22, 30)]
    log: list[Recorded] = []
    run_replication(before, an_arm(before), 0, [log.append], births=the_births())
    times = facts_of(Ledger().read(log), starts_at=before.starts_at, ends_at=before.ends_at)
    assert int(times.agent_intervals[0].available_ms.sum()) == 30 * MINUTE_MS


def test_who_is_absent_misses_all_shifts_of_the_day_and_nobody_elses_luck_changes() -> None:
    """Half of the days are missed, morning, afternoon and overtime together; a further shift leaves the days as they were."""
    morning, afternoon = a_shift(8 * HOUR_MS, 12 * HOUR_MS), a_shift(13 * HOUR_MS, 17 * HOUR_MS)
    days = Calendar(date=dt.date(1970, 1, 1), days=200, zone="UTC")
    overtime = {date: (replace(a_shift(5 * HOUR_MS, 8 * HOUR_MS), is_overtime=True),) for date in days.dates}

    def days_worked(*shifts: ShiftPattern, dated: bool = False) -> set[int]:
        member = a_member(an_agent(), *shifts, shrinkage_per_mille=500)
        member = replace(member, dated=overtime) if dated else member
        scenario = a_scenario(a_roster(member), calendar=days, ends_at=200 * DAY_MS)
        changes = plan_of(scenario)
        by_day = {change.at // DAY_MS: 0 for change in changes}
        assert available_ms(changes) == len(by_day) * sum(
            shift.end_ms - shift.start_ms for shift in (*shifts, *overtime[days.date] * dated)
        )
        return set(by_day)

    alone = days_worked(morning)
    assert 75 < len(alone) < 125
    assert alone == days_worked(morning, afternoon) == days_worked(morning, afternoon, dated=True)


def test_overtime_that_adjoins_a_shift_is_one_stay() -> None:
    """Nobody logs off for no time at all; two ordinary shifts that touch stay two."""
    day = dt.date(1970, 1, 1)
    after = replace(a_shift(16 * HOUR_MS, 18 * HOUR_MS, breaks=[(17 * HOUR_MS, 17 * HOUR_MS + MINUTE_MS)]), is_overtime=True)
    member = replace(a_member(an_agent(), a_shift(8 * HOUR_MS, 16 * HOUR_MS)), dated={day: (after,)})
    changes = plan_of(a_scenario(a_roster(member)))
    assert [change.presence for change in changes] == [Presence.AVAILABLE, Presence.NOT_READY, Presence.AVAILABLE, Presence.OFFLINE]
    ordinary = a_member(an_agent(), a_shift(8 * HOUR_MS, 12 * HOUR_MS), a_shift(12 * HOUR_MS, 16 * HOUR_MS))
    assert [change.at // HOUR_MS for change in plan_of(a_scenario(a_roster(ordinary)))] == [8, 12, 12, 16]


def test_what_is_planned_takes_its_share_of_every_shift_at_a_place_of_its_own() -> None:
    """A tenth of eight hours less half an hour is 45 minutes, wherever they fall; a break in between parts them."""
    shift = a_shift(8 * HOUR_MS, 16 * HOUR_MS, breaks=[(12 * HOUR_MS, 12 * HOUR_MS + 30 * MINUTE_MS)])
    member = replace(a_member(an_agent(), shift), planned_shrinkage_per_mille=100)
    days = Calendar(date=dt.date(1970, 1, 1), days=100, zone="UTC")
    changes = plan_of(a_scenario(a_roster(member), calendar=days, ends_at=100 * DAY_MS))
    planned = [(change.at, then.at) for change, then in pairwise(changes) if change.reason == "planned"]
    assert sum(ends_at - starts_at for starts_at, ends_at in planned) == 100 * 45 * MINUTE_MS
    assert len({starts_at % DAY_MS for starts_at, _ in planned}) > 90
    assert len(planned) > 100  # on some days the break lies within
    assert available_ms(changes) == 100 * (450 - 45) * MINUTE_MS


def test_reasons_must_be_declared_where_the_site_declares_any() -> None:
    """A site that lists its codes must list that of planned work, too."""
    member = replace(a_member(an_agent()), planned_shrinkage_per_mille=100)
    site = a_site(
        queues=[a_queue()], rules=[a_rule()], channels=[VOICE], not_ready_reasons=(NotReadyReason(code="break", is_working_time=False),)
    )
    with pytest.raises(ConfigError, match='"planned" is the reason of agents who are planned for something else'):
        plan_of(a_scenario(a_roster(member), site=site))


def test_people_are_late_leave_early_and_overrun_breaks() -> None:
    """Two minutes late, one minute early, breaks three minutes longer: what the router is told beforehand is the plan."""
    adherence = Adherence(
        late=Lapse(share=1.0, law=Constant(value_ms=2 * MINUTE_MS)),
        break_overrun=Lapse(share=1.0, law=Constant(value_ms=3 * MINUTE_MS)),
        early_leave=Lapse(share=1.0, law=Constant(value_ms=MINUTE_MS)),
        source=ASSUMED,
    )
    breaks = [(10 * HOUR_MS, 10 * HOUR_MS + 15 * MINUTE_MS), (10 * HOUR_MS + 16 * MINUTE_MS, 10 * HOUR_MS + 20 * MINUTE_MS)]
    member = a_member(an_agent(channels="voice:1"), a_shift(8 * HOUR_MS, 12 * HOUR_MS, breaks=breaks))
    site = a_site(queues=[a_queue()], rules=[a_rule()], channels=[VOICE], shift_rule=ShiftRule(tolerance_ms=0))
    scenario = a_scenario(a_roster(member), site=site, behaviour=a_behaviour(adherence=adherence))
    changes = plan_of(scenario)
    clock = [(change.at / MINUTE_MS, change.presence) for change in changes]
    # The first break runs into the second, which it cannot push.
    assert clock == [
        (8 * 60 + 2, Presence.AVAILABLE),
        (10 * 60, Presence.NOT_READY),
        (10 * 60 + 16, Presence.NOT_READY),
        (10 * 60 + 23, Presence.AVAILABLE),
        (12 * 60 - 1, Presence.OFFLINE),
    ]
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=the_births())
    (told,) = [one.event for one in log if isinstance(one.event, events.CommitmentsPut)]
    assert [commitment.starts_at / HOUR_MS for commitment in told.commitments] == [10, 10 + 16 / 60, 12]


def test_lateness_is_each_agents_own_luck_of_the_day() -> None:
    """A third are late, by four minutes on average; who does not depend on who else works; a shift may be missed in all."""
    adherence = Adherence(
        late=Lapse(share=0.3, law=Exponential(mean_ms=4 * MINUTE_MS)), break_overrun=NO_LAPSE, early_leave=NO_LAPSE, source=ASSUMED
    )
    members = [a_member(an_agent(f"a{number}"), a_shift(8 * HOUR_MS, 16 * HOUR_MS)) for number in range(1_000)]
    behaviour = a_behaviour(adherence=adherence)
    scenario = a_scenario(a_roster(*members), behaviour=behaviour)
    plan = presence_plan(scenario, scenario.rosters["planned"], STREAMS)
    late_ms = [changes[0].at - 8 * HOUR_MS for changes in plan.values() if changes[0].at > 8 * HOUR_MS]
    assert 250 < len(late_ms) < 350
    assert 3 * MINUTE_MS < sum(late_ms) / len(late_ms) < 5 * MINUTE_MS
    fewer = a_scenario(a_roster(*members[900:]), behaviour=behaviour)
    assert presence_plan(fewer, fewer.rosters["planned"], STREAMS).items() <= plan.items()
    short = a_scenario(a_roster(*(replace(member, patterns=(a_shift(0, MINUTE_MS),)) for member in members)), behaviour=behaviour)
    assert len(presence_plan(short, short.rosters["planned"], STREAMS)) < 1_000
    assert len(planned_presence(short, short.rosters["planned"], STREAMS)) == 1_000


def test_every_rostered_second_is_accounted_for() -> None:
    """Available, on a break and planned for something else make the shifts of those who came, to the millisecond."""
    shift = a_shift(8 * HOUR_MS, 16 * HOUR_MS, breaks=[(12 * HOUR_MS, 12 * HOUR_MS + 30 * MINUTE_MS)])
    members = [
        replace(a_member(an_agent(f"a{number}", channels="voice:1"), shift, shrinkage_per_mille=200), planned_shrinkage_per_mille=130)
        for number in range(40)
    ]
    scenario = a_scenario(a_roster(*members))
    log: list[Recorded] = []
    summary = run_replication(scenario, an_arm(scenario), 0, [log.append], births=the_births())
    times = facts_of(Ledger().read(log)).agents
    assert 24 < summary.agents_on_shift < 40
    assert int((times.available_ms + times.not_ready_ms).sum()) == summary.agents_on_shift * 8 * HOUR_MS
    planned_ms = int(450 * MINUTE_MS * 0.13)
    assert int(times.not_ready_ms.sum()) == summary.agents_on_shift * (30 * MINUTE_MS + planned_ms)
