"""Two callers hang up for a call-back: one is reached at the second attempt, one too late for her promise and never; one is scheduled."""

from routing.core import commands
from routing.model.agent import Presence
from routing.model.callback import CallbackKind, CallbackOutcome, CallbackRule
from routing.model.time import MINUTE_MS, SECOND_MS
from tests.builders import EMAIL, VOICE, a_channel, a_queue, a_site, an_agent, an_interaction
from tests.golden.scenes import Script

_RULE = CallbackRule(attempts_max=2, spacing_ms=5 * MINUTE_MS, promise_lead_ms=2 * MINUTE_MS, promise_class_rank=3)
_SITE = a_site(
    channels=[VOICE, EMAIL, a_channel("call-back")], queues=[a_queue("main", callback=_RULE, wrap_up_limit_ms=0)], running_callbacks_max=1
)

SCRIPT: Script = (
    (0, commands.ApplySite(site=_SITE)),
    (0, commands.PutAgents(agents=(an_agent("ann", channels="voice:1 call-back:1"),))),
    (1 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("eve"))),
    (2 * SECOND_MS, commands.EnqueueInteraction(interaction=an_interaction("fay"))),
    (1 * MINUTE_MS, commands.RequestCallback(interaction_id="eve", channel="call-back", promised_at=30 * MINUTE_MS)),
    (
        2 * MINUTE_MS,
        commands.RequestCallback(
            interaction_id="fay", kind=CallbackKind.CUSTOMER_FIRST, not_before=5 * MINUTE_MS, promised_at=8 * MINUTE_MS
        ),
    ),
    (9 * MINUTE_MS, commands.SetPresence(agent_id="ann", presence=Presence.AVAILABLE)),
    (10 * MINUTE_MS + 10 * SECOND_MS, commands.AcceptOffer(offer_id="offer-2")),
    (11 * MINUTE_MS, commands.ReportCallbackAttempt(interaction_id="eve", outcome=CallbackOutcome.NO_ANSWER)),
    (14 * MINUTE_MS, commands.ScheduleCallback(interaction=an_interaction("gil"), kind=CallbackKind.CUSTOMER_FIRST)),
    (14 * MINUTE_MS + SECOND_MS, commands.ReportCallbackAttempt(interaction_id="gil", outcome=CallbackOutcome.ANSWERED)),
    (20 * MINUTE_MS, commands.EndHandling(interaction_id="gil")),
    (30 * MINUTE_MS, commands.CancelCallback(interaction_id="eve", reason="rang again")),
)
