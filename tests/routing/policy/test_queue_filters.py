"""Filters that look beyond the pair: only the head of a queue, and the gate by queue weight."""

from typing import Any

import pytest

from routing.core.commands import AbandonInteraction, DeclineOffer
from routing.engine import Router
from routing.model.site import PolicySpec, Site
from routing.policy.errors import BadPolicy
from routing.policy.registry import default_registry
from tests.builders import ALL_FILTERS, a_policy, a_queue, a_rule, an_interaction, an_urgency
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers

HEAD_ONLY = a_policy(scorers="", filters=(*ALL_FILTERS, "queue_head"))
WEIGHT = a_policy(scorers="", filters=(*ALL_FILTERS, "queue_weight"))
MEMBER_OF_BOTH = "penalty.heavy:9 penalty.light:0"


def a_site_with(policy: PolicySpec, **queue: Any) -> Site:
    """Two queues, `heavy` above `light`; nobody has what a rare call needs."""
    rules = [
        a_rule("rare", queue="heavy", when="type=rare", needs="rare>=1", urgency=an_urgency(class_rank=2)),
        a_rule("heavy", queue="heavy", when="type=heavy", urgency=an_urgency(class_rank=2)),
        a_rule("urgent", queue="light", when="type=urgent", urgency=an_urgency(class_rank=1)),
        a_rule("early", queue="light", when="type=early", urgency=an_urgency(base_ms=60_000)),
        a_rule("light", queue="light"),
    ]
    queues = [a_queue(name, wrap_up_limit_ms=0, missed_threshold=0, **queue) for name in ("heavy", "light")]
    return a_phone_site(policy=policy, queues=queues, rules=rules)


def restored(floor: Floor) -> Floor:
    """The same floor after a restart."""
    return Floor(Router.restore(default_registry(), floor.log), floor.now, list(floor.log))


def test_only_the_head_is_offered_until_it_is_taken() -> None:
    """Three free agents and three callers: the second is offered when the first is taken, and not while it rings."""
    floor = a_floor(a_site_with(HEAD_ONLY), *callers("", "", ""))
    floor.enqueue(an_interaction("i1"), an_interaction("i2"), an_interaction("i3"))
    assert {"i1": ["a1"]} == floor.offered
    floor.accept("i1")
    assert {"i2": ["a2"]} == floor.offered
    floor.do(AbandonInteraction(interaction_id="i2"))
    assert {"i3": ["a2"]} == floor.offered


def test_a_head_that_nobody_can_take_blocks_its_queue_and_no_other() -> None:
    """The fault of such queues: what anybody could take waits behind it until it gives up, also over a restart."""
    floor = a_floor(a_site_with(HEAD_ONLY), *callers("", ""))
    floor.enqueue(an_interaction("rare", type="rare"), an_interaction("behind", type="heavy"), an_interaction("aside"))
    assert {"aside": ["a1"]} == floor.offered
    standing = floor.router.explain("behind", floor.now).standings[1]
    assert ("a2", "queue_head") == (standing.agent_id, standing.excluded_by)
    assert "behind another interaction of queue heavy" in standing.remedy
    again = restored(floor)
    for one in (floor, again):
        one.do(AbandonInteraction(interaction_id="rare"))
        assert {"aside": ["a1"], "behind": ["a2"]} == one.offered


def test_the_head_is_the_highest_class_then_base_then_the_oldest() -> None:
    """One that comes later may pass the head; the one that rings already goes on ringing."""
    floor = a_floor(a_site_with(HEAD_ONLY), *callers("", "", ""))
    floor.enqueue(an_interaction("i1"), an_interaction("i2"))
    floor.enqueue(an_interaction("early", type="early"))
    assert {"i1": ["a1"], "early": ["a2"]} == floor.offered
    floor.enqueue(an_interaction("urgent", type="urgent"))
    assert {"i1": ["a1"], "early": ["a2"], "urgent": ["a3"]} == floor.offered
    assert not floor.router.explain("urgent", floor.now).standings[0].excluded_by.startswith("queue")


def test_a_head_that_rings_at_several_stays_the_head() -> None:
    """With two live offers both agents ring for the first; the second is not offered even when one of them declines."""
    floor = a_floor(a_site_with(HEAD_ONLY, max_live_offers=2, declined_ms=60_000), *callers("", "", ""))
    floor.enqueue(an_interaction("i1"), an_interaction("i2"))
    assert {"i1": ["a1", "a2"]} == floor.offered
    floor.do(DeclineOffer(offer_id="offer-1"))
    assert {"i1": ["a2", "a3"]} == floor.offered


def test_a_heavier_queue_keeps_its_members_from_lighter_work() -> None:
    """The member idles beside a caller they may have, because another whom they may not have waits in a queue of more weight."""
    floor = a_floor(a_site_with(WEIGHT), *callers(MEMBER_OF_BOTH))
    floor.enqueue(an_interaction("rare", type="rare"), an_interaction("light"))
    assert {} == floor.offered
    explanation = floor.router.explain("light", floor.now)
    assert ("queue_weight", True) == (explanation.standings[0].excluded_by, "queue of more weight" in explanation.standings[0].remedy)
    again = restored(floor)
    for one in (floor, again):
        one.do(AbandonInteraction(interaction_id="rare"))
        assert {"light": ["a1"]} == one.offered


def test_the_gate_opens_with_more_available_members_than_waiting_callers() -> None:
    """Two members, one heavy caller: both may have light work; and whoever is no member of the heavy queue always may."""
    floor = a_floor(a_site_with(WEIGHT), *callers(MEMBER_OF_BOTH, MEMBER_OF_BOTH))
    floor.enqueue(an_interaction("rare", type="rare"), an_interaction("light"))
    assert {"light": ["a1"]} == floor.offered
    floor = a_floor(a_site_with(WEIGHT), *callers(MEMBER_OF_BOTH, "penalty.light:0"))
    floor.enqueue(an_interaction("rare", type="rare"), an_interaction("light"))
    assert {"light": ["a2"]} == floor.offered


def test_a_heavy_caller_who_rings_still_counts() -> None:
    """The heavy call rings at the only other member: the one who is left may not have light work, and the heavy queue may."""
    floor = a_floor(a_site_with(WEIGHT), *callers(MEMBER_OF_BOTH, MEMBER_OF_BOTH))
    floor.enqueue(an_interaction("heavy", type="heavy"), an_interaction("light"))
    assert {"heavy": ["a1"]} == floor.offered
    floor.enqueue(an_interaction("heavy-2", type="heavy"))
    assert {"heavy": ["a1"], "heavy-2": ["a2"]} == floor.offered
    floor.accept("heavy")
    floor.accept("heavy-2")
    floor.end("heavy")
    assert {"light": ["a1"]} == floor.offered


@pytest.mark.parametrize(
    ("overrides", "text"),
    [
        ({"filters": (*ALL_FILTERS, "queue_head"), "match_interval_ms": 1}, "decide on every event"),
        ({"wait_price": "last_in_first_out", "is_work_conserving": False}, "may fall"),
        ({"is_interaction_first": True, "assigner": "min_cost_flow"}, "only with the assigner 'greedy'"),
    ],
)
def test_what_cannot_work_together_is_refused(overrides: dict[str, object], text: str) -> None:
    """Each part alone is fine."""
    with pytest.raises(BadPolicy, match=text):
        default_registry().build(a_policy(scorers="", **overrides))
