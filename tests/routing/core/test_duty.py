"""Pauses by queue, limits on assignments, commitments, work of an agent's own, and work that is taken from them."""

from dataclasses import replace

import pytest

from routing.core import commands, events
from routing.core.commands import ReleaseOutcome
from routing.core.errors import RefusalReason
from routing.core.events import WithdrawCause
from routing.core.lifecycle import InteractionPhase
from routing.model.agent import Commitment, Presence
from routing.model.interaction import EndCause
from routing.model.queue import AssignmentLimit, MissedOfferScope
from routing.model.site import NotReadyReason, ShiftRule, Site
from tests.builders import CHAT, VOICE, a_queue, a_rule, a_site, a_step, an_agent, an_interaction
from tests.routing.core.conversation import a_conference
from tests.routing.core.desk import Desk, a_desk, a_desk_in

A1 = an_agent("a1", channels="voice:1 chat:3")


def two_queues(**main: object) -> Site:
    """Sales work goes to `main`, everything else to `other`."""
    return a_site(queues=[a_queue("main", **main), a_queue("other")], rules=[a_rule("sales", when="type=sales"), a_rule(queue="other")])  # type: ignore[arg-type]  # the builder checks the names


def chats(desk: Desk, *names: str, kind: str = "sales") -> list[str]:
    """Chats that arrive and are offered to a1; the ids of the offers."""
    for name in names:
        desk.enqueue(an_interaction(name, channel="chat", type=kind))
    return [desk.offer(name) for name in names]


def causes(happened: list[events.Event]) -> list[tuple[str, WithdrawCause]]:
    """Which offers were withdrawn, and why."""
    return [(event.offer_id, event.cause) for event in happened if isinstance(event, events.OfferWithdrawn)]


# ---- pauses ----


def test_a_pause_withdraws_the_offers_of_its_queue_only_and_is_said_once() -> None:
    """Another reason is news; the same is none."""
    desk = a_desk(two_queues(), A1)
    (sales,) = chats(desk, "i1")
    (other,) = chats(desk, "i2", kind="other")
    pause = commands.PauseAgent(agent_id="a1", queue_id="main", reason="training")
    assert [(sales, WithdrawCause.QUEUE_PAUSED)] == causes(desk.do(pause))
    assert [] == desk.do(pause)
    assert [events.AgentPaused(agent_id="a1", queue_id="main", reason="tired")] == desk.do(replace(pause, reason="tired"))
    assert [other] == list(desk.state.offers)
    unpause = commands.UnpauseAgent(agent_id="a1", queue_id="main")
    assert [events.AgentUnpaused(agent_id="a1", queue_id="main")] == desk.do(unpause)
    assert [] == desk.do(unpause)


def test_a_queue_the_site_does_not_have_is_refused() -> None:
    """By both commands."""
    desk = a_desk(two_queues(), A1)
    assert RefusalReason.UNKNOWN_QUEUE == desk.refuses(commands.PauseAgent(agent_id="a1", queue_id="nowhere"))
    assert RefusalReason.UNKNOWN_QUEUE == desk.refuses(commands.UnpauseAgent(agent_id="a1", queue_id="nowhere"))


def test_a_queue_that_is_gone_leaves_no_pause_behind() -> None:
    """Were it defined again, the agent would work in it."""
    desk = a_desk(two_queues(), A1)
    desk.do(commands.PauseAgent(agent_id="a1", queue_id="other"))
    desk.do(commands.ApplySite(site=a_site()))
    assert {} == desk.state.agents["a1"].paused


