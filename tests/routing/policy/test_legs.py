"""Legs in the matching room: a conversation does not come back to whoever handed it on, and its age counts as it was asked for."""

import pytest

from routing.core import commands
from routing.core.commands import NextLeg
from routing.model.leg import Barred, LegAge
from tests.builders import a_queue, a_rule, an_agent, an_interaction
from tests.cases.centers import MINUTE_MS, served_in_order
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers


def a_call_with(count: int, **site: object) -> Floor:
    """The first of some agents handles `i1`, and the queue has no wrap-up: they are free as soon as they hand it on."""
    floor = a_floor(a_phone_site(**site), *callers(*[""] * count))
    floor.enqueue(an_interaction())
    floor.accept("i1")
    return floor


def test_a_leg_is_not_offered_to_whoever_handed_it_on() -> None:
    """Nobody else is there: it waits beside the free agent, and the explanation says why."""
    floor = a_call_with(1)
    floor.do(commands.TransferInteraction(interaction_id="i1", leg=NextLeg(id="leg")))
    assert {} == floor.offered
    (standing,) = floor.router.explain("leg", floor.now).standings
    assert ("a1", "declined") == (standing.agent_id, standing.excluded_by)
    assert "barred" in standing.remedy
    floor.enqueue(an_interaction("another"))
    assert {"another": ["a1"]} == floor.offered


def test_a_leg_may_come_back_where_the_request_allows_it() -> None:
    """The agent is free again and gets it."""
    floor = a_call_with(1)
    floor.do(commands.TransferInteraction(interaction_id="i1", leg=NextLeg(id="leg", barred=Barred.NOBODY)))
    assert {"leg": ["a1"]} == floor.offered


def test_a_third_leg_may_go_to_the_first_agent_unless_all_earlier_ones_are_barred() -> None:
    """Only the one who hands it on is barred by default."""
    for barred, offered in ((Barred.LAST_AGENT, {"third": ["a1"]}), (Barred.EARLIER_AGENTS, {})):
        floor = a_call_with(2)
        floor.do(commands.TransferInteraction(interaction_id="i1", leg=NextLeg(id="second")))
        floor.accept("second")
        floor.do(commands.TransferInteraction(interaction_id="second", leg=NextLeg(id="third", barred=barred)))
        assert offered == floor.offered


def test_a_declined_leg_stays_away_from_both() -> None:
    """A cooldown and a bar stand side by side; when the cooldown ends, only the bar is left."""
    floor = a_call_with(2, queues=[a_queue(wrap_up_limit_ms=0, missed_threshold=0, declined_ms=5_000)])
    floor.do(commands.TransferInteraction(interaction_id="i1", leg=NextLeg(id="leg")))
    (offer_id,) = floor.router.state.offers
    floor.do(commands.DeclineOffer(offer_id=offer_id))
    assert {} == floor.offered
    floor.wait(5_000)
    assert {"leg": ["a2"]} == floor.offered


@pytest.mark.parametrize(
    ("limit_ms", "order"), [(None, ["leg", "i2"]), (2 * MINUTE_MS, ["leg", "i2"]), (1, ["i2", "leg"]), (0, ["i2", "leg"])]
)
def test_age_that_goes_along_orders_the_queue(limit_ms: int | None, order: list[str]) -> None:
    """Six minutes after its arrival the call is handed on, beside one that waited for one: the age that is kept decides."""
    floor = a_call_with(1, rules=[a_rule("billing", when="type=billing", needs="billing>=1"), a_rule()])
    floor.wait(5 * MINUTE_MS)
    floor.enqueue(an_interaction("i2", type="billing"))
    floor.wait(MINUTE_MS)
    leg = NextLeg(id="leg", type="billing", age=LegAge(limit_ms=limit_ms))
    floor.do(commands.TransferInteraction(interaction_id="i1", leg=leg))
    explained = floor.router.explain("leg", floor.now)
    assert (0, 6 * MINUTE_MS if limit_ms is None else limit_ms) == (explained.waited_ms, explained.urgency)
    floor.staff(an_agent("biller", skills="billing:5", channels="voice:1"))
    assert order == served_in_order(floor)
