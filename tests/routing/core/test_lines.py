"""Places in line, and the waits that are told."""

from dataclasses import replace

import pytest

from routing.core import commands
from routing.core.cover import Cover
from routing.core.errors import InvariantBroken
from routing.core.estimates import expected_wait_ms, learned
from routing.core.events import InteractionQueued
from routing.core.invariants import check_state
from routing.core.lines import Lines
from routing.core.state import Pace
from routing.model.callback import CallbackRule
from routing.model.estimate import Estimate, EstimateMethod
from routing.model.interaction import Interaction
from tests.builders import a_queue, a_rule, a_site, an_admission, an_empty_rule, an_interaction, an_urgency
from tests.routing.core.desk import Desk, a_desk


def a_telling_desk(method: EstimateMethod = EstimateMethod.PLACE_PACE) -> Desk:
    """A desk whose queue tells waits; urgent work has a class of its own."""
    rules = [a_rule("urgent", when="type=urgent", urgency=an_urgency(class_rank=1)), a_rule()]
    return a_desk(a_site(queues=[a_queue(estimate=method)], rules=rules))


def told(desk: Desk, interaction: Interaction) -> Estimate | None:
    """What an arrival is told."""
    (queued,) = desk.do(commands.EnqueueInteraction(interaction=interaction))
    assert isinstance(queued, InteractionQueued)
    return queued.estimate


def test_a_place_counts_higher_classes_and_older_work() -> None:
    """A credit is age; a class comes first whatever the age."""
    desk = a_telling_desk()
    places = []
    for interaction in (
        an_interaction("i1"),
        an_interaction("i2", credit_ms=5_000),
        an_interaction("i3", type="urgent"),
        an_interaction("i4"),
    ):
        estimate = told(desk, interaction)
        places.append(0 if estimate is None else estimate.place)
        desk.wait(1_000)
    assert [1, 1, 1, 4] == places


def test_a_place_moves_with_the_work() -> None:
    """A credit given later, a class and an accept move people; what is gone is in nobody's way."""
    desk = a_telling_desk()
    for name in ("i1", "i2", "i3"):
        desk.enqueue(an_interaction(name))
        desk.wait(1_000)
    desk.do(commands.UpdateInteraction(interaction_id="i3", credit_ms=60_000, overwrite=True))
    desk.take("i1")
    desk.do(commands.AbandonInteraction(interaction_id="i2"))
    estimate = told(desk, an_interaction("i4"))
    assert estimate is not None
    assert 2 == estimate.place


def test_the_hold_average_is_that_of_the_system_it_comes_from() -> None:
    """Whole seconds: the first as it is, then a quarter of each new one, the rest cut off."""
    pace = learned(None, 40_999, 1)
    pace = learned(pace, 80_000, 1)
    assert (40_000, 50_000) == (expected_wait_ms(EstimateMethod.HOLD_EMA, learned(None, 40_999, 1), 9), pace.hold_s * 1_000)
    assert Pace(42, 40_999 + (80_000 - 40_999) // 8) == learned(pace, 20_000, 0)


def test_a_wait_teaches_what_each_place_costs() -> None:
    """Twelve seconds from place three are four for each: the next at place five hears of twenty."""
    desk = a_telling_desk()
    for name in ("i1", "i2", "i3"):
        desk.enqueue(an_interaction(name))
    desk.wait(12_000)
    desk.take("i3")
    desk.enqueue(an_interaction("i4"))
    estimate = told(desk, an_interaction("i5"))
    assert Estimate(place=4, wait_ms=16_000, method=EstimateMethod.PLACE_PACE) == estimate


def test_a_queue_that_tells_nothing_learns_nothing() -> None:
    """Beside one that does; and what was learned goes when a site no longer asks for it."""
    desk = a_desk(a_site(queues=[a_queue(), a_queue("telling", estimate=EstimateMethod.HOLD_EMA)]))
    desk.enqueue()
    desk.take()
    assert {} == desk.state.paces
    desk = a_telling_desk()
    desk.enqueue()
    desk.take()
    assert {"main": Pace(0, 0)} == desk.state.paces
    desk.do(commands.ApplySite(site=a_site()))
    assert ({}, None) == (desk.state.paces, desk.state.lines)


def test_a_site_that_begins_to_tell_waits_counts_who_waits_already() -> None:
    """The lines are drawn up from the rows as they stand."""
    desk = a_desk()
    desk.enqueue(an_interaction("i1"))
    desk.enqueue(an_interaction("i2"))
    desk.do(commands.ApplySite(site=a_site(queues=[a_queue(estimate=EstimateMethod.HOLD_EMA)])))
    estimate = told(desk, an_interaction("i3"))
    assert estimate is not None
    assert 3 == estimate.place


def test_the_invariants_notice_lines_and_leavings_that_do_not_fit_the_rows() -> None:
    """Somebody missing, a count that is off, an index that forgot, an end without a reason."""
    desk = a_telling_desk()
    desk.enqueue()
    assert desk.state.lines is not None
    desk.state.lines.of("main").by_channel["voice"] += 1
    with pytest.raises(InvariantBroken, match="the line of 'main' counts"):
        check_state(desk.state)
    desk.state.lines = Lines(())
    with pytest.raises(InvariantBroken, match="the lines hold"):
        check_state(desk.state)
    leaving = a_desk(a_site(queues=[a_queue(empty=an_empty_rule(leave="offline"))]))
    leaving.enqueue()
    leaving.state.interactions["i1"].leave_at = leaving.now
    with pytest.raises(InvariantBroken, match="nobody there: False"):
        check_state(leaving.state)
    assert not Cover().is_alone("i1")


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [("awaits_opening", True, "awaits an opening that is not stated"), ("closed_at", 5, "is missing in the index|the rows")],
)
def test_the_invariants_notice_hours_that_do_not_fit(field: str, value: object, text: str) -> None:
    """A row that waits for nothing, or a closing that nobody will carry out."""
    desk = a_desk()
    desk.enqueue()
    setattr(desk.state.interactions["i1"], field, value)
    with pytest.raises(InvariantBroken, match=text):
        check_state(desk.state)


def test_handled_work_awaits_nothing() -> None:
    """Neither an opening nor an end."""
    desk = a_desk()
    desk.enqueue()
    desk.take()
    desk.state.interactions["i1"].leave_at = desk.now
    with pytest.raises(InvariantBroken, match="about to leave"):
        check_state(desk.state)


def test_who_waits_for_a_call_back_keeps_a_place_and_holds_nobody() -> None:
    """The place is theirs, the time held is that of the others."""
    queue = a_queue(callback=CallbackRule(attempts_max=1, spacing_ms=1_000), estimate=EstimateMethod.PLACE_PACE)
    desk = a_desk(a_site(queues=[replace(queue, admission=an_admission(held_max_ms=5_000))]))
    desk.enqueue(an_interaction("i1"))
    desk.enqueue(an_interaction("i2"))
    desk.do(commands.RequestCallback(interaction_id="i1"))
    desk.do(commands.AbandonInteraction(interaction_id="i2"))
    desk.wait(6_000)
    assert told(desk, an_interaction("i3")) == Estimate(place=2, wait_ms=None, method=EstimateMethod.PLACE_PACE)
    assert desk.state.lines is not None
    assert [1, 2] == [desk.state.lines.place_of(name) for name in ("i1", "i3")]
    desk.do(commands.CancelCallback(interaction_id="i1", reason=""))
    assert 1 == desk.state.lines.place_of("i3")
