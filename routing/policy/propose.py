"""One round of matching: look at what changed, and propose which interaction is offered to whom.

Only pairs with something new in them are looked at: changed interactions against all agents, and all other waiting interactions against
changed agents. Every other pair was looked at before and stayed apart for a reason that still holds. The caller carries out the plan,
refreshes the columns and asks again, until nothing more is proposed: so an agent takes one interaction a round and weighted budgets never
enter the solver.
"""

import numpy as np

from routing.model.decision import Compared, Decision
from routing.model.ids import AgentId, InteractionId
from routing.model.record import record
from routing.model.time import Instant
from routing.policy import waiting_columns as field
from routing.policy.arrays import EMPTY_ROWS, IntArray, rows_of
from routing.policy.assigners.exact import best_pairs
from routing.policy.assigners.greedy import greedy
from routing.policy.assigners.problem import Problem
from routing.policy.columns import Columns
from routing.policy.eligible import Eligible, find_eligible
from routing.policy.hold import hold_back
from routing.policy.pipeline import Block, Policy
from routing.policy.record import BEST_KEPT, Recorder
from routing.policy.waiting_columns import WaitingColumns


@record(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a match has to look at: interactions and agents with something new, and the lowest class that may be matched now."""

    interactions: tuple[InteractionId, ...]
    agents: tuple[AgentId, ...]
    class_rank_min: int = 0


@record(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An interaction to be offered to an agent, and why."""

    interaction_id: InteractionId
    agent_id: AgentId
    decision: Decision


@record(frozen=True, slots=True, kw_only=True)
class Plan:
    """The proposals of one round, and for held interactions the instant at which waiting has become dearer than the cheapest pair."""

    proposals: tuple[Proposal, ...] = ()
    deferred: tuple[tuple[InteractionId, Instant], ...] = ()


NOTHING = Plan()


def propose(policy: Policy, columns: Columns, changed: Changed, now: Instant, site_hash: str) -> Plan:
    """The plan of one round; extra live offers of an interaction come only when every first offer is made."""
    waiting, agents = columns.waiting, columns.agents
    if not waiting.count or not agents.count_with_room:
        return NOTHING
    places = EMPTY_ROWS
    if changed.agents:
        places = rows_of([agents.place_of[agent_id] for agent_id in changed.agents if agents.has_room(agent_id)])
    fresh, others = _rows(waiting, changed, has_agents=len(places) > 0)
    if not len(fresh) and not len(others):
        return NOTHING
    if not waiting.extra_count:
        return _round(policy, columns, (fresh, others, places), now, site_hash)
    live_offers = waiting.table[field.LIVE_OFFERS]
    first = (fresh[live_offers[fresh] == 0], others[live_offers[others] == 0], places)
    plan = _round(policy, columns, first, now, site_hash)
    if plan.proposals:
        return plan
    extra = (fresh[live_offers[fresh] > 0], others[live_offers[others] > 0], places)
    more = _round(policy, columns, extra, now, site_hash, is_extra=True)
    return Plan(proposals=more.proposals, deferred=tuple(sorted(plan.deferred + more.deferred)))


def _rows(waiting: WaitingColumns, changed: Changed, *, has_agents: bool) -> tuple[IntArray, IntArray]:
    """Rows of changed and of all other waiting interactions, in the classes that may be matched."""
    fresh, others = EMPTY_ROWS, EMPTY_ROWS
    if changed.interactions:
        fresh = rows_of([waiting.row_of[interaction_id] for interaction_id in changed.interactions if interaction_id in waiting.row_of])
    if has_agents:
        others = np.arange(waiting.count, dtype=np.int64)
        if len(fresh):
            is_other = np.ones(waiting.count, dtype=np.bool_)
            is_other[fresh] = False
            others = others[is_other]
    if changed.class_rank_min:
        class_rank = waiting.table[field.CLASS_RANK]
        fresh = fresh[class_rank[fresh] >= changed.class_rank_min]
        others = others[class_rank[others] >= changed.class_rank_min]
    return fresh, others


def _round(
    policy: Policy,
    columns: Columns,
    rows: tuple[IntArray, IntArray, IntArray],
    now: Instant,
    site_hash: str,
    *,
    is_extra: bool = False,
) -> Plan:
    fresh, others, places = rows
    blocks = []
    if len(fresh):
        blocks.append(Block(columns, fresh, None, now))
    if len(others) and len(places):
        blocks.append(Block(columns, others, places, now))
    if not blocks:
        return NOTHING
    eligible = find_eligible(policy, tuple(blocks), now)
    deferred: tuple[tuple[InteractionId, Instant], ...] = ()
    if not policy.spec.is_work_conserving and len(eligible.problem):
        eligible, deferred = hold_back(policy, eligible, now)
    if not len(eligible.problem):
        return Plan(deferred=deferred) if deferred else NOTHING
    side = _single_side(blocks, eligible.problem)
    if side is None:
        assigner = greedy if is_extra else policy.assigner
        matching = assigner(eligible.problem, is_work_conserving=policy.spec.is_work_conserving)
        recorder = Recorder(policy, site_hash, eligible, Compared.PAIRS)
        pairs, made_by = matching.pairs.tolist(), matching.made_by
    else:
        ranked = best_pairs(eligible.problem, BEST_KEPT)
        recorder = Recorder(policy, site_hash, eligible, side, ranked)
        pairs, made_by = ranked[:1], "exact"
    proposals = tuple([_proposal(columns, eligible, pair, recorder.decision(pair, made_by)) for pair in pairs])
    return Plan(proposals=proposals, deferred=deferred)


def _single_side(blocks: list[Block], problem: Problem) -> Compared | None:
    """Who competes where only one interaction or only one agent has pairs: then the best pair is known without an assigner."""
    if len(blocks) == 1:
        if len(blocks[0].waiting) == 1:
            return Compared.AGENTS
        if blocks[0].agents is not None and len(blocks[0].agents) == 1:
            return Compared.INTERACTIONS
    if (problem.interactions == problem.interactions[0]).all():
        return Compared.AGENTS
    return Compared.INTERACTIONS if (problem.agents == problem.agents[0]).all() else None


def _proposal(columns: Columns, eligible: Eligible, pair: int, decision: Decision) -> Proposal:
    problem = eligible.problem
    return Proposal(
        interaction_id=columns.waiting.ids[problem.interactions.item(pair)],
        agent_id=columns.agents.ids[problem.agents.item(pair)],
        decision=decision,
    )
