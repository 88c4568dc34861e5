"""Blind transfers: what goes along, who is left out, and what is refused."""

from dataclasses import replace

import pytest

from routing.core import commands, events
from routing.core.commands import NextLeg
from routing.core.decide.transfers import LEGS_MAX
from routing.core.errors import InvariantBroken, RefusalReason
from routing.core.kept import Ended
from routing.model.interaction import EndCause
from routing.model.leg import Barred, LegAge, Tie, TransferKind
from routing.policy.classify import RuleClassifier
from tests.builders import a_rule, a_site, some_needs
from tests.routing.core.conversation import (
    LEG,
    WAITING,
    WRAP_UP,
    a_call,
    a_site_of_two_queues,
    causes,
    kinds,
    standing,
)
from tests.routing.core.desk import START


def test_a_blind_transfer_queues_a_leg_and_leaves_the_agent_to_wrap_up() -> None:
    """Three facts in that order; the call ends as transferred when the after-contact work is done, and names both neighbours."""
    desk = a_call(attributes_note="x")
    happened = desk.do(commands.TransferInteraction(interaction_id="i1", leg=replace(LEG, type="billing", attributes={"why": "invoice"})))
    assert ["InteractionQueued", "InteractionTransferred", "HandlingEnded"] == kinds(happened)
    assert {"i1": (WRAP_UP, "ann", Tie.TRANSFERRED), "leg": (WAITING, None, None)} == standing(desk)
    leg = desk.state.interactions["leg"]
    assert ("billing", "billing", {"attributes_note": "x", "why": "invoice"}) == (
        leg.route.queue_id,
        leg.interaction.type,
        leg.interaction.attributes,
    )
    (ended,) = desk.wait(10_000)
    assert isinstance(ended, events.InteractionEnded)
    assert (EndCause.TRANSFERRED, "ann", "wrap_up_limit") == (ended.cause, ended.agent_id, ended.reason)
    assert Ended(START + 10_000, EndCause.TRANSFERRED, "main", "ann", None, "leg") == desk.state.ended["i1"]


def test_a_leg_ends_like_any_interaction_and_remembers_where_it_came_from() -> None:
    """Without wrap-up the call is over at once; the leg is handled and ends as such."""
    desk = a_call(a_site_of_two_queues(wrap_up_limit_ms=0))
    happened = desk.do(commands.TransferInteraction(interaction_id="i1", leg=LEG))
    assert ["InteractionQueued", "InteractionTransferred", "HandlingEnded", "InteractionEnded"] == kinds(happened)
    desk.take("leg", "bob")
    desk.do(commands.EndHandling(interaction_id="leg"))
    assert {"i1": EndCause.TRANSFERRED, "leg": EndCause.HANDLED} == causes(desk)
    assert ("i1", None) == (desk.state.ended["leg"].parent_id, desk.state.ended["leg"].leg_id)


@pytest.mark.parametrize(
    ("limit_ms", "credit_ms"), [(None, 65_000), (0, 0), (30_000, 30_000), (600_000, 65_000)], ids=["keep", "reset", "cap", "wide cap"]
)
@pytest.mark.parametrize("is_asked", [True, False], ids=["by request", "by the site"])
def test_age_goes_along_as_asked_or_as_the_site_says(limit_ms: int | None, credit_ms: int, is_asked: bool) -> None:
    """Routing age is a credit; the reported wait of the leg begins anew whatever goes along."""
    age = LegAge(limit_ms=limit_ms)
    site = a_site_of_two_queues() if is_asked else a_site_of_two_queues(transfer_age=age)
    desk = a_call(site, credit_ms=5_000)
    desk.wait(60_000)
    desk.do(commands.TransferInteraction(interaction_id="i1", leg=replace(LEG, age=age if is_asked else None)))
    leg = desk.state.interactions["leg"]
    assert (credit_ms, START + 60_000) == (leg.interaction.routing_credit_ms, leg.enqueued_at)


def test_what_the_customer_asked_for_goes_along_and_preferences_do_not() -> None:
    """Own requirements stay unless the request replaces them; preferred agents are dropped unless it keeps them."""
    desk = a_call(needs="english>=2", preferred="ann:100", correlation_id="c-1")
    plain = desk.do(commands.TransferInteraction(interaction_id="i1", leg=LEG))[0]
    assert isinstance(plain, events.InteractionQueued)
    assert (some_needs("english>=2"), None, "c-1") == (
        plain.interaction.requirements,
        plain.interaction.preferred_agents,
        plain.interaction.correlation_id,
    )
    desk.take("leg", "bob")
    kept = replace(LEG, id="leg-2", requirements=some_needs("sales>=1"), keeps_preferred=True, channel="chat")
    (queued, *_) = desk.do(commands.TransferInteraction(interaction_id="leg", leg=kept))
    assert isinstance(queued, events.InteractionQueued)
    assert ("chat", some_needs("sales>=1")) == (queued.interaction.channel, queued.interaction.requirements)
    other = a_call(preferred="ann:100")
    (queued, *_) = other.do(commands.TransferInteraction(interaction_id="i1", leg=replace(LEG, keeps_preferred=True)))
    assert isinstance(queued, events.InteractionQueued)
    assert {"ann": 100} == queued.interaction.preferred_agents


