"""Scheduled against required: loads, formulas, rosters by interval, and cost; as functions, from Python and on the command line."""

import csv
import datetime as dt
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import simulation
from routing.config.errors import ConfigError
from routing.config.roster import RosteredAgent
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS
from simulation.agents.holding import HoldRule
from simulation.cli.staffing import staffing
from simulation.demand import DemandStream, DrawnDemand, RateSpan, ReplayedLog
from simulation.interactions import RecordedInteraction
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.measure import Ratio
from simulation.kpis.tabulate import tabulate
from simulation.laws import Constant, Never
from simulation.penalties import Penalties
from simulation.run import run_replication
from simulation.scenario import OpenSpan, Scenario
from simulation.scenario_file import load_scenario
from simulation.staffing.load import load_of
from simulation.staffing.required import Aim, Method, Moment, agents_required, figures_with
from simulation.staffing.table import scheduled_against_required
from simulation.theory.erlang import agents_for_service_level
from tests.builders import CHAT, EMAIL, VOICE, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.simulation.worlds import (
    ASSUMED,
    a_behaviour,
    a_birth,
    a_member,
    a_roster,
    a_rule_of,
    a_scenario,
    a_shift,
    an_arm,
    exponential,
    the_births,
)

ROOT = Path(__file__).parents[3]
FRONT_DESK = str(ROOT / "examples" / "front-desk" / "scenario.toml")
PHONE = frozenset({"voice"})


def a_demand(*per_hour: float, channel: str = "voice") -> DrawnDemand:
    """So many arrivals in the first hour, so many in the second, and so on."""
    spans = tuple(
        RateSpan(starts_at=hour * HOUR_MS, ends_at=(hour + 1) * HOUR_MS, expected=expected) for hour, expected in enumerate(per_hour)
    )
    return DrawnDemand(streams=(DemandStream(channel=channel, type="", attributes={}, spans=spans),), description="a plan")


def a_plan(*members: RosteredAgent, **overrides: object) -> Scenario:
    """Four hours with 60, 120, 0 and 30 calls of a minute and nobody who leaves."""
    site = a_site(channels=[VOICE, CHAT, EMAIL], queues=[a_queue(wrap_up_limit_ms=MINUTE_MS, target_ms=20_000)], rules=[a_rule()])
    fields = {"site": site, "demand": a_demand(60, 120, 0, 30), "ends_at": 4 * HOUR_MS} | overrides
    return a_scenario(a_roster(*members), **fields)  # type: ignore[arg-type]  # the builder checks the names


def test_the_least_number_of_agents_that_reaches_the_aim() -> None:
    """Erlang C as the theory has it; with patience fewer suffice; one agent less misses the aim in both."""
    moment = Moment(arrival_rate=100 / (30 * MINUTE_MS), service_rate=1 / (3 * MINUTE_MS), patience_rate=1 / (2 * MINUTE_MS))
    counts = {}
    for method in Method:
        aim = Aim(method=method, target_ms=20_000, share=0.8)
        counts[method] = agents_required(moment, aim)
        assert figures_with(moment, counts[method], aim).answered_in_time >= 0.8
        assert figures_with(moment, counts[method] - 1, aim).answered_in_time < 0.8
    assert counts[Method.ERLANG_C] == 14  # 10 Erlangs: the published 88.8 % with 14, and too few with 13
    assert counts[Method.ERLANG_A] < counts[Method.ERLANG_C]
    rates = {"arrival_rate": moment.arrival_rate, "service_rate": moment.service_rate}
    assert counts[Method.ERLANG_C] == agents_for_service_level(**rates, target=20_000, share=0.8)


def test_too_few_agents_and_none_at_all() -> None:
    """Without patience to lose the line grows for ever; with it everybody whom nobody answers leaves."""
    patient, impatient = (Moment(arrival_rate=2.0, service_rate=1.0, patience_rate=rate) for rate in (0.0, 0.5))
    aim = Aim(method=Method.ERLANG_A, target_ms=0.1, share=0.8)
    assert figures_with(patient, 2, aim).mean_wait_ms == math.inf
    assert figures_with(patient, 0, aim).answered_in_time == 0.0
    assert figures_with(impatient, 0, aim).abandoned == 1.0
    assert figures_with(impatient, 1, aim).abandoned == pytest.approx(0.5, abs=0.1)
    assert agents_required(replace(patient, arrival_rate=0.0), aim) == 0