def test_misses_that_count_by_queue_pause_in_that_queue_and_withdraw_its_other_offers() -> None:
    """Two in a row in `main`; one in `other` counts for itself and leaves the presence alone, until the threshold of the agent."""
    site = two_queues(missed_threshold=2, missed_scope=MissedOfferScope.QUEUE, expired_ms=0)
    desk = a_desk(site, A1)
    chats(desk, "i1")
    (first,) = desk.wait(15_000)
    assert isinstance(first, events.OfferExpired)
    assert ("main", {"main": 1}, 0) == (first.missed_in, desk.state.agents["a1"].queue_misses, desk.state.agents["a1"].misses)
    offer_id = desk.offer("i1")
    desk.now += 5_000
    (later,) = chats(desk, "i2")
    expired, paused, withdrawn = desk.wait(10_000)
    assert isinstance(expired, events.OfferExpired)
    assert offer_id == expired.offer_id
    assert events.AgentPaused(agent_id="a1", queue_id="main", reason="missed_offer") == paused
    assert [(later, WithdrawCause.QUEUE_PAUSED)] == causes([withdrawn])
    desk.do(commands.UnpauseAgent(agent_id="a1", queue_id="main"))
    assert ({}, Presence.AVAILABLE) == (desk.state.agents["a1"].queue_misses, desk.state.agents["a1"].presence)


def test_without_a_threshold_misses_by_queue_only_count_and_an_answer_ends_the_row() -> None:
    """A decline or an accept anywhere shows that the agent is there; so does becoming available."""
    desk = a_desk(two_queues(missed_threshold=0, missed_scope=MissedOfferScope.QUEUE, expired_ms=0), A1)
    chats(desk, "i1")
    desk.wait(15_000)
    row = desk.state.agents["a1"]
    assert ({"main": 1}, {}) == (row.queue_misses, row.paused)
    desk.do(commands.DeclineOffer(offer_id=desk.offer("i1")))
    assert {} == row.queue_misses
    desk.wait(10_000)
    desk.offer("i1")
    desk.wait(15_000)
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.NOT_READY))
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.AVAILABLE))
    assert {} == row.queue_misses


def test_an_agent_who_is_paused_already_is_not_paused_again() -> None:
    """An offer made before the pause can only expire where a route moved it there meanwhile; it counts, and says nothing more."""
    site = a_site(
        queues=[a_queue("main"), a_queue("other", missed_scope=MissedOfferScope.QUEUE)],
        rules=[a_rule(steps=[a_step(5_000, overflow_to="other")])],
    )
    desk = a_desk(site, A1)
    chats(desk, "i1")
    desk.do(commands.PauseAgent(agent_id="a1", queue_id="other", reason="training"))
    desk.wait(10_000)
    (expired,) = desk.wait(5_000)
    assert isinstance(expired, events.OfferExpired)
    assert "training" == desk.state.agents["a1"].paused["other"]


# ---- limits ----


def test_the_last_assignment_a_queue_allows_withdraws_its_other_offers_until_the_oldest_no_longer_counts() -> None:
    """Two in ten seconds."""
    desk = a_desk(two_queues(assignment_limit=AssignmentLimit(count=2, window_ms=10_000), wrap_up_limit_ms=0), A1)
    first, second, third = chats(desk, "i1", "i2", "i3")
    start = desk.now
    _, counted = desk.do(commands.AcceptOffer(offer_id=first))
    assert events.AssignmentCounted(agent_id="a1", queue_id="main", counts_until=start + 10_000, limited_until=None) == counted
    desk.now += 4_000
    _, reached, withdrawn = desk.do(commands.AcceptOffer(offer_id=second))
    assert events.AssignmentCounted(agent_id="a1", queue_id="main", counts_until=start + 14_000, limited_until=start + 10_000) == reached
    assert [(third, WithdrawCause.ASSIGNMENT_LIMIT)] == causes([withdrawn])
    assert [events.AssignmentLimitEnded(agent_id="a1", queue_id="main", due_at=start + 10_000)] == desk.wait(6_000)
    desk.do(commands.EndHandling(interaction_id="i1"))
    _, again = desk.do(commands.AcceptOffer(offer_id=desk.offer("i3")))
    assert isinstance(again, events.AssignmentCounted)
    assert (start + 14_000, (start + 14_000, start + 20_000)) == (again.limited_until, desk.state.agents["a1"].assignments["main"])


