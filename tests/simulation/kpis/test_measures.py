"""Every measure against a log small enough to be counted by hand."""

import pytest

from routing.core import events
from routing.core.commands import AbandonInteraction
from routing.model.agent import Presence
from routing.model.estimate import EstimateMethod
from routing.model.interaction import EndCause
from routing.model.site import NotReadyReason
from simulation.kpis.facts import Facts, facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.registry import MEASURES
from simulation.kpis.tabulate import Row, tabulate
from simulation.statistics import replicate
from tests.builders import a_queue, a_route, a_site, an_admission, an_agent, an_interaction
from tests.routing.policy.floor import a_floor
from tests.simulation.kpis.a_log import HandWritten


def value(row: Row, name: str) -> float | None:
    """The value of one measure of one day."""
    return replicate([row[name]], MEASURES[name].scale).value


def overall(facts: Facts, *names: str) -> dict[str, float | None]:
    """The site's values of some measures."""
    return {name: value(tabulate(facts).overall, name) for name in names}


def a_day() -> Facts:
    """Ten interactions: five answered (0, 10, 20, 30, 20.001 s), three abandoned (3, 15, 40 s), one cancelled (5 s), one waiting (50 s)."""
    day = HandWritten()
    day.agent("a1")
    day.agent("a2")
    answered = (("i1", 0, 0.0, 100), ("i2", 0, 10.0, 100), ("i3", 200, 20.0, 60), ("i4", 200, 30.0, 60), ("i5", 400, 20.001, 60))
    for position, (name, arrives, wait, works) in enumerate(answered):
        day.queued(arrives, name)
        day.handled(arrives + wait, name, f"a{1 + position % 2}", until=arrives + wait + works)
    for name, wait in (("i6", 3), ("i7", 15), ("i8", 40)):
        day.queued(500, name)
        day.abandoned(500 + wait, name)
    day.queued(600, "i9")
    day.ended(605, "i9", None, EndCause.CANCELLED)
    day.queued(950, "i10")
    return day.facts(1_000)


def test_every_interaction_is_counted_once() -> None:
    """Offered = handled + abandoned + refused + unserved + cancelled + unreached + in_progress."""
    counts = {"offered": 10, "handled": 5, "abandoned": 3, "refused": 0, "unserved": 0, "cancelled": 1}
    expected = counts | {"unreached": 0, "in_progress": 1}
    assert overall(a_day(), *expected) == expected


def test_the_four_service_levels_differ_in_what_abandons_count_for() -> None:
    """Three of five answers came within 20 s (20.001 s did not); two of three abandons came within 20 s."""
    assert overall(a_day(), *(name for name in MEASURES if name.startswith("service_level"))) == {
        "service_level": 3 / 10,
        "service_level_answered": 3 / 5,
        "service_level_answered_plus_late_abandons": 3 / 6,
        "service_level_abandons_within_target_good": 5 / 10,
    }


def test_eighty_of_a_hundred_answered_sixty_in_time() -> None:
    """Of 100, 80 are answered (60 in time) and 20 abandon (10 in time): 75 % of the answered, 70 % with early abandons counted good."""
    day = HandWritten()
    day.agent("a1")
    for number in range(100):
        day.queued(number * 100, f"i{number}")
        wait = 10 if number < 60 or number >= 90 else 30
        if number < 80:
            day.handled(number * 100 + wait, f"i{number}", "a1", until=number * 100 + wait + 1)
        else:
            day.abandoned(number * 100 + wait, f"i{number}")
    names = ("service_level_answered", "service_level_abandons_within_target_good")
    assert overall(day.facts(10_000), *names) == {names[0]: 0.75, names[1]: 0.70}


def test_waits_are_the_true_waits_of_those_they_name() -> None:
    """Answered: 80.001 s over five. All: plus 58 s of abandons, 5 s of the cancelled one, 50 s so far of the one still waiting."""
    waits = overall(a_day(), "asa_s", "wait_mean_s", "wait_p50_s", "wait_p90_s", "wait_p99_s")
    assert waits == pytest.approx({"asa_s": 16.0002, "wait_mean_s": 19.3001, "wait_p50_s": 15, "wait_p90_s": 40, "wait_p99_s": 50})


def test_short_abandons_stand_apart() -> None:
    """One of the three abandons came before 5 s."""
    names = ("abandonment", "short_abandons", "abandonment_without_short")
    assert overall(a_day(), *names) == {"abandonment": 3 / 10, "short_abandons": 1, "abandonment_without_short": 2 / 9}


def test_handle_time_ends_with_the_wrap_up() -> None:
    """100, 100 and three times 60 s."""
    assert overall(a_day(), "handle_time_s") == {"handle_time_s": 380 / 5}


