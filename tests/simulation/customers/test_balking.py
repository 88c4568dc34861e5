"""Finding nobody free: who balks, what announced waits do, and that both are the customer's own luck."""

from dataclasses import replace
from typing import Any

from routing.core.events import InteractionEnded, Recorded
from routing.model.estimate import EstimateMethod
from routing.model.interaction import EndCause
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS, Duration, Instant
from simulation.customers.balking import Balking
from simulation.demand import Birth
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.measure import Ratio
from simulation.kpis.tabulate import tabulate
from simulation.laws import Exponential
from simulation.run import run_replication
from tests.builders import VOICE, a_queue, a_site, an_agent, an_interaction
from tests.simulation.customers.pools import a_pool
from tests.simulation.worlds import ASSUMED, a_behaviour, a_birth, a_member, a_roster, a_scenario, an_arm, the_births

ONE_AGENT = a_roster(a_member(an_agent(channels="voice:1")))


def a_rule(**overrides: Any) -> Balking:
    """Customers who notice at once, and of whom nobody balks."""
    rule = Balking(when={}, after_ms=0, share=0.0, steps=(), leave_beyond=None, patience=1.0, source=ASSUMED)
    return replace(rule, **overrides)


def run(*births: Birth, rule: Balking) -> tuple[dict[str, Instant], dict[str, int]]:
    """When customers left without being answered, and the counts of the measures, with one agent and estimates from the last hold."""
    site = a_site(channels=[VOICE], queues=[a_queue(wrap_up_limit_ms=0, estimate=EstimateMethod.HOLD_EMA)])
    scenario = a_scenario(ONE_AGENT, site=site, behaviour=a_behaviour(balking=(rule,)), ends_at=2 * HOUR_MS)
    log: list[Recorded] = []
    ledger = Ledger()
    run_replication(scenario, an_arm(scenario), 0, [log.append, ledger], witnesses=[ledger.witness], births=the_births(*births))
    left = {
        one.event.interaction_id: one.at for one in log if isinstance(one.event, InteractionEnded) and one.event.cause is EndCause.ABANDONED
    }
    row = tabulate(facts_of(ledger)).overall
    counts = {name: tally.numerator for name in ("balked", "abandoned", "handled") if isinstance(tally := row[name], Ratio)}
    return left, counts


def a_line(*patience_ms: Duration | None) -> list[Birth]:
    """A caller who is served for five minutes, one who waits five minutes for that, and then callers with these patiences, one a second.

    The estimate takes a quarter of each new wait, and the first one was zero: whoever comes after ten minutes is told 75 seconds.
    """
    return [
        a_birth(an_interaction("first"), work_ms=5 * MINUTE_MS),
        a_birth(an_interaction("second"), work_ms=20 * MINUTE_MS),
        *(
            a_birth(an_interaction(f"i{number}"), at=10 * MINUTE_MS + number * SECOND_MS, patience_ms=one)
            for number, one in enumerate(patience_ms)
        ),
    ]


def test_whoever_finds_nobody_free_may_leave_at_once() -> None:
    """With a share of one all leave who would have to wait, and whoever finds an agent stays."""
    left, counts = run(
        a_birth(an_interaction("served")), a_birth(an_interaction("balks"), at=SECOND_MS, patience_ms=HOUR_MS), rule=a_rule(share=1.0)
    )
    assert left == {"balks": SECOND_MS}
    assert counts == {"balked": 1, "abandoned": 1, "handled": 1}


def test_an_agent_who_is_being_rung_is_no_reason_to_leave() -> None:
    """The agent answers after ten seconds; the customer hears the ringing after four and stays."""
    left, counts = run(a_birth(patience_ms=HOUR_MS, answer_delay_ms=10 * SECOND_MS), rule=a_rule(share=1.0, after_ms=4 * SECOND_MS))
    assert left == {}
    assert counts == {"balked": 0, "abandoned": 0, "handled": 1}


def test_noticing_takes_its_time() -> None:
    """Who notices after four seconds leaves then; who has less patience than that leaves before, and did not balk."""
    rule = a_rule(share=1.0, after_ms=4 * SECOND_MS)
    left, counts = run(*a_line(HOUR_MS, 2 * SECOND_MS)[1:], rule=rule)
    assert left == {"i0": 10 * MINUTE_MS + 4 * SECOND_MS, "i1": 10 * MINUTE_MS + 3 * SECOND_MS}
    assert counts == {"balked": 1, "abandoned": 2, "handled": 1}


def test_the_wait_told_says_how_many_leave() -> None:
    """Told 75 seconds, all leave where the step at 75 seconds says so, and nobody where the one at a minute does."""
    everybody = a_rule(steps=((75 * SECOND_MS, 1.0), (2 * MINUTE_MS, 0.0)))
    nobody = a_rule(share=1.0, steps=((MINUTE_MS, 0.0), (76 * SECOND_MS, 1.0)))
    left, _ = run(*a_line(HOUR_MS), rule=everybody)
    assert left == {"i0": 10 * MINUTE_MS}
    # The second caller is told nothing, because nobody was answered before: the plain share holds, and it is one.
    left, counts = run(*a_line(HOUR_MS), rule=nobody)
    assert left == {"second": 0}
    assert counts == {"balked": 1, "abandoned": 1, "handled": 2}


def test_who_is_told_more_than_they_would_wait_leaves_and_the_others_wait_longer() -> None:
    """Told 75 seconds: a minute of patience leaves at once, six minutes become nine; who never leaves is not moved."""
    rule = a_rule(leave_beyond=1.0, patience=1.5)
    left, counts = run(*a_line(MINUTE_MS, 6 * MINUTE_MS, None), rule=rule)
    assert left == {"i0": 10 * MINUTE_MS, "i1": 19 * MINUTE_MS + SECOND_MS}
    assert counts == {"balked": 1, "abandoned": 2, "handled": 3}


def test_patience_that_an_announcement_used_up_ends_with_it() -> None:
    """A tenth of a minute is over before the announcement is: they leave at its end, and not before."""
    left, counts = run(*a_line(MINUTE_MS), rule=a_rule(patience=0.1, after_ms=10 * SECOND_MS))
    assert left == {"i0": 10 * MINUTE_MS + 10 * SECOND_MS}
    assert counts == {"balked": 0, "abandoned": 1, "handled": 2}


def test_a_rule_that_nobody_follows_changes_no_event() -> None:
    """A busy pool with a rule of share zero has the log of one without rules: other draws are not touched."""
    logs: list[list[Recorded]] = []
    for rules in ((), (a_rule(),)):
        scenario = a_pool(
            per_minute=3,
            agents=4,
            work=Exponential(mean_ms=90 * SECOND_MS),
            patience=Exponential(mean_ms=MINUTE_MS),
            horizon_ms=HOUR_MS,
            behaviour={"balking": rules},
        )
        log: list[Recorded] = []
        run_replication(scenario, an_arm(scenario), 0, [log.append])
        logs.append(log)
    assert len(logs[0]) > 500
    assert logs[0] == logs[1]
