"""A caller in two queues: each ladder relaxes its own, an expert takes the call through the second, and it comes back to both."""

from routing.core import commands
from routing.model.agent import Presence
from routing.model.time import SECOND_MS
from tests.builders import a_further_queue, a_queue, a_rule, a_site, a_step, an_agent, an_interaction
from tests.golden.scenes import Script

_RULE = a_rule(
    queue="basic",
    needs="support>=9:expiring",
    steps=[a_step(30 * SECOND_MS, lower="support:5"), a_step(90 * SECOND_MS, drop="support", class_rank=2)],
    also=[a_further_queue("expert", needs="expert>=8:expiring", steps=[a_step(60 * SECOND_MS, lower="expert:4")])],
)
_AGENTS = (an_agent("ann", skills="support:5"), an_agent("bob", skills="expert:9"))

SCRIPT: Script = (
    (0, commands.ApplySite(site=a_site(queues=[a_queue("basic"), a_queue("expert", offer_timeout_ms=20_000)], rules=[_RULE]))),
    (0, commands.PutAgents(agents=_AGENTS)),
    (1 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("call"))),
    (5 * SECOND_MS, commands.SetPresence(agent_id="bob", presence=Presence.AVAILABLE)),
    (8 * SECOND_MS, commands.AcceptOffer(offer_id="offer-1")),
    (9 * SECOND_MS, commands.FailConnect(interaction_id="call", reason="no answer")),
    (10 * SECOND_MS, commands.SetPresence(agent_id="bob", presence=Presence.OFFLINE)),
    (40 * SECOND_MS, commands.SetPresence(agent_id="ann", presence=Presence.AVAILABLE)),
    (42 * SECOND_MS, commands.AcceptOffer(offer_id="offer-2")),
    (50 * SECOND_MS, commands.EndHandling(interaction_id="call")),
    (55 * SECOND_MS, commands.EndWrapUp(interaction_id="call")),
)
