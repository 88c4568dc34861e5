"""Redials that a log holds already: which are recognised, and that each comes only where the attempt before is lost again."""

from pathlib import Path
from typing import Any

import pytest

from routing.config.errors import ConfigError
from routing.core.events import InteractionQueued, Recorded
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS, Duration, Instant
from simulation.api import replay
from simulation.customers.coming_again import Loss, Redial, Return
from simulation.demand import ReplayedLog
from simulation.demand.recorded_redials import RecordedRedial, recorded_redials
from simulation.interactions import RecordedInteraction
from simulation.laws import Constant
from simulation.run import RunSummary, run_replication
from tests.builders import CHAT, VOICE, a_queue, a_site, an_agent
from tests.simulation.customers.desk import loaded, written
from tests.simulation.worlds import ASSUMED, a_behaviour, a_member, a_roster, a_rule_of, a_scenario, a_shift, an_arm

REDIAL_EVERYBODY = Redial(
    when={},
    after=(Loss.ABANDONED,),
    share=1.0,
    delay=Constant(value_ms=30 * SECOND_MS),
    attempts_max=2,
    shape=Return(attributes={}),
    source=ASSUMED,
)


def a_record(
    name: str, at: Instant, *, customer: str | None = None, left_after: Duration | None = None, **overrides: Any
) -> RecordedInteraction:
    """A recorded call, abandoned after a time or answered."""
    outcome = "handled" if left_after is None else "abandoned"
    ended = {} if left_after is None else {"ended_at_ms": at + left_after}
    record: dict[str, Any] = {"channel": "voice", "type": "sales", "attributes": {}, "outcome": outcome, "customer": customer, **ended}
    return RecordedInteraction(id=name, arrived_at_ms=at, **(record | overrides))


LEFT = a_record("left", 0, customer="mia", left_after=MINUTE_MS)
AGAIN = a_record("again", 4 * MINUTE_MS, customer="mia", left_after=20 * SECOND_MS)
AT_LAST = a_record("at last", 10 * MINUTE_MS, customer="mia", channel="chat")
FOR_GOOD = a_record("for good", 20 * SECOND_MS, customer="leo", left_after=MINUTE_MS)
ANSWERED = a_record("answered", 30 * SECOND_MS, customer="zoe")
LOG = (LEFT, FOR_GOOD, ANSWERED, AGAIN, AT_LAST)


def run(
    *log: RecordedInteraction, opens_at: Instant, within_ms: Duration | None = HOUR_MS, **behaviour: Any
) -> tuple[dict[str, Instant], RunSummary]:
    """When what came, in a replay in which one agent is at work from an instant on and customers wait ten seconds."""
    scenario = a_scenario(
        a_roster(a_member(an_agent(channels="voice:1 chat:1"), a_shift(opens_at, 24 * HOUR_MS))),
        site=a_site(channels=[VOICE, CHAT], queues=[a_queue(wrap_up_limit_ms=0)]),
        demand=ReplayedLog(log=log, name="log", redials_within_ms=within_ms),
        behaviour=a_behaviour(
            patience=(a_rule_of(Constant(value_ms=10 * SECOND_MS)),), work=(a_rule_of(Constant(value_ms=SECOND_MS)),), **behaviour
        ),
        ends_at=2 * HOUR_MS,
    )
    came: dict[str, Instant] = {}

    def observe(recorded: Recorded) -> None:
        if isinstance(recorded.event, InteractionQueued):
            came[recorded.event.interaction.id] = recorded.at

    return came, run_replication(scenario, an_arm(scenario), 0, [observe])


def test_the_next_call_of_an_abandoner_within_the_time_is_a_redial() -> None:
    """From the end of the wait; on any channel; each once; and of known customers only."""
    assert recorded_redials(LOG, within_ms=HOUR_MS) == {
        "left": RecordedRedial(3 * MINUTE_MS, AGAIN),
        "again": RecordedRedial(5 * MINUTE_MS + 40 * SECOND_MS, AT_LAST),
        "for good": None,
    }
    assert recorded_redials(LOG, within_ms=3 * MINUTE_MS)["again"] is None
    assert recorded_redials(LOG, within_ms=3 * MINUTE_MS)["left"] == RecordedRedial(3 * MINUTE_MS, AGAIN)
    assert recorded_redials((a_record("a", 0, left_after=1), a_record("b", 2)), within_ms=HOUR_MS) == {}


