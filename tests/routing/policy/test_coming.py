"""What is due anyway: each kind of deadline that bears on an interaction, when, and whom it lets take it."""

import pytest

from routing.core.commands import AcceptOffer, DeclineOffer, EndHandling
from routing.core.deadlines import Deadline, DeadlineKind
from routing.policy.coming import coming
from tests.builders import a_channel, a_policy, a_queue, a_rule, a_site, a_step, an_agent, an_interaction
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers

ANYONE = "x>=0:prefer"


def due(floor: Floor, interaction_id: str = "i1") -> list[tuple[int, str, tuple[str, ...]]]:
    """What is due: ms from now, in which words, and for whom it opens."""
    return [(change.at - floor.now, change.text, change.opens) for change in floor.router.explain(interaction_id, floor.now).coming]


def test_each_step_says_what_it_changes_and_whom_it_opens() -> None:
    """After the steps before it; an agent is told of once, at the first step that is enough, and not while something else is in the way."""
    steps = [
        a_step(10_000, lower="x:6", raise_base_ms=30_000),
        a_step(20_000, drop="x", class_rank=2),
        a_step(30_000, overflow_to="other"),
        a_step(40_000, class_rank=1),
    ]
    site = a_phone_site(
        queues=[a_queue(), a_queue("other")], rules=[a_rule(needs="x>=8:expiring", steps=steps)], channels=[a_channel(), a_channel("chat")]
    )
    floor = a_floor(site, *callers("x:6", "x:2", ""), an_agent("deaf", skills="x:6", channels="chat:1"))
    floor.enqueue(an_interaction())
    longer = "makes it as urgent as if it had waited 30 s longer"
    assert due(floor) == [
        (10_000, f"a step of its ladder is content with x >= 6 and {longer}", ("a1",)),
        (20_000, "a step of its ladder gives up x >= 6 and raises it to class 2", ("a2", "a3")),
        (30_000, "a step of its ladder moves it to queue other", ()),
        (40_000, "a step of its ladder is due", ()),
    ]


def test_an_exclusion_ends_and_an_offer_runs_out() -> None:
    """Its own offer, and the cooldown of whoever declined it; where that agent lacks something else, nothing opens."""
    floor = a_floor(a_phone_site(queues=[a_queue(declined_ms=60_000, offer_timeout_ms=15_000)]), *callers("", ""))
    floor.enqueue(an_interaction())
    floor.do(DeclineOffer(offer_id="offer-1"))
    assert due(floor) == [
        (15_000, "the offer to a2 runs out, and it looks for another agent", ()),
        (60_000, "a1 may be offered it again", ("a1",)),
    ]
    floor.enqueue(an_interaction("i2", needs=ANYONE))
    assert due(floor)[1] == (60_000, "a1 may be offered it again", ())


def test_an_agent_gets_room_when_their_wrap_up_or_offer_is_over() -> None:
    """At the latest then; not where room would still be missing, or the agent could not take it anyway."""
    chat = a_channel("chat", capacity_cost=50)
    site = a_site(channels=[a_channel(), chat], queues=[a_queue(wrap_up_limit_ms=30_000, offer_timeout_ms=15_000)], rules=[a_rule()])
    floor = a_floor(site, an_agent("ann", channels="voice:1 chat:2"), an_agent("bob", channels="chat:1"))
    floor.enqueue(an_interaction("c1", needs="sales>=1"))
    floor.do(AcceptOffer(offer_id="offer-1"))
    floor.enqueue(an_interaction("i1"))
    assert due(floor) == []
    floor.do(EndHandling(interaction_id="c1"))
    assert due(floor) == [(30_000, "ann's wrap-up of c1 ends at the latest", ("ann",))]
    floor.wait(30_000)
    assert due(floor) == [(15_000, "the offer to ann runs out, and it looks for another agent", ())]
    floor.enqueue(an_interaction("i2"))
    assert due(floor, "i2") == [(15_000, "ann has until then to answer the offer of i1", ("ann",))]


