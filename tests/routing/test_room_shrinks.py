"""Work that could be interrupted and no longer can takes room for good: the next match has to know, and to ask somebody else at once."""

from dataclasses import replace

import pytest

from routing.core.commands import ApplySite, Command, EndHandling, StartConsult
from routing.model.channel import Channel
from routing.model.site import Site
from routing.model.time import Duration
from tests.builders import VOICE, a_channel, a_policy, a_queue, a_site, an_agent, an_interaction
from tests.routing.policy.floor import Floor, a_floor

MAIL = a_channel("email", is_live=False, capacity_cost=30, agent_maximum=5, interruptible_by=("voice",))


MAIL_IN_PEACE = a_channel("email", is_live=False, capacity_cost=30, agent_maximum=5)


def an_interrupting_site(mail: Channel = MAIL, wrap_up_limit_ms: Duration = 60_000) -> Site:
    """Calls take a whole agent and interrupt emails; the agent whom a caller prefers is asked first."""
    queues = [a_queue(wrap_up_limit_ms=wrap_up_limit_ms)]
    return a_site(channels=(VOICE, mail), queues=queues, policy=a_policy(scorers="preferred_agent:1000"))


def a_mail_in_hand() -> Floor:
    """Agent a1 works on an email, and a match has seen it; a2 has nothing to do."""
    floor = a_floor(an_interrupting_site(), an_agent("a1", channels="voice:1 email:5"))
    floor.enqueue(an_interaction("mail", channel="email"))
    floor.accept("mail")
    floor.staff(an_agent("a2", channels="voice:1"))
    floor.enqueue(an_interaction("in vain", needs="french>=9"))
    return floor


@pytest.mark.parametrize("command", [EndHandling(interaction_id="mail"), StartConsult(interaction_id="mail")])
def test_a_call_is_offered_past_an_agent_whose_mail_yields_no_longer(command: Command) -> None:
    """The caller's own agent is in after-contact work, or asks a colleague; the other agent is offered the call in the same step."""
    floor = a_mail_in_hand()
    floor.do(command)
    floor.enqueue(an_interaction("call", preferred="a1:100"))
    assert floor.offered["call"] == ["a2"]


def test_a_call_interrupts_the_mail_of_its_own_agent() -> None:
    """As long as that may be interrupted."""
    floor = a_mail_in_hand()
    floor.enqueue(an_interaction("call", preferred="a1:100"))
    assert floor.offered["call"] == ["a1"]


def test_an_interruption_that_rings_when_a_site_without_any_comes_keeps_its_agent_to_itself() -> None:
    """The mails are over meanwhile, so that another would fit beside the call; still nothing else rings there until the call is settled."""
    floor = a_floor(an_interrupting_site(wrap_up_limit_ms=0), an_agent("a1", channels="voice:1 email:5", capacity=150))
    for mail in ("m1", "m2"):
        floor.enqueue(an_interaction(mail, channel="email"))
        floor.accept(mail)
    floor.staff(an_agent("a2", channels="voice:1 email:5"))
    floor.enqueue(an_interaction("call", preferred="a1:100"))
    assert floor.router.state.agents["a1"].interrupting is not None
    floor.end("m1")
    floor.end("m2")
    floor.do(ApplySite(site=an_interrupting_site(MAIL_IN_PEACE, wrap_up_limit_ms=0)))
    floor.enqueue(an_interaction("m3", channel="email", preferred="a1:100"))
    assert floor.offered == {"call": ["a1"], "m3": ["a2"]}


def test_room_is_kept_for_mail_that_was_set_aside_under_the_site_before() -> None:
    """Nothing may be interrupted any more. A note would fit beside the call, but the mail that waits for its room then would not."""
    note = a_channel("note", is_live=False, capacity_cost=20, agent_maximum=5)
    site = replace(an_interrupting_site(), channels={channel.id: channel for channel in (VOICE, MAIL, note)})
    floor = a_floor(site, an_agent("a1", channels="voice:1 email:5 note:5", capacity=125))
    floor.enqueue(an_interaction("mail", channel="email"))
    floor.accept("mail")
    floor.staff(an_agent("a2", channels="voice:1 note:1"))
    floor.enqueue(an_interaction("call", preferred="a1:100"))
    floor.accept("call")
    assert floor.router.state.agents["a1"].set_aside == {"mail": 30}
    floor.do(ApplySite(site=replace(site, channels={channel.id: channel for channel in (VOICE, MAIL_IN_PEACE, note)})))
    floor.enqueue(an_interaction("jot", channel="note", preferred="a1:100"))
    assert floor.offered["jot"] == ["a2"]
