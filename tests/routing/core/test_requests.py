"""Requests with an id are answered once."""

import pytest

from routing.core import commands, events
from routing.core.commands import Mutation
from routing.core.decide import recall
from routing.core.errors import RefusalReason
from routing.core.lifecycle import InteractionPhase
from routing.model.agent import Presence
from tests.builders import a_queue, a_rule, a_site, an_agent, an_interaction
from tests.routing.core.desk import START, Desk, a_desk, a_desk_in


def enqueue(request_id: str | None, interaction_id: str = "i1") -> commands.EnqueueInteraction:
    """An arrival with a request id."""
    return commands.EnqueueInteraction(interaction=an_interaction(interaction_id), request_id=request_id)


def test_the_same_request_is_answered_from_memory() -> None:
    """No second interaction, and the answer names the first."""
    desk = a_desk()
    recorded, queued = desk.do(enqueue("r1", ""))
    assert isinstance(recorded, events.RequestRecorded)
    assert isinstance(queued, events.InteractionQueued)
    assert [] == desk.do(enqueue("r1", ""))
    remembered = recall(desk.state, "r1")
    assert remembered is not None
    assert ("auto-1", START, desk.log[-2].seq) == (remembered.subject, remembered.at, remembered.seq)


def test_a_request_id_with_another_content_is_refused() -> None:
    """Whether the values differ or the command."""
    desk = a_desk()
    desk.do(enqueue("r1"))
    assert RefusalReason.REQUEST_ID_REUSED == desk.refuses(enqueue("r1", "i2"))
    assert RefusalReason.REQUEST_ID_REUSED == desk.refuses(commands.AbandonInteraction(interaction_id="i1", request_id="r1"))


def test_a_refused_request_is_not_remembered() -> None:
    """It may be tried again with the same id."""
    desk = a_desk()
    ending = commands.AbandonInteraction(interaction_id="i1", request_id="r1")
    assert RefusalReason.UNKNOWN_INTERACTION == desk.refuses(ending)
    desk.do(enqueue(None))
    assert events.InteractionEnded in [type(event) for event in desk.do(ending)]


def test_a_request_that_changes_nothing_is_remembered_all_the_same() -> None:
    """Its repetition is the same request."""
    desk = a_desk()
    same = commands.SetPresence(agent_id="a1", presence=Presence.AVAILABLE, request_id="r1")
    assert [events.RequestRecorded] == [type(event) for event in desk.do(same)]
    assert [] == desk.do(same)


def test_requests_are_forgotten_after_the_retention() -> None:
    """Oldest first; the id is then a new one."""
    desk = a_desk(a_site(retention_ms=1_000))
    for number in range(3):
        desk.do(enqueue(f"r{number}", f"i{number}"))
        desk.wait(600)
    assert ["r1", "r2"] == list(desk.state.requests)
    assert RefusalReason.DUPLICATE_INTERACTION == desk.refuses(enqueue("r0", "i0"))


@pytest.mark.parametrize("request_id", ["", "r" * 129])
def test_a_request_id_has_a_length(request_id: str) -> None:
    """An empty id would make strangers' requests one."""
    assert RefusalReason.INVALID_VALUE == a_desk().refuses(enqueue(request_id))


@pytest.mark.parametrize(
    ("command", "phase", "subject"),
    [
        (commands.AcceptOffer(offer_id="offer-2", request_id="r"), InteractionPhase.NEW, "i2"),
        (commands.DeclineOffer(offer_id="offer-2", request_id="r"), InteractionPhase.NEW, "i2"),
        (commands.ExtendOffer(offer_id="offer-2", request_id="r"), InteractionPhase.NEW, "i2"),
        (commands.WithdrawOffer(offer_id="offer-2", reason="", request_id="r"), InteractionPhase.NEW, "i2"),
        (commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE, request_id="r"), InteractionPhase.NEW, "a1"),
        (commands.OpenSession(agent_id="a1", session_id="s", request_id="r"), InteractionPhase.NEW, "a1"),
        (commands.LoseSession(agent_id="a1", session_id="s", request_id="r"), InteractionPhase.NEW, "a1"),
        (commands.PutAgents(agents=(an_agent("a9"),), request_id="r"), InteractionPhase.NEW, ""),
        (commands.RemoveAgents(agent_ids=("a3",), request_id="r"), InteractionPhase.NEW, ""),
        (commands.ApplySite(site=a_site(rules=[a_rule("other")]), request_id="r"), InteractionPhase.NEW, ""),
        (commands.HoldHandling(interaction_id="i1", request_id="r"), InteractionPhase.HANDLING, "i1"),
        (commands.EndHandling(interaction_id="i1", request_id="r"), InteractionPhase.HANDLING, "i1"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, commands.Request) else None,
)
def test_an_answer_names_its_subject(command: Mutation, phase: InteractionPhase, subject: str) -> None:
    """The interaction where there is one, else the agent, else nothing."""
    desk = a_desk_in(phase, a_site(queues=[a_queue(missed_threshold=0)]))
    desk.agents_available(an_agent("a2"), an_agent("a3"))
    if phase is InteractionPhase.NEW:
        desk.enqueue()
        desk.offer("i1", "a1")
        desk.enqueue(an_interaction("i2"))
        desk.offer("i2", "a2")
    desk.do(command)
    remembered = recall(desk.state, "r")
    assert remembered is not None
    assert subject == remembered.subject


def test_even_the_first_site_can_be_a_request() -> None:
    """There is no retention yet; nothing is forgotten that should not be."""
    desk = Desk()
    first = commands.ApplySite(site=a_site(), request_id="r1")
    assert [events.RequestRecorded, events.SiteApplied] == [type(event) for event in desk.do(first)]
    assert [] == desk.do(first)
