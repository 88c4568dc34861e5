"""A call handed on; another with a consultation taken back, a conference that breaks, and a customer left to the second agent."""

from routing.core import commands
from routing.core.commands import NextLeg
from routing.model.agent import Presence
from routing.model.leg import Barred, LegAge
from routing.model.time import SECOND_MS
from tests.builders import a_queue, a_rule, a_site, an_agent, an_interaction
from tests.golden.scenes import Script

_AGENTS = (an_agent("ann", skills="sales:7"), an_agent("bob", skills="billing:5"), an_agent("cyd", skills="billing:3"))
_RULES = [a_rule("billing", queue="billing", when="type=billing", needs="billing>=1"), a_rule("any", queue="main", needs="sales>=1")]
_SITE = a_site(queues=[a_queue("main"), a_queue("billing", wrap_up_limit_ms=0)], rules=_RULES, transfer_age=LegAge(limit_ms=5 * SECOND_MS))
_BACK = NextLeg(id="back", type="sales", barred=Barred.EARLIER_AGENTS)
_BILLING = NextLeg(type="billing", attributes={"invoice": 17})

SCRIPT: Script = (
    (0, commands.ApplySite(site=_SITE)),
    (0, commands.PutAgents(agents=_AGENTS)),
    *((0, commands.SetPresence(agent_id=agent.id, presence=Presence.AVAILABLE)) for agent in _AGENTS),
    (1 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("first"))),
    (2 * SECOND_MS, commands.AcceptOffer(offer_id="offer-1")),
    (30 * SECOND_MS, commands.TransferInteraction(interaction_id="first", leg=_BILLING)),
    (31 * SECOND_MS, commands.AcceptOffer(offer_id="offer-2")),
    (60 * SECOND_MS, commands.EndHandling(interaction_id="auto-2")),
    (61 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("second", preferred="ann:90"))),
    (62 * SECOND_MS, commands.AcceptOffer(offer_id="offer-3")),
    (70 * SECOND_MS, commands.StartConsult(interaction_id="second", leg=_BILLING)),
    (71 * SECOND_MS, commands.CancelConsult(interaction_id="second")),
    (80 * SECOND_MS, commands.StartConsult(interaction_id="second", leg=NextLeg(id="advice", type="billing", age=LegAge(limit_ms=0)))),
    (82 * SECOND_MS, commands.AcceptOffer(offer_id="offer-5")),
    (83 * SECOND_MS, commands.StartConference(interaction_id="second")),
    (90 * SECOND_MS, commands.FailConnect(interaction_id="advice", reason="line dropped")),
    (92 * SECOND_MS, commands.AcceptOffer(offer_id="offer-6")),
    (95 * SECOND_MS, commands.CompleteConsult(interaction_id="second")),
    (
        96 * SECOND_MS,
        commands.TransferInteraction(interaction_id="advice", leg=_BACK),
    ),
    (99 * SECOND_MS, commands.AbandonInteraction(interaction_id="back")),
)