def test_an_end_that_the_log_does_not_know_is_the_arrival_and_one_after_the_next_call_binds_nothing() -> None:
    """Without the end the time counts from the arrival; who called again while waiting on another line did not redial."""
    unknown = a_record("unknown", 0, customer="mia", left_after=5, ended_at_ms=None)
    assert recorded_redials((unknown, AGAIN), within_ms=HOUR_MS)["unknown"] == RecordedRedial(4 * MINUTE_MS, AGAIN)
    long = a_record("long", 0, customer="mia", left_after=5 * MINUTE_MS)
    assert recorded_redials((long, AGAIN), within_ms=HOUR_MS)["long"] is None


def test_where_the_attempt_before_is_answered_the_redial_does_not_come() -> None:
    """With an agent from the start three come and are served; unbound, as the log has them, five come."""
    came, summary = run(*LOG, opens_at=0)
    assert came == {"left": 0, "for good": 20 * SECOND_MS, "answered": 30 * SECOND_MS}
    assert (summary.offered, summary.handled, summary.redials) == (3, 3, 0)
    came, summary = run(*LOG, opens_at=0, within_ms=None)
    assert (len(came), summary.offered) == (5, 5)


def test_where_it_is_lost_again_the_redial_follows_as_it_did() -> None:
    """Nobody is there for five minutes: the first attempts end ten seconds after they began, each redial as long after as recorded."""
    came, summary = run(*LOG, opens_at=5 * MINUTE_MS)
    again_at = 10 * SECOND_MS + 3 * MINUTE_MS
    last_at = again_at + 10 * SECOND_MS + 5 * MINUTE_MS + 40 * SECOND_MS
    assert came == {"left": 0, "for good": 20 * SECOND_MS, "answered": 30 * SECOND_MS, "again": again_at, "at last": last_at}
    assert (summary.offered, summary.redials, summary.abandoned, summary.handled) == (5, 2, 4, 1)


def test_rules_speak_of_those_whom_the_record_answered() -> None:
    """Who was answered then and is lost now follows the rule; who left for good then leaves for good."""
    came, summary = run(FOR_GOOD, ANSWERED, opens_at=5 * MINUTE_MS, redial=(REDIAL_EVERYBODY,))
    assert came == {"for good": 20 * SECOND_MS, "answered": 30 * SECOND_MS, "answered~2": 70 * SECOND_MS}
    assert summary.redials == 1


def test_a_redial_of_an_attempt_that_is_not_offered_arrives_by_itself() -> None:
    """The attempt before lies before the horizon: the redial is then an arrival like any other."""
    early = a_record("early", -2 * MINUTE_MS, customer="mia", left_after=MINUTE_MS)
    came, summary = run(early, AGAIN, opens_at=0)
    assert came == {"again": 4 * MINUTE_MS}
    assert summary.excluded == (("voice", "before the horizon", 1),)


def test_the_assumption_is_stated_with_its_numbers() -> None:
    """How many redials were found, and by which rule; nothing where nobody looks."""
    (stated,) = ReplayedLog(log=LOG, name="log", redials_within_ms=90 * MINUTE_MS).sources
    assert "within 90 minutes" in stated
    assert "2 of 5 recorded" in stated
    assert ReplayedLog(log=LOG, name="log").sources == ()


def test_the_key_has_a_meaning_only_beside_a_log(tmp_path: Path) -> None:
    """With rates it is refused, with its place."""
    with pytest.raises(ConfigError, match=r"demand.redials_within: has a meaning only beside log"):
        loaded(tmp_path, scenario='[demand]\nredials_within = "1h"\n')


def test_a_replay_looks_for_redials_where_it_is_asked_to(tmp_path: Path) -> None:
    """Two calls of one customer who had left: both are offered, or the one, with the assumption stated."""
    arrived = 1_439_294_400_000  # 08:00 on the desk's day
    log = tmp_path / "log.csv"
    log.write_text(
        "id,arrived_at_ms,channel,type,attributes,due_at_ms,customer,ended_at_ms,outcome\n"
        f"left,{arrived + 3_600_000},phone,anything,{{}},,mia,{arrived + 3_660_000},abandoned\n"
        f"again,{arrived + 3_900_000},phone,anything,{{}},,mia,,\n"
    )
    scenario = written(tmp_path)
    for within_ms, offered in ((None, 2), (HOUR_MS, 1)):
        replayed = replay(log, scenario=scenario, policy="longest-idle", replications=2, redials_within_ms=within_ms)
        results = replayed.comparison.results
        (values,) = results.values.values()
        counted = values.overall["offered"]
        assert counted is not None
        assert counted.mean == offered
        assert any(line.startswith("redials: assumption:") for line in results.scenario.stated_assumptions("planned")) is (
            within_ms is not None
        )
    with pytest.raises(ConfigError, match="redials_within_ms"):
        replay(log, scenario=scenario, policy="longest-idle", redials_within_ms=0)