def test_a_queue_without_a_limit_counts_nothing() -> None:
    """One event an accept, and nothing kept."""
    desk = a_desk(None, A1)
    (offer_id,) = chats(desk, "i1")
    assert [events.OfferAccepted] == [type(event) for event in desk.do(commands.AcceptOffer(offer_id=offer_id))]
    assert {} == desk.state.agents["a1"].assignments


# ---- commitments ----


def test_commitments_replace_each_other_and_end_one_by_one() -> None:
    """What is over is left out; equal ones change nothing; one without an end stays."""
    desk = a_desk(None, A1)
    now = desk.now
    over = Commitment(starts_at=now - 2, ends_at=now)
    pause = Commitment(starts_at=now + 1_000, ends_at=now + 2_000)
    home = Commitment(starts_at=now + 5_000)
    put = commands.PutCommitments(agent_id="a1", commitments=(over, pause, home))
    assert [events.CommitmentsPut(agent_id="a1", commitments=(pause, home))] == desk.do(put)
    assert [] == desk.do(put)
    assert [events.CommitmentEnded(agent_id="a1", due_at=now + 2_000)] == desk.wait(100_000)
    assert (home,) == desk.state.agents["a1"].commitments
    desk.do(commands.PutCommitments(agent_id="a1", commitments=()))
    assert not desk.state.agents["a1"].commitments


@pytest.mark.parametrize(
    "commitments",
    [
        (Commitment(starts_at=-1),),
        (Commitment(starts_at=5, ends_at=5),),
        (Commitment(starts_at=5, ends_at=9), Commitment(starts_at=8)),
        (Commitment(starts_at=5), Commitment(starts_at=9)),
        tuple(Commitment(starts_at=number, ends_at=number + 1) for number in range(10_001)),
    ],
)
def test_commitments_that_cannot_be_kept_are_refused(commitments: tuple[Commitment, ...]) -> None:
    """Before 1970, without a length, overlapping, after one without an end, or too many."""
    assert RefusalReason.INVALID_VALUE == a_desk().refuses(commands.PutCommitments(agent_id="a1", commitments=commitments))


# ---- work of their own ----


def test_external_work_takes_its_room_and_withdraws_what_no_longer_fits() -> None:
    """A chat of their own beside two that ring: the later one goes. It blocks the channel, and gives all back at its end."""
    desk = a_desk(None, an_agent("a1", channels="voice:1 chat:2"))
    _, second = chats(desk, "i1", "i2")
    started, withdrawn = desk.do(commands.StartExternalWork(agent_id="a1", work_id="own", channel="chat", reason="asks a colleague"))
    assert isinstance(started, events.ExternalWorkStarted)
    assert (30, [(second, WithdrawCause.NO_LONGER_FITS)]) == (started.capacity_cost, causes([withdrawn]))
    row = desk.state.agents["a1"]
    assert (60, 2, desk.now) == (row.used, row.held_by_channel["chat"], row.assigned_at)
    desk.now += 1_000
    desk.do(commands.EndExternalWork(agent_id="a1", work_id="own"))
    assert (30, 1, desk.now) == (row.used, row.held_by_channel["chat"], row.free_since)


def test_external_work_that_does_not_count_leaves_the_idle_clock_alone() -> None:
    """Neither its beginning nor its end."""
    desk = a_desk(None, A1)
    row = desk.state.agents["a1"]
    before = (row.assigned_at, row.free_since)
    desk.do(commands.StartExternalWork(agent_id="a1", work_id="own", channel="voice", is_assignment=False))
    desk.do(commands.EndExternalWork(agent_id="a1", work_id="own"))
    assert before == (row.assigned_at, row.free_since)


def test_a_fact_is_not_refused_for_want_of_room() -> None:
    """A second call on a telephone that the router thinks busy: it takes what is left, and exceeds only the count of the channel."""
    desk = a_desk(None, an_agent("a1", channels="voice:1 chat:1"))
    desk.enqueue(an_interaction("i1", channel="chat"))
    desk.take("i1")
    for work_id, cost in (("one", 70), ("two", 0)):
        (started,) = desk.do(commands.StartExternalWork(agent_id="a1", work_id=work_id, channel="voice"))
        assert isinstance(started, events.ExternalWorkStarted)
        assert cost == started.capacity_cost
    assert (100, 2) == (desk.state.agents["a1"].used, desk.state.agents["a1"].held_by_channel["voice"])
    assert RefusalReason.AGENT_HAS_WORK == desk.refuses(commands.PutAgents(agents=(an_agent("a1", channels="chat:1", capacity=99),)))


