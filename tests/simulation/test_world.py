"""The simulated world: the same events as from another driver, and the rules of its stories."""

from dataclasses import replace
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.config.plugins import registry_with_plugins
from routing.core.canonical import content_hash
from routing.core.events import InteractionEnded, OfferAccepted, OfferExpired, PresenceChanged, Recorded
from routing.engine import Router
from routing.model.agent import Presence
from routing.model.time import HOUR_MS, MINUTE_MS
from simulation.laws import Constant
from simulation.run import RunSummary, check_identities, run_replication
from simulation.scenario import Arm, AtEnd, Scenario
from simulation.scenario_file import load_scenario
from tests.builders import VOICE, a_queue, a_rule, a_site, an_agent, an_interaction
from tests.simulation.hand_driver import HandDriver
from tests.simulation.worlds import (
    a_behaviour,
    a_birth,
    a_member,
    a_roster,
    a_rule_of,
    a_scenario,
    a_shift,
    an_arm,
    story_of,
    the_births,
)

BOSTON = Path(__file__).parents[2] / "examples" / "boston-311"


def the_log(scenario: Scenario, arm: Arm, replication: int = 0) -> list[Recorded]:
    """The event log of one replication."""
    log: list[Recorded] = []
    run_replication(scenario, arm, replication, [log.append])
    return log


@pytest.mark.parametrize("policy", ["longest-idle", "skills-priority", "least-cost"])
def test_the_busy_day_is_the_same_under_another_driver(policy: str) -> None:
    """Boston's busy day through SimPy and through a clock stepped by hand: event by event the same log, under each policy."""
    scenario = load_scenario(BOSTON / "busy-day.toml")
    arm = Arm(name=policy, policy=registry_with_plugins().spec(policy), roster="planned")
    by_simpy = the_log(scenario, arm)
    by_hand = HandDriver(scenario, arm, 0).run()
    assert len(by_simpy) > 2_000
    assert by_simpy == by_hand


def test_the_log_alone_rebuilds_the_state() -> None:
    """The busy day's log rebuilds a router in which nothing waits for anything."""
    scenario = load_scenario(BOSTON / "busy-day.toml")
    log = the_log(scenario, an_arm(scenario))
    restored = Router.restore(registry_with_plugins(), log).state
    assert (restored.seq, restored.at) == (log[-1].seq, log[-1].at)


def test_a_replication_is_a_function_of_its_number() -> None:
    """The same number gives the same log, another number another one."""
    scenario = load_scenario(BOSTON / "busy-day.toml")
    hashes = [content_hash([list(one) for one in the_log(scenario, an_arm(scenario), replication)]) for replication in (3, 3, 4)]
    assert hashes[0] == hashes[1]
    assert hashes[1] != hashes[2]


def test_patience_that_ends_as_the_agent_is_free_is_enough() -> None:
    """At equal instants agents finish before customers leave: who would leave at 60 s is answered at 60 s."""
    scenario = a_scenario(a_roster(a_member(an_agent(channels="voice:1"))), site=a_site(queues=[a_queue(wrap_up_limit_ms=0)]))
    births = the_births(a_birth(work_ms=60_000), a_birth(an_interaction("i2"), at=1_000, patience_ms=59_000))
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=births)
    assert story_of(log)["i2"]["start"] == 60_000


def test_a_customer_may_leave_while_the_agent_is_being_rung() -> None:
    """Ringing counts as waiting: patience of 5 s ends before an answer after 6 s, and the agent stays available."""
    scenario = a_scenario(a_roster(a_member(an_agent(channels="voice:1"))))
    births = the_births(a_birth(patience_ms=5_000, answer_delay_ms=6_000))
    log: list[Recorded] = []
    summary = run_replication(scenario, an_arm(scenario), 0, [log.append], births=births)
    assert story_of(log) == {"i1": {"abandoned_at": 5_000}}
    assert summary.abandoned == 1


def test_a_missed_offer_takes_the_agent_off_the_floor_for_a_while() -> None:
    """An answer after the lease is none: the offer expires at 15 s, the agent is back a minute later and takes the second offer."""
    behaviour = a_behaviour(answer=(a_rule_of(Constant(value_ms=1_000)),), return_after=Constant(value_ms=MINUTE_MS))
    scenario = a_scenario(a_roster(a_member(an_agent(channels="voice:1"))), behaviour=behaviour)
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=the_births(a_birth(answer_delay_ms=20_000)))
    told = [(at, type(event)) for _, at, _, event in log if isinstance(event, OfferExpired | OfferAccepted)]
    assert told == [(15_000, OfferExpired), (76_000, OfferAccepted)]