def test_occupancy_goes_by_the_clock_and_ringing_is_available() -> None:
    """a1 rings for 10 s, works 50 s in shift and 20 s after it as a ghost, and was not ready for 30 s: 70 busy, 20 available."""
    day = HandWritten()
    day.agent("a1")
    day.queued(10, "i1")
    day.offered(10, "i1", "a1")
    day.accepted(20, "i1", "a1")
    day.presence(70, "a1", Presence.OFFLINE)
    day.ended(90, "i1", "a1")
    day.presence(100, "a1", Presence.NOT_READY)
    day.presence(130, "a1", Presence.OFFLINE)
    facts = day.facts(180)
    assert overall(facts, "occupancy", "ghost_h", "staffing", "busy_agents") == {
        "occupancy": 70 / 90,
        "ghost_h": pytest.approx(20 / 3600),
        "staffing": 90 / 180,
        "busy_agents": 70 / 180,
    }
    assert facts.agents.not_ready_ms.tolist() == [30_000]


def test_time_that_was_not_routed_and_reasons_that_are_work() -> None:
    """An agent of a 100 s shift: external work alone for 20 s, then beside a call of 30 s, ten of training, ten of break, the rest idle."""
    reasons = (NotReadyReason(code="training", is_working_time=True), NotReadyReason(code="break", is_working_time=False))
    day = HandWritten(a_site(not_ready_reasons=reasons))
    day.agent("a1", capacity=150)
    day.external(10, "a1", "case", cost=40)
    day.queued(30, "i1")
    day.offered(30, "i1", "a1")
    day.accepted(30, "i1", "a1")
    day.external_over(40, "a1", "case")
    day.ended(60, "i1", "a1")
    day.presence(70, "a1", Presence.NOT_READY, "training")
    day.presence(80, "a1", Presence.NOT_READY, "break")
    day.external(85, "a1", "called away", cost=100)
    day.external_over(90, "a1", "called away")
    day.presence(90, "a1", Presence.AVAILABLE)
    day.presence(100, "a1", Presence.OFFLINE)
    facts = day.facts(120)
    times = facts.agents
    parts = [int(part[0]) for part in (times.busy_ms, times.external_ms, times.available_ms, times.not_ready_ms)]
    assert [30_000, 25_000, 30_000, 15_000] == parts
    assert 100_000 == sum(parts)
    assert 10_000 == int(times.working_ms[0])
    used_ms = 20_000 * 40 + 10_000 * 140 + 20_000 * 100
    assert overall(facts, "occupancy", "external_h", "working_time", "load_ratio") == {
        "occupancy": 30 / 60,
        "external_h": 25 / 3_600,
        "working_time": 95 / 100,
        "load_ratio": used_ms / (80_000 * 150),
    }


def test_two_chats_at_once_are_one_busy_agent_with_a_higher_load() -> None:
    """For 10 s one chat and for 10 s two chats, each 30 of a budget of 100; then free for 20 s."""
    day = HandWritten()
    day.agent("a1")
    for name, begins in (("i1", 0), ("i2", 10)):
        day.queued(begins, name, channel="chat")
        day.handled(begins, name, "a1", until=20)
    assert overall(day.facts(40), "occupancy", "load_ratio") == {"occupancy": 0.5, "load_ratio": (300 + 600) / 4000}


def test_fairness_is_zero_for_equals_and_grows_with_the_spread() -> None:
    """One of two agents does all the work: G = 1/2; both do the same: G = 0; a third who never came does not count."""
    assert gini_of(a1=50) == 0.5
    assert gini_of(a1=50, a2=50) == 0


def gini_of(**seconds_busy: int) -> float | None:
    """The fairness of 100 seconds in which a1 and a2 are there, and a third agent only on paper."""
    day = HandWritten()
    day.agent("a1")
    day.agent("a2")
    day.add(0, events.AgentPut(agent=an_agent("absent")))
    for agent, seconds in seconds_busy.items():
        day.queued(0, f"i-{agent}")
        day.handled(0, f"i-{agent}", agent, until=seconds)
    return overall(day.facts(100), "fairness_gini")["fairness_gini"]


def test_a_failed_connection_was_no_answer() -> None:
    """The wait runs on from arrival to the accept that led to the handling; the agent was busy meanwhile, the budget comes back."""
    day = HandWritten()
    day.agent("a1")
    day.queued(0, "i1")
    day.offered(0, "i1", "a1")
    day.accepted(5, "i1", "a1")
    day.returned(8, "i1", "a1")
    day.handled(30, "i1", "a1", until=50)
    assert overall(day.facts(100), "asa_s", "handle_time_s", "occupancy", "load_ratio") == {
        "asa_s": 30,
        "handle_time_s": 20,
        "occupancy": 0.23,
        "load_ratio": 0.28,
    }


def test_a_withdrawn_offer_gives_its_budget_back() -> None:
    """Ten seconds of ringing load the agent, and do not occupy them."""
    day = HandWritten()
    day.agent("a1")
    day.queued(0, "i1")
    day.offered(0, "i1", "a1")
    day.withdrawn(10, "i1", "a1")
    day.abandoned(10, "i1")
    assert overall(day.facts(100), "occupancy", "load_ratio") == {"occupancy": 0, "load_ratio": 0.1}


