"""The sites and agents among which the state machine moves: small numbers, so that everything collides."""

from dataclasses import replace
from typing import Any

from routing.model.agent import Agent, Presence
from routing.model.callback import CallbackRule
from routing.model.estimate import EstimateMethod
from routing.model.leg import LegAge
from routing.model.memory import MemoryRule
from routing.model.queue import AssignmentLimit, EveryoneDeclined, ExclusionScope, MissedOfferScope, Queue
from routing.model.reservation import StickyRule
from routing.model.route import RouteRule
from routing.model.site import IdleClock, ShiftRule, Site
from routing.model.stay import AfterStay, StayRule
from tests.builders import (
    ALL_FILTERS,
    a_calendar,
    a_channel,
    a_further_queue,
    a_policy,
    a_queue,
    a_rule,
    a_site,
    a_step,
    an_admission,
    an_agent,
    an_empty_rule,
    an_urgency,
    some_hours,
)
from tests.routing.machine.everything import SITES_OF_EVERYTHING

AGENT_IDS = ("a1", "a2", "a3", "a4")
INTERACTION_IDS = tuple(f"i{number}" for number in range(1, 9))
SKILLS = (
    "sales:7 english:5",
    "sales:3",
    "english:9 region:west",
    "sales:9 english:2 french:4",
    "penalty.main:3 penalty.ring_all:1 allocation.main:40",
    "",
)
NEEDS = ("", "sales>=5", "english>=4:expiring", "sales>=9:expiring english>=5:expiring", "region==west:prefer", "french!=4", "sales<=3")
CHANNELS = ("voice", "chat", "email")


def some_queues(**main: Any) -> list[Queue]:
    """Three waiting lines: `main` as wanted, one where everybody rings, one without wrap-up, cooldown or consequence."""
    often = CallbackRule(attempts_max=2, spacing_ms=3_000, answer_timeout_ms=4_000, promise_lead_ms=2_000, promise_class_rank=2)
    once = CallbackRule(attempts_max=1, spacing_ms=0, answer_timeout_ms=1_000)
    return [
        a_queue("main", **({"callback": often} | main)),
        a_queue(
            "ring_all",
            max_live_offers=100,
            missed_threshold=2,
            missed_presence=Presence.OFFLINE,
            declined_ms=3_000,
            busy_ms=1_000,
            callback=once,
        ),
        a_queue("bare", wrap_up_limit_ms=0, offer_extension_ms=0, declined_ms=0, expired_ms=0, connect_failed_ms=0, missed_threshold=0),
    ]


def some_rules() -> list[RouteRule]:
    """Ladders that lower, drop, raise, overflow and begin at once; classes; a queue for each channel."""
    ladder = [
        a_step(4_000, lower="english:2 sales:4"),
        a_step(4_000, raise_base_ms=5_000),
        a_step(9_000, drop="english", class_rank=3),
        a_step(20_000, overflow_to="ring_all", drop="sales"),
    ]
    return [
        a_rule("urgent", queue="ring_all", when="type=urgent", urgency=an_urgency(class_rank=2), steps=[a_step(0, raise_base_ms=1)]),
        a_rule("mail", queue="bare", when="channel=email", urgency=an_urgency(slope_per_mille=500, pressure_weight_ms=60_000)),
        a_rule("chat", queue="ring_all", when="channel=chat type=sales", needs="sales>=2:expiring", steps=ladder),
        a_rule("any", queue="main", steps=ladder),
    ]


def some_stages() -> list[RouteRule]:
    """Ladders whose steps may come early, of every kind, with teams that widen; points, the newest first, three queues at once."""
    stages = [
        a_step(3_000, early="registered", widen="region:east"),
        a_step(6_000, early="present:watched", drop="region"),
        a_step(9_000, early="available:watched", lower="sales:3", class_rank=4),
        a_step(30_000, early="available", drop="sales"),
    ]
    elsewhere = a_further_queue(
        "ring_all", needs="region==east", steps=[a_step(2_000, raise_base_ms=9), a_step(6_000, class_rank=4, early="present:watched")]
    )
    anyone = a_further_queue("bare", needs="sales>=9:expiring", steps=[a_step(6_000, lower="sales:7"), a_step(60_000, drop="sales")])
    points = an_urgency(class_rank=3, ms_per_point=60_000, class_per_point=-1)
    return [
        a_rule("newest", queue="ring_all", when="type=urgent", urgency=an_urgency(slope_per_mille=-1_000), steps=stages[3:]),
        a_rule("mail", queue="bare", when="channel=email", urgency=points, needs="region==west:expiring", steps=stages[:2]),
        a_rule("two", queue="main", when="channel=chat", needs="region==west:expiring", steps=stages[:3], also=[elsewhere, anyone]),
        a_rule("any", queue="main", urgency=points, needs="sales>=5:expiring region==west:expiring", steps=stages),
    ]


