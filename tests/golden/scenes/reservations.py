"""A customer is kept for the agent who served them last, comes back after giving up, and runs into every end of a reservation."""

from routing.core import commands
from routing.core.commands import DeclineReason
from routing.model.agent import Presence
from routing.model.memory import MemoryRule
from routing.model.queue import EveryoneDeclined, ExclusionScope
from routing.model.reservation import StickyRule
from routing.model.stay import AfterStay, StayRule
from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.builders import a_queue, a_rule, a_site, a_step, an_agent, an_interaction
from tests.golden.scenes import Script

_QUEUES = (
    a_queue("main", wrap_up_limit_ms=0, scope=ExclusionScope.PRESENCE, withdrawn_ms=5_000, missed_threshold=0, declined_ms=2_000),
    a_queue("chat", everyone_declined=EveryoneDeclined.END, wrap_up_limit_ms=0, refills_offers=False, max_live_offers=2),
    a_queue("late", everyone_declined=EveryoneDeclined.CLEAR, stay=StayRule(limit_ms=MINUTE_MS, then=AfterStay.OVERFLOW)),
)
_STICKY = StickyRule(hold_ms=30_000, minimum_score=50, away_grace_ms=4_000, expedite_ms=HOUR_MS)
_RULES = (
    a_rule("chat", when="channel=chat", queue="chat"),
    a_rule("late", when="type=late", queue="late", steps=[a_step(10 * MINUTE_MS, overflow_to="main")]),
    a_rule("any", queue="main", sticky=_STICKY, steps=[a_step(45_000, release=True)]),
)
_MEMORY = MemoryRule(last_agent_ms=HOUR_MS, last_agent_score=80, return_within_ms=MINUTE_MS, customers_max=2)
_AGENTS = (an_agent("ann"), an_agent("bob"))


def _available(at: int, agent_id: str) -> tuple[int, commands.SetPresence]:
    return at, commands.SetPresence(agent_id=agent_id, presence=Presence.AVAILABLE)


def _call(name: str, **more: object) -> commands.EnqueueInteraction:
    return commands.EnqueueInteraction(interaction=an_interaction(name, **more))  # type: ignore[arg-type]  # passed on as they are


SCRIPT: Script = (
    (0, commands.ApplySite(site=a_site(queues=_QUEUES, rules=_RULES, memory=_MEMORY))),
    (0, commands.PutAgents(agents=_AGENTS)),
    _available(0, "ann"),
    (1 * SECOND_MS, _call("first", customer_id="kim")),
    (2 * SECOND_MS, commands.AcceptOffer(offer_id="offer-1")),
    (9 * SECOND_MS, commands.EndHandling(interaction_id="first")),
    # Kept for ann, who takes a short break and comes back; then she declines, and nobody is left to keep it for.
    (10 * SECOND_MS, commands.SetPresence(agent_id="ann", presence=Presence.NOT_READY, reason="break")),
    (11 * SECOND_MS, _call("again", customer_id="kim")),
    _available(13 * SECOND_MS, "ann"),
    (14 * SECOND_MS, commands.DeclineOffer(offer_id="offer-2")),
    (15 * SECOND_MS, commands.SetPresence(agent_id="ann", presence=Presence.NOT_READY, reason="break")),
    _available(16 * SECOND_MS, "ann"),
    (17 * SECOND_MS, commands.WithdrawOffer(offer_id="offer-3", reason="wrong")),
    (18 * SECOND_MS, commands.AbandonInteraction(interaction_id="again")),
    (20 * SECOND_MS, _call("resumed", customer_id="kim")),
    (21 * SECOND_MS, commands.SetPresence(agent_id="ann", presence=Presence.OFFLINE)),
    (22 * SECOND_MS, _call("own", agent_id="bob", stay_limit_ms=MINUTE_MS)),
    _available(23 * SECOND_MS, "bob"),
    (24 * SECOND_MS, commands.DeclineOffer(offer_id="offer-5", reason=DeclineReason.UNREACHABLE)),
    (30 * SECOND_MS, _call("hello", channel="chat")),
    _available(31 * SECOND_MS, "ann"),
    (33 * SECOND_MS, _call("late", type="late")),
    (3 * MINUTE_MS, commands.Tick()),
)
