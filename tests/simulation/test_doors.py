"""Queues with limits and opening hours in the simulated world: who does not get in is counted, and everything adds up."""

import contextlib
import csv
import io
import re
from pathlib import Path

import simulation
from routing.core.events import Recorded
from routing.model.estimate import EstimateMethod
from routing.model.site import Site
from routing.model.time import HOUR_MS, MINUTE_MS
from simulation.births import births_of
from simulation.demand import DemandStream, DrawnDemand, RateSpan
from simulation.kpis.ledger import Ledger, Outcome
from simulation.run import run_replication
from simulation.scenario import Scenario
from tests.builders import VOICE, a_calendar, a_queue, a_rule, a_site, an_admission, an_agent, an_interaction, some_hours
from tests.simulation.worlds import a_behaviour, a_birth, a_member, a_roster, a_scenario, an_arm, exponential, the_births

ROOT = Path(__file__).parents[2]
FRONT_DESK = ROOT / "examples/front-desk/scenario.toml"
ENDS = ("handled", "abandoned", "refused", "diverted", "unserved", "cancelled", "unreached", "transferred", "in_progress")


def an_office(*, estimate: EstimateMethod | None = None, waiting_max: int = 1, when_closed: str = "voicemail:box") -> Site:
    """One line of at most `waiting_max`, open in the second hour; a second one for who does not get in there."""
    main = a_queue(
        "main",
        wrap_up_limit_ms=0,
        admission=an_admission(waiting_max=waiting_max),
        hours=some_hours(when_closed=when_closed),
        estimate=estimate,
    )
    calendars = {"office": a_calendar((HOUR_MS, 2 * HOUR_MS))}
    return a_site(queues=[main, a_queue("other", wrap_up_limit_ms=0)], rules=[a_rule(queue="main")], channels=[VOICE], calendars=calendars)


def ledger_of(scenario: Scenario, *births: tuple[str, int, int]) -> Ledger:
    """One replication of calls, given as (name, arrival, work)."""
    log: list[Recorded] = []
    made = the_births(*(a_birth(an_interaction(name), at=at, work_ms=work_ms) for name, at, work_ms in births))
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=made)
    return Ledger().read(log)


def test_each_customer_meets_the_door_as_it_is_when_they_come() -> None:
    """Closed: diverted. One is served, one waits, the third is refused; who still waits at the close is served on."""
    close = 2 * HOUR_MS
    calls = [
        ("early", HOUR_MS - 1, MINUTE_MS),
        ("served", HOUR_MS, MINUTE_MS),
        ("waits", HOUR_MS + 1, MINUTE_MS),
        ("one too many", HOUR_MS + 2, MINUTE_MS),
        ("long", close - 2, MINUTE_MS),
        ("served on", close - 1, MINUTE_MS),
        ("late", close, MINUTE_MS),
    ]
    found = ledger_of(a_scenario(a_roster(a_member(an_agent(channels="voice:1"))), site=an_office()), *calls)
    expected = [
        Outcome.DIVERTED,
        Outcome.HANDLED,
        Outcome.HANDLED,
        Outcome.REFUSED,
        Outcome.HANDLED,
        Outcome.HANDLED,
        Outcome.DIVERTED,
    ]
    assert expected == found.outcome


def test_who_is_diverted_to_a_queue_is_counted_where_they_end() -> None:
    """Offered and handled there; both queues had the visit."""
    scenario = a_scenario(a_roster(a_member(an_agent(channels="voice:1"))), site=an_office(when_closed="queue:other"))
    found = ledger_of(scenario, ("early", 0, MINUTE_MS))
    assert (["other"], [Outcome.HANDLED]) == (found.queue, found.outcome)
    assert ({"main": 1, "other": 1}, {"main": 1}) == (found.entries, found.moved_out)


