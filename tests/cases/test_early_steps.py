"""Behaviour cases: steps that need not wait for their time, and ladders of several queues side by side."""

import pytest

from routing.core.commands import PutAgents, SetPresence
from routing.core.events import InteractionQueued, OfferMade, RequirementRelaxed, StepCause
from routing.model.agent import Presence
from routing.policy.presets.builtin import LONGEST_IDLE, SKILLS_PRIORITY
from tests.builders import a_further_queue, a_queue, a_rule, a_step, an_interaction
from tests.cases.centers import SECOND_MS, able, preset
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers

SKIPPING = [
    a_rule("targets", when="type=target", needs="team==a:expiring", steps=[a_step(120 * SECOND_MS, widen="team:b", early="available")]),
    a_rule("other work"),
]
"""The first target is team a for two minutes; it is skipped if none of its workers is available on entry."""


def steps_taken(floor: Floor) -> list[tuple[StepCause, int]]:
    """Why each step of a ladder was taken, and how many seconds after the arrival of `i1`."""
    queued = {item.event.interaction.id: item.at for item in floor.log if isinstance(item.event, InteractionQueued)}
    return [(item.event.cause, (item.at - queued["i1"]) // SECOND_MS) for item in floor.log if isinstance(item.event, RequirementRelaxed)]


def test_at_40_a_target_is_skipped_when_none_of_its_workers_is_available() -> None:
    """Team b has it at once."""
    floor = a_floor(a_phone_site(policy=preset("twilio-fifo"), rules=SKIPPING), *callers("team:b"))
    floor.enqueue(an_interaction(type="target"))
    assert [(StepCause.NOBODY_AVAILABLE, 0)] == steps_taken(floor)
    assert {"i1": ["a1"]} == floor.offered


def test_at_40_no_skip_when_a_reservation_was_made_on_entry() -> None:
    """The worker goes on a break while it rings: the reservation is over and nobody is available, and still the target is waited for."""
    floor = a_floor(a_phone_site(policy=preset("twilio-fifo"), rules=SKIPPING), *callers("team:a", "team:b"))
    floor.enqueue(an_interaction(type="target"))
    assert {"i1": ["a1"]} == floor.offered
    floor.do(SetPresence(agent_id="a1", presence=Presence.NOT_READY))
    assert {} == floor.offered
    floor.wait(120 * SECOND_MS)
    assert [(StepCause.DUE, 120)] == steps_taken(floor)
    assert {"i1": ["a2"]} == floor.offered


def test_at_40_no_skip_while_somebody_is_available_even_without_a_reservation() -> None:
    """The worker of team a is available and busy, and none was made: it waits for them."""
    floor = a_floor(a_phone_site(policy=preset("twilio-fifo"), rules=SKIPPING), *callers("team:a"))
    floor.enqueue(an_interaction("busy"))
    floor.accept("busy")
    floor.staff(*callers("team:a", "team:b")[1:])
    floor.enqueue(an_interaction(type="target"))
    floor.wait(60 * SECOND_MS)
    assert ([], {}) == (steps_taken(floor), floor.offered)
    floor.end("busy")
    assert {"i1": ["a1"]} == floor.offered


def test_at_49_a_caller_on_two_queues_walks_each_ladder_by_its_own_timer() -> None:
    """Sales opens at 20 s and 60 s, service at 30 s; the last step of each never expires, and whoever is first has the call."""
    needs = "sales>=9:expiring", "service>=9:expiring"
    ladders = (
        [a_step(20 * SECOND_MS, lower="sales:7"), a_step(60 * SECOND_MS, lower="sales:5")],
        [a_step(30 * SECOND_MS, lower="service:5")],
    )
    rules = [a_rule(queue="sales", needs=needs[0], steps=ladders[0], also=[a_further_queue("service", needs=needs[1], steps=ladders[1])])]
    floor = a_floor(a_phone_site(policy=LONGEST_IDLE, queues=[a_queue("sales"), a_queue("service", wrap_up_limit_ms=0)], rules=rules))
    floor.do(PutAgents(agents=tuple(callers("sales:7", "sales:5", "service:5", "sales:4 service:4"))))
    floor.enqueue(an_interaction())
    open_to = []
    for _ in range(4):
        open_to.append(able(floor))
        floor.wait(20 * SECOND_MS)
    assert [[], ["a1"], ["a1", "a3"], ["a1", "a2", "a3"]] == open_to
    floor.wait(3_600 * SECOND_MS)
    assert ["a1", "a2", "a3"] == able(floor)
    floor.do(SetPresence(agent_id="a3", presence=Presence.AVAILABLE))
    assert ["service"] == [item.event.queue_id for item in floor.log if isinstance(item.event, OfferMade)]
    floor.accept("i1")
    floor.end("i1")
    assert "service" == floor.router.state.ended["i1"].queue_id


@pytest.mark.parametrize("presence", [Presence.NOT_READY, Presence.OFFLINE])
def test_at_50_an_empty_group_leaves_it_to_the_next_at_once(presence: Presence) -> None:
    """Nobody of group 1 is there when the first call comes; later its agent comes, and leaves again under the second call."""
    steps = [
        a_step(30 * SECOND_MS, widen="group:2", early="available:watched"),
        a_step(60 * SECOND_MS, widen="group:3", early="available:watched"),
    ]
    floor = a_floor(a_phone_site(policy=SKILLS_PRIORITY, rules=[a_rule(needs="group==1:expiring", steps=steps)]))
    floor.staff(*callers("group:1", "group:2", "group:3"))
    floor.do(SetPresence(agent_id="a1", presence=presence))
    floor.enqueue(an_interaction("i1"))
    assert {"i1": ["a2"]} == floor.offered
    floor.accept("i1")
    floor.do(SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    floor.enqueue(an_interaction("i2"))
    assert {"i2": ["a1"]} == floor.offered
    floor.do(SetPresence(agent_id="a1", presence=presence))
    assert ({}, ["a1", "a2"]) == (floor.offered, able(floor, "i2"))
    floor.wait(30 * SECOND_MS - 1)
    assert {} == floor.offered
    floor.wait(1)
    assert {"i2": ["a3"]} == floor.offered
