"""Outbound work: started through the router when few are busy, and never before somebody who waits."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from routing.config.errors import ConfigError
from routing.core.events import InteractionEnded, InteractionQueued, OfferAccepted, Recorded
from routing.model.interaction import EndCause
from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS
from simulation.agents.outbound import OutboundList
from simulation.demand import Birth, DemandStream, DrawnDemand, RateSpan
from simulation.laws import Never
from simulation.run import run_replication
from simulation.scenario import AtEnd, Scenario
from simulation.scenario_file import load_scenario
from simulation.theory.pools import blending
from tests.builders import VOICE, a_calendar, a_channel, a_policy, a_queue, a_rule, a_site, an_agent, an_interaction, an_urgency, some_hours
from tests.simulation.worlds import (
    a_behaviour,
    a_birth,
    a_member,
    a_roster,
    a_rule_of,
    a_scenario,
    a_shift,
    an_arm,
    exponential,
    story_of,
    the_births,
)

JOBS = a_channel("jobs", is_live=False, agent_maximum=1)
MAIL = a_channel("email", is_live=False, agent_maximum=1)
SITE = a_site(
    channels=[VOICE, JOBS, MAIL],
    queues=[a_queue(wrap_up_limit_ms=0, missed_threshold=0)],
    rules=[a_rule()],
    policy=a_policy(wait_price="urgency"),
)
FRONT_DESK = Path(__file__).parents[3] / "examples" / "front-desk"


def a_list(name: str = "survey", **overrides: Any) -> OutboundList:
    """Jobs without end, all day, below three busy agents."""
    jobs = OutboundList(
        name=name, channel="jobs", type="survey", attributes={}, count=None, busy_below=3, keep_free=None, spans=((0, DAY_MS),)
    )
    return replace(jobs, **overrides)


def a_center(*lists: OutboundList, agents: int = 4, **overrides: object) -> Scenario:
    """Agents who take calls and jobs, each job a minute's work."""
    members = [a_member(an_agent(f"a{number}", channels="voice:1 jobs:1"), a_shift(0, HOUR_MS)) for number in range(agents)]
    fields = {"site": SITE, "outbound": lists, "ends_at": HOUR_MS, "at_end": AtEnd.CUT} | overrides
    return a_scenario(a_roster(*members), **fields)  # type: ignore[arg-type]  # the builder checks the names


def log_of(scenario: Scenario, *births: Birth, replication: int = 0) -> list[Recorded]:
    """The log of one replication, with these births alone."""
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), replication, [log.append], births=the_births(*births))
    return log


def jobs_of(log: list[Recorded]) -> Mapping[str, Mapping[str, int | str]]:
    """The stories of the jobs."""
    return {name: story for name, story in story_of(log).items() if name.startswith("outbound-")}


@pytest.mark.parametrize(("rule", "at_once"), [({"busy_below": 3}, 3), ({"busy_below": None, "keep_free": 3}, 1), ({"busy_below": 9}, 4)])
def test_jobs_are_started_up_to_the_threshold(rule: Mapping[str, Any], at_once: int) -> None:
    """Of four agents three are kept busy, or all but three; the next job begins in the instant in which one ends."""
    jobs = jobs_of(log_of(a_center(a_list(**rule))))
    starts = [int(story["start"]) for story in jobs.values()]
    assert starts == sorted(at for at in range(0, HOUR_MS, MINUTE_MS) for _ in range(at_once))


def test_whoever_calls_goes_first() -> None:
    """Two callers come as all four agents are busy: they have the next two, and no job begins while one waits."""
    center = a_center(a_list(busy_below=4))
    calls = [a_birth(an_interaction(f"c{number}"), at=90_000, work_ms=5 * MINUTE_MS) for number in range(2)]
    told = story_of(log_of(center, *calls))
    assert [int(told[f"c{number}"]["start"]) for number in range(2)] == [2 * MINUTE_MS] * 2
    started = [int(story["start"]) for name, story in told.items() if name.startswith("outbound-")]
    assert [started.count(minute * MINUTE_MS) for minute in range(4)] == [4, 4, 2, 2]


