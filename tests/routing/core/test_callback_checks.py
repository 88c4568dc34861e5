"""The checks of call-backs: each finds what it is for."""

from typing import Any

import pytest

from routing.core import commands
from routing.core.callback_checks import check_callback_index
from routing.core.errors import InvariantBroken
from routing.core.invariants import check_settled
from routing.model.callback import CallbackKind, CallbackStage, Promise
from tests.builders import a_queue, an_agent, an_interaction
from tests.routing.core.desk import a_desk
from tests.routing.core.test_callbacks import RULE, a_callback_site, asked, callback


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ({"requested_at": 0}, "before it arrived"),
        ({"stage": CallbackStage.DEFERRED}, "not before None"),
        ({"kind": CallbackKind.CUSTOMER_FIRST, "stage": CallbackStage.CALLING}, "attempt until None"),
        ({"stage": CallbackStage.CALLING}, "while it is waiting"),
        ({"promise": Promise.KEPT}, "without an instant"),
        ({"promised_at": 5, "promise": Promise.OPEN, "stage": CallbackStage.REACHED}, "still open"),
        ({"urgent_at": 5}, "a promise that is none"),
    ],
)
def test_a_call_back_that_contradicts_itself_is_found(fault: dict[str, Any], text: str) -> None:
    """Each check of a call-back's row can fail."""
    desk = asked()
    for name, value in fault.items():
        setattr(callback(desk), name, value)
    with pytest.raises(InvariantBroken, match=text):
        check_settled(desk.state)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ({"stage": CallbackStage.READY}, "handling and yet ready"),
        ({"kind": CallbackKind.CUSTOMER_FIRST}, "before its customer was reached"),
    ],
)
def test_a_call_back_in_hand_that_contradicts_itself_is_found(fault: dict[str, Any], text: str) -> None:
    """Each check of an attempt's row can fail."""
    desk = asked()
    desk.take()
    for name, value in fault.items():
        setattr(callback(desk), name, value)
    with pytest.raises(InvariantBroken, match=text):
        check_settled(desk.state)


def test_a_second_agent_in_reserve_and_one_for_a_call_put_off_are_found() -> None:
    """And a call-back more than the site runs at once, and an index that lists what is not there."""
    site = a_callback_site(queues=[a_queue(callback=RULE, max_live_offers=3)], running_callbacks_max=1)
    desk = a_desk(site, an_agent("a1"), an_agent("a2"))
    desk.do(commands.ScheduleCallback(interaction=an_interaction("i1")))
    desk.do(commands.ScheduleCallback(interaction=an_interaction("i2")))
    desk.offer("i1")
    desk.offer("i1", "a2")
    callback(desk).kind = CallbackKind.CUSTOMER_FIRST
    with pytest.raises(InvariantBroken, match="more than one agent in reserve"):
        check_settled(desk.state)
    callback(desk).kind, callback(desk).stage, callback(desk).not_before = CallbackKind.AGENT_FIRST, CallbackStage.DEFERRED, 5
    with pytest.raises(InvariantBroken, match="put off and yet"):
        check_settled(desk.state)
    callback(desk).stage, callback(desk).not_before = CallbackStage.READY, None
    desk.do(commands.WithdrawOffer(offer_id="offer-2", reason=""))
    with pytest.raises(InvariantBroken, match="more than the site runs at once"):
        desk.offer("i2", "a2")
    for wrong in (desk.state.callbacks.pending, desk.state.callbacks.in_flight):
        wrong["ghost"] = None
        with pytest.raises(InvariantBroken, match="ghost"):
            check_callback_index(fail, desk.state)
        del wrong["ghost"]


def fail(holds: bool, text: str) -> None:
    """Raise where something does not hold."""
    if not holds:
        raise InvariantBroken(text)
