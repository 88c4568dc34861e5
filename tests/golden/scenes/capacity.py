"""A call sets emails aside; an agent is paused, limited, committed, busy on their own, and finally relieved of their work."""

from dataclasses import replace

from routing.core import commands
from routing.model.agent import Commitment, Presence
from routing.model.queue import AssignmentLimit, MissedOfferScope
from routing.model.site import NotReadyReason, ShiftRule
from routing.model.time import SECOND_MS
from tests.builders import CHAT, EMAIL, VOICE, a_queue, a_site, an_agent, an_interaction
from tests.golden.scenes import Script

_SITE = a_site(
    channels=[VOICE, CHAT, replace(EMAIL, capacity_cost=60, interruptible_by=("voice",))],
    queues=[
        a_queue(
            "main",
            missed_scope=MissedOfferScope.QUEUE,
            wrap_up_cap_ms=5 * SECOND_MS,
            assignment_limit=AssignmentLimit(count=3, window_ms=60 * SECOND_MS),
            expected_handling_ms=30 * SECOND_MS,
        )
    ],
    not_ready_reasons=(NotReadyReason(code="training", is_working_time=True),),
    shift_rule=ShiftRule(tolerance_ms=10 * SECOND_MS),
)

SCRIPT: Script = (
    (0, commands.ApplySite(site=_SITE)),
    (0, commands.PutAgents(agents=(an_agent("ann", channels="voice:1 chat:2 email:2", wrap_up_limit_ms=20 * SECOND_MS),))),
    (0, commands.PutCommitments(agent_id="ann", commitments=(Commitment(starts_at=90 * SECOND_MS, ends_at=95 * SECOND_MS),))),
    (0, commands.SetPresence(agent_id="ann", presence=Presence.AVAILABLE)),
    (1 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("mail", channel="email"))),
    (2 * SECOND_MS, commands.AcceptOffer(offer_id="offer-1")),
    (3 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("call"))),
    (4 * SECOND_MS, commands.AcceptOffer(offer_id="offer-2")),
    (20 * SECOND_MS, commands.EndHandling(interaction_id="call")),
    (26 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("missed"))),
    (45 * SECOND_MS, commands.UnpauseAgent(agent_id="ann", queue_id="main")),
    (55 * SECOND_MS, commands.AcceptOffer(offer_id="offer-4")),
    (56 * SECOND_MS, commands.ReleaseHandling(interaction_id="missed", reason="wrong agent")),
    (70 * SECOND_MS, commands.StartExternalWork(agent_id="ann", work_id="own-1", channel="chat", is_assignment=False, reason="asks")),
    (80 * SECOND_MS, commands.EndExternalWork(agent_id="ann", work_id="own-1")),
    (100 * SECOND_MS, commands.PauseAgent(agent_id="ann", queue_id="main", reason="training")),
    (101 * SECOND_MS, commands.ReleaseHandling(agent_id="ann", outcome=commands.ReleaseOutcome.END, reason="end of the day")),
    (102 * SECOND_MS, commands.SetPresence(agent_id="ann", presence=Presence.NOT_READY, reason="training")),
    (103 * SECOND_MS, commands.CancelInteraction(interaction_id="missed", reason="end of the day")),
)
