"""Ladders and priorities in the simulated world: the same rules, and the same luck for whoever does not use them."""

from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.core.events import InteractionQueued, Recorded, RequirementRelaxed, StepCause
from routing.model.route import RouteRule
from routing.model.site import Site
from routing.model.time import HOUR_MS, MINUTE_MS
from simulation.births import births_of
from simulation.demand import BacklogItem, Birth, DemandStream, DrawnDemand, RateSpan, ReplayedLog
from simulation.demand.rate_rows import RateRow, read_rate_table, streams_from_rows
from simulation.demand.rates import streams_from_log
from simulation.interactions import RecordedInteraction, read_interactions, write_interactions
from simulation.recorded import interactions_of
from simulation.run import run_replication
from tests.builders import a_channel, a_queue, a_rule, a_site, a_step, an_agent, an_interaction, an_urgency
from tests.simulation.worlds import a_behaviour, a_birth, a_member, a_roster, a_scenario, a_shift, an_arm, exponential, story_of, the_births

QUIET = a_queue(wrap_up_limit_ms=0)
POINTS = a_rule(urgency=an_urgency(ms_per_point=MINUTE_MS))


def a_call_site(rule: RouteRule) -> Site:
    """One queue without wrap-up, one rule."""
    return a_site(queues=[QUIET], rules=[rule])


def a_record(number: int, priority: int = 0) -> RecordedInteraction:
    """A call at that minute."""
    return RecordedInteraction(
        id=f"i{number}", arrived_at_ms=number * MINUTE_MS, channel="voice", type="sales", attributes={}, priority=priority
    )


def test_a_team_that_goes_on_its_break_is_not_waited_for() -> None:
    """At noon the last of team a leaves: whoever waits for them is team b's at once, and those who call during the break, too."""
    ladder = [a_step(5 * MINUTE_MS, widen="team:b", early="available:watched")]
    site = a_call_site(a_rule(needs="team==a:expiring", steps=ladder))
    break_at = 10 * MINUTE_MS
    early = a_member(an_agent("ann", skills="team:a", channels="voice:1"), a_shift(breaks=[(break_at, 2 * break_at)]))
    late = a_member(an_agent("bob", skills="team:b", channels="voice:1"))
    births = the_births(
        a_birth(an_interaction("before"), at=break_at - 2 * MINUTE_MS, work_ms=3 * MINUTE_MS),
        a_birth(an_interaction("waits"), at=break_at - MINUTE_MS),
        a_birth(an_interaction("during"), at=break_at + 3 * MINUTE_MS),
        a_birth(an_interaction("after"), at=2 * break_at + MINUTE_MS),
    )
    scenario = a_scenario(a_roster(early, late), site=site)
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=births)
    told = {name: (story["agent"], story["start"]) for name, story in story_of(log).items()}
    assert told == {
        "before": ("ann", break_at - 2 * MINUTE_MS),
        "waits": ("bob", break_at),
        "during": ("bob", break_at + 3 * MINUTE_MS),
        "after": ("ann", 2 * break_at + MINUTE_MS),
    }
    assert [StepCause.NOBODY_AVAILABLE] * 2 == [item.event.cause for item in log if isinstance(item.event, RequirementRelaxed)]


def test_points_of_priority_reach_the_router_from_a_log_a_backlog_and_rates(tmp_path: Path) -> None:
    """And a log of the router gives them back."""
    records = (a_record(1), a_record(2, priority=-3))
    write_interactions(tmp_path / "log.csv", records)
    assert records == read_interactions(tmp_path / "log.csv")
    write_interactions(tmp_path / "plain.csv", records[:1])
    assert "priority" not in (tmp_path / "plain.csv").read_text(encoding="utf-8")
    backlog = (BacklogItem(channel="email", type="sales", attributes={}, count=1, waited_ms=5, priority=7),)
    demand = ReplayedLog(log=records, name="log")
    roster = a_roster(a_member(an_agent(channels="voice:1 email:1")))
    scenario = a_scenario(roster, site=a_call_site(POINTS), demand=demand, backlog=backlog)
    assert [7, 0, -3] == [birth.interaction.priority for birth in births_of(scenario, 0).births]
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append])
    queued = [item.event for item in log if isinstance(item.event, InteractionQueued)]
    assert [7 * MINUTE_MS, 0, -3 * MINUTE_MS] == [event.route.urgency.base_ms for event in queued]
    assert [7, 0, -3] == [recorded.priority for recorded in interactions_of(log)]