def test_external_work_is_named_once_ends_once_and_keeps_its_agent_and_channel() -> None:
    """Each misuse has its own refusal."""
    desk = a_desk(a_site(channels=[VOICE, CHAT]), A1)
    start = commands.StartExternalWork(agent_id="a1", work_id="own", channel="chat")
    assert RefusalReason.UNKNOWN_CHANNEL == desk.refuses(replace(start, channel="telex"))
    assert RefusalReason.INVALID_VALUE == desk.refuses(replace(start, work_id=""))
    desk.do(start)
    assert RefusalReason.DUPLICATE_EXTERNAL_WORK == desk.refuses(start)
    assert RefusalReason.UNKNOWN_EXTERNAL_WORK == desk.refuses(commands.EndExternalWork(agent_id="a1", work_id="other"))
    assert RefusalReason.AGENT_HAS_WORK == desk.refuses(commands.RemoveAgents(agent_ids=("a1",)))
    desk.do(commands.PutAgents(agents=(an_agent("a1", channels="voice:1"),)))
    assert RefusalReason.STILL_IN_USE == desk.refuses(commands.ApplySite(site=a_site(channels=[VOICE])))
    desk.do(commands.ApplySite(site=a_site(channels=[VOICE, CHAT], retention_ms=1)))
    desk.do(commands.EndExternalWork(agent_id="a1", work_id="own"))
    desk.do(commands.RemoveAgents(agent_ids=("a1",)))


# ---- not ready, released, wrapped up ----


def test_a_site_that_lists_reasons_takes_no_other() -> None:
    """Only of agents who are not ready: the router's own reasons and all other presences go through."""
    declared = (NotReadyReason(code="break", is_working_time=False), NotReadyReason(code="training", is_working_time=True))
    desk = a_desk(a_site(not_ready_reasons=declared))
    for reason in ("", "lunch"):
        command = commands.SetPresence(agent_id="a1", presence=Presence.NOT_READY, reason=reason)
        assert RefusalReason.UNKNOWN_PRESENCE_REASON == desk.refuses(command)
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.NOT_READY, reason="training"))
    desk.do(commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE, reason="home"))


@pytest.mark.parametrize("outcome", ReleaseOutcome)
def test_a_supervisor_takes_all_that_an_agent_holds(outcome: ReleaseOutcome) -> None:
    """What is in hand waits again with its age, apart from this agent for the cooldown, or ends; after-contact work can only end."""
    desk = a_desk(None, A1)
    for name in ("talk", "wrap"):
        desk.enqueue(an_interaction(name, channel="chat"))
        desk.take(name)
    desk.do(commands.EndHandling(interaction_id="wrap"))
    desk.now += 1_000
    happened = desk.do(commands.ReleaseHandling(agent_id="a1", outcome=outcome, reason="gone home"))
    ended = [(event.interaction_id, event.reason) for event in happened if isinstance(event, events.InteractionEnded)]
    if outcome is ReleaseOutcome.END:
        assert [("talk", "gone home"), ("wrap", "gone home")] == ended
    else:
        assert [("wrap", "gone home")] == ended
        row = desk.state.interactions["talk"]
        assert (InteractionPhase.WAITING, desk.now - 1_000, {"a1": desk.now + 10_000}) == (row.phase, row.enqueued_at, row.exclusions)
    assert ({}, 0) == (desk.state.agents["a1"].work, desk.state.agents["a1"].used)


