"""Conversations carried several steps in one rule, so that rare states are reached often, and what may happen to them there."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from routing.core import commands
from routing.core.commands import NextLeg, ReleaseOutcome
from routing.core.state import InteractionRow
from routing.model.agent import Commitment, Presence
from routing.model.callback import CallbackKind, CallbackOutcome
from routing.model.ids import InteractionId
from tests.builders import an_agent, an_interaction
from tests.routing.machine.door import Door
from tests.routing.machine.draws import HANDLING, HELD, INTERRUPTED, WRAP_UP, numbers
from tests.routing.machine.sites import AGENT_IDS, CHANNELS, SITES

BLOWS: Final[dict[str, Callable[["JourneyRules", InteractionRow, int], object]]] = {
    "ends": lambda self, row, _: self.send(commands.EndHandling(interaction_id=row.interaction.id)),
    "fails": lambda self, row, _: self.send(commands.FailConnect(interaction_id=row.interaction.id, reason="")),
    "held": lambda self, row, _: self.send(commands.HoldHandling(interaction_id=row.interaction.id)),
    "resumed": lambda self, row, _: self.send(commands.ResumeHandling(interaction_id=row.interaction.id)),
    "released": lambda self, row, _: self.send(commands.ReleaseHandling(interaction_id=row.interaction.id)),
    "taken away": lambda self, row, _: self.send(commands.ReleaseHandling(agent_id=row.agent_id or "", outcome=ReleaseOutcome.END)),
    "left": lambda self, row, _: self.send(commands.AbandonInteraction(interaction_id=row.interaction.id)),
    "cancelled": lambda self, row, _: self.send(commands.CancelInteraction(interaction_id=row.interaction.id, reason="")),
    "asked": lambda self, row, number: self.ask_another(row.interaction.id, CHANNELS[number % 3]),
    "joined": lambda self, row, _: self.send(commands.StartConference(interaction_id=row.interaction.id)),
    "completed": lambda self, row, _: self.send(commands.CompleteConsult(interaction_id=row.interaction.id)),
    "called off": lambda self, row, _: self.send(commands.CancelConsult(interaction_id=row.interaction.id)),
    "handed on": lambda self, row, number: self.send(
        commands.TransferInteraction(
            interaction_id=row.interaction.id, leg=NextLeg(agent_id=(None, *AGENT_IDS)[number % 5], keeps_preferred=True)
        )
    ),
    "hung up for a call": lambda self, row, _: self.send(commands.RequestCallback(interaction_id=row.interaction.id)),
    "called": lambda self, row, _: self.send(
        commands.ReportCallbackAttempt(interaction_id=row.interaction.id, outcome=CallbackOutcome.ANSWERED)
    ),
    "wrapped up": lambda self, row, _: self.send(commands.EndWrapUp(interaction_id=row.interaction.id)),
    "its agent is lost": lambda self, row, number: self.lose(row.agent_id, number),
    "its agent goes": lambda self, row, _: self.send(commands.SetPresence(agent_id=row.agent_id or "", presence=Presence.OFFLINE)),
    "its agent is paused": lambda self, row, _: self.send(commands.PauseAgent(agent_id=row.agent_id or "", queue_id=row.route.queue_id)),
    "its agent has a call": lambda self, row, _: self.send(
        commands.StartExternalWork(agent_id=row.agent_id or "", work_id="x3", channel="voice")
    ),
    "its agent is expected": lambda self, row, _: self.send(
        commands.PutCommitments(agent_id=row.agent_id or "", commitments=(Commitment(starts_at=self.now, ends_at=self.now + 4_000),))
    ),
    "its agent is another": lambda self, row, number: self.send(
        commands.PutAgents(agents=(an_agent(row.agent_id or "a1", channels="voice:2 chat:3 email:4", capacity=100 + number),))
    ),
    "a call comes": lambda self, _, number: self.one_comes("voice", is_taken=number % 3 > 0),
    "a chat comes": lambda self, _, number: self.one_comes("chat", is_taken=number % 3 > 0),
    "the site changes": lambda self, _, number: self.send(commands.ApplySite(site=SITES[number % len(SITES)])),
    "the process crashes": lambda self, _, number: self.crash(),
    "its agent's other work ends": lambda self, row, _: self.end_beside(row),
    "time passes": lambda self, _, number: self.wait((0, 1_000, 2_000, 4_000)[number % 4]),
    "the next deadline comes": lambda self, *_: self.wait_until(self.router.next_deadline()),
}
"""What may happen to a conversation, whether it fits or not."""

OFTEN = (*(("a call comes", "its agent is lost", "its agent's other work ends", "asked") * 2), "fails", "released", "called off")
blows = st.lists(st.tuples(st.sampled_from((*BLOWS, *OFTEN)), numbers, st.booleans()), min_size=1, max_size=4)


class JourneyRules(Door):
    """Rules that begin where others rarely come."""

    @rule(is_taken=st.booleans(), skills=st.sampled_from(("sales:9 english:9 region:west", "sales:5", "")))
    def everybody_comes_to_work(self, is_taken: bool, skills: str) -> None:
        """And does what waits, perhaps."""
        for agent_id in AGENT_IDS:
            if agent_id not in self.router.state.agents:
                self.send(commands.PutAgents(agents=(an_agent(agent_id, skills=skills, channels="voice:1 chat:2 email:4"),)))
        self.everybody_is_there()
        if is_taken:
            self.everybody_accepts()

    @precondition(lambda self: self.has(HANDLING, HELD))
    @rule(number=numbers, channel=st.sampled_from(CHANNELS), is_together=st.booleans(), follows=blows)
    def two_agents_come_together(self, number: int, channel: str, is_together: bool, follows: list[tuple[str, int, bool]]) -> None:
        """One asks another, both talk with the customer, and then something happens to either side."""
        interaction_id = self.in_phase(number, HANDLING, HELD)
        self.everybody_is_there()
        self.ask_another(interaction_id, channel)
        if is_together:
            self.send(commands.StartConference(interaction_id=interaction_id))
        self.strike(interaction_id, follows)

    @precondition(lambda self: self.has(HANDLING, HELD, INTERRUPTED, WRAP_UP))
    @rule(number=numbers, follows=blows)
    def a_conversation_goes_on(self, number: int, follows: list[tuple[str, int, bool]]) -> None:
        """Whatever may happen to it, happens; preferably to what is set aside or tied."""
        rows = self.router.state.interactions
        rare = [key for key, row in rows.items() if row.phase is INTERRUPTED or row.tie is not None]
        self.strike(rare[number % len(rare)] if rare else self.in_phase(number, HANDLING, HELD, WRAP_UP), follows)

    @precondition(lambda self: not self.is_crowded)
    @rule(
        kind=st.sampled_from(CallbackKind),
        wished=st.sampled_from((None, 1_000)),
        promised=st.sampled_from((None, 500, 6_000)),
        follows=blows,
    )
    def a_customer_is_called_back(
        self, kind: CallbackKind, wished: int | None, promised: int | None, follows: list[tuple[str, int, bool]]
    ) -> None:
        """Scheduled, waited for, and rung up; something happens on the way."""
        recorded = self.send(
            commands.ScheduleCallback(
                interaction=an_interaction("", channel="voice", type="other"),
                kind=kind,
                not_before=None if wished is None else self.now + wished,
                promised_at=None if promised is None else self.now + (wished or 0) + promised,
            )
        )
        named = [recorded.event.interaction.id for recorded in recorded if hasattr(recorded.event, "interaction")]
        if not named:
            return
        self.everybody_is_there()
        self.wait(wished or 0)
        row = self.router.state.interactions.get(named[0])
        for offer_id in list(row.offers) if row is not None else ():
            self.send(commands.AcceptOffer(offer_id=offer_id))
        self.strike(named[0], follows)
        outcome = CallbackOutcome.ANSWERED if promised is None else CallbackOutcome.NO_ANSWER
        self.send(commands.ReportCallbackAttempt(interaction_id=named[0], outcome=outcome))

    @precondition(lambda self: not self.is_crowded and self.router.state.agents)
    @rule(agent=numbers, channel=st.sampled_from(CHANNELS), is_sent=st.booleans(), is_back=st.booleans(), follows=blows)
    def somebody_waits_for_one_agent(
        self, agent: int, channel: str, is_sent: bool, is_back: bool, follows: list[tuple[str, int, bool]]
    ) -> None:
        """Who is away for a moment, and may come back in time."""
        known = list(self.router.state.agents)
        agent_id = known[agent % len(known)]
        self.send(commands.SetPresence(agent_id=agent_id, presence=Presence.NOT_READY))
        arrival = an_interaction("", channel=channel, type="other", preferred=f"{agent_id}:100", agent_id=agent_id if is_sent else None)
        arrival = replace(arrival, customer_id="lee")
        recorded = self.send(commands.EnqueueInteraction(interaction=arrival))
        if is_back:
            self.send(commands.SetPresence(agent_id=agent_id, presence=Presence.AVAILABLE))
        named = [recorded.event.interaction.id for recorded in recorded if hasattr(recorded.event, "interaction")]
        if named:
            self.strike(named[0], follows)

    @precondition(lambda self: not self.is_crowded)
    @rule(mails=st.integers(1, 4), channel=st.sampled_from(("voice", "voice", "chat")), is_taken=st.booleans(), follows=blows)
    def hands_are_full_and_more_comes(self, mails: int, channel: str, is_taken: bool, follows: list[tuple[str, int, bool]]) -> None:
        """Emails are taken by whoever is offered them, then something comes that may interrupt them, and then to what was interrupted."""
        self.everybody_is_there()
        for _ in range(mails):
            self.send(commands.EnqueueInteraction(interaction=an_interaction("", channel="email", type="other", customer_id="kim")))
        self.everybody_accepts()
        self.one_comes(channel, is_taken=is_taken)
        aside = [key for key, row in self.router.state.interactions.items() if row.phase is INTERRUPTED]
        if aside:
            self.strike(aside[mails % len(aside)], follows)

    # ---- parts of journeys ----

    def strike(self, interaction_id: InteractionId, follows: list[tuple[str, int, bool]]) -> None:
        """One thing after the other happens, to the interaction or to the other side of its conversation, as long as they are there."""
        for name, number, is_other in follows:
            row = self.router.state.interactions.get(interaction_id)
            other = None if row is None else self.router.state.interactions.get(row.leg_id or "")
            struck = other if is_other and other is not None else row
            if struck is not None:
                BLOWS[name](self, struck, number)

    def ask_another(self, interaction_id: InteractionId, channel: str) -> None:
        """A consultation that whoever is offered it accepts."""
        self.send(commands.StartConsult(interaction_id=interaction_id, leg=NextLeg(channel=channel, type="other", requirements=())))
        row = self.router.state.interactions.get(interaction_id)
        leg = None if row is None else self.router.state.interactions.get(row.leg_id or "")
        for offer_id in list(leg.offers) if leg is not None else ():
            self.send(commands.AcceptOffer(offer_id=offer_id))

    def one_comes(self, channel: str, *, is_taken: bool) -> None:
        """Somebody arrives, and may be answered."""
        arrival = an_interaction("", channel=channel, type="other", customer_id="kim" if is_taken else "lee")
        self.send(commands.EnqueueInteraction(interaction=arrival))
        if is_taken:
            self.everybody_accepts()

    def lose(self, agent_id: str | None, number: int) -> None:
        """A desktop is gone: for a moment, until its lease is over, or until the grace is, too."""
        if agent_id is None:
            return
        self.send(commands.OpenSession(agent_id=agent_id, session_id="s3"))
        self.send(commands.LoseSession(agent_id=agent_id, session_id="s3"))
        row = self.router.state.agents[agent_id]
        if number % 4 > 0:
            self.wait_until(row.session_expires_at)
        if number % 4 > 1:
            self.wait_until(row.release_at)

    def end_beside(self, row: InteractionRow) -> None:
        """All that its agent works on beside it is over, so that what was set aside may go on."""
        agent = self.router.state.agents.get(row.agent_id or "")
        for interaction_id in [] if agent is None else [key for key in agent.work if key != row.interaction.id]:
            self.send(commands.EndHandling(interaction_id=interaction_id))
            self.send(commands.EndWrapUp(interaction_id=interaction_id))
        for work_id in [] if agent is None else list(agent.external):
            self.send(commands.EndExternalWork(agent_id=row.agent_id or "", work_id=work_id))