def test_a_stream_of_other_priority_leaves_the_luck_of_the_others_alone() -> None:
    """Streams that differ in priority alone are drawn apart; one without priority is drawn as it always was."""
    spans = (RateSpan(starts_at=0, ends_at=HOUR_MS, expected=40.0),)
    plain = DemandStream(channel="voice", type="sales", attributes={}, spans=spans)
    urgent = DemandStream(channel="voice", type="sales", attributes={}, spans=spans, priority=5)
    roster = a_roster(a_member(an_agent(channels="voice:1")))

    def arrivals(*streams: DemandStream) -> dict[int, list[int]]:
        demand = DrawnDemand(streams=streams, description="test")
        births = births_of(a_scenario(roster, demand=demand, behaviour=a_behaviour(work=exponential(MINUTE_MS))), 0).births
        return {points: [birth.at for birth in births if birth.interaction.priority == points] for points in (0, 5)}

    alone, together = arrivals(plain), arrivals(plain, urgent)
    assert alone[0] == together[0]
    assert alone[5] == []
    assert together[5] not in ([], together[0])
    fitted = streams_from_log([a_record(1), a_record(2, 5), a_record(3, 5)], starts_at=0, ends_at=HOUR_MS, interval_ms=HOUR_MS, multiply=2)
    assert [(0, 2.0), (5, 4.0)] == [(stream.priority, stream.spans[0].expected) for stream in fitted]


def test_another_stream_leaves_everybody_as_they_were() -> None:
    """Interactions keep their ids, under which call-backs, redials and the like are drawn, and all that is drawn at birth."""
    spans = (RateSpan(starts_at=0, ends_at=HOUR_MS, expected=40.0),)
    names = (("voice", "sales"), ("voice", "a/b"), ("voice/a", "b"), ("voice", "long" * 30))
    streams = [DemandStream(channel=channel, type=type_, attributes={}, spans=spans) for channel, type_ in names]
    roster = a_roster(a_member(an_agent(channels="voice:1 voice/a:1")))
    channels = (a_channel("voice"), a_channel("voice/a"))

    def births(*drawn: DemandStream) -> list[Birth]:
        demand = DrawnDemand(streams=drawn, description="test")
        scenario = a_scenario(roster, site=a_site(channels=channels), demand=demand, behaviour=a_behaviour(work=exponential(MINUTE_MS)))
        return list(births_of(scenario, 0).births)

    together = births(*streams)
    assert [birth for birth in together if birth.interaction.type == "sales"] == births(streams[0])
    ids = {birth.interaction.id for birth in together}
    assert len(ids) == len(together)
    assert {"voice/sales/1", "voice/a%2Fb/1", "voice%2Fa/b/1"} < ids


def test_a_priority_of_a_table_is_a_whole_number_within_bounds(tmp_path: Path) -> None:
    """Of recorded interactions and of rates alike; the message names the line."""
    header = "id,arrived_at_ms,channel,type,attributes,due_at_ms,priority\n"
    for text, problem in (("high", "is not a number of points"), ("1000001", "is more than 1,000,000 points")):
        (tmp_path / "log.csv").write_text(f"{header}a,0,phone,Q,{{}},,{text}\n", encoding="utf-8")
        with pytest.raises(ConfigError, match=f"line 2, key priority.*{problem}"):
            read_interactions(tmp_path / "log.csv")
    for text, problem in (("high", "is not a whole number"), ("1000001", "is too large")):
        (tmp_path / "rates.csv").write_text(f"from,to,channel,type,per_hour,priority\n08:00,10:00,phone,Q,30,{text}\n", encoding="utf-8")
        with pytest.raises(ConfigError, match=f"line 2, key priority.*{problem}"):
            read_rate_table(tmp_path / "rates.csv")
    (tmp_path / "rates.csv").write_text("from,to,channel,type,per_hour,priority\n08:00,10:00,phone,Q,30,4\n", encoding="utf-8")
    (row,) = read_rate_table(tmp_path / "rates.csv")
    rows = (row, RateRow.model_validate({"channel": "phone", "type": "Q", "per_hour": 3}))
    calendar = a_scenario(a_roster(a_member(an_agent()))).calendar
    assert [4, 0] == [stream.priority for stream in streams_from_rows(rows, calendar)]