def _a_site(policy: dict[str, Any], **main: Any) -> Site:
    return a_site(queues=some_queues(**main), rules=some_rules(), policy=a_policy(**policy), retention_ms=60_000)


def _a_remembering_site(policy: dict[str, Any], **main: Any) -> Site:
    """Everything kept for somebody: sticky rules, a step that releases, limits of stay, a memory of two customers."""
    sticky = StickyRule(hold_ms=8_000, share_per_mille=500, minimum_score=50, away_grace_ms=1_000, expedite_ms=60_000)
    rules = [
        a_rule(
            "mail", queue="ring_all", when="channel=email", sticky=replace(sticky, away_grace_ms=0), steps=[a_step(3_000, release=True)]
        ),
        a_rule("any", queue="main", needs="sales>=2:expiring", sticky=sticky, steps=[a_step(9_000, drop="sales", overflow_to="bare")]),
    ]
    memory = MemoryRule(last_agent_ms=30_000, last_agent_score=70, return_within_ms=5_000, customers_max=2)
    return a_site(queues=some_queues(**main), rules=rules, policy=a_policy(**policy), retention_ms=60_000, memory=memory)


_END = {"scope": ExclusionScope.FOR_EVER, "everyone_declined": EveryoneDeclined.END, "max_live_offers": 2, "refills_offers": False}
_CLEAR = {"scope": ExclusionScope.PRESENCE, "everyone_declined": EveryoneDeclined.CLEAR, "unreachable_ms": 0, "counts_unreachable": True}
_OVERFLOW = {"scope": ExclusionScope.PRESENCE, "everyone_declined": EveryoneDeclined.OVERFLOW, "withdrawn_ms": 3_000}


def _a_site_with_doors(policy: dict[str, Any], **main: Any) -> Site:
    """Queues that turn away, open, close and are left: by length, by wait, by time held, by who is there and by the clock."""
    main_queue, ring_all, bare = some_queues(estimate=EstimateMethod.PLACE_PACE, **main)
    limits = an_admission(waiting_max=3, waiting_max_by_channel={"chat": 2}, estimated_wait_max_ms=30_000, otherwise="queue:bare")
    closing = some_hours(at_close="queue:bare", when_closed="queue:ring_all")
    queues = [
        replace(
            main_queue, admission=limits, hours=closing, empty=an_empty_rule(join="offline", leave="offline not_ready", grace_ms=2_000)
        ),
        replace(ring_all, hours=some_hours(), empty=an_empty_rule(leave="offline not_ready busy wrap_up unreachable", grace_ms=5_000)),
        replace(
            bare,
            estimate=EstimateMethod.HOLD_EMA,
            admission=an_admission(held_max_ms=20_000, waiting_max=5, is_waiting_shared=True, otherwise="voicemail:box"),
        ),
    ]
    rules = some_rules()
    rules[3] = a_rule(
        "any",
        queue="main",
        steps=[a_step(5_000, raise_base_ms=1), a_step(15_000, divert_to="self_service:menu", early="available:watched")],
    )
    begin = 1_000_000
    days = [(begin + number * 25_000, begin + number * 25_000 + 15_000) for number in range(12)]
    office = a_calendar(*days, known_from=begin, known_until=begin + 300_000)
    return a_site(queues=queues, rules=rules, policy=a_policy(**policy), retention_ms=60_000, calendars={"office": office})


def _a_busy_site(policy: dict[str, Any]) -> Site:
    """Calls interrupt chats and emails, chats interrupt emails; limits by queue, pauses by queue, and shifts that end."""
    queues = [
        a_queue("main", missed_scope=MissedOfferScope.QUEUE, assignment_limit=AssignmentLimit(count=2, window_ms=20_000)),
        a_queue("ring_all", max_live_offers=100, missed_threshold=2, missed_scope=MissedOfferScope.QUEUE, expected_handling_ms=10_000),
        a_queue("bare", wrap_up_limit_ms=0, missed_threshold=0, wrap_up_cap_ms=5_000, expected_handling_ms=60_000),
    ]
    channels = [
        a_channel("voice", capacity_cost=60, agent_maximum=2),
        a_channel("chat", capacity_cost=40, agent_maximum=3, interruptible_by=("voice",)),
        a_channel("email", is_live=False, capacity_cost=25, agent_maximum=5, interruptible_by=("chat", "voice")),
    ]
    return a_site(
        channels=channels,
        queues=queues,
        rules=some_rules(),
        policy=a_policy(**policy),
        retention_ms=60_000,
        shift_rule=ShiftRule(tolerance_ms=5_000, override_class_rank=2),
        session_lease_ms=5_000,
        handling_grace_ms=10_000,
    )


