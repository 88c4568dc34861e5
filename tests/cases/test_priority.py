"""Behaviour cases: which interaction first, across priorities, ages and queues."""

import pytest

from routing.core.commands import NextLeg, TransferInteraction, UpdateInteraction
from routing.core.events import RouteChanged
from routing.model.leg import LegAge
from routing.model.route import RouteRule
from routing.model.site import PolicySpec
from routing.model.time import DAY_MS
from routing.policy.presets.builtin import BALANCED, LEAST_COST, LONGEST_IDLE
from tests.builders import CHAT, EMAIL, VOICE, a_queue, a_rule, a_step, an_agent, an_interaction, an_urgency
from tests.cases.centers import HOUR_MS, MINUTE_MS, SECOND_MS, a_default_site, preset, served_in_order
from tests.routing.policy.floor import a_floor, a_phone_site, callers

LEVELS = [a_rule(f"p{level}", when=f"priority={level}", urgency=an_urgency(class_rank=level)) for level in (1, 5, 10)] + [a_rule()]
"""Strict levels: a higher one always first, whatever the age."""


@pytest.mark.parametrize(
    ("policy", "offered"), [(BALANCED, {"b": ["a1"]}), (preset("asterisk-weight"), {})], ids=lambda value: getattr(value, "name", "")
)
def test_at_14_an_ineligible_call_never_blocks_an_eligible_one(policy: PolicySpec, offered: dict[str, list[str]]) -> None:
    """Queue A (weight 66) takes penalties to 50 and the agent has 60; queue B (weight 65): the call in B is his at once.

    A gate by queue weight that does not ask who may take the heavier call leaves him idle beside a waiting caller.
    """
    rules = [
        a_rule("A", when="type=a", queue="A", needs="penalty.A<=50", urgency=an_urgency(class_rank=66)),
        a_rule("B", when="type=b", queue="B", needs="penalty.B<=50", urgency=an_urgency(class_rank=65)),
    ]
    floor = a_floor(a_phone_site(policy=policy, queues=[a_queue("A"), a_queue("B")], rules=rules), *callers("penalty.A:60 penalty.B:0"))
    floor.enqueue(an_interaction("a", type="a"), an_interaction("b", type="b"))
    assert offered == floor.offered


@pytest.mark.parametrize("policy", [BALANCED, LONGEST_IDLE, LEAST_COST], ids=lambda policy: policy.name)
def test_at_15_a_hundred_unmatchable_items_do_not_hide_the_next(policy: PolicySpec) -> None:
    """A hundred items of a higher class that nobody can take, and one that the agent can: offered in the same cycle, whoever came last."""
    rules = [a_rule("top", when="type=top", needs="rare>=1", urgency=an_urgency(class_rank=9)), a_rule()]
    block = [an_interaction(f"top-{number}", type="top") for number in range(100)]
    for agent_is_first in (True, False):
        floor = a_floor(a_phone_site(policy=policy, rules=rules))
        if agent_is_first:
            floor.staff(*callers("sales:5"))
        floor.enqueue(*block, an_interaction("last"))
        if not agent_is_first:
            floor.wait(MINUTE_MS)
            floor.staff(*callers("sales:5"))
        floor.wait(policy.match_interval_ms)
        assert {"last": ["a1"]} == floor.offered


def test_at_17_a_lower_level_is_served_only_when_the_higher_is_empty() -> None:
    """Sales before support: support waits an hour, and still a call for sales that comes during the first goes before it."""
    rules = [a_rule("sales", when="type=sales", urgency=an_urgency(class_rank=1)), a_rule("support")]
    floor = a_floor(a_phone_site(policy=preset("amazon-connect"), rules=rules))
    floor.enqueue(an_interaction("support-1", type="support"), an_interaction("support-2", type="support"))
    floor.wait(HOUR_MS)
    floor.enqueue(an_interaction("sales-1"))
    floor.staff(*callers(""))
    floor.accept("sales-1")
    floor.enqueue(an_interaction("sales-2"))
    floor.end("sales-1")
    assert ["sales-2", "support-1", "support-2"] == served_in_order(floor)


DELAYED = [
    a_rule("support", when="type=support", needs="support>=1:expiring", steps=[a_step(30 * SECOND_MS, drop="support")]),
    a_rule("sales"),
]
"""Both of one priority, but support reaches the agents of sales after 30 s only: a delay is a requirement that runs out."""


