"""Behaviour cases: how work gets in, who keeps their place, and what the measures say of it."""

from typing import Any

import pytest

from routing.core.commands import AbandonInteraction, PutAgents, SetPresence
from routing.core.events import Event, InteractionDiverted, InteractionQueued, OfferMade
from routing.model.agent import Presence
from routing.model.diversion import DiversionCause
from routing.model.estimate import EstimateMethod
from routing.model.interaction import EndCause
from routing.model.site import PolicySpec
from routing.policy.presets.builtin import BALANCED, LEAST_COST
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.registry import MEASURES
from simulation.kpis.tabulate import tabulate
from simulation.statistics import replicate
from tests.builders import CHAT, VOICE, a_queue, an_admission, an_empty_rule, an_interaction
from tests.cases.centers import MINUTE_MS, SECOND_MS, a_default_site, preset
from tests.routing.policy.floor import a_floor, callers


def offered_in(happened: list[Event]) -> list[str]:
    """What was offered, in order."""
    return [event.interaction_id for event in happened if isinstance(event, OfferMade)]


def turned_away(happened: list[Event]) -> list[DiversionCause]:
    """Why arrivals were not taken, in order."""
    return [event.cause for event in happened if isinstance(event, InteractionDiverted)]


def test_at_48_behind_a_hundred_waiting_the_next_is_refused_before_joining() -> None:
    """It arrives and ends in the same step; the hundred keep their places."""
    floor = a_floor(a_default_site(queues=[a_queue(admission=an_admission(waiting_max=100))]))
    assert [] == turned_away(floor.enqueue(*(an_interaction(f"i{number}") for number in range(100))))
    assert [DiversionCause.QUEUE_LENGTH] == turned_away(floor.enqueue(an_interaction("one more")))
    assert EndCause.REFUSED is floor.router.state.ended["one more"].cause
    assert 100 == len(floor.router.state.interactions)


def test_at_75_a_caller_is_refused_where_every_agent_is_away_and_admitted_beside_one_idle() -> None:
    """One is on a break, one is in a call, one is gone; then the first comes back."""
    queue = a_queue(wrap_up_limit_ms=0, empty=an_empty_rule(join="not_ready busy ringing wrap_up offline unreachable"))
    floor = a_floor(a_default_site(queues=[queue]), *callers("", "", ""))
    floor.enqueue(an_interaction("i1"))
    floor.accept("i1")
    busy = floor.router.state.interactions["i1"].agent_id
    idle = [agent_id for agent_id in ("a1", "a2", "a3") if agent_id != busy]
    floor.do(SetPresence(agent_id=idle[0], presence=Presence.NOT_READY, reason="break"))
    floor.do(SetPresence(agent_id=idle[1], presence=Presence.OFFLINE))
    assert [DiversionCause.NOBODY_THERE] == turned_away(floor.enqueue(an_interaction("i2")))
    floor.do(SetPresence(agent_id=idle[0], presence=Presence.AVAILABLE))
    assert ["i3"] == offered_in(floor.enqueue(an_interaction("i3")))


def test_at_75_who_waits_leaves_when_the_last_agent_goes() -> None:
    """The other half of the same rule: after a grace, and not at all if somebody comes back within it."""
    queue = a_queue(empty=an_empty_rule(leave="offline", grace_ms=5 * SECOND_MS, otherwise="voicemail:night"))
    floor = a_floor(a_default_site(queues=[queue]), *callers("english:5"))
    floor.enqueue(an_interaction("i1"))
    floor.accept("i1")
    floor.enqueue(an_interaction("i2"))
    floor.do(SetPresence(agent_id="a1", presence=Presence.OFFLINE))
    assert [] == turned_away(floor.wait(4 * SECOND_MS))
    assert [DiversionCause.NOBODY_THERE] == turned_away(floor.wait(SECOND_MS))
    assert EndCause.DIVERTED is floor.router.state.ended["i2"].cause


@pytest.mark.parametrize("policy", [BALANCED, LEAST_COST], ids=lambda policy: policy.name)
def test_at_76_three_free_agents_get_three_offers_at_once(policy: PolicySpec) -> None:
    """Five wait and three become able in one step: three are offered at that instant, the longest waiting first."""
    floor = a_floor(a_default_site(policy=policy), *callers("", "", ""))
    for number in range(1, 6):
        floor.enqueue(an_interaction(f"i{number}", needs="sales>=1"))
        floor.wait(SECOND_MS)
    happened = floor.do(PutAgents(agents=tuple(callers("sales:5", "sales:5", "sales:5"))))
    happened += floor.wait(policy.match_interval_ms)
    assert ["i1", "i2", "i3"] == sorted(offered_in(happened))
    assert 1 == len({item.at for item in floor.log if isinstance(item.event, OfferMade)})


