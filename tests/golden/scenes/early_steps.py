"""Teams that widen: an empty team is not waited for, another is given up when its last agent goes; a priority moves an interaction."""

from dataclasses import replace

from routing.core import commands
from routing.model.agent import Presence
from routing.model.time import SECOND_MS
from tests.builders import a_rule, a_site, a_step, an_agent, an_interaction, an_urgency
from tests.golden.scenes import Script

_LADDER = [
    a_step(20 * SECOND_MS, early="registered", widen="team:b"),
    a_step(40 * SECOND_MS, early="available:watched", widen="team:c|d"),
    a_step(90 * SECOND_MS, early="present", drop="team", class_rank=2),
]
_RULE = a_rule(needs="team==a:expiring", steps=_LADDER, urgency=an_urgency(ms_per_point=60_000, class_per_point=1))
_SITE = a_site(rules=[_RULE])
_AGENTS = tuple(an_agent(name, skills=f"team:{team}") for name, team in (("bob", "b"), ("cyd", "c")))

SCRIPT: Script = (
    (0, commands.ApplySite(site=_SITE)),
    (0, commands.PutAgents(agents=_AGENTS)),
    (0, commands.SetPresence(agent_id="bob", presence=Presence.AVAILABLE)),
    (1 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("first"))),
    (2 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("second"))),
    (3 * SECOND_MS, commands.UpdateInteraction(interaction_id="second", priority=2, overwrite=True)),
    (4 * SECOND_MS, commands.SetPresence(agent_id="bob", presence=Presence.NOT_READY, reason="lunch")),
    (5 * SECOND_MS, commands.SetPresence(agent_id="cyd", presence=Presence.AVAILABLE)),
    (6 * SECOND_MS, commands.ApplySite(site=replace(_SITE, rules=(a_rule(),), keeps_waiting_routes=True))),
    (80 * SECOND_MS, commands.AbandonInteraction(interaction_id="first")),
    (81 * SECOND_MS, commands.CancelInteraction(interaction_id="second", reason="duplicate")),
)
