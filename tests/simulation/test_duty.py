"""Interruptions, shifts and pauses in the simulated world."""

import pytest

from routing.config.errors import ConfigError
from routing.core import events
from routing.core.events import Event, Recorded
from routing.model.agent import Commitment
from routing.model.queue import MissedOfferScope
from routing.model.site import NotReadyReason, ShiftRule, Site
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS
from simulation.demand import Births
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.roster import commitments_of, presence_plan
from simulation.run import run_replication
from simulation.scenario import Scenario
from simulation.streams import Streams
from tests.builders import VOICE, a_channel, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.simulation.worlds import a_birth, a_member, a_roster, a_scenario, a_shift, an_arm, story_of, the_births

MAIL = a_channel("email", is_live=False, capacity_cost=50, agent_maximum=2, interruptible_by=("voice",))


def a_mixed_site(**queue: object) -> Site:
    """A call takes all of an agent, an email half, and gives way to a call."""
    overrides = {"wrap_up_limit_ms": 0, "missed_threshold": 0} | queue
    return a_site(channels=[VOICE, MAIL], queues=[a_queue(**overrides)], rules=[a_rule()])  # type: ignore[arg-type]  # the builder checks the names


def run(scenario: Scenario, births: Births) -> list[Recorded]:
    """The log of one replication."""
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 1, [log.append], births=births)
    return log


def at_of(log: list[Recorded], kind: type[Event]) -> list[int]:
    """When events of a kind were recorded."""
    return [one.at for one in log if isinstance(one.event, kind)]


def test_an_email_takes_as_much_longer_as_it_lay_aside() -> None:
    """Ten minutes of email work, two calls of three minutes in between: done after sixteen; the calls are answered at once."""
    roster = a_roster(a_member(an_agent(channels="voice:1 email:2")))
    mail = a_birth(an_interaction("mail", channel="email"), at=HOUR_MS, work_ms=10 * MINUTE_MS)
    calls = [a_birth(an_interaction(f"call-{number}"), at=HOUR_MS + number * 4 * MINUTE_MS, work_ms=3 * MINUTE_MS) for number in (1, 2)]
    told = story_of(run(a_scenario(roster, site=a_mixed_site()), the_births(mail, *calls)))
    assert HOUR_MS + 16 * MINUTE_MS == told["mail"]["end_talk"]
    assert [HOUR_MS + minutes * MINUTE_MS for minutes in (4, 8)] == [told[f"call-{number}"]["start"] for number in (1, 2)]


def test_an_email_that_should_be_done_while_it_lies_aside_is_done_after_the_call() -> None:
    """Two minutes of work, interrupted after one by a call of five: one minute is left when the call is over."""
    roster = a_roster(a_member(an_agent(channels="voice:1 email:2")))
    mail = a_birth(an_interaction("mail", channel="email"), at=HOUR_MS, work_ms=2 * MINUTE_MS)
    call = a_birth(an_interaction("call"), at=HOUR_MS + MINUTE_MS, work_ms=5 * MINUTE_MS)
    later = a_birth(an_interaction("later"), at=HOUR_MS + 6 * MINUTE_MS + 30 * SECOND_MS, work_ms=MINUTE_MS)
    told = story_of(run(a_scenario(roster, site=a_mixed_site()), the_births(mail, call, later)))
    assert HOUR_MS + 8 * MINUTE_MS == told["mail"]["end_talk"]


def test_measures_count_what_is_set_aside_as_no_load_and_the_agent_as_busy() -> None:
    """Two emails and a call on a budget of 100: never more than all of it, and busy once."""
    roster = a_roster(a_member(an_agent(channels="voice:1 email:2")))
    mails = [a_birth(an_interaction(f"m{number}", channel="email"), at=HOUR_MS, work_ms=10 * MINUTE_MS) for number in (1, 2)]
    call = a_birth(an_interaction("call"), at=HOUR_MS + 5 * MINUTE_MS, work_ms=5 * MINUTE_MS)
    log = run(a_scenario(roster, site=a_mixed_site()), the_births(*mails, call))
    times = facts_of(Ledger().read(log)).agents
    assert (15 * MINUTE_MS, 100 * 15 * MINUTE_MS) == (int(times.busy_ms.sum()), int(times.used_ms.sum()))