def test_at_18_a_delayed_queue_is_closed_until_its_delay_is_over() -> None:
    """At 29 s the idle agent of sales may not have the call for support, at 30 s they get it."""
    floor = a_floor(a_phone_site(policy=preset("amazon-connect"), rules=DELAYED), *callers("sales:5"))
    floor.enqueue(an_interaction("support", type="support"))
    floor.wait(29 * SECOND_MS)
    assert {} == floor.offered
    floor.wait(SECOND_MS)
    assert {"support": ["a1"]} == floor.offered


@pytest.mark.parametrize(
    ("older", "later_s", "younger", "then_s", "first"),
    [("support", 5, "sales", 35, "support"), ("sales", 5, "support", 35, "sales"), ("support", 28, "sales", 1, "sales")],
)
def test_at_18_after_its_delay_it_competes_by_age(older: str, later_s: int, younger: str, then_s: int, first: str) -> None:
    """When the agent of sales comes on the older goes first, but support not before its delay is over."""
    floor = a_floor(a_phone_site(policy=preset("amazon-connect"), rules=DELAYED))
    floor.enqueue(an_interaction(older, type=older))
    floor.wait(later_s * SECOND_MS)
    floor.enqueue(an_interaction(younger, type=younger))
    floor.wait(then_s * SECOND_MS)
    floor.staff(*callers("sales:5"))
    assert [first] == list(floor.offered)


def test_at_20_a_better_priority_goes_first() -> None:
    """Everything has the usual priority, one contact has a better one, and comes last."""
    floor = a_floor(a_default_site(rules=LEVELS))
    floor.enqueue(an_interaction("usual-1", priority=1), an_interaction("usual-2", priority=1), an_interaction("better", priority=5))
    floor.staff(*callers(""))
    assert ["better", "usual-1", "usual-2"] == served_in_order(floor)


def test_at_20_ten_minutes_of_routing_age_overtake_nine_of_waiting() -> None:
    """The credit moves the place and not the wait that is reported."""
    floor = a_floor(a_default_site())
    floor.enqueue(an_interaction("old-1"), an_interaction("old-2"))
    floor.wait(9 * MINUTE_MS)
    floor.enqueue(an_interaction("new"))
    floor.do(UpdateInteraction(interaction_id="new", credit_ms=10 * MINUTE_MS, overwrite=True))
    explanation = floor.router.explain("new", floor.now)
    assert (0, 10 * MINUTE_MS) == (explanation.waited_ms, explanation.urgency)
    floor.staff(*callers(""))
    assert ["new", "old-1", "old-2"] == served_in_order(floor)


SCORED = [
    a_rule("score 10", when="method=score priority=10", urgency=an_urgency(class_rank=11)),
    a_rule("score 0", when="method=score", urgency=an_urgency(class_rank=1)),
    a_rule("conversation 10", when="priority=10", urgency=an_urgency(base_ms=10 * MINUTE_MS)),
    a_rule("conversation 0"),
]
"""Two methods side by side: a queue by priority score has classes of its own, a queue by conversation score a minute a point."""


@pytest.mark.parametrize(
    ("method", "waited_min", "first"), [("score", 11, "X"), ("score", 600, "X"), ("conversation", 9, "X"), ("conversation", 11, "Y")]
)
def test_at_22_priority_score_or_a_minute_a_point(method: str, waited_min: int, first: str) -> None:
    """X (priority 10) just came, Y (priority 0) waited: by priority score always X, by conversation score whoever is ahead in minutes."""
    floor = a_floor(a_phone_site(policy=preset("genesys-conversation-score"), rules=SCORED))
    floor.enqueue(an_interaction("Y", method=method, priority=0))
    floor.wait(waited_min * MINUTE_MS)
    floor.enqueue(an_interaction("X", method=method, priority=10))
    floor.staff(*callers(""))
    assert first == next(iter(floor.offered))


def test_at_22_an_agent_of_both_serves_the_priority_score_queue_first() -> None:
    """Even where the other has the better priority and an hour of waiting."""
    floor = a_floor(a_phone_site(policy=preset("genesys-conversation-score"), rules=SCORED))
    floor.enqueue(an_interaction("conversation", method="conversation", priority=10))
    floor.wait(HOUR_MS)
    floor.enqueue(an_interaction("score", method="score", priority=0))
    floor.staff(*callers(""))
    assert ["score", "conversation"] == served_in_order(floor)


