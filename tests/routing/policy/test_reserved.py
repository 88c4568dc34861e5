"""Interactions that are kept for certain agents, and rounds of offers, as the matching room and its explanations see them."""

from dataclasses import replace

from routing.core.commands import CancelInteraction, DeclineOffer, SetPresence
from routing.model.agent import Presence
from routing.model.queue import ExclusionScope
from routing.model.reservation import StickyRule
from routing.model.time import HOUR_MS
from routing.policy.moments import moment
from routing.policy.presets.builtin import BALANCED, LEAST_COST
from tests.builders import a_queue, a_rule, an_interaction, an_urgency
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers

STICKY = a_rule(sticky=StickyRule(hold_ms=60_000, expedite_ms=HOUR_MS), urgency=an_urgency(target_ms=60_000))


def kept_floor(*skills: str, rule: object = STICKY) -> Floor:
    """A phone floor whose calls are kept for whom they prefer."""
    return a_floor(a_phone_site(policy=BALANCED, rules=[rule]), *callers(*skills))


def test_only_those_it_is_kept_for_are_offered_it_and_the_record_counts_the_others() -> None:
    """The others are counted in the decision; a decision in which nobody was kept from anything says nothing of it."""
    floor = kept_floor("", "", "")
    floor.enqueue(an_interaction("i1", preferred="a2:100"))
    assert {"i1": ["a2"]} == floor.offered
    assert 2 == dict(floor.decisions["i1"].excluded)["reserved"]
    floor.enqueue(an_interaction("absent", preferred="a2:100"), an_interaction("i2"))
    assert "absent" not in floor.offered
    assert [*BALANCED.filters] == [name for name, _ in floor.decisions["i2"].excluded]


def test_a_freed_agent_is_not_offered_what_is_kept_for_another() -> None:
    """One agent against all that waits: a block of one column. Several at once, in a window, are kept apart, too."""
    floor = kept_floor("")
    floor.enqueue(an_interaction("busy"))
    floor.accept("busy")
    floor.enqueue(an_interaction("kept", agent_id="a1"), an_interaction("own", preferred="a1:100"))
    floor.staff(*callers("", "")[1:])
    assert {} == floor.offered
    floor.end("busy")
    assert 1 == len(floor.offered)
    window = a_floor(a_phone_site(policy=LEAST_COST, rules=[STICKY]), *callers("", ""))
    window.enqueue(an_interaction("i1", preferred="a1:100"), an_interaction("i2", preferred="a1:100"), an_interaction("i3", agent_id="a2"))
    window.wait(1_000)
    assert [["a1"], ["a2"]] == sorted(window.offered.values())
    assert ["a2"] == window.offered["i3"]


def test_while_it_is_kept_it_is_worth_more_wait_and_afterwards_what_it_was() -> None:
    """An hour more than its age, beyond the cap of its urgency."""
    capped = replace(STICKY, urgency=an_urgency(target_ms=60_000, cap_ms=90_000, base_ms=80_000))
    floor = kept_floor("", rule=capped)
    floor.enqueue(an_interaction("busy"))
    floor.accept("busy")
    floor.enqueue(an_interaction("i1", preferred="a1:100"))
    floor.wait(20_000)
    assert 90_000 + HOUR_MS - 10_000 + 20_000 == 10_000 + floor.router.explain("i1", floor.now).urgency
    floor.wait(40_000)
    assert 90_000 == floor.router.explain("i1", floor.now).urgency


def test_an_explanation_says_for_whom_it_is_kept_and_until_when() -> None:
    """For each other agent, and in the summary."""
    floor = kept_floor("", "")
    floor.enqueue(an_interaction("busy"))
    floor.accept("busy")
    floor.enqueue(an_interaction("i1", preferred="a1:100"))
    found = floor.router.explain("i1", floor.now)
    kept = f"is kept for a1 until {moment(floor.now + 60_000)}"
    assert ("reserved", kept) == next((one.excluded_by, one.remedy) for one in found.standings if one.agent_id == "a2")
    assert found.summary.endswith(f"it {kept}")
    floor.enqueue(an_interaction("i2", agent_id="a1"))
    assert "is kept for a1 until a step of its route releases it" in floor.router.explain("i2", floor.now).summary


def test_an_explanation_says_what_ends_a_time_apart_that_has_no_instant() -> None:
    """A presence, or nothing."""
    for scope, words in ((ExclusionScope.PRESENCE, "once they have been away"), (ExclusionScope.FOR_EVER, "never again")):
        floor = a_floor(a_phone_site(queues=[a_queue(scope=scope)]), *callers(""))
        floor.enqueue(an_interaction())
        floor.do(DeclineOffer(offer_id="offer-1"))
        (standing,) = floor.router.explain("i1", floor.now).standings
        assert "declined" == standing.excluded_by
        assert words in standing.remedy


def test_what_was_kept_leaves_no_trace_in_the_columns() -> None:
    """Ended, or no longer kept: the next look finds nothing left."""
    floor = kept_floor("")
    floor.do(SetPresence(agent_id="a1", presence=Presence.NOT_READY))
    floor.enqueue(an_interaction("i1", agent_id="a1"), an_interaction("i2", agent_id="a1"))
    columns = floor.router._columns_in_force()
    assert {"i1": ("a1",), "i2": ("a1",)} == columns.waiting.reserved
    floor.do(CancelInteraction(interaction_id="i1", reason=""))
    floor.do(SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    floor.accept("i2")
    floor.enqueue(an_interaction("i3"))
    assert {} == floor.router._columns_in_force().waiting.reserved


def test_a_closed_round_wants_no_offer() -> None:
    """Three agents, two at once: when one of them declines, the third is not asked before the other has answered."""
    queue = a_queue(max_live_offers=2, refills_offers=False, declined_ms=60_000, wrap_up_limit_ms=0)
    floor = a_floor(a_phone_site(queues=[queue]), *callers("", "", ""))
    floor.enqueue(an_interaction())
    assert {"i1": ["a1", "a2"]} == floor.offered
    floor.do(DeclineOffer(offer_id="offer-1"))
    assert {"i1": ["a2"]} == floor.offered
    floor.do(DeclineOffer(offer_id="offer-2"))
    assert {"i1": ["a3"]} == floor.offered
