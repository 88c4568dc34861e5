"""Commands that fit no state whatever: each must be refused."""

from routing.core import commands
from routing.core.commands import Command
from routing.model.agent import Presence
from routing.model.callback import CallbackOutcome
from tests.builders import a_policy, a_rule, a_site, an_agent, an_interaction, an_urgency

NONSENSE: tuple[Command, ...] = (
    commands.EnqueueInteraction(interaction=an_interaction(channel="telex")),
    commands.EnqueueInteraction(interaction=an_interaction("auto-1")),
    commands.EnqueueInteraction(interaction=an_interaction(agent_id="nobody")),
    commands.EnqueueInteraction(interaction=an_interaction(customer_id="")),
    commands.EnqueueInteraction(interaction=an_interaction(stay_limit_ms=0)),
    commands.UpdateInteraction(interaction_id="nothing", overwrite=True),
    commands.EnqueueInteraction(interaction=an_interaction(points=1_000_001)),
    commands.EnqueueInteraction(interaction=an_interaction(needs="sales>=5|7")),
    commands.AbandonInteraction(interaction_id="nothing"),
    commands.CancelInteraction(interaction_id="", reason=""),
    commands.AcceptOffer(offer_id="offer-0"),
    commands.DeclineOffer(offer_id="offer-100000"),
    commands.ExtendOffer(offer_id=""),
    commands.WithdrawOffer(offer_id="nothing", reason=""),
    commands.FailConnect(interaction_id="nothing", reason=""),
    commands.HoldHandling(interaction_id="nothing"),
    commands.ResumeHandling(interaction_id="nothing"),
    commands.EndHandling(interaction_id="nothing"),
    commands.EndWrapUp(interaction_id="nothing"),
    commands.TransferInteraction(interaction_id="nothing"),
    commands.StartConsult(interaction_id="nothing"),
    commands.CompleteConsult(interaction_id="nothing"),
    commands.CancelConsult(interaction_id="nothing"),
    commands.StartConference(interaction_id="nothing"),
    commands.RequestCallback(interaction_id="nothing"),
    commands.ScheduleCallback(interaction=an_interaction(channel="telex")),
    commands.CancelCallback(interaction_id="nothing", reason=""),
    commands.ReportCallbackAttempt(interaction_id="nothing", outcome=CallbackOutcome.BUSY),
    commands.ApplySite(site=a_site(running_callbacks_max=-1)),
    commands.SetPresence(agent_id="nobody", presence=Presence.AVAILABLE),
    commands.OpenSession(agent_id="nobody", session_id="s1"),
    commands.LoseSession(agent_id="nobody", session_id="s1"),
    commands.PutAgents(agents=(an_agent(capacity=0),)),
    commands.RemoveAgents(agent_ids=("nobody",)),
    commands.ApplySite(site=a_site(rules=[a_rule(queue="nowhere")])),
    commands.ApplySite(site=a_site(rules=[a_rule(urgency=an_urgency(slope_per_mille=-1))], policy=a_policy(is_work_conserving=False))),
    commands.SetPresence(agent_id="a1", presence=Presence.AVAILABLE, request_id=""),
)
