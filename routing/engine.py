"""The router: the one door to the engine. Commands and time go in, recorded events come out."""

from collections.abc import Iterable
from functools import partial

from routing.core.classifier import Classifier
from routing.core.commands import ApplySite, Command, Mutation, Tick
from routing.core.deadlines import DeadlineKind
from routing.core.decide import decide, decide_deadline, decide_early_steps
from routing.core.decide.callbacks import launched, lease_expires_at
from routing.core.decide.ladders import candidates
from routing.core.decide.lookup import OFFER_ID_PREFIX
from routing.core.decide.offers import rings_until
from routing.core.errors import CommandRefused, InvariantBroken, RefusalReason
from routing.core.events import Event, MatchDeferred, OfferMade, Recorded, SiteApplied, WindowClosed
from routing.core.evolve import evolve
from routing.core.lifecycle import InteractionPhase
from routing.core.offer_limit import offers_max
from routing.core.room import has_room
from routing.core.state import AgentRow, State
from routing.model.agent import Presence
from routing.model.ids import InteractionId, RequestId
from routing.model.site import PolicySpec, Site
from routing.model.time import Instant
from routing.policy.classify import RuleClassifier
from routing.policy.columns import Columns
from routing.policy.explain import Explanation, explain
from routing.policy.pipeline import Policy
from routing.policy.propose import NOTHING, Changed, Plan, Proposal, propose
from routing.policy.registry import BadPolicy, PolicyRegistry, UnknownPart


