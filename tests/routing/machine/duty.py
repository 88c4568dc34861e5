"""Pauses, commitments, work of an agent's own, and work that is taken from them."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from routing.core import commands
from routing.core.commands import ReleaseOutcome
from routing.model.agent import Commitment
from tests.routing.machine.door import Door
from tests.routing.machine.draws import HANDLING, HELD, INTERRUPTED, WRAP_UP, durations, numbers, request_ids
from tests.routing.machine.sites import AGENT_IDS, CHANNELS

QUEUE_IDS = ("main", "ring_all", "bare")


class DutyRules(Door):
    """Whether they fit or not."""

    @precondition(lambda self: len(self.log) % 2 == 0)
    @rule(agent_id=st.sampled_from(AGENT_IDS), queue_id=st.sampled_from(QUEUE_IDS), is_back=st.booleans(), request_id=request_ids)
    def a_queue_is_paused(self, agent_id: str, queue_id: str, is_back: bool, request_id: str | None) -> None:
        """For one agent, or again not."""
        paused = [(row.agent.id, one) for row in self.router.state.agents.values() for one in row.paused]
        if is_back and paused:
            agent_id, queue_id = paused[len(agent_id + queue_id) % len(paused)]
        kind = commands.UnpauseAgent if is_back else commands.PauseAgent
        self.send(kind(agent_id=agent_id, queue_id=queue_id, request_id=request_id))

    @precondition(lambda self: len(self.log) % 2 == 0)
    @rule(
        agent_id=st.sampled_from(AGENT_IDS),
        spans=st.lists(st.tuples(durations, durations), max_size=2),
        is_endless=st.booleans(),
        request_id=request_ids,
    )
    def an_agent_is_expected_elsewhere(self, agent_id: str, spans: list[tuple[int, int]], is_endless: bool, request_id: str | None) -> None:
        """Soon and for a while, perhaps for good; a span of no length is refused."""
        reached, known = self.now - 1_000, []
        for after_ms, length_ms in spans:
            known.append(Commitment(starts_at=reached + after_ms, ends_at=reached + after_ms + length_ms))
            reached += after_ms + length_ms
        if is_endless:
            known.append(Commitment(starts_at=reached))
        self.send(commands.PutCommitments(agent_id=agent_id, commitments=tuple(known), request_id=request_id))

    @rule(
        agent_id=st.sampled_from(AGENT_IDS),
        work_id=st.sampled_from(("x1", "x2")),
        channel=st.sampled_from(CHANNELS),
        is_over=st.booleans(),
        request_id=request_ids,
    )
    def an_agent_is_busy_without_the_router(self, agent_id: str, work_id: str, channel: str, is_over: bool, request_id: str | None) -> None:
        """With a call of their own, until it is over."""
        if is_over:
            running = [(row.agent.id, one) for row in self.router.state.agents.values() for one in row.external]
            if running:
                agent_id, work_id = running[len(channel) % len(running)]
            self.send(commands.EndExternalWork(agent_id=agent_id, work_id=work_id, request_id=request_id))
        else:
            is_assignment = channel == "voice"
            self.send(
                commands.StartExternalWork(
                    agent_id=agent_id, work_id=work_id, channel=channel, is_assignment=is_assignment, request_id=request_id
                )
            )

    @precondition(lambda self: self.has(HANDLING, HELD, INTERRUPTED, WRAP_UP))
    @rule(number=numbers, outcome=st.sampled_from(ReleaseOutcome), is_whole=st.booleans(), request_id=request_ids)
    def a_supervisor_takes_work_away(self, number: int, outcome: ReleaseOutcome, is_whole: bool, request_id: str | None) -> None:
        """One interaction, or all of its agent's."""
        interaction_id = self.in_phase(number, HANDLING, HELD, INTERRUPTED, WRAP_UP)
        if is_whole:
            agent_id = self.router.state.interactions[interaction_id].agent_id or ""
            self.send(commands.ReleaseHandling(agent_id=agent_id, outcome=outcome, request_id=request_id))
        else:
            self.send(commands.ReleaseHandling(interaction_id=interaction_id, outcome=outcome, request_id=request_id))