def test_a_load_is_what_arrives_and_how_long_it_takes() -> None:
    """Calls of a minute, a fifth of them with 30 s of hold, and 40 s of notes where the queue allows 60: 106 s each."""
    behaviour = a_behaviour(
        wrap_up=(a_rule_of(Constant(value_ms=40_000)),),
        hold=(HoldRule(when={}, share=0.2, begins=0.5, law=Constant(value_ms=30_000), part=0.0, source=ASSUMED),),
        patience=exponential(5 * MINUTE_MS),
    )
    scenario = a_plan(
        a_member(an_agent()), behaviour=behaviour, opening_hours={"voice": (OpenSpan(starts_at=HOUR_MS // 2, ends_at=DAY_MS),)}
    )
    load = load_of(scenario, PHONE, HOUR_MS // 2)
    assert load.arrivals.tolist() == pytest.approx([0, 30, 60, 60, 0, 0, 15, 15])
    assert load.handle_ms.tolist() == pytest.approx([0, 106_000, 106_000, 106_000, 0, 0, 106_000, 106_000])
    assert load.patience_rate.tolist()[1] == pytest.approx(1 / (5 * MINUTE_MS))
    assert load_of(scenario, frozenset({"chat"}), HOUR_MS).arrivals.sum() == 0
    short = replace(scenario, site=a_site(channels=[VOICE, CHAT, EMAIL], queues=[a_queue(wrap_up_limit_ms=10_000)], rules=[a_rule()]))
    assert load_of(short, PHONE, HOUR_MS).handle_ms.tolist()[0] == pytest.approx(76_000)


def test_a_replayed_log_is_counted() -> None:
    """Three calls in the first hour and one in the last; the interval of 90 minutes is cut at the end of the horizon."""
    at = [5, 20, 50, 230]
    log = tuple(
        RecordedInteraction(id=f"i{n}", arrived_at_ms=m * MINUTE_MS, channel="voice", type="", attributes={}) for n, m in enumerate(at)
    )
    load = load_of(a_plan(a_member(an_agent()), demand=ReplayedLog(log=log, name="log")), PHONE, 90 * MINUTE_MS)
    assert load.arrivals.tolist() == [3, 0, 1]
    assert [edge // MINUTE_MS for edge in load.edges.tolist()] == [0, 90, 180, 240]


def test_a_table_sets_agents_beside_what_is_needed() -> None:
    """Ana with a break, ben with shrinkage, and eve, who answers no calls: hours too few and too many, by interval."""
    ana = replace(
        a_member(an_agent("ana", channels="voice:1"), a_shift(0, 3 * HOUR_MS, breaks=[(HOUR_MS, HOUR_MS + 15 * MINUTE_MS)])),
        hourly_cost=20.0,
    )
    ben = replace(a_member(an_agent("ben", channels="voice:1"), shrinkage_per_mille=200), planned_shrinkage_per_mille=500, hourly_cost=30.0)
    ben = replace(ben, patterns=(a_shift(0, 2 * HOUR_MS), replace(a_shift(2 * HOUR_MS, 3 * HOUR_MS), is_overtime=True)))
    eve = replace(a_member(an_agent("eve", channels="email:1"), a_shift(0, HOUR_MS)), hourly_cost=10.0)
    scenario = a_plan(ana, ben, eve)
    scenario = replace(scenario, rosters={"planned": replace(scenario.rosters["planned"], overtime_factor=1.5)})
    table = scheduled_against_required(scenario, "planned", interval_ms=HOUR_MS)
    assert (table.method, table.target_ms, table.share) == (Method.ERLANG_C, 20_000, 0.8)  # nobody leaves
    assert [row.scheduled for row in table.rows] == [2.0, 1.75, 2.0, 0.0]
    assert [row.present for row in table.rows] == pytest.approx([1.4, 1.15, 1.4, 0.0])
    assert [row.load_erlangs for row in table.rows] == pytest.approx([1, 2, 0, 0.5])
    required = [
        agents_for_service_level(arrival_rate=rate, service_rate=1.0, target=1 / 3, share=0.8) if rate else 0 for rate in (1, 2, 0, 0.5)
    ]
    assert [row.required for row in table.rows] == required
    assert table.under_h == pytest.approx(sum(max(0.0, row.required - row.present) for row in table.rows))
    assert table.over_h == pytest.approx(1.4)
    assert table.rows[3].service_level == 0.0
    assert (table.cost.paid_h, table.cost.overtime_h) == (7.0, 1.0)
    assert table.cost.amount == pytest.approx(3 * 20 + 2 * 30 + 1.5 * 30 + 10)
    nameless = replace(scenario, rosters={"planned": a_roster(ana, replace(ben, hourly_cost=None))})
    assert scheduled_against_required(nameless, "planned").cost.amount is None
    frame = table.frame()
    assert frame["local"].dt.hour().to_list() == [0, 1, 2, 3]


def test_penalties_are_expected_by_the_formula_and_counted_in_a_day() -> None:
    """Each lost customer costs 5, each late one 1, an hour of waiting 12; a line without end has no expected cost."""
    penalties = Penalties(abandoned=5.0, late=1.0, waited_hour=12.0)
    member = a_member(an_agent(channels="voice:1"), a_shift(0, DAY_MS))
    scenario = a_plan(
        member, penalties=penalties, behaviour=a_behaviour(patience=exponential(MINUTE_MS)), demand=a_demand(60), ends_at=HOUR_MS
    )
    table = scheduled_against_required(scenario, "planned", interval_ms=HOUR_MS)
    figures = figures_with(
        Moment(arrival_rate=1 / MINUTE_MS, service_rate=1 / MINUTE_MS, patience_rate=1 / MINUTE_MS),
        1,
        Aim(method=Method.ERLANG_A, target_ms=20_000, share=0.8),
    )
    expected = 60 * (5 * figures.abandoned + (1 - figures.answered_in_time) + 12 * figures.mean_wait_ms / HOUR_MS)
    assert table.penalty == pytest.approx(expected)
    endless = replace(scenario, behaviour=a_behaviour(patience=(a_rule_of(Never()),)))
    assert scheduled_against_required(endless, "planned", interval_ms=HOUR_MS).penalty is None
    births = [
        a_birth(an_interaction("served"), work_ms=30 * MINUTE_MS),
        a_birth(an_interaction("late"), at=20 * MINUTE_MS),
        a_birth(an_interaction("lost"), at=20 * MINUTE_MS, patience_ms=5 * MINUTE_MS),
    ]
    ledger = Ledger()
    run_replication(scenario, an_arm(scenario), 0, [ledger], births=the_births(*births))
    row = tabulate(facts_of(ledger, penalties=penalties)).overall
    assert row["penalty"] == Ratio(round(1e6 * (5 + 2 * 1 + 12 * (10 + 5) / 60)), 1)
    assert "penalty" not in tabulate(facts_of(ledger)).overall


def a_desk_of_two_queues() -> Scenario:
    """Sales that both agents take, and help that only one of them may, in two hours."""
    span = (RateSpan(starts_at=0, ends_at=2 * HOUR_MS, expected=120),)
    streams = tuple(DemandStream(channel="voice", type=name, attributes={}, spans=span) for name in ("sales", "help"))
    later = (replace(span[0], starts_at=HOUR_MS, expected=60),)
    more = DemandStream(channel="voice", type="advice", attributes={}, spans=later)
    site = a_site(
        channels=[VOICE],
        queues=[a_queue("sales"), a_queue("help")],
        rules=[
            a_rule("sales", queue="sales", when="type=sales"),
            a_rule("help", queue="help", when="type=help", needs="help>=5"),
            a_rule("advice", queue="help"),
        ],
        skills="help",
    )
    members = [a_member(an_agent("a1", skills="help:8")), a_member(an_agent("a2", skills="help:4"), shrinkage_per_mille=250)]
    demand = DrawnDemand(streams=(*streams, more), description="a plan")
    return a_scenario(a_roster(*members), site=site, demand=demand, ends_at=2 * HOUR_MS)


def test_each_queue_by_itself() -> None:
    """Who may serve it counts by kind of work: help is for one agent, advice in the second hour for both; each is one Erlang of work."""
    table = scheduled_against_required(a_desk_of_two_queues(), "planned", interval_ms=HOUR_MS, by_queue=True)
    found = {one.queue: one.rows for one in table.queues}
    assert list(found) == ["help", "sales"]  # the most work first
    assert [row.able for row in found["sales"]] == [1.75, 1.75]
    assert [row.able for row in found["help"]] == pytest.approx([1.0, (1.0 + 1.75) / 2])
    assert [row.load_erlangs for row in found["help"]] == pytest.approx([1.0, 2.0])
    moment = Moment(arrival_rate=60 / HOUR_MS, service_rate=1 / MINUTE_MS, patience_rate=0)
    level = table.queues[1]
    assert found["sales"][0].required == agents_required(moment, Aim(method=table.method, target_ms=level.target_ms, share=level.share))
    assert sum(row.arrivals for rows in found.values() for row in rows) == pytest.approx(sum(row.arrivals for row in table.rows))
    frame = table.queues_frame()
    assert frame.columns[:3] == ["local", "queue", "starts_at"]
    assert frame["able"].to_list() == [row.able for rows in found.values() for row in rows]
    assert scheduled_against_required(a_desk_of_two_queues(), "planned").queues == ()


def test_the_page_shows_queues_days_and_cost() -> None:
    """Queue by queue where asked for, day by day where there are several, and the same bytes each time."""
    desk = a_desk_of_two_queues()
    page = scheduled_against_required(desk, "planned", by_queue=True).to_html()
    assert "Queue by queue" in page
    assert "Day by day" not in page
    assert page == scheduled_against_required(desk, "planned", by_queue=True).to_html()
    long = replace(
        desk, ends_at=30 * HOUR_MS, calendar=replace(desk.calendar, days=2), penalties=Penalties(abandoned=1, late=1, waited_hour=0)
    )
    told = scheduled_against_required(long, "planned").to_html()
    assert "Day by day" in told
    assert "Expected penalties" in told
    assert "Queue by queue" not in told


def test_wrong_questions_are_refused() -> None:
    """A roster or channel that is none, a share that cannot be reached, an interval of no length."""
    scenario = a_plan(a_member(an_agent()))
    with pytest.raises(ConfigError, match="is not a roster of the scenario"):
        scheduled_against_required(scenario, "plan")
    with pytest.raises(ConfigError, match="is not a channel of the site"):
        scheduled_against_required(scenario, "planned", channels=["fax"])
    with pytest.raises(ConfigError, match="is not a share below 1"):
        scheduled_against_required(scenario, "planned", share=1.0)
    with pytest.raises(ConfigError, match="is less than 60000"):
        simulation.staffing_table(scenario, interval_ms=1_000)
    with pytest.raises(ConfigError, match="is not a rule of staffing"):
        simulation.staffing_table(scenario, rule="lagged")


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    """docs/reference/staffing.md: the command prints a table, JSON and CSV of the same numbers, and the Python example runs."""
    page = (ROOT / "docs" / "reference" / "staffing.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0].replace("examples/", f"{ROOT}/examples/")
    exec(compile(code, "staffing.md", "exec"), {})
    app = typer.Typer()
    app.command()(staffing)
    files = ["--csv", str(tmp_path / "table.csv"), "--html", str(tmp_path / "page.html")]
    shown = CliRunner().invoke(app, [FRONT_DESK, "--roster", "four", *files])
    assert shown.exit_code == 0
    assert shown.output.startswith("11.0 agent hours too few and 0.0 too many; at worst 3.0 agents too few at 07:30.")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "table.csv").read_text(encoding="utf-8"))))
    told = json.loads(CliRunner().invoke(app, [FRONT_DESK, "--roster", "four", "--json"]).output)
    assert told["schema"] == "careroute/staffing/1"
    assert [one["queue"] for one in told["queues"]] == ["desk", "passports"]
    assert "11.0 agent hours too few" in (tmp_path / "page.html").read_text(encoding="utf-8").split("<h1>")[1].split("</h1>")[0]
    assert [int(row["required"]) for row in rows] == [row["required"] for row in told["rows"]] == [5] * 20
    assert dt.datetime.fromtimestamp(told["rows"][0]["starts_at"] / 1_000, dt.UTC).hour == 6  # 07:30 in Berlin
    late = CliRunner().invoke(app, [FRONT_DESK, "--rule", "lagged_sipp"])
    assert "by lagged SIPP, Erlang A." in late.output.replace("\n", " ")


def test_a_scenario_file_states_penalties(tmp_path: Path) -> None:
    """The table is read with the scenario, and a negative amount is refused."""
    for file in (ROOT / "examples" / "front-desk").glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"))
    text = Path(FRONT_DESK).read_text(encoding="utf-8")
    (tmp_path / "scenario.toml").write_text(f"{text}\n[penalties]\nabandoned = 4.5\nlate = 0.5\n")
    scenario = load_scenario(tmp_path / "scenario.toml")
    assert scenario.penalties == Penalties(abandoned=4.5, late=0.5)
    assert simulation.staffing_table(scenario).penalty is not None
    (tmp_path / "scenario.toml").write_text(f"{text}\n[penalties]\nabandoned = -1\n")
    with pytest.raises(ConfigError, match="too small"):
        load_scenario(tmp_path / "scenario.toml")