def test_at_23_a_priority_changed_while_waiting_counts_at_once() -> None:
    """The last of three is raised: its route changes in the same step, and it is served first."""
    floor = a_floor(a_phone_site(policy=preset("genesys-priority-score"), rules=LEVELS))
    floor.enqueue(*(an_interaction(f"i{number}", priority=1) for number in (1, 2, 3)))
    happened = floor.do(UpdateInteraction(interaction_id="i3", attributes={"priority": 5}, overwrite=True))
    (changed,) = [event for event in happened if isinstance(event, RouteChanged)]
    assert (1, 5) == (changed.old.urgency.class_rank, changed.new.urgency.class_rank)
    floor.staff(*callers(""))
    assert ["i3", "i1", "i2"] == served_in_order(floor)


@pytest.mark.parametrize(("limit_ms", "order"), [(0, ["waiting", "leg"]), (None, ["leg", "waiting"])], ids=["reset", "keep"])
def test_at_23_a_move_to_another_queue_resets_the_base_unless_the_policy_keeps_it(limit_ms: int | None, order: list[str]) -> None:
    """A minute a point: ten minutes old and handed on to a queue where another has waited for two."""
    rules = [a_rule("billing", queue="billing", when="type=billing", needs="billing>=1"), a_rule()]
    queues = [a_queue("main", wrap_up_limit_ms=0), a_queue("billing", wrap_up_limit_ms=0)]
    site = a_phone_site(policy=preset("genesys-conversation-score"), rules=rules, queues=queues, transfer_age=LegAge(limit_ms=limit_ms))
    floor = a_floor(site, *callers(""))
    floor.enqueue(an_interaction("old"))
    floor.accept("old")
    floor.wait(8 * MINUTE_MS)
    floor.enqueue(an_interaction("waiting", type="billing"))
    floor.wait(2 * MINUTE_MS)
    floor.do(TransferInteraction(interaction_id="old", leg=NextLeg(id="leg", type="billing")))
    assert 0 == floor.router.explain("leg", floor.now).waited_ms
    floor.staff(an_agent("biller", skills="billing:5", channels="voice:1"))
    assert order == served_in_order(floor)


def test_at_23_points_of_priority_move_the_base_at_once() -> None:
    """A minute a point: three points put the last of three ahead of two minutes of waiting, and taking them away puts it back."""
    rules = [a_rule(urgency=an_urgency(ms_per_point=MINUTE_MS))]
    floor = a_floor(a_default_site(rules=rules))
    floor.enqueue(an_interaction("i1"), an_interaction("i2"))
    floor.wait(2 * MINUTE_MS)
    floor.enqueue(an_interaction("i3"))
    worth = [floor.router.explain("i3", floor.now).urgency]
    for points in (3, -1, 3):
        (_, changed) = floor.do(UpdateInteraction(interaction_id="i3", priority=points, overwrite=True))
        assert isinstance(changed, RouteChanged)
        worth.append(floor.router.explain("i3", floor.now).urgency)
    assert [0, 3 * MINUTE_MS, -MINUTE_MS, 3 * MINUTE_MS] == worth
    assert 0 == floor.router.explain("i3", floor.now).waited_ms
    floor.staff(*callers(""))
    assert ["i3", "i1", "i2"] == served_in_order(floor)


def test_at_25_an_urgent_message_goes_to_the_top() -> None:
    """Two messages, then an urgent one; equal priorities keep the order of arrival."""
    rules = [a_rule("urgent", when="priority=1", urgency=an_urgency(class_rank=1)), a_rule()]
    floor = a_floor(a_default_site(channels=[CHAT], rules=rules))
    for name, priority in (("first", 0), ("second", 0), ("urgent", 1), ("urgent-2", 1)):
        floor.enqueue(an_interaction(name, channel="chat", priority=priority))
        floor.wait(SECOND_MS)
    floor.staff(an_agent(channels="chat:1"))
    assert ["urgent", "urgent-2", "first", "second"] == served_in_order(floor)


def test_at_26_a_high_priority_goes_before_an_hour_of_waiting() -> None:
    """First in, first out within a level: the low one is an hour old, the high one new."""
    floor = a_floor(a_phone_site(policy=preset("twilio-fifo"), rules=LEVELS))
    floor.enqueue(an_interaction("low-1", priority=1), an_interaction("low-2", priority=1))
    floor.wait(HOUR_MS)
    floor.enqueue(an_interaction("high", priority=10))
    floor.staff(*callers(""))
    assert ["high", "low-1", "low-2"] == served_in_order(floor)


def test_at_26_last_in_first_out_serves_the_newest_whatever_its_priority() -> None:
    """An urgency that falls with age, and points of priority that are worth nothing."""
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE, rules=[a_rule(urgency=an_urgency(slope_per_mille=-1_000))]))
    for name, points in (("old and high", 10), ("newer and higher", 20), ("newest and low", 0)):
        floor.enqueue(an_interaction(name, points=points))
        floor.wait(SECOND_MS)
    floor.staff(*callers(""))
    assert ["newest and low", "newer and higher", "old and high"] == served_in_order(floor)


