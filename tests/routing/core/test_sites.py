"""Replacing the site while work is under way."""

from dataclasses import replace

from routing.core import commands, events
from routing.core.deadlines import Deadline, DeadlineKind
from routing.core.errors import RefusalReason
from routing.core.lifecycle import InteractionPhase
from routing.model.site import Site
from tests.builders import CHAT, EMAIL, VOICE, a_policy, a_queue, a_route, a_rule, a_site, a_step, an_agent, an_interaction
from tests.routing.core.desk import START, Desk, a_desk, a_desk_in


def apply(site: Site) -> commands.ApplySite:
    """The command that puts a site into force."""
    return commands.ApplySite(site=site)


def test_an_equal_site_changes_nothing() -> None:
    """Content counts, not the object."""
    assert [] == a_desk(a_site()).do(apply(a_site()))


def test_waiting_work_is_classified_again() -> None:
    """One event an interaction, with old and new route; routes that stay equal stay silent."""
    desk = a_desk()
    desk.enqueue(an_interaction("i1"))
    desk.enqueue(an_interaction("i2", channel="chat"))
    site = a_site(queues=[a_queue(), a_queue("new")], rules=[a_rule(when="channel=chat"), a_rule(queue="new", needs="sales>=9")])
    desk.offer("i1")
    _, changed, withdrawn = desk.do(apply(site))
    new = a_route(queue="new", needs="sales>=9")
    assert events.RouteChanged(interaction_id="i1", old=a_route(), new=new, cause=events.RouteCause.SITE_APPLIED) == changed
    assert isinstance(withdrawn, events.OfferWithdrawn)


def test_a_new_ladder_counts_from_the_arrival() -> None:
    """Its due steps are taken at once."""
    desk = a_desk()
    desk.enqueue()
    desk.wait(10_000)
    _, changed = desk.do(apply(a_site(rules=[a_rule(steps=[a_step(5_000, class_rank=3), a_step(15_000, class_rank=5)])])))
    assert isinstance(changed, events.RouteChanged)
    assert (3, [START + 15_000]) == (changed.new.urgency.class_rank, [step.due_at for step in changed.new.steps])


def test_a_site_that_leaves_waiting_work_without_a_rule_is_refused() -> None:
    """Nothing changes for anybody."""
    assert RefusalReason.NO_ROUTE == a_desk_in(InteractionPhase.WAITING).refuses(apply(a_site(rules=[a_rule(when="channel=chat")])))


def test_a_channel_in_use_stays() -> None:
    """Whether an agent serves it or an interaction is on it."""
    without_voice = a_site(channels=[CHAT, EMAIL])
    assert RefusalReason.UNKNOWN_CHANNEL == a_desk().refuses(apply(without_voice))
    desk = a_desk(None, an_agent(channels="chat:1"))
    desk.enqueue()
    assert RefusalReason.STILL_IN_USE == desk.refuses(apply(without_voice))


def test_a_queue_that_work_in_progress_is_in_or_may_reach_stays() -> None:
    """Handled work keeps its route, and may have to wait again."""
    steps = [a_step(5_000, raise_base_ms=1), a_step(60_000, overflow_to="second")]
    desk = a_desk_in(InteractionPhase.HANDLING, a_site(queues=[a_queue(), a_queue("second")], rules=[a_rule(steps=steps)]))
    assert RefusalReason.STILL_IN_USE == desk.refuses(apply(a_site(queues=[a_queue("other")])))
    assert RefusalReason.STILL_IN_USE == desk.refuses(apply(a_site()))
    assert [events.SiteApplied] == [
        type(event) for event in desk.do(apply(a_site(queues=[a_queue(), a_queue("second"), a_queue("third")])))
    ]


def test_what_was_leased_is_given_back_even_if_a_channel_became_dearer() -> None:
    """The cost of an offer is fixed when it is made."""
    desk = a_desk(None, an_agent(channels="chat:2"))
    desk.enqueue(an_interaction(channel="chat"))
    desk.offer()
    desk.do(apply(a_site(channels=[VOICE, EMAIL, replace(CHAT, capacity_cost=50)])))
    desk.do(commands.AcceptOffer(offer_id="offer-1"))
    assert 30 == desk.state.agents["a1"].used


def test_a_window_opens_with_the_first_change_and_closes_by_its_deadline() -> None:
    """Later changes do not move it; a policy without windows closes it."""
    desk = a_desk(a_site(policy=a_policy(match_interval_ms=2_000)))
    assert START + 2_000 == desk.state.window_due_at
    desk.wait(1_500)
    desk.enqueue()
    assert [events.WindowClosed(due_at=START + 2_000)] == desk.wait(500)
    assert None is desk.state.deadlines.first()
    desk.enqueue(an_interaction("i2"))
    assert Deadline(START + 4_000, DeadlineKind.WINDOW, "") == desk.state.deadlines.first()
    desk.do(apply(a_site()))
    assert None is desk.state.deadlines.first()


def test_a_held_pair_is_due_at_its_instant() -> None:
    """The deferral is forgotten when it is due, offered or ended."""
    desk = a_desk_in(InteractionPhase.WAITING)
    defer(desk, START + 3_000)
    assert [events.MatchDue(interaction_id="i1", due_at=START + 3_000)] == desk.wait(3_000)
    defer(desk, START + 9_000)
    desk.offer()
    assert None is desk.state.interactions["i1"].deferred_until


def defer(desk: Desk, until: int) -> None:
    """Record that the pair is held."""
    desk.record([events.MatchDeferred(interaction_id="i1", until=until)])
