"""Conversions keep everything, and refuse what the core's records cannot hold."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from routing.core import commands
from routing.core.commands import DeclineReason
from routing.model.agent import Presence
from routing.model.leg import LegAge
from routing.model.memory import MemoryRule
from routing.model.queue import EveryoneDeclined, ExclusionScope
from routing.model.reservation import StickyRule
from routing.model.site import IdleClock, WeightedScorer
from routing.model.stay import AfterStay, StayRule
from routing.server.convert.commands import command_of
from routing.server.convert.nouns import agent_of, agent_to_wire, interaction_of, interaction_to_wire
from routing.server.convert.sites import site_of, site_to_wire
from routing.server.errors import Refused
from routing.v1 import agents_pb2, interactions_pb2, operators_pb2, site_pb2, types_pb2
from tests.builders import a_further_queue, a_policy, a_queue, a_rule, a_site, a_step, an_agent, an_interaction, an_urgency


def test_an_interaction_comes_through_unchanged() -> None:
    """With every field set."""
    interaction = an_interaction(
        needs="sales>=5 english>=4:expiring region!=west french<=2:prefer team==a|b|7",
        preferred="a1:100 a2:50",
        due_at=1_700_000_000_000,
        credit_ms=5,
        correlation_id="c",
        opaque={"a": "1", "b": "2"},
        points=-3,
        agent_id="a1",
        customer_id="kim",
        stay_limit_ms=7,
        age=7,
        city="Bern",
    )
    assert interaction_of(interaction_to_wire(interaction)) == interaction


def test_an_agent_comes_through_unchanged() -> None:
    """Skills, symbols, capacity and channels."""
    agent = an_agent(skills="sales:7 licence:yes", channels="voice:1 chat:2")
    assert agent_of("agent", agent_to_wire(agent)) == agent


def test_a_site_comes_through_unchanged() -> None:
    """With rules, ladders of every kind of step, and a policy that holds pairs for a window."""
    ladder = [
        a_step(1_000, lower="sales:3", early="registered"),
        a_step(2_000, drop="english", raise_base_ms=5, early="present:watched"),
        a_step(3_000, class_rank=2, overflow_to="b"),
        a_step(4_000, widen="team:b|7 region:west", early="available"),
    ]
    also = [a_further_queue("b", needs="english>=4:expiring", steps=ladder[:1])]
    worth = an_urgency(ms_per_point=-60_000, class_per_point=1, slope_per_mille=-5)
    site = a_site(
        queues=[a_queue("a", missed_threshold=3, missed_presence=Presence.OFFLINE), a_queue("b", max_live_offers=4, busy_ms=0)],
        rules=[
            a_rule(
                "r", queue="a", when="channel=voice|chat age=7", needs="sales>=5:expiring team==a|c", steps=ladder, urgency=worth, also=also
            )
        ],
        policy=a_policy(match_interval_ms=500, bypass_class_rank=3, is_work_conserving=False),
        transfer_age=LegAge(limit_ms=7),
        keeps_waiting_routes=True,
    )
    assert site_of(site_to_wire(site)) == site


def test_a_policy_comes_through_with_its_parameters_and_an_old_client_means_the_old_rule() -> None:
    """Numbers and texts; what an earlier release does not know is the default."""
    order = WeightedScorer(name="attribute_order", weight_ms=1, parameters={"highest": 9, "order_by": "penalty.{queue} asc"})
    policy = replace(a_policy(), scorers=(order,), wait_price="strict", is_interaction_first=True, idle_clock=IdleClock.SINCE_OFFERED)
    message = site_to_wire(a_site(policy=policy))
    assert site_of(message).policy == policy
    message.policy.ClearField("wait_price")
    message.policy.ClearField("is_interaction_first")
    assert ("urgency", False) == (site_of(message).policy.wait_price, site_of(message).policy.is_interaction_first)


def test_what_a_site_says_of_offers_and_customers_comes_through_unchanged() -> None:
    """Every rule for failed offers, limits of stay, sticky rules and the memory."""
    stays = [StayRule(), StayRule(limit_ms=5, then=AfterStay.OVERFLOW, cuts_ring=False), None]
    queues = [
        a_queue(
            f"q{number}",
            scope=scope,
            everyone_declined=everyone,
            stay=stays[number % 3],
            refills_offers=number == 0,
            unreachable_ms=number or None,
            withdrawn_ms=number,
            counts_unreachable=number == 1,
        )
        for number, (scope, everyone) in enumerate(product(ExclusionScope, EveryoneDeclined))
    ]
    sticky = StickyRule(hold_ms=5, share_per_mille=6, minimum_score=7, away_grace_ms=8, expedite_ms=9)
    rules = [a_rule("r", queue="q0", sticky=sticky, steps=[a_step(1_000, release=True)]), a_rule("s", queue="q1")]
    memory = MemoryRule(last_agent_ms=1, last_agent_score=2, return_within_ms=3, customers_max=4)
    for site in (a_site(queues=queues, rules=rules, memory=memory), a_site()):
        assert site_of(site_to_wire(site)) == site


def test_what_an_earlier_client_leaves_out_means_what_it_always_did() -> None:
    """Enumerations that are not set, and a number that nobody knows."""
    message = site_to_wire(a_site(queues=[a_queue(scope=ExclusionScope.FOR_EVER, stay=StayRule(then=AfterStay.OVERFLOW))]))
    message.queues[0].reoffer.scope = site_pb2.EXCLUSION_SCOPE_UNSPECIFIED
    message.queues[0].reoffer.everyone_declined = site_pb2.EVERYONE_DECLINED_UNSPECIFIED
    message.queues[0].stay.then = site_pb2.AFTER_STAY_UNSPECIFIED
    assert site_of(message) == a_site(queues=[a_queue(stay=StayRule())])
    message.queues[0].reoffer.scope = 9  # type: ignore[assignment]  # an unknown number
    with pytest.raises(Refused, match="EXCLUSION_SCOPE_PRESENCE") as caught:
        site_of(message)
    assert caught.value.field == "site.queues[main].reoffer.scope"


def test_a_queue_that_does_not_say_what_a_miss_means_sets_the_agent_not_ready() -> None:
    """A client of an earlier release knows no other consequence; a presence that is no presence is refused."""
    message = site_to_wire(a_site(queues=[a_queue(missed_presence=Presence.OFFLINE)]))
    message.queues[0].ClearField("missed_offer_presence")
    assert site_of(message).queues["main"].missed_offer.presence is Presence.NOT_READY
    message.queues[0].missed_offer_presence = types_pb2.PRESENCE_UNSPECIFIED
    with pytest.raises(Refused, match="PRESENCE_NOT_READY"):
        site_of(message)


def test_an_absent_decline_reason_counts_as_declined() -> None:
    """The one enumeration whose zero has a meaning."""
    command = command_of(agents_pb2.DeclineOfferRequest(request_id="r", offer_id="offer-1"))
    assert command == commands.DeclineOffer(request_id="r", offer_id="offer-1", reason=DeclineReason.DECLINED)


def _enqueue(change: Callable[[types_pb2.Interaction], object]) -> interactions_pb2.EnqueueInteractionRequest:
    interaction = types_pb2.Interaction(id="i1", channel="voice")
    change(interaction)
    return interactions_pb2.EnqueueInteractionRequest(request_id="r", interaction=interaction)


def _requiring(**fields: object) -> interactions_pb2.EnqueueInteractionRequest:
    sound = {
        "attribute": "sales",
        "operator": types_pb2.REQUIREMENT_OPERATOR_AT_LEAST,
        "value": types_pb2.AttributeValue(number=5),
        "kind": types_pb2.REQUIREMENT_KIND_MUST,
    }
    requirement = types_pb2.Requirement(**{**sound, **fields})  # type: ignore[arg-type]  # the test writes what a foreign client may
    return _enqueue(lambda interaction: interaction.requirements.append(requirement))


@pytest.mark.parametrize(
    ("request_message", "field"),
    [
        (interactions_pb2.EnqueueInteractionRequest(request_id="r"), "interaction"),
        (interactions_pb2.EnqueueInteractionRequest(interaction=types_pb2.Interaction(channel="voice")), "request_id"),
        (interactions_pb2.AbandonInteractionRequest(request_id="x" * 129, interaction_id="i1"), "request_id"),
        (interactions_pb2.AbandonInteractionRequest(request_id="r"), "interaction_id"),
        (interactions_pb2.CancelInteractionRequest(request_id="r", interaction_id="i1", reason="x" * 129), "reason"),
        (_enqueue(lambda it: setattr(it, "channel", "")), "interaction.channel"),
        (_enqueue(lambda it: setattr(it, "id", "x" * 129)), "interaction.id"),
        (_enqueue(lambda it: setattr(it, "due_at_ms", -1)), "interaction.due_at_ms"),
        (_enqueue(lambda it: setattr(it, "agent_id", "x" * 129)), "interaction.agent_id"),
        (_enqueue(lambda it: setattr(it, "customer_id", "x" * 129)), "interaction.customer_id"),
        (_enqueue(lambda it: it.attributes["age"].Clear()), "interaction.attributes[age]"),
        (_enqueue(lambda it: setattr(it.attributes["city"], "symbol", "x" * 129)), "interaction.attributes[city].symbol"),
        (_enqueue(lambda it: setattr(it.attributes[""], "number", 1)), "interaction.attributes"),
        (_enqueue(lambda it: it.opaque.update({str(number): "" for number in range(65)})), "interaction.opaque"),
        (_enqueue(lambda it: it.opaque.update({"a": "x" * 16_384})), "interaction.opaque"),
        (_enqueue(lambda it: it.preferred_agents.update({str(number): 1 for number in range(65)})), "interaction.preferred_agents"),
        (_requiring(operator=0), "interaction.requirements[0].operator"),
        (_requiring(operator=99), "interaction.requirements[0].operator"),
        (_requiring(kind=0), "interaction.requirements[0].kind"),
        (_requiring(attribute=""), "interaction.requirements[0].attribute"),
        (_requiring(value=types_pb2.AttributeValue()), "interaction.requirements[0].value"),
        (agents_pb2.SetPresenceRequest(request_id="r", agent_id="a1"), "presence"),
        (agents_pb2.SetPresenceRequest(request_id="r", presence=types_pb2.PRESENCE_AVAILABLE), "agent_id"),
        (agents_pb2.DeclineOfferRequest(request_id="r", offer_id="o", reason=9), "reason"),  # type: ignore[arg-type]  # an unknown number
        (agents_pb2.DeclineOfferRequest(request_id="r", offer_id="o", retry_at_ms=2**62), "retry_at_ms"),
        (agents_pb2.AcceptOfferRequest(request_id="r"), "offer_id"),
        (operators_pb2.PutAgentsRequest(request_id="r"), "agents"),
        (operators_pb2.PutAgentsRequest(request_id="r", agents=[types_pb2.Agent()]), "agents[0].id"),
        (operators_pb2.PutAgentsRequest(request_id="r", agents=[types_pb2.Agent(id="a")] * 1_001), "agents"),
        (operators_pb2.RemoveAgentsRequest(request_id="r"), "agent_ids"),
        (operators_pb2.ApplySiteRequest(request_id="r"), "site"),
    ],
)
def test_what_a_record_cannot_hold_is_refused(request_message: object, field: str) -> None:
    """The refusal names the field."""
    with pytest.raises(Refused) as caught:
        command_of(request_message)  # type: ignore[arg-type]  # parametrized over all request types
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda site: site.ClearField("policy"), "site.policy"),
        (lambda site: site.channels.append(site.channels[0]), "site.channels"),
        (lambda site: site.queues.append(site.queues[0]), "site.queues"),
        (lambda site: site.skills.append("sales"), "site.skills"),
        (lambda site: site.queues[0].ClearField("service_level"), "site.queues[main].service_level"),
        (lambda site: site.rules[0].ClearField("urgency"), "site.rules[any].urgency"),
        (lambda site: site.rules[0].when.add(field="type"), "site.rules[any].when[type]"),
        (lambda site: setattr(site.policy, "idle_clock", 0), "site.policy.idle_clock"),
        (lambda site: site.rules[0].steps.add().early.SetInParent(), "site.rules[any].steps[0].early.if_nobody"),
        (lambda site: site.rules[0].steps.add().widen["team"].values.add(), "site.rules[any].steps[0].widen[team]"),
    ],
)
def test_a_site_that_a_record_cannot_hold_is_refused(change: Callable[..., object], field: str) -> None:
    """The refusal names the place in the site."""
    message = site_to_wire(a_site())
    change(message)
    with pytest.raises(Refused) as caught:
        site_of(message)
    assert caught.value.field == field
