"""Behaviour cases: how work gets in, who keeps their place, and what the measures say of it."""

import pytest

from routing.core.commands import AbandonInteraction, PutAgents
from routing.core.events import Event, OfferMade
from routing.model.site import PolicySpec
from routing.policy.presets.builtin import BALANCED, LEAST_COST
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.registry import MEASURES
from simulation.kpis.tabulate import tabulate
from simulation.statistics import replicate
from tests.builders import a_queue, an_interaction
from tests.cases.centers import MINUTE_MS, SECOND_MS, a_default_site, preset
from tests.routing.policy.floor import a_floor, callers


def offered_in(happened: list[Event]) -> list[str]:
    """What was offered, in order."""
    return [event.interaction_id for event in happened if isinstance(event, OfferMade)]


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