def a_day_shift_scenario(rule: ShiftRule | None) -> Scenario:
    """One agent until noon, calls of ten minutes all morning, each expected to take as long as it does."""
    site = a_site(
        channels=[VOICE],
        queues=[a_queue(wrap_up_limit_ms=0, missed_threshold=0, expected_handling_ms=10 * MINUTE_MS)],
        rules=[a_rule()],
        shift_rule=rule,
    )
    members = [
        a_member(
            an_agent("early", channels="voice:1"), a_shift(8 * HOUR_MS, 12 * HOUR_MS, breaks=[(10 * HOUR_MS, 10 * HOUR_MS + 900_000)])
        ),
        a_member(an_agent("late", channels="voice:1"), a_shift(8 * HOUR_MS, 20 * HOUR_MS)),
    ]
    return a_scenario(a_roster(*members), site=site)


@pytest.mark.parametrize(("tolerance_ms", "over_ms"), [(None, 10 * MINUTE_MS), (0, 0), (3 * MINUTE_MS, 3 * MINUTE_MS)])
def test_no_work_runs_beyond_a_shift_or_into_a_break_by_more_than_tolerated(tolerance_ms: int | None, over_ms: int) -> None:
    """Without the rule calls run over by up to their length; with it by no more than the tolerance, and none is lost."""
    scenario = a_day_shift_scenario(None if tolerance_ms is None else ShiftRule(tolerance_ms=tolerance_ms))
    calls = [
        a_birth(an_interaction(f"c{number}"), at=8 * HOUR_MS + number * 5 * MINUTE_MS - 1, work_ms=10 * MINUTE_MS)
        for number in range(1, 72)
    ]
    told = story_of(run(scenario, the_births(*calls)))
    early = [story for story in told.values() if story.get("agent") == "early"]
    ends = [10 * HOUR_MS, 12 * HOUR_MS]
    overs = [int(story["end_talk"]) - end for story in early for end in ends if int(story["start"]) < end < int(story["end_talk"])]
    assert max(overs, default=0) <= over_ms
    assert (tolerance_ms is None) == (max(overs, default=0) > 3 * MINUTE_MS)
    assert all("end_talk" in story for story in told.values())


def test_a_plan_of_presence_says_what_agents_are_committed_to() -> None:
    """A break until its end, a shift's end until the next shift, the last one for good."""
    scenario = a_day_shift_scenario(ShiftRule(tolerance_ms=0))
    plan = presence_plan(scenario, scenario.rosters["planned"], Streams(seed=1, replication=1))
    pause = Commitment(starts_at=10 * HOUR_MS, ends_at=10 * HOUR_MS + 900_000)
    assert (pause, Commitment(starts_at=12 * HOUR_MS)) == commitments_of(plan["early"])


def test_an_agent_paused_by_a_miss_takes_the_queue_again_after_a_while() -> None:
    """The first caller rings out; a minute later the agent is back and answers within the lease."""
    site = a_mixed_site(missed_threshold=1, missed_scope=MissedOfferScope.QUEUE, offer_timeout_ms=10_000, expired_ms=0)
    roster = a_roster(a_member(an_agent(channels="voice:1")))
    slow = a_birth(an_interaction("slow"), at=HOUR_MS, answer_delay_ms=20_000)
    log = run(a_scenario(roster, site=site), the_births(slow))
    assert [HOUR_MS + 10_000] == at_of(log, events.AgentPaused)
    assert [HOUR_MS + 70_000] == at_of(log, events.AgentUnpaused)
    assert [HOUR_MS + 70_000] == at_of(log, events.OfferAccepted)


def test_a_site_that_declares_reasons_must_know_of_breaks() -> None:
    """Where a roster has any; the remedy says what to add."""
    site = a_site(not_ready_reasons=(NotReadyReason(code="training", is_working_time=True),))
    pausing = a_roster(a_member(an_agent(), a_shift(8 * HOUR_MS, 12 * HOUR_MS, breaks=[(9 * HOUR_MS, 10 * HOUR_MS)])))
    with pytest.raises(ConfigError, match="is the reason of agents who take a break"):
        run(a_scenario(pausing, site=site), the_births())
    assert run(a_scenario(a_roster(a_member(an_agent())), site=site), the_births())