def test_everything_adds_up_in_every_group() -> None:
    """Drawn demand over three hours, one of them open: in each queue, channel and half hour every customer has one end."""
    span = RateSpan(starts_at=0, ends_at=3 * HOUR_MS, expected=180)
    demand = DrawnDemand(streams=(DemandStream(channel="voice", type="sales", attributes={}, spans=(span,)),), description="Poisson")
    scenario = a_scenario(
        a_roster(*(a_member(an_agent(name, channels="voice:1")) for name in ("a1", "a2"))),
        site=an_office(waiting_max=3),
        demand=demand,
        behaviour=a_behaviour(work=exponential(150_000), patience=exponential(240_000)),
        ends_at=3 * HOUR_MS,
    )
    results = simulation.compare(scenario, policies=["longest-idle"], replications=4).results
    values = results.values["longest-idle"]
    groups = [values.overall, *values.by_queue.values(), *values.by_channel.values(), *(found for _, found in values.by_interval)]
    for group in groups:
        counts = {name: interval.mean for name in ("offered", *ENDS) if (interval := group[name]) is not None}
        assert counts["offered"] == sum(counts[name] for name in ENDS)
    overall = {name: interval.mean for name in ENDS if (interval := values.overall[name]) is not None}
    assert min(overall[name] for name in ("handled", "abandoned", "refused", "diverted")) > 0
    outside = [found["diverted"] for at, found in values.by_interval if at.hour != 1]
    inside = [found["diverted"] for at, found in values.by_interval if at.hour == 1]
    assert 0 == sum(one.mean for one in inside if one is not None)
    assert overall["diverted"] == sum(one.mean for one in outside if one is not None)
    births = [len(births_of(scenario, day).births) for day in range(4)]
    assert values.overall["offered"] is not None
    assert 4 * values.overall["offered"].mean == sum(births)


def test_an_estimate_changes_nothing_about_who_is_served_when() -> None:
    """So both methods can be scored on the same waits."""
    roster = a_roster(a_member(an_agent(channels="voice:1")))
    calls = [(f"i{number}", HOUR_MS + number * 20_000, MINUTE_MS) for number in range(40)]
    plain, *told = (ledger_of(a_scenario(roster, site=an_office(estimate=method)), *calls) for method in (None, *EstimateMethod))
    for one in told:
        assert (plain.answered_at, plain.outcome, plain.agent_changes) == (one.answered_at, one.outcome, one.agent_changes)
        assert any(wait_ms > 0 for wait_ms in one.told_ms)
    assert told[0].told_ms != told[1].told_ms


def test_the_page_about_estimates_prints_what_it_shows() -> None:
    """The program of estimated-waits.md runs as it stands there, with the result that stands there."""
    text = (ROOT / "docs/explanation/estimated-waits.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (shown,) = re.findall(r"^```\n(.*?)```", text.split("```python")[1].split("```", 1)[1], re.DOTALL | re.MULTILINE)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})
    assert shown == printed.getvalue()


def test_the_page_about_doors_shows_what_its_command_writes(tmp_path: Path) -> None:
    """The doors are those of the example's site, and the table is that of the measures."""
    text = (ROOT / "docs/how-to/see-what-doors-cost.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n# site.toml, in part\n(.*?)```", text, re.DOTALL)
    site = (ROOT / "examples/front-desk/site.toml").read_text(encoding="utf-8")
    for part in shown.split("\n\n"):
        assert part.strip() in site
    found = simulation.compare(FRONT_DESK, policies=["longest-idle"], rosters=["four", "five"], replications=20)
    table = {}
    for row in csv.DictReader(io.StringIO(found.frame().write_csv())):
        table[row["arm"].partition(" @ ")[2], row["name"], row["measure"]] = row["mean"]
    for queue in ("desk", "passports"):
        for roster in ("four", "five"):
            means = [f"{float(table[roster, queue, name]):.1f}" for name in ("offered", "handled", "abandoned", "refused", "diverted")]
            assert f"| {queue}, {roster} agents | {' | '.join(means)} |" in text