def test_at_26_last_in_first_out_is_a_policy_that_ignores_priority() -> None:
    """The newest goes first even though it has the low priority, and then the next newest."""
    floor = a_floor(a_phone_site(policy=preset("twilio-lifo"), rules=LEVELS))
    for name, priority in (("high-old", 10), ("low-old", 1), ("high-new", 10), ("low-new", 1)):
        floor.enqueue(an_interaction(name, priority=priority))
        floor.wait(MINUTE_MS)
    floor.staff(*callers(""))
    assert ["low-new", "high-new", "low-old", "high-old"] == served_in_order(floor)


BUCKETS = [
    a_rule("high premium", when="priority=high tier=premium", urgency=an_urgency(class_rank=3)),
    a_rule("premium", when="tier=premium", urgency=an_urgency(class_rank=2)),
    a_rule("high", when="priority=high", urgency=an_urgency(class_rank=1, cap_ms=30 * DAY_MS)),
    a_rule("rest"),
]
"""Buckets are classes. In the third the order is that of the due time: whoever is due in h gets a credit of a day minus h."""


def test_at_27_buckets_in_order_each_with_its_own_sort() -> None:
    """High and premium, premium, high by due time, the rest by arrival; a case that is raised changes bucket at once."""
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE, rules=BUCKETS))
    floor.enqueue(
        an_interaction("rest-1"),
        an_interaction("high due in 8 h", priority="high", credit_ms=DAY_MS - 8 * HOUR_MS),
        an_interaction("rest-2"),
        an_interaction("rest-3"),
    )
    floor.wait(HOUR_MS)
    floor.enqueue(
        an_interaction("high due in 2 h", priority="high", credit_ms=DAY_MS - 2 * HOUR_MS),
        an_interaction("premium", tier="premium"),
        an_interaction("high premium", tier="premium", priority="high"),
    )
    due_in_5_h = UpdateInteraction(interaction_id="rest-2", attributes={"priority": "high"}, credit_ms=DAY_MS - 6 * HOUR_MS, overwrite=True)
    floor.do(due_in_5_h)
    floor.staff(*callers(""))
    expected = ["high premium", "premium", "high due in 2 h", "rest-2", "high due in 8 h", "rest-1", "rest-3"]
    assert expected == served_in_order(floor)


def minutes_until_served(rules: list[RouteRule]) -> int | None:
    """How long a low item waits when a high one comes every minute and takes the only agent a minute; `None` after two hours."""
    floor = a_floor(a_default_site(rules=rules), *callers(""))
    floor.enqueue(an_interaction("busy", type="high"))
    floor.accept("busy")
    floor.enqueue(an_interaction("low", type="low"))
    at_work = "busy"
    for minute in range(1, 121):
        floor.wait(MINUTE_MS)
        floor.enqueue(an_interaction(f"high-{minute}", type="high"))
        floor.end(at_work)
        (at_work,) = floor.offered
        if at_work == "low":
            return minute
        floor.accept(at_work)
    return None


def test_at_28_a_low_priority_never_starves_under_the_default() -> None:
    """Ten minutes' head start for the high ones bounds the wait of the low one by ten minutes; in strict levels it starves.

    Strict levels with a timed step that raises the class are bounded again.
    """
    strict = an_urgency(class_rank=1)
    ageing = [a_rule("high", when="type=high", urgency=an_urgency(base_ms=10 * MINUTE_MS)), a_rule("low")]
    levels = [a_rule("high", when="type=high", urgency=strict), a_rule("low")]
    raised = [a_rule("high", when="type=high", urgency=strict), a_rule("low", steps=[a_step(20 * MINUTE_MS, class_rank=1)])]
    assert [10, None, 20] == [minutes_until_served(rules) for rules in (ageing, levels, raised)]


def test_at_30_a_new_call_goes_before_an_email_of_hours() -> None:
    """Live work is a class above deferrable work."""
    rules = [a_rule("live", when="channel=voice", urgency=an_urgency(class_rank=1)), a_rule("deferrable")]
    floor = a_floor(a_default_site(channels=[VOICE, EMAIL], rules=rules))
    floor.enqueue(an_interaction("email", channel="email"))
    floor.wait(10 * HOUR_MS)
    floor.enqueue(an_interaction("call"))
    floor.staff(an_agent(channels="voice:1 email:1"))
    assert ["call", "email"] == served_in_order(floor)