SITES = (
    _a_site({}),
    _a_site({"idle_clock": IdleClock.SINCE_ASSIGNED, "scorers": "skill_fit:1000 fewest_skills:500 preferred_agent:100"}, max_live_offers=2),
    _a_site({"assigner": "min_cost_flow"}),
    _a_site({"match_interval_ms": 2_000}, max_live_offers=3),
    _a_site({"assigner": "min_cost_flow", "match_interval_ms": 3_000}),
    _a_site({"assigner": "min_cost_flow", "match_interval_ms": 5_000, "bypass_class_rank": 2, "scorers": ""}),
    _a_site({"is_work_conserving": False, "scorers": "skill_fit:2000 load_ratio:30"}),
    _a_site({"is_work_conserving": False, "scorers": "skill_fit:2000", "assigner": "min_cost_flow", "match_interval_ms": 1_000}),
    a_site(queues=some_queues(), rules=some_rules(), policy=a_policy(), retention_ms=60_000, running_callbacks_max=1),
    a_site(queues=some_queues(), rules=some_rules(), policy=a_policy(match_interval_ms=1_000), running_callbacks_max=2),
    a_site(queues=some_queues(), rules=some_rules(), session_lease_ms=0, handling_grace_ms=0, retention_ms=0),
    a_site(queues=some_queues(), rules=some_stages(), retention_ms=60_000),
    a_site(queues=some_queues(), rules=some_stages(), policy=a_policy(assigner="min_cost_flow", match_interval_ms=2_000)),
    a_site(queues=some_queues(), rules=some_stages(), keeps_waiting_routes=True),
    a_site(queues=some_queues(), rules=some_rules(), transfer_age=LegAge(limit_ms=0), session_lease_ms=1_000, handling_grace_ms=1_000),
    _a_site({"wait_price": "strict", "is_interaction_first": True, "scorers": "round_robin:1", "filters": (*ALL_FILTERS, "queue_head")}),
    _a_site({"scorers": "attribute_order:1 fewest_calls:1", "filters": (*ALL_FILTERS, "queue_weight")}, max_live_offers=2),
    _a_site({"wait_price": "last_in_first_out", "scorers": "least_talk:1 unmet_preferences:1", "idle_clock": IdleClock.SINCE_OFFERED}),
    _a_site({"wait_price": "arrival_order", "scorers": "percent_allocation:1 most_free_capacity:1", "idle_clock": IdleClock.SINCE_WORKED}),
    _a_site({"wait_price": "head_start", "scorers": "lowest_occupancy:1", "is_work_conserving": False, "idle_clock": IdleClock.NONE}),
    _a_site({"wait_price": "acceleration", "scorers": "weighted_random:1", "is_interaction_first": True, "match_interval_ms": 2_000}),
    _a_remembering_site({"scorers": "preferred_agent:100"}, stay=StayRule(limit_ms=12_000), **_END),
    _a_remembering_site({}, stay=StayRule(limit_ms=6_000, then=AfterStay.OVERFLOW, cuts_ring=False), missed_threshold=2, **_CLEAR),
    _a_remembering_site({"assigner": "min_cost_flow", "match_interval_ms": 2_000}, stay=StayRule(cuts_ring=False), **_OVERFLOW),
    _a_remembering_site({"is_work_conserving": False, "scorers": "skill_fit:2000"}, stay=StayRule(then=AfterStay.OVERFLOW), **_CLEAR),
    _a_site_with_doors({}),
    _a_site_with_doors({"assigner": "min_cost_flow", "match_interval_ms": 2_000}, max_live_offers=2),
    _a_busy_site({}),
    _a_busy_site({"assigner": "min_cost_flow", "match_interval_ms": 1_000}),
    *SITES_OF_EVERYTHING,
)


def a_varied_agent(agent_id: str, skills: str, kind: int) -> Agent:
    """An agent of one of four kinds of capacity."""
    channels, capacity = (
        ("voice:1 chat:2 email:3", 100),
        ("chat:3 email:5", 100),
        ("voice:1", 100),
        ("voice:2 chat:4 email:4", 250),
    )[kind]
    return an_agent(agent_id, skills=skills, channels=channels, capacity=capacity, wrap_up_limit_ms=(None, 7_000)[kind % 2])