def test_breaks_and_the_end_of_a_shift_let_the_talk_finish() -> None:
    """A talk that runs into a break and past the shift's end is finished; nothing new is taken, and what waits stays in progress."""
    shift = a_shift(0, 10 * MINUTE_MS, breaks=[(5 * MINUTE_MS, 6 * MINUTE_MS)])
    scenario = a_scenario(a_roster(a_member(an_agent(channels="voice:1"), shift)), site=a_site(queues=[a_queue(wrap_up_limit_ms=0)]))
    births = the_births(
        a_birth(an_interaction("long"), at=0, work_ms=5 * MINUTE_MS + 30_000),
        a_birth(an_interaction("next"), at=MINUTE_MS, work_ms=5 * MINUTE_MS),
        a_birth(an_interaction("last"), at=2 * MINUTE_MS),
    )
    log: list[Recorded] = []
    summary = run_replication(scenario, an_arm(scenario), 0, [log.append], births=births)
    told = story_of(log)
    assert told["long"]["end_talk"] == 5 * MINUTE_MS + 30_000
    assert told["next"] == {"agent": "a1", "start": 6 * MINUTE_MS, "end_talk": 11 * MINUTE_MS, "agent_free": 11 * MINUTE_MS}
    assert told["last"] == {}
    assert (summary.handled, summary.in_progress) == (2, 1)
    presence = [(at, event.presence, event.reason) for _, at, _, event in log if isinstance(event, PresenceChanged)]
    assert presence == [
        (0, Presence.AVAILABLE, ""),
        (5 * MINUTE_MS, Presence.NOT_READY, "break"),
        (6 * MINUTE_MS, Presence.AVAILABLE, ""),
        (10 * MINUTE_MS, Presence.OFFLINE, ""),
    ]


def test_wrap_up_ends_by_itself_or_at_the_queues_limit() -> None:
    """Wrap-up of 4 s ends after 4 s; one of 20 s ends at the queue's limit of 10 s."""
    scenario = a_scenario(a_roster(a_member(an_agent(channels="voice:1"))))
    births = the_births(a_birth(an_interaction("short"), wrap_up_ms=4_000), a_birth(an_interaction("long"), at=HOUR_MS, wrap_up_ms=20_000))
    log: list[Recorded] = []
    run_replication(scenario, an_arm(scenario), 0, [log.append], births=births)
    ended = [at for _, at, _, event in log if isinstance(event, InteractionEnded)]
    assert ended == [64_000, HOUR_MS + 70_000]


@pytest.mark.parametrize(("at_end", "in_progress"), [(AtEnd.CUT, 2), (AtEnd.SERVE_OUT, 0)])
def test_the_end_of_the_horizon(at_end: AtEnd, in_progress: int) -> None:
    """A cut leaves the talk and the waiting call in progress; serving out finishes both."""
    scenario = a_scenario(a_roster(a_member(an_agent(channels="voice:1"))), ends_at=HOUR_MS, at_end=at_end)
    births = the_births(a_birth(at=HOUR_MS - 1_000), a_birth(an_interaction("i2"), at=HOUR_MS - 500))
    summary = run_replication(scenario, an_arm(scenario), 0, births=births)
    assert summary.in_progress == in_progress


def test_an_interaction_the_site_has_no_rule_for_is_named() -> None:
    """A demand that the site cannot route is refused as bad input, naming the interaction."""
    site = a_site(channels=[VOICE], rules=[a_rule(when="type=support")])
    scenario = a_scenario(a_roster(a_member(an_agent(channels="voice:1"))), site=site)
    with pytest.raises(ConfigError, match=r"interaction i1 is refused: no rule of the site matches"):
        run_replication(scenario, an_arm(scenario), 0, births=the_births(a_birth()))


def test_the_identity_is_checked() -> None:
    """A summary whose parts do not add up is refused as a defect."""
    good = RunSummary(
        arm="a", replication=0, offered=3, handled=2, abandoned=1, refused=0, diverted=0, unserved=0, cancelled=0, unreached=0,
        in_progress=0,
        excluded=(), events=9, agents_on_shift=1, last_event_at=0,
    )  # fmt: skip
    check_identities(good, births=3)
    for bad, births in ((good, 4), (replace(good, handled=1), 3)):
        with pytest.raises(Exception, match="accounted for"):
            check_identities(bad, births=births)
