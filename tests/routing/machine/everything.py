"""Sites that ask for everything at once, so that capabilities meet: interruptions, doors, call-backs, reservations, limits and shifts."""

from dataclasses import replace
from typing import Any

from routing.model.callback import CallbackRule
from routing.model.estimate import EstimateMethod
from routing.model.memory import MemoryRule
from routing.model.queue import AssignmentLimit, EveryoneDeclined, ExclusionScope, MissedOfferScope, Queue
from routing.model.reservation import StickyRule
from routing.model.route import RouteRule
from routing.model.site import ShiftRule, Site
from routing.model.stay import AfterStay, StayRule
from tests.builders import (
    a_calendar,
    a_channel,
    a_further_queue,
    a_policy,
    a_queue,
    a_rule,
    a_site,
    a_step,
    an_admission,
    an_empty_rule,
    an_urgency,
    some_hours,
)

BEGIN = 1_000_000


def a_site_of_everything(policy: dict[str, Any], *, has_doors: bool = True, **main: Any) -> Site:
    """Calls interrupt chats and mails, queues close every few seconds, some work is kept for one agent, and all queues call back."""
    days = [(BEGIN + number * 20_000, BEGIN + number * 20_000 + 14_000) for number in range(40)]
    return a_site(
        channels=[
            a_channel("voice", capacity_cost=60, agent_maximum=2),
            a_channel("chat", capacity_cost=40, agent_maximum=3, interruptible_by=("voice",)),
            a_channel("email", is_live=False, capacity_cost=25, agent_maximum=5, interruptible_by=("chat", "voice")),
        ],
        queues=_queues(has_doors=has_doors, **main),
        rules=_rules(),
        policy=a_policy(**policy),
        retention_ms=60_000,
        shift_rule=ShiftRule(tolerance_ms=5_000, override_class_rank=2),
        session_lease_ms=2_000,
        handling_grace_ms=3_000,
        running_callbacks_max=2,
        memory=MemoryRule(last_agent_ms=60_000, last_agent_score=70, return_within_ms=5_000, customers_max=2),
        calendars={"office": a_calendar(*days, known_from=BEGIN, known_until=BEGIN + 800_000)} if has_doors else {},
    )


def _queues(*, has_doors: bool, **main: Any) -> list[Queue]:
    often = CallbackRule(attempts_max=2, spacing_ms=3_000, answer_timeout_ms=4_000, promise_lead_ms=2_000, promise_class_rank=2)
    usual: dict[str, Any] = {
        "missed_scope": MissedOfferScope.QUEUE,
        "assignment_limit": AssignmentLimit(count=2, window_ms=3_000),
        "callback": often,
        "scope": ExclusionScope.PRESENCE,
        "everyone_declined": EveryoneDeclined.CLEAR,
    }
    queues = [
        a_queue("main", **(usual | main)),
        a_queue("ring_all", max_live_offers=100, missed_threshold=2, expected_handling_ms=10_000, callback=often, declined_ms=2_000),
        a_queue("bare", wrap_up_limit_ms=0, missed_threshold=0, wrap_up_cap_ms=5_000, expected_handling_ms=4_000, declined_ms=0),
    ]
    if not has_doors:
        return queues
    main_queue, ring_all, bare = queues
    leave = an_empty_rule(leave="offline not_ready unreachable", grace_ms=3_000, otherwise="queue:bare")
    return [
        replace(main_queue, hours=some_hours(at_close="queue:bare"), empty=leave, estimate=EstimateMethod.PLACE_PACE),
        replace(ring_all, hours=some_hours(), admission=an_admission(waiting_max=3, otherwise="queue:main")),
        replace(bare, stay=StayRule(limit_ms=20_000, then=AfterStay.OVERFLOW, cuts_ring=False), estimate=EstimateMethod.HOLD_EMA),
    ]


def _rules() -> list[RouteRule]:
    sticky = StickyRule(hold_ms=8_000, share_per_mille=500, minimum_score=50, away_grace_ms=2_000, expedite_ms=60_000)
    elsewhere = a_further_queue("bare", needs="sales>=9:expiring", steps=[a_step(6_000, lower="sales:4")])
    steps = [a_step(6_000, raise_base_ms=1_000), a_step(12_000, release=True), a_step(25_000, overflow_to="bare", class_rank=2)]
    return [
        a_rule("urgent", queue="ring_all", when="type=urgent", urgency=an_urgency(class_rank=2), steps=steps[2:]),
        a_rule("two", queue="main", when="channel=chat type=sales", needs="english>=5:expiring", also=[elsewhere], steps=steps[:1]),
        a_rule("mail", queue="ring_all", when="channel=email", sticky=sticky, steps=steps[1:]),
        a_rule("any", queue="main", sticky=sticky, steps=steps),
    ]


SITES_OF_EVERYTHING = (
    a_site_of_everything({}),
    a_site_of_everything({}, has_doors=False),
    a_site_of_everything({"assigner": "min_cost_flow", "match_interval_ms": 1_000}),
    a_site_of_everything({"is_work_conserving": False, "scorers": "skill_fit:2000 load_ratio:30"}, has_doors=False, max_live_offers=3),
)