def test_a_customer_for_other_agents_does_not_stop_the_jobs() -> None:
    """A caller waits in vain for somebody who takes calls; the agents of the list take none, and go on."""
    members = [a_member(an_agent("a1", channels="jobs:1"), a_shift(0, HOUR_MS))]
    scenario = a_scenario(a_roster(*members), site=SITE, outbound=(a_list(count=5),), ends_at=HOUR_MS, at_end=AtEnd.CUT)
    assert len(jobs_of(log_of(scenario, a_birth(an_interaction("caller"))))) == 5


def test_a_list_has_its_time_and_its_end() -> None:
    """Five jobs between 0:10 and 0:12 for one agent: two are begun, and the third list is over after one; they share the agents."""
    lists = [a_list("short", count=1), a_list("timed", count=5, spans=((10 * MINUTE_MS, 12 * MINUTE_MS),))]
    log = log_of(a_center(*lists, agents=1))
    starts = {name: int(story["start"]) // MINUTE_MS for name, story in jobs_of(log).items()}
    assert starts == {"outbound-short-1": 0, "outbound-timed-1": 10, "outbound-timed-2": 11}


def test_a_job_that_the_router_keeps_waiting_is_not_followed_by_others() -> None:
    """Nobody has the skill that the site asks for: one job waits, and the list waits with it."""
    site = a_site(channels=[VOICE, JOBS], queues=[a_queue(wrap_up_limit_ms=0)], rules=[a_rule(needs="welding>=5")])
    log = log_of(a_center(a_list(), site=site))
    assert [one.event.interaction.id for one in log if isinstance(one.event, InteractionQueued)] == ["outbound-survey-1"]


def test_a_queue_that_turns_jobs_away_is_asked_once_a_minute() -> None:
    """The queue opens in the afternoon: sixty jobs of an hour are turned away, and counted as refused, and the day goes on."""
    queue = a_queue(wrap_up_limit_ms=0, hours=some_hours(when_closed="refuse"))
    calendars = {"office": a_calendar((12 * HOUR_MS, 13 * HOUR_MS))}
    site = a_site(channels=[VOICE, JOBS], queues=[queue], rules=[a_rule()], calendars=calendars)
    center = a_center(a_list(), site=site)
    summary = run_replication(center, an_arm(center), 0, births=the_births())
    assert (summary.outbound, summary.refused) == (60, 60)


def test_the_same_jobs_have_the_same_luck_under_every_threshold() -> None:
    """What the third job takes is its own."""
    behaviour = a_behaviour(work=exponential(2 * MINUTE_MS))
    work = []
    for threshold in (1, 3):
        told = jobs_of(log_of(a_center(a_list(busy_below=threshold), behaviour=behaviour)))["outbound-survey-3"]
        work.append(int(told["end_talk"]) - int(told["start"]))
    assert work[0] == work[1]


def test_blending_is_the_birth_and_death_chain_of_theory() -> None:
    """Ten agents, six calls a mean, outbound work below eight busy agents: outbound rate 3.0, and .375 of the calls wait."""
    exact = blending(arrival_rate=6, service_rate=1, agents=10, threshold=8)
    mean_ms, hours, warm = 2 * MINUTE_MS, 5, HOUR_MS // 2
    span = RateSpan(starts_at=0, ends_at=hours * HOUR_MS, expected=6 * hours * HOUR_MS / mean_ms)
    demand = DrawnDemand(streams=(DemandStream(channel="voice", type="", attributes={}, spans=(span,)),), description="calls")
    members = [a_member(an_agent(f"a{number}", channels="voice:1 jobs:1")) for number in range(10)]
    scenario = a_scenario(
        a_roster(*members),
        site=SITE,
        demand=demand,
        behaviour=a_behaviour(work=exponential(mean_ms), patience=(a_rule_of(Never(), channel="voice"),)),
        outbound=(a_list(busy_below=8),),
        ends_at=hours * HOUR_MS,
        at_end=AtEnd.CUT,
    )
    figures: dict[str, list[float]] = {"outbound_rate": [], "delayed": [], "mean_wait": []}
    for replication in range(12):
        log: list[Recorded] = []
        run_replication(scenario, an_arm(scenario), replication, [log.append])
        queued = {one.event.interaction.id: one.at for one in log if isinstance(one.event, InteractionQueued)}
        waits = [one.at - queued[one.event.interaction_id] for one in log if isinstance(one.event, OfferAccepted)
                 and queued[one.event.interaction_id] >= warm and not one.event.interaction_id.startswith("outbound")]  # fmt: skip
        jobs = sum(1 for one in log if isinstance(one.event, InteractionEnded) and one.event.cause is EndCause.HANDLED
                   and one.at >= warm and one.event.interaction_id.startswith("outbound"))  # fmt: skip
        figures["outbound_rate"].append(jobs * mean_ms / (hours * HOUR_MS - warm))
        figures["delayed"].append(sum(wait > 0 for wait in waits) / len(waits))
        figures["mean_wait"].append(sum(waits) / len(waits) / mean_ms)
    for name, values in figures.items():
        mean = math.fsum(values) / len(values)
        deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
        assert abs(mean - exact[name]) < 3.106 * deviation / math.sqrt(len(values)), name  # 99 %, 11 degrees of freedom


def test_deferrable_work_is_done_in_the_order_of_its_deadlines() -> None:
    """Where the price of waiting is the pressure of the deadline alone, whoever is due first goes first.

    No other order makes the latest of them less late (Jackson 1955).
    """
    site = a_site(
        channels=[VOICE, MAIL],
        queues=[a_queue(wrap_up_limit_ms=0, target_ms=DAY_MS)],
        rules=[a_rule(urgency=an_urgency(slope_per_mille=0, pressure_weight_ms=HOUR_MS, cap_ms=DAY_MS))],
        policy=a_policy(wait_price="urgency"),
    )
    members = [a_member(an_agent("a1", channels="email:1"), a_shift(HOUR_MS, 20 * HOUR_MS))]
    due_at = [7, 3, 12, 5, 9, 4]
    mails = [a_birth(an_interaction(f"due-{hour}", channel="email", due_at=hour * HOUR_MS), work_ms=30 * MINUTE_MS) for hour in due_at]
    told = story_of(log_of(a_scenario(a_roster(*members), site=site), *mails))
    order = sorted(told, key=lambda name: int(told[name]["start"]))
    assert order == [f"due-{hour}" for hour in sorted(due_at)]


def test_a_scenario_file_lists_outbound_work(tmp_path: Path) -> None:
    """A list on a deferrable channel of the site, with the hours of every day; wrong ones are refused with the key."""
    for file in FRONT_DESK.glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"))
    site = (FRONT_DESK / "site.toml").read_text(encoding="utf-8")
    (tmp_path / "site.toml").write_text(site.replace("[channels]\n", "[channels]\njobs = { live = false }\n"))
    text = (FRONT_DESK / "scenario.toml").read_text(encoding="utf-8")
    path = tmp_path / "scenario.toml"

    def with_list(keys: str) -> Scenario:
        path.write_text(f"{text}\n[outbound.survey]\n{keys}\n")
        return load_scenario(path)

    (survey,) = with_list('channel = "jobs"\ntype = "Survey"\nkeep_free = 2\ncount = 40\nfrom = "09:00"\nto = "11:00"').outbound
    ((starts_at, ends_at),) = survey.spans
    assert (survey.name, survey.count, survey.keep_free, ends_at - starts_at) == ("survey", 40, 2, 2 * HOUR_MS)
    for keys, message in (
        ('channel = "job"\ntype = "Survey"\nkeep_free = 2', "is not a channel of the site"),
        ('channel = "phone"\ntype = "Survey"\nkeep_free = 2', "has customers on the line"),
        ('channel = "jobs"\ntype = "Survey"', "states one of busy_below and keep_free"),
        ('channel = "jobs"\ntype = "Survey"\nkeep_free = 2\nfrom = "11:00"\nto = "11:00"', "from is not before to"),
    ):
        with pytest.raises(ConfigError, match=message):
            with_list(keys)
