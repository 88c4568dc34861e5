"""A queue opens, tells waits, turns callers away by its length, loses its only agent, and closes; a step of a route leads to voicemail."""

from routing.core import commands
from routing.model.agent import Presence
from routing.model.estimate import EstimateMethod
from routing.model.time import SECOND_MS
from tests.builders import a_calendar, a_queue, a_rule, a_site, a_step, an_admission, an_agent, an_empty_rule, an_interaction, some_hours
from tests.golden.scenes import Script

_OPEN = a_calendar((10 * SECOND_MS, 100 * SECOND_MS))
_FRONT = a_queue(
    "front",
    estimate=EstimateMethod.PLACE_PACE,
    hours=some_hours(at_close="voicemail:night"),
    admission=an_admission(waiting_max=2, otherwise="queue:back"),
)
_BACK = a_queue("back", empty=an_empty_rule(join="offline", leave="offline", grace_ms=5 * SECOND_MS, otherwise="self_service:menu"))
_RULES = [
    a_rule("front", queue="front", when="type=sales"),
    a_rule("brief", queue="back", steps=[a_step(20 * SECOND_MS, divert_to="refuse")]),
]


def _calls(at: int, name: str, kind: str = "sales") -> tuple[int, commands.EnqueueInteraction]:
    return at * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction(name, type=kind), request_id=f"request-{name}")


SCRIPT: Script = (
    (0, commands.ApplySite(site=a_site(queues=[_FRONT, _BACK], rules=_RULES, calendars={"office": _OPEN}))),
    (0, commands.PutAgents(agents=(an_agent("ann"),))),
    _calls(1, "early"),
    (2 * SECOND_MS, commands.SetPresence(agent_id="ann", presence=Presence.AVAILABLE)),
    (12 * SECOND_MS, commands.AcceptOffer(offer_id="offer-1")),
    _calls(15, "next"),
    _calls(16, "after"),
    _calls(17, "overflows"),
    _calls(18, "brief", "billing"),
    (40 * SECOND_MS, commands.EndHandling(interaction_id="early")),
    (60 * SECOND_MS, commands.SetPresence(agent_id="ann", presence=Presence.OFFLINE)),
    _calls(61, "nobody", "billing"),
    (101 * SECOND_MS, commands.PutAgents(agents=())),
)