def test_after_contact_work_is_released_only_to_its_end() -> None:
    """There is no customer who could wait again."""
    desk = a_desk_in(InteractionPhase.WRAP_UP)
    command = commands.ReleaseHandling(interaction_id="i1")
    assert RefusalReason.NOT_HANDLING == desk.refuses(command)
    (ended,) = desk.do(replace(command, outcome=ReleaseOutcome.END))
    assert isinstance(ended, events.InteractionEnded)
    assert "released" == ended.reason


def test_a_release_is_answered_with_its_subject_again() -> None:
    """The interaction it named, or the agent."""
    desk = a_desk_in(InteractionPhase.HANDLING)
    release = commands.ReleaseHandling(interaction_id="i1", request_id="r1")
    desk.do(release)
    assert [] == desk.do(release)
    desk.do(commands.ReleaseHandling(agent_id="a1", request_id="r2"))
    assert ("i1", "a1") == (desk.state.requests["r1"].subject, desk.state.requests["r2"].subject)


def test_in_a_conference_the_customer_goes_on_with_the_other_agent() -> None:
    """Whoever is relieved of it leaves without after-contact work."""
    desk = a_conference()
    desk.do(commands.ReleaseHandling(interaction_id="i1", outcome=ReleaseOutcome.END))
    assert (EndCause.TRANSFERRED, ["leg"]) == (desk.state.ended["i1"].cause, list(desk.state.interactions))


def test_a_release_names_an_interaction_or_an_agent() -> None:
    """Neither, or both, is refused."""
    desk = a_desk_in(InteractionPhase.HANDLING)
    for interaction_id, agent_id in (("", ""), ("i1", "a1")):
        command = commands.ReleaseHandling(interaction_id=interaction_id, agent_id=agent_id)
        assert RefusalReason.INVALID_VALUE == desk.refuses(command)


@pytest.mark.parametrize(
    ("own", "queue", "cap", "expected"), [(None, 10, None, 10), (45, 10, None, 45), (45, 10, 20, 20), (None, 30, 20, 20), (0, 30, None, 0)]
)
def test_wrap_up_is_bounded_by_the_agent_then_the_queue_and_never_beyond_the_cap(
    own: int | None, queue: int, cap: int | None, expected: int
) -> None:
    """An agent without after-contact work ends the interaction at once."""
    site = a_site(queues=[a_queue(wrap_up_limit_ms=queue * 1_000, wrap_up_cap_ms=None if cap is None else cap * 1_000)])
    desk = a_desk(site, an_agent(wrap_up_limit_ms=None if own is None else own * 1_000))
    desk.enqueue()
    desk.take()
    ended, *over = desk.do(commands.EndHandling(interaction_id="i1"))
    assert isinstance(ended, events.HandlingEnded)
    assert (desk.now + expected * 1_000, expected == 0) == (ended.wrap_up_until, bool(over))


@pytest.mark.parametrize(
    "site",
    [
        a_site(not_ready_reasons=(NotReadyReason(code="", is_working_time=False),)),
        a_site(not_ready_reasons=(NotReadyReason(code="x", is_working_time=False), NotReadyReason(code="x", is_working_time=True))),
        a_site(shift_rule=ShiftRule(tolerance_ms=-1)),
        a_site(shift_rule=ShiftRule(tolerance_ms=0, override_class_rank=-1)),
        a_site(queues=[a_queue(wrap_up_cap_ms=-1)]),
        a_site(queues=[a_queue(expected_handling_ms=-1)]),
        a_site(queues=[a_queue(assignment_limit=AssignmentLimit(count=0, window_ms=1))]),
        a_site(queues=[a_queue(assignment_limit=AssignmentLimit(count=1, window_ms=0))]),
    ],
)
def test_numbers_out_of_range_are_refused(site: Site) -> None:
    """Each by its name."""
    assert RefusalReason.INVALID_VALUE == Desk().refuses(commands.ApplySite(site=site))


def test_an_agents_wrap_up_has_bounds() -> None:
    """Not below nothing."""
    assert RefusalReason.INVALID_VALUE == a_desk().refuses(commands.PutAgents(agents=(an_agent(wrap_up_limit_ms=-1),)))
