"""Three agents ring at once; one extends and takes the call, the next caller rings out and gives up."""

from routing.core import commands
from routing.model.agent import Presence
from routing.model.time import SECOND_MS
from tests.builders import a_queue, a_site, an_agent, an_interaction
from tests.golden.scenes import Script

_AGENTS = tuple(an_agent(name) for name in ("ann", "bob", "cyd"))

SCRIPT: Script = (
    (0, commands.ApplySite(site=a_site(queues=[a_queue("main", max_live_offers=3, offer_extension_ms=5_000)]))),
    (0, commands.PutAgents(agents=_AGENTS)),
    *((0, commands.SetPresence(agent_id=agent.id, presence=Presence.AVAILABLE)) for agent in _AGENTS),
    (1 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("first"))),
    (3 * SECOND_MS, commands.ExtendOffer(offer_id="offer-2")),
    (4 * SECOND_MS, commands.AcceptOffer(offer_id="offer-2")),
    (9 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("second"))),
    (60 * SECOND_MS, commands.AbandonInteraction(interaction_id="second")),
    (61 * SECOND_MS, commands.EndHandling(interaction_id="first")),
    (65 * SECOND_MS, commands.EndWrapUp(interaction_id="first")),
)
