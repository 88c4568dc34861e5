"""Work that could be interrupted and no longer can takes room for good: the next match has to know, and to ask somebody else at once."""

import pytest

from routing.core.commands import Command, EndHandling, StartConsult
from routing.model.site import Site
from tests.builders import VOICE, a_channel, a_policy, a_queue, a_site, an_agent, an_interaction
from tests.routing.policy.floor import Floor, a_floor

MAIL = a_channel("email", is_live=False, capacity_cost=30, agent_maximum=5, interruptible_by=("voice",))


def an_interrupting_site() -> Site:
    """Calls take a whole agent and interrupt emails; the agent whom a caller prefers is asked first."""
    return a_site(channels=(VOICE, MAIL), queues=[a_queue(wrap_up_limit_ms=60_000)], policy=a_policy(scorers="preferred_agent:1000"))


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