def test_at_76_without_autofill_only_the_head_of_the_queue_is_offered() -> None:
    """Five wait and three become able in one step: the first is offered, and the next when that one is taken."""
    floor = a_floor(a_default_site(policy=preset("asterisk-no-autofill")), *callers("", "", ""))
    for number in range(1, 6):
        floor.enqueue(an_interaction(f"i{number}", needs="sales>=1"))
        floor.wait(SECOND_MS)
    happened = floor.do(PutAgents(agents=tuple(callers("sales:5", "sales:5", "sales:5"))))
    assert ["i1"] == offered_in(happened)
    assert ["i2"] == offered_in(floor.accept("i1"))
    assert ["i3"] == offered_in(floor.accept("i2"))


def test_at_85_two_service_levels_of_one_day() -> None:
    """80 answered, 60 of them in time, 20 abandoned, 10 of them in time: 75 % of the answered, 70 % with abandons in time counted good."""
    floor = a_floor(a_default_site(queues=[a_queue(target_ms=20_000, wrap_up_limit_ms=0, offer_timeout_ms=MINUTE_MS)]), *callers(""))
    begin = floor.now
    for number in range(100):
        floor.enqueue(an_interaction(f"i{number}"))
        is_late = number % 4 == 0 if number < 80 else number % 2 == 0
        floor.wait(30_000 if is_late else 10_000)
        if number < 80:
            floor.accept(f"i{number}")
            floor.end(f"i{number}")
        else:
            floor.do(AbandonInteraction(interaction_id=f"i{number}"))
    row = tabulate(facts_of(Ledger().read(floor.log), starts_at=begin, ends_at=floor.now)).overall
    names = ("service_level_answered", "service_level_abandons_within_target_good")
    assert (0.75, 0.70) == tuple(replicate([row[name]], MEASURES[name].scale).value for name in names)


@pytest.mark.parametrize(
    ("limit", "cause"),
    [
        ({"waiting_max": 2}, DiversionCause.QUEUE_LENGTH),
        ({"estimated_wait_max_ms": 30 * SECOND_MS}, DiversionCause.ESTIMATED_WAIT),
        ({"held_max_ms": 15 * SECOND_MS}, DiversionCause.TIME_HELD),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_at_77_length_estimated_wait_and_time_held_each_turn_away_alone(limit: dict[str, Any], cause: DiversionCause) -> None:
    """One was answered after twenty seconds, two wait, the older for twenty: each limit alone is beyond its threshold."""
    queue = a_queue(estimate=EstimateMethod.PLACE_PACE, admission=an_admission(**limit), offer_timeout_ms=MINUTE_MS)
    floor = a_floor(a_default_site(queues=[queue]), *callers(""))
    floor.enqueue(an_interaction("answered"))
    floor.wait(20 * SECOND_MS - 10)
    if cause is not DiversionCause.TIME_HELD:
        floor.wait(10)
    floor.accept("answered")
    assert [] == turned_away(floor.enqueue(an_interaction("i1")))
    if cause is DiversionCause.QUEUE_LENGTH:
        assert [] == turned_away(floor.enqueue(an_interaction("i2")))
    elif cause is DiversionCause.TIME_HELD:
        floor.wait(20 * SECOND_MS)
    assert [cause] == turned_away(floor.enqueue(an_interaction("last")))


@pytest.mark.parametrize(("is_shared", "is_refused"), [(True, True), (False, False)])
def test_at_84_a_shared_limit_refuses_the_call_behind_fifty_chats(is_shared: bool, is_refused: bool) -> None:
    """The trap has to be asked for: by default each channel counts by itself."""
    queue = a_queue(admission=an_admission(waiting_max=50, is_waiting_shared=is_shared))
    floor = a_floor(a_default_site(queues=[queue], channels=[VOICE, CHAT]))
    floor.enqueue(*(an_interaction(f"chat-{number}", channel="chat") for number in range(50)))
    assert ([DiversionCause.QUEUE_LENGTH] if is_refused else []) == turned_away(floor.enqueue(an_interaction("call")))


def test_at_86_the_hold_average_goes_from_40_to_50_to_42_seconds() -> None:
    """Waits of 40, 80 and 20 seconds; each arrival is told what was known before it."""
    queue = a_queue(estimate=EstimateMethod.HOLD_EMA, wrap_up_limit_ms=0, offer_timeout_ms=2 * MINUTE_MS)
    floor = a_floor(a_default_site(queues=[queue]), *callers(""))
    told = []
    for number, wait_s in enumerate((40, 80, 20, 1)):
        (queued, *_) = floor.enqueue(an_interaction(f"i{number}"))
        assert isinstance(queued, InteractionQueued)
        told.append(queued.estimate and queued.estimate.wait_ms)
        floor.wait(wait_s * SECOND_MS)
        floor.accept(f"i{number}")
        floor.end(f"i{number}")
    assert [None, 40 * SECOND_MS, 50 * SECOND_MS, 42 * SECOND_MS] == told