def test_an_overflow_is_a_visit_to_two_queues_and_one_interaction() -> None:
    """It is judged in the queue it ended in, with the whole wait and that queue's target; the first queue counts a visit moved out."""
    site = a_site(queues=[a_queue("first", target_ms=10_000), a_queue("second", target_ms=60_000)])
    day = HandWritten(site)
    day.agent("a1")
    day.queued(0, "i1", queue="first")
    day.moved(30, "i1", "second")
    day.moved(35, "i1", "second")
    day.add(36, events.RequirementRelaxed(interaction_id="i1", due_at=0, route=a_route(queue="second")))
    day.handled(40, "i1", "a1", until=50)
    by_queue = tabulate(day.facts(100)).by_queue
    names = ("entries", "moved_out", "offered", "service_level", "asa_s")
    assert {queue: [value(row, name) for name in names] for queue, row in by_queue.items()} == {
        "first": [1, 1, 0, None, None],
        "second": [1, 0, 1, 1.0, 40],
    }


def test_a_due_time_of_its_own_replaces_the_target() -> None:
    """Both are answered after 100 s, with a queue target of 20 s; one was promised an answer within 100 s."""
    day = HandWritten()
    day.agent("a1")
    for name, due_second in (("i1", 100), ("i2", None)):
        day.queued(0, name, due_second=due_second)
        day.handled(100, name, "a1", until=110)
    assert overall(day.facts(200), "service_level") == {"service_level": 0.5}


def test_half_hours_count_arrivals_and_cut_agents_time_at_the_clock() -> None:
    """One agent works from 08:00 to 09:15 and is busy from 08:20 to 08:50; an interaction arrives in the first and one in the third."""
    day = HandWritten()
    day.agent("a1")
    day.queued(1_200, "i1")
    day.handled(1_200, "i1", "a1", until=3_000)
    day.queued(3_600, "i2")
    day.abandoned(3_700, "i2")
    day.presence(4_500, "a1", Presence.OFFLINE)
    rows = tabulate(day.facts(5_400)).by_interval
    assert [[value(row, name) for name in ("offered", "abandoned", "staffing", "busy_agents", "occupancy")] for row in rows] == [
        [1, 0, 1, 600 / 1800, 600 / 1800],
        [0, 0, 1, 1200 / 1800, 1200 / 1800],
        [1, 1, 0.5, 0, 0],
    ]


def test_channels_of_the_site_have_their_rows_used_or_not() -> None:
    """A call and no chat."""
    day = HandWritten()
    day.queued(0, "i1", channel="voice")
    assert {name: value(row, "offered") for name, row in tabulate(day.facts(10)).by_channel.items()} == {"chat": 0, "email": 0, "voice": 1}


def test_a_measure_without_a_denominator_has_no_value() -> None:
    """Nothing arrived and nobody worked."""
    row = tabulate(HandWritten().facts(10)).overall
    names = ("service_level", "asa_s", "wait_p90_s", "occupancy", "load_ratio", "fairness_gini", "handle_time_s")
    assert [value(row, name) for name in names] == [None] * len(names)


@pytest.mark.parametrize("name", ["Sample", "Spread"])
def test_a_log_in_pieces_is_the_same_log(name: str) -> None:
    """Pooled values and sums by agent over two equal days equal those of one."""
    row = tabulate(a_day()).overall
    measure = {"Sample": "wait_p90_s", "Spread": "fairness_gini"}[name]
    one, two = replicate([row[measure]]).value, replicate([row[measure], row[measure]]).value
    assert one == two


def test_estimates_are_scored_against_the_waits_of_the_answered() -> None:
    """Told 20 s too little and 10 s too much, once each; who abandoned and who was told nothing do not count; the diverted are counted."""
    queue = a_queue(
        estimate=EstimateMethod.HOLD_EMA,
        wrap_up_limit_ms=0,
        offer_timeout_ms=3_600_000,
        admission=an_admission(waiting_max=1, otherwise="voicemail"),
    )
    floor = a_floor(a_site(queues=[queue]), an_agent())
    begin = floor.now
    for number, wait_ms in enumerate((20_000, 40_000, 15_000)):
        floor.enqueue(an_interaction(f"i{number}"))
        floor.wait(wait_ms)
        floor.accept(f"i{number}")
        floor.end(f"i{number}")
    floor.enqueue(an_interaction("leaves"), an_interaction("too many"))
    floor.do(AbandonInteraction(interaction_id="leaves"))
    row = tabulate(facts_of(Ledger().read(floor.log), starts_at=begin, ends_at=floor.now)).overall
    found = {name: replicate([row[name]], MEASURES[name].scale).value for name in ("estimate_bias_s", "estimate_error_s", "diverted")}
    assert {"estimate_bias_s": -5.0, "estimate_error_s": 15.0, "diverted": 1.0} == found
