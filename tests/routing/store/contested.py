"""The contested decisions that the how-to explains: a call that two agents could take, and a call that another goes before."""

from contextlib import closing
from pathlib import Path

from routing.core import commands
from routing.core.commands import Command
from routing.engine import Router
from routing.model.agent import Presence
from routing.policy.presets.builtin import BALANCED
from routing.policy.registry import default_registry
from routing.store.codec import encode_row
from routing.store.sqlite import open_journal
from tests.builders import a_channel, a_queue, a_rule, a_site, a_step, an_agent, an_interaction
from tests.routing.store.rows_to_write import MORNING

SITE = a_site(
    channels=[a_channel("voice", capacity_cost=60), a_channel("chat", capacity_cost=20, agent_maximum=2)],
    queues=[a_queue("helpdesk", wrap_up_limit_ms=30_000)],
    rules=[
        a_rule("chats", when="channel=chat", queue="helpdesk"),
        a_rule(
            "billing",
            queue="helpdesk",
            needs="language==en billing>=5:expiring",
            steps=[a_step(45_000, lower="billing:3"), a_step(120_000, drop="billing")],
        ),
    ],
    policy=BALANCED,
    skills="billing",
)
AGENTS = (
    an_agent("ann", skills="billing:7 language:en", channels="voice:1 chat:2"),
    an_agent("bob", skills="billing:9 language:en", channels="voice:1 chat:2"),
    an_agent("carl", skills="billing:4 language:en", channels="voice:1"),
    an_agent("dora", skills="billing:8 language:en", channels="voice:1"),
    an_agent("emil", skills="billing:8 language:es", channels="voice:1"),
)


def write(folder: Path) -> None:
    """The journal of a minute: bob chats, dora is at lunch, a call comes in that ann gets, and two more wait until she is free again."""
    router = Router(default_registry())
    script: tuple[tuple[int, Command], ...] = (
        (0, commands.ApplySite(site=SITE)),
        (0, commands.PutAgents(agents=AGENTS)),
        (1_000, commands.SetPresence(agent_id="bob", presence=Presence.AVAILABLE)),
        (2_000, commands.EnqueueInteraction(interaction=an_interaction("chat-1", channel="chat"))),
        (3_000, commands.AcceptOffer(offer_id="offer-1")),
        (4_000, commands.SetPresence(agent_id="ann", presence=Presence.AVAILABLE)),
        (5_000, commands.SetPresence(agent_id="carl", presence=Presence.AVAILABLE)),
        (6_000, commands.SetPresence(agent_id="emil", presence=Presence.AVAILABLE)),
        (7_000, commands.SetPresence(agent_id="dora", presence=Presence.NOT_READY, reason="lunch")),
        (10_000, commands.EnqueueInteraction(interaction=an_interaction("call-1"), request_id="pbx-17")),
        (12_000, commands.AcceptOffer(offer_id="offer-2")),
        (20_000, commands.EnqueueInteraction(interaction=an_interaction("call-2"))),
        (22_000, commands.AcceptOffer(offer_id="offer-3")),
        (30_000, commands.EnqueueInteraction(interaction=an_interaction("call-3"))),
        (35_000, commands.EnqueueInteraction(interaction=an_interaction("call-4"))),
        (50_000, commands.EndHandling(interaction_id="call-1")),
        (60_000, commands.EndWrapUp(interaction_id="call-1")),
    )
    with closing(open_journal(folder)) as journal:
        for after_ms, command in script:
            journal.append([encode_row(router.handle(command, MORNING + after_ms))])