def test_two_small_pieces_of_work_leave_too_little_room_one_by_one() -> None:
    """Each is looked at by itself: the end of one chat does not make room for a call, but for another chat."""
    chat = a_channel("chat", capacity_cost=50)
    site = a_site(channels=[a_channel(), chat], queues=[a_queue(offer_timeout_ms=15_000)], rules=[a_rule()])
    floor = a_floor(site, an_agent("ann", channels="voice:1 chat:2"))
    for name in ("c1", "c2", "c3"):
        floor.enqueue(an_interaction(name, channel="chat"))
    floor.enqueue(an_interaction("i1"))
    assert due(floor) == []
    assert [opens for _, _, opens in due(floor, "c3")] == [("ann",), ("ann",)]


def test_a_window_and_a_policy_that_holds() -> None:
    """The end of the window concerns all that waits; the instant at which waiting is worth the cost only the one that is held."""
    floor = a_floor(a_phone_site(policy=a_policy(match_interval_ms=2_000)), *callers(""))
    floor.enqueue(an_interaction())
    assert due(floor) == [(2_000, "the window closes, and all that waits is decided together", ())]
    held = a_floor(a_phone_site(policy=a_policy(scorers="skill_fit:10000", is_work_conserving=False)), *callers("x:9"))
    held.enqueue(an_interaction(needs="x>=1"), an_interaction("i2", needs="x>=1"))
    assert due(held) == [(10_000, "waiting has become worth what an agent costs, and it is matched again", ())]


def test_work_in_progress_waits_for_nothing() -> None:
    """What is due concerns the search for an agent."""
    floor = a_floor(a_phone_site(queues=[a_queue(wrap_up_limit_ms=30_000)]), *callers(""))
    floor.enqueue(an_interaction())
    floor.accept("i1")
    assert due(floor) == []


def test_a_kind_without_words_of_its_own_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a deadline added to the core later is never left out."""
    floor = a_floor(a_phone_site())
    floor.enqueue(an_interaction())
    state = floor.router.state
    deadlines = [Deadline(floor.now + 5, DeadlineKind.HANDLING_GRACE, key) for key in ("i1", "other")]
    monkeypatch.setattr("routing.policy.coming.carried_deadlines", lambda _: iter(deadlines))
    assert [change.text for change in coming(state, state.interactions["i1"], {})] == ["handling grace"]


def test_an_interaction_kept_for_some_opens_to_all_who_lack_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end of the time it is kept; and its other instants have words of their own."""
    floor = a_floor(a_phone_site())
    floor.enqueue(an_interaction())
    state = floor.router.state
    kinds = (DeadlineKind.RESERVATION_END, DeadlineKind.STAY_LIMIT)
    deadlines = [Deadline(floor.now + 5, kind, key) for kind in kinds for key in ("i1", "other")]
    monkeypatch.setattr("routing.policy.coming.carried_deadlines", lambda _: iter(deadlines))
    out_by = {"bob": ("reserved",), "ann": ("reserved",), "carl": ("presence", "reserved")}
    found = [(change.text, change.opens) for change in coming(state, state.interactions["i1"], out_by)]
    assert found == [("it is no longer kept for the agents it was kept for", ("ann", "bob")), ("its limit of stay is over", ())]


def test_a_step_that_releases_opens_to_all_whom_it_was_kept_from() -> None:
    """Together with what the steps before it gave up; the last agent still lacks a skill then."""
    steps = [a_step(10_000, drop="x"), a_step(20_000, release=True)]
    site = a_phone_site(rules=[a_rule(needs="x>=8:expiring y>=1", steps=steps)])
    floor = a_floor(site, *callers("x:9 y:1", "y:1", "x:9"))
    floor.enqueue(an_interaction("busy", needs="x>=9"))
    floor.do(AcceptOffer(offer_id="offer-1"))
    floor.enqueue(an_interaction(agent_id="a1"))
    assert due(floor) == [
        (10_000, "a step of its ladder gives up x >= 8", ()),
        (20_000, "a step of its ladder no longer keeps it for a1", ("a2",)),
    ]
