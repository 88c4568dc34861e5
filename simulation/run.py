"""One replication of one arm: a pure function of the scenario, the arm and the replication's number."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.config.errors import ConfigError
from routing.config.plugins import registry_with_plugins
from routing.core.commands import ApplySite, Mutation, PutAgents, PutCommitments
from routing.core.errors import InvariantBroken
from routing.core.state import State
from routing.engine import Router
from routing.model.interaction import EndCause
from routing.model.time import Instant
from routing.policy.registry import PolicyRegistry
from simulation.births import births_of
from simulation.customers.facts import Witness
from simulation.demand import Births
from simulation.garbage import collected_rarely
from simulation.roster import commitments_of, planned_presence, presence_plan
from simulation.scenario import Arm, Scenario
from simulation.streams import Streams
from simulation.world import ArrivalRefused, Beyond, Observer, World


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What became of everything that was offered.

    offered + legs = handled + abandoned + refused + diverted + unserved + cancelled + unreached + transferred + blocked + in_progress. What
    was offered came in from outside: the births, `redials` and `repeats` of customers who came again, and `outbound` jobs.
    Legs came out of conversations that were handed on. The `blocked` heard a busy tone and never reached the router.

    `excluded` lists (channel, reason, count) of arrivals that were never offered. `events` is the length of the event log,
    `agents_on_shift` how many agents came to work at all, and `last_event_at` the instant of the last event.
    """

    arm: str
    replication: int
    offered: int
    handled: int
    abandoned: int
    refused: int
    unserved: int
    cancelled: int
    unreached: int
    diverted: int
    in_progress: int
    excluded: tuple[tuple[str, str, int], ...]
    events: int
    agents_on_shift: int
    last_event_at: Instant
    transferred: int = 0
    legs: int = 0
    blocked: int = 0
    redials: int = 0
    repeats: int = 0
    outbound: int = 0


def run_replication(
    scenario: Scenario,
    arm: Arm,
    replication: int,
    observers: Sequence[Observer] = (),
    *,
    witnesses: Sequence[Witness] = (),
    births: Births | None = None,
    registry: PolicyRegistry | None = None,
) -> RunSummary:
    """Run one replication and hand every recorded event to the observers, in order, and what the router never hears to the witnesses.

    `births` are those of `births_of(scenario, replication)` and are made here where the caller does not share them between arms. `registry`
    knows the policies' parts; all installed ones by default.

    Raises:
        ConfigError: the demand, the roster or the policy does not fit the site.
        InvariantBroken: the counts do not add up, which is a defect.
    """
    born = births_of(scenario, replication) if births is None else births
    roster = scenario.rosters[arm.roster]
    streams = Streams(seed=scenario.seed, replication=replication)
    plan = presence_plan(scenario, roster, streams)
    router = Router(registry_with_plugins() if registry is None else registry)
    world = World(
        scenario=scenario,
        router=router,
        births=born.births,
        plan=plan,
        streams=streams,
        observers=observers,
        witnesses=witnesses,
        starts_at=min([scenario.starts_at, *(changes[0].at for changes in plan.values())]),
    )
    opening: tuple[Mutation, ...] = (ApplySite(site=replace(scenario.site, policy=arm.policy)), PutAgents(agents=roster.agents))
    if scenario.site.shift_rule is not None:
        known = plan if scenario.behaviour.adherence is None else planned_presence(scenario, roster, streams)
        opening += tuple(PutCommitments(agent_id=agent_id, commitments=commitments_of(changes)) for agent_id, changes in known.items())
    try:
        with collected_rarely():
            world.run(opening, scenario.stops_at)
    except ArrivalRefused as refused:
        remedy = "Correct the interaction in the demand, or the site so that it takes it."
        raise ConfigError(str(refused), file=scenario.name, remedy=remedy) from refused
    summary = _summary(arm, replication, born, router.state, agents_on_shift=len(plan), beyond=world.beyond)
    check_identities(summary, births=len(born.births))
    return summary


def check_identities(summary: RunSummary, *, births: int) -> None:
    """Everything born was offered, with those who came again and outbound jobs; and everything offered is accounted for, legs included.

    Raises:
        InvariantBroken: it is not.
    """
    turned_away = summary.refused + summary.diverted + summary.unserved
    ended = summary.handled + summary.abandoned + turned_away + summary.cancelled + summary.unreached
    accounted = ended + summary.transferred + summary.blocked + summary.in_progress
    born = births + summary.redials + summary.repeats + summary.outbound
    if born != summary.offered or summary.offered + summary.legs != accounted:
        raise InvariantBroken(f"{births} born, {summary.offered} offered, {summary.legs} legs, {accounted} accounted for: {summary}")


def _summary(arm: Arm, replication: int, born: Births, state: State, *, agents_on_shift: int, beyond: Beyond) -> RunSummary:
    ended, excluded = state.ended_by_cause, Counter(born.excluded) + Counter(beyond.not_offered)
    return RunSummary(
        arm=arm.name,
        replication=replication,
        offered=state.arrived - beyond.legs + beyond.blocked,
        handled=ended[EndCause.HANDLED],
        abandoned=ended[EndCause.ABANDONED],
        refused=ended[EndCause.REFUSED],
        unserved=ended[EndCause.UNSERVED],
        cancelled=ended[EndCause.CANCELLED],
        unreached=ended[EndCause.UNREACHED],
        diverted=ended[EndCause.DIVERTED],
        in_progress=len(state.interactions),
        excluded=tuple((channel, reason, count) for (channel, reason), count in sorted(excluded.items())),
        events=state.seq,
        agents_on_shift=agents_on_shift,
        last_event_at=state.at,
        transferred=ended[EndCause.TRANSFERRED],
        legs=beyond.legs,
        blocked=beyond.blocked,
        redials=beyond.redials,
        repeats=beyond.repeats,
        outbound=beyond.outbound,
    )