@pytest.mark.parametrize(
    ("barred", "expected"),
    [(Barred.LAST_AGENT, ("bob",)), (Barred.EARLIER_AGENTS, ("ann", "bob")), (Barred.NOBODY, ())],
)
def test_a_leg_knows_its_conversation_and_who_must_not_get_it(barred: Barred, expected: tuple[str, ...]) -> None:
    """Agents are listed earliest first and once each."""
    desk = a_call()
    desk.do(commands.TransferInteraction(interaction_id="i1", leg=LEG))
    desk.take("leg", "bob")
    desk.do(commands.TransferInteraction(interaction_id="leg", leg=NextLeg(barred=barred)))
    leg = desk.state.interactions["auto-3"].interaction.leg
    assert leg is not None
    assert ("leg", "i1", START, 2, TransferKind.BLIND) == (leg.parent_id, leg.first_id, leg.first_at, leg.number, leg.kind)
    assert (("ann", "bob"), expected) == (leg.agents, leg.barred)


def test_an_offer_back_to_a_barred_agent_is_a_contradiction() -> None:
    """The invariant sees what a policy must not do."""
    desk = a_call(a_site_of_two_queues(wrap_up_limit_ms=0))
    desk.do(commands.TransferInteraction(interaction_id="i1", leg=LEG))
    with pytest.raises(InvariantBroken, match="barred"):
        desk.offer("leg", "ann")


def test_a_request_for_a_leg_is_answered_with_its_id_again() -> None:
    """The remembered subject is the leg, also where the router issued the id."""
    desk = a_call()
    desk.do(commands.TransferInteraction(interaction_id="i1", request_id="r1"))
    assert "auto-2" == desk.state.requests["r1"].subject
    assert [] == desk.do(commands.TransferInteraction(interaction_id="i1", request_id="r1"))
    other = a_call()
    other.do(commands.StartConsult(interaction_id="i1", leg=LEG, request_id="r1"))
    assert "leg" == other.state.requests["r1"].subject


@pytest.mark.parametrize(
    ("leg", "reason"),
    [
        (NextLeg(id="i1"), RefusalReason.DUPLICATE_INTERACTION),
        (NextLeg(id="auto-9"), RefusalReason.INVALID_VALUE),
        (NextLeg(id="x" * 129), RefusalReason.INVALID_VALUE),
        (NextLeg(type="x" * 129), RefusalReason.INVALID_VALUE),
        (NextLeg(channel="telex"), RefusalReason.UNKNOWN_CHANNEL),
        (NextLeg(attributes={"": 1}), RefusalReason.INVALID_VALUE),
        (NextLeg(requirements=some_needs("sales>=none")), RefusalReason.INVALID_VALUE),
        (NextLeg(age=LegAge(limit_ms=-1)), RefusalReason.INVALID_VALUE),
        (NextLeg(type="unheard"), RefusalReason.NO_ROUTE),
    ],
)
def test_a_leg_that_cannot_be_is_refused(leg: NextLeg, reason: RefusalReason) -> None:
    """By a transfer and by a consultation alike."""
    rules = [a_rule("known", when="type=sales")]
    desk = a_call(a_site(rules=rules))
    assert reason == desk.refuses(commands.TransferInteraction(interaction_id="i1", leg=leg))
    assert reason == desk.refuses(commands.StartConsult(interaction_id="i1", leg=leg))


def test_a_conversation_has_at_most_so_many_legs() -> None:
    """Two agents who hand it to and fro are stopped."""
    desk = a_call(a_site_of_two_queues(wrap_up_limit_ms=0))
    held = "i1"
    for number in range(1, LEGS_MAX + 1):
        desk.do(commands.TransferInteraction(interaction_id=held, leg=NextLeg(id=f"leg-{number}")))
        held = f"leg-{number}"
        desk.take(held, ("ann", "bob")[number % 2])
    assert RefusalReason.INVALID_VALUE == desk.refuses(commands.TransferInteraction(interaction_id=held))


def test_a_platform_does_not_make_legs() -> None:
    """Only a transfer or a consultation does."""
    desk = a_call()
    desk.do(commands.TransferInteraction(interaction_id="i1", leg=LEG))
    forged = replace(desk.state.interactions["leg"].interaction, id="forged")
    assert RefusalReason.INVALID_VALUE == desk.refuses(commands.EnqueueInteraction(interaction=forged))


@pytest.mark.parametrize("is_consult", [True, False])
def test_a_leg_may_be_for_one_agent_alone(*, is_consult: bool) -> None:
    """A colleague asked by name; not one who is unknown, who could never take it, or who hands it on."""
    desk = a_call()
    command = commands.StartConsult if is_consult else commands.TransferInteraction
    for agent_id, channel, reason in (
        ("nobody", None, RefusalReason.UNKNOWN_AGENT),
        ("ann", None, RefusalReason.AGENT_CANNOT_SERVE),
        ("bob", "email", RefusalReason.AGENT_CANNOT_SERVE),
        ("", None, RefusalReason.INVALID_VALUE),
    ):
        assert reason is desk.refuses(command(interaction_id="i1", leg=replace(LEG, agent_id=agent_id, channel=channel)))
    desk.classify = RuleClassifier()
    desk.do(command(interaction_id="i1", leg=replace(LEG, agent_id="bob")))
    reserved = desk.state.interactions["leg"].route.reserved
    assert reserved is not None
    assert ("bob",) == reserved.agents