class Router:
    """Route interactions to agents. The only way in is `handle`; the only output is events.

    Time is whatever the driver says it is, in ms, and never runs back. The driver sends `Tick` whenever `next_deadline()` has come,
    before any other command. The first command must be `ApplySite`.
    """

    def __init__(self, registry: PolicyRegistry) -> None:
        self._registry = registry
        self._state = State()
        self._policy: Policy | None = None
        self._columns: Columns | None = None

    @classmethod
    def restore(cls, registry: PolicyRegistry, log: Iterable[Recorded]) -> "Router":
        """A router whose state is rebuilt from its log. Neither policy nor solver runs, and none need be installed to read the state.

        Raises:
            InvariantBroken: the log contradicts itself.
        """
        router = cls(registry)
        state = router._state
        for recorded in log:
            # What changed before the last match was matched then, and must not be looked at again: the next match has to see what it would
            # have seen without the restart. Without windows every command ends in a match, with windows the closing of one does.
            if isinstance(recorded.event, SiteApplied):
                router._forget_what_was_matched_at_once()
            evolve(state, recorded)
            if isinstance(recorded.event, WindowClosed):
                state.marks.forget_dirty()
        router._forget_what_was_matched_at_once()
        # Every command ends with all early steps taken, and its row holds them.
        state.marks.may_step_early.clear()
        state.attendance.resume(partial(candidates, state))
        return router

    def _forget_what_was_matched_at_once(self) -> None:
        site = self._state.site
        if site is not None and not site.policy.match_interval_ms:
            self._state.marks.forget_dirty()

    @property
    def state(self) -> State:
        """The state, to be read and never written."""
        return self._state

    def next_deadline(self) -> Instant | None:
        """When the driver has to send the next `Tick`, or `None` if nothing is due ever."""
        first = self._state.deadlines.first()
        return None if first is None else first.due_at

    def handle(self, command: Command, now: Instant) -> tuple[Recorded, ...]:
        """Carry out a command at `now` and return what happened, possibly nothing.

        Raises:
            CommandRefused: the command does not fit the state, which is unchanged.
            InvariantBroken: the router contradicts itself; the process must stop.
        """
        state = self._state
        if now < state.at:
            raise CommandRefused(RefusalReason.TIME_RAN_BACK, f"now {now} lies before the last event, {state.at}", "now")
        log: list[Recorded] = []
        request_id: RequestId | None = None
        if not isinstance(command, Tick):
            overdue = state.deadlines.due(now)
            if overdue is not None:
                text = f"a deadline was due at {overdue.due_at}; send a tick first"
                raise CommandRefused(RefusalReason.DEADLINE_OVERDUE, text, "now")
            request_id = command.request_id
            self._record(decide(state, command, now, self._classifier(command)), now, request_id, log)
            if state.marks.may_step_early:
                self._take_early_steps(now, request_id, log)
        if state.deadlines.due(now) is not None:
            self._carry_out_due(now, request_id, log)
        self._match(now, request_id, log)
        return tuple(log)

    def explain(self, interaction_id: InteractionId, now: Instant) -> Explanation:
        """Why an interaction would go to whom at `now`, or why it waits: every agent with the reason or the terms.

        Raises:
            CommandRefused: the interaction is unknown or has ended, or no site is in force.
        """
        return explain(self._policy_in_force(), self._state, interaction_id, now)

    def _record(self, events: list[Event], now: Instant, request_id: RequestId | None, log: list[Recorded]) -> None:
        state = self._state
        for event in events:
            recorded = Recorded(state.seq + 1, now, request_id, event)
            evolve(state, recorded)
            log.append(recorded)

    def _carry_out_due(self, now: Instant, request_id: RequestId | None, log: list[Recorded]) -> None:
        deadlines = self._state.deadlines
        while (deadline := deadlines.due(now)) is not None:
            if deadline.kind is DeadlineKind.WINDOW and (policy := self._known_policy()) is not None:
                self._match_changed(policy, now, request_id, log)
            self._record(decide_deadline(self._state, deadline, now), now, request_id, log)
            self._take_early_steps(now, request_id, log)

    def _take_early_steps(self, now: Instant, request_id: RequestId | None, log: list[Recorded]) -> None:
        marks = self._state.marks
        while marks.may_step_early:
            marked = tuple(marks.may_step_early)
            marks.may_step_early.clear()
            self._record(list(decide_early_steps(self._state, marked, now)), now, request_id, log)

    # ---- matching ----

    def _match(self, now: Instant, request_id: RequestId | None, log: list[Recorded]) -> None:
        marks, site = self._state.marks, self._state.site
        if not (marks.dirty_interactions or marks.dirty_agents) and not self._has_to_look_again():
            return
        policy = self._known_policy()
        if policy is None or site is None:
            return
        if not site.policy.match_interval_ms:
            self._match_changed(policy, now, request_id, log)
        elif site.policy.bypass_class_rank is not None:
            self._match_rounds(policy, now, request_id, log, class_rank_min=site.policy.bypass_class_rank)

    def _has_to_look_again(self) -> bool:
        """Whether something changed that opens no pair by itself, but may have under a policy whose filters look beyond the pair."""
        marks = self._state.marks
        policy = self._known_policy() if marks.stale_interactions or marks.stale_agents else None
        return policy is not None and policy.looks_at_all

    def _match_changed(self, policy: Policy, now: Instant, request_id: RequestId | None, log: list[Recorded]) -> None:
        self._match_rounds(policy, now, request_id, log, class_rank_min=0)
        self._state.marks.forget_dirty()

    def _match_rounds(
        self, policy: Policy, now: Instant, request_id: RequestId | None, log: list[Recorded], *, class_rank_min: int
    ) -> None:
        state = self._state
        marks = state.marks
        columns = self._columns_in_force()
        while marks.dirty_interactions or marks.dirty_agents or policy.looks_at_all:
            columns.refresh_waiting(state)
            if not columns.waiting.count:
                return
            columns.refresh_agents(state)
            if policy.looks_at_all:
                changed = Changed(interactions=tuple(columns.waiting.ids), agents=(), class_rank_min=class_rank_min)
            else:
                dirty = tuple(marks.dirty_interactions), tuple(marks.dirty_agents)
                changed = Changed(interactions=dirty[0], agents=dirty[1], class_rank_min=class_rank_min)
            plan = propose(policy, columns, changed, now, state.site_hash)
            if plan is NOTHING or not self._commit(plan, now, request_id, log):
                return

    def _commit(self, plan: Plan, now: Instant, request_id: RequestId | None, log: list[Recorded]) -> bool:
        """Carry out a plan against the present state; whether any offer was made."""
        state = self._state
        site = state.site
        if site is None:
            raise InvariantBroken("a plan without a site")
        for interaction_id, until in plan.deferred:
            present = state.interactions[interaction_id].deferred_until
            if present is None or until < present:
                self._record([MatchDeferred(interaction_id=interaction_id, until=until)], now, request_id, log)
        made = False
        for proposal in plan.proposals:
            if not _still_fits(state, site, proposal):
                continue
            row = state.interactions[proposal.interaction_id]
            through = row.route.queue_for(state.agents[proposal.agent_id].agent.attributes) if row.route.also else None
            queue = site.queues[through or row.route.queue_id]
            # A driver that comes late may close a window when a limit of stay has passed, too: that is carried out next, in this call.
            expires_at = rings_until(row, lease_expires_at(queue, row, now))
            event = OfferMade(
                offer_id=f"{OFFER_ID_PREFIX}{state.offers_made + 1}",
                interaction_id=proposal.interaction_id,
                agent_id=proposal.agent_id,
                expires_at=max(expires_at, now + 1),
                decision=proposal.decision,
                queue_id=through or "",
            )
            self._record([event], now, request_id, log)
            if row.callback is not None and row.callback.is_reserving:
                self._record(list(launched(state, row, row.callback, proposal.agent_id, now)), now, request_id, log)
            self._unmark(site, proposal)
            made = True
        return made

    def _unmark(self, site: Site, proposal: Proposal) -> None:
        """Whoever can take no more, or wants no more offers, need not be looked at in the next round."""
        state, marks = self._state, self._state.marks
        item, agent = state.interactions[proposal.interaction_id], state.agents[proposal.agent_id]
        if len(item.offers) >= offers_max(state, site, item):
            marks.dirty_interactions.pop(proposal.interaction_id, None)
        if not _can_take_more(state, site, agent):
            marks.dirty_agents.pop(proposal.agent_id, None)

    def _classifier(self, command: Mutation) -> Classifier:
        """That of the policy in force, or of the one a new site names, which is thereby known to be buildable."""
        if isinstance(command, ApplySite):
            return self._build(command.site.policy).classify
        return RuleClassifier() if self._state.site is None else self._policy_in_force().classify

    def _policy_in_force(self) -> Policy:
        site = self._state.site
        if site is None:
            raise CommandRefused(RefusalReason.NO_SITE, "no site is in force; apply one first")
        if self._policy is None or self._policy.spec is not site.policy:
            self._policy = self._build(site.policy)
        return self._policy

    def _known_policy(self) -> Policy | None:
        """That in force if it can be built: after a restart without its parts deadlines must still run, so that a site can come."""
        try:
            return self._policy_in_force()
        except CommandRefused:
            return None

    def _build(self, spec: PolicySpec) -> Policy:
        try:
            return self._registry.build(spec)
        except UnknownPart as error:
            raise CommandRefused(RefusalReason.UNKNOWN_POLICY, f"policy {spec.name!r}: {error}", "site.policy") from error
        except BadPolicy as error:
            raise CommandRefused(RefusalReason.INVALID_VALUE, f"policy {spec.name!r}: {error}", "site.policy") from error

    def _columns_in_force(self) -> Columns:
        """The columns of the site in force, as fresh as they were left."""
        state = self._state
        if self._columns is None or self._columns.site is not state.site:
            self._columns = Columns.of(state, needs=self._policy_in_force().needs, former=self._columns)
            state.marks.stale_agents.clear()
            state.marks.stale_interactions.clear()
        return self._columns


def _can_take_more(state: State, site: Site, agent: AgentRow) -> bool:
    """Whether any channel is left for which an agent has room: of whoever is full, work in progress may be set aside for some."""
    if agent.used < agent.agent.capacity or not agent.work:
        return agent.used < agent.agent.capacity
    return any(has_room(state, site, agent, channel) for channel in site.channels.values())


def _still_fits(state: State, site: Site, proposal: Proposal) -> bool:
    """Whether a proposed pair may still come together: the plan was made on columns, the state has the last word."""
    item, agent = state.interactions[proposal.interaction_id], state.agents[proposal.agent_id]
    channel, queue_id = site.channels[item.interaction.channel], item.route.queue_id
    return (
        item.phase is InteractionPhase.WAITING
        and not item.is_round_closed
        and len(item.offers) < offers_max(state, site, item)
        and agent.presence is Presence.AVAILABLE
        and has_room(state, site, agent, channel)
        and agent.held_by_channel.get(channel.id, 0) < agent.agent.channel_maxima.get(channel.id, 0)
        and queue_id not in agent.paused
        and queue_id not in agent.limited_until
    )
