"""Queues with known answers: their parameters, the exact figures, and a second, independent way of running them.

The second way is the workload recursion of a first-come first-served queue with n servers (Kiefer and Wolfowitz 1955, with customers who
leave when their wait would exceed their patience): whoever arrives at t waits max(0, f - t) for the earliest instant f at which a server is
free, and takes that server if the wait is within patience. It knows nothing of events, routers or SimPy, and runs thousands of
replications side by side.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS, Duration
from simulation import laws
from simulation.demand import DemandStream, DrawnDemand, RateSpan, stream_name
from simulation.demand.drawing import arrival_instants
from simulation.laws import Exponential, Never
from simulation.scenario import Scenario
from simulation.streams import Purpose, Streams
from tests.builders import VOICE, a_policy, a_queue, a_site, an_admission, an_agent
from tests.simulation.worlds import a_behaviour, a_member, a_roster, a_rule_of, a_scenario, a_shift

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NEVER_MS = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoryCase:
    """A queue M/M/n, M/M/n+M or M/M/n/K and its exact stationary figures; `shares` are parts of a whole, `mean_waits` seconds.

    Each replication starts empty and lasts `horizon_ms`; who arrives in the first `warm_up_ms` is not counted. With `waiting_max`, whoever
    finds so many waiting is turned away; nobody leaves such a queue, so that all who are not answered were turned away.
    """

    id: str
    arrivals_per_minute: float
    agents: int
    work_ms: Duration
    patience_ms: Duration | None
    target_ms: Duration
    horizon_ms: Duration
    warm_up_ms: Duration
    replications: int
    shares: Mapping[str, float]
    mean_waits: Mapping[str, float]
    waiting_max: int | None = None

    def __post_init__(self) -> None:
        assert self.waiting_max is None or self.patience_ms is None


def limited_queue(*, arrivals_per_work: float, agents: int, waiting_max: int) -> tuple[float, float]:
    """The share that M/M/n/K turns away, and the mean wait of the others in units of the mean work.

    From the definition: the number k in the system is a birth-death chain with births at the rate of arrivals below K = agents +
    waiting_max and deaths at the rate min(k, agents); in balance p(k) min(k, agents) = p(k - 1) arrivals. Poisson arrivals find the
    chain as it is over time, so p(K) of them are turned away; the waits of the others follow from the mean number waiting (Little).
    """
    weights = [1.0]
    for k in range(1, agents + waiting_max + 1):
        weights.append(weights[-1] * arrivals_per_work / min(k, agents))
    total = math.fsum(weights)
    blocked = weights[-1] / total
    waiting = math.fsum(max(0, k - agents) * weight for k, weight in enumerate(weights)) / total
    return blocked, waiting / (arrivals_per_work * (1 - blocked))


BLOCKED, WAIT_OF_ADMITTED = limited_queue(arrivals_per_work=3.6, agents=4, waiting_max=3)

CASES = (
    # Erlang C: 100 arrivals in 30 minutes, 3 minutes each, 14 agents. C = B / (1 - rho (1 - B)); P(W > t) = C exp(-(n mu - lambda) t).
    TheoryCase(
        id="erlang-c-01",
        arrivals_per_minute=100 / 30,
        agents=14,
        work_ms=3 * MINUTE_MS,
        patience_ms=None,
        target_ms=20_000,
        horizon_ms=12 * HOUR_MS,
        warm_up_ms=2 * HOUR_MS,
        replications=1_000,
        shares={"delayed": 0.1741319336, "answered_in_target": 0.8883500192},
        mean_waits={"wait": 0.1305989502 * 60},
    ),
    # Erlang A (Garnett, Mandelbaum and Reiman 2002): 48 a minute, 1 minute each, 50 agents, patience 2 minutes.
    TheoryCase(
        id="erlang-a-01",
        arrivals_per_minute=48,
        agents=50,
        work_ms=MINUTE_MS,
        patience_ms=2 * MINUTE_MS,
        target_ms=20_000,
        horizon_ms=100 * MINUTE_MS,
        warm_up_ms=15 * MINUTE_MS,
        replications=2_400,
        shares={"abandoned": 0.03091224916, "delayed": 0.4677740686, "answered_in_target": 0.9430189547},
        mean_waits={"wait": 3.709469899, "wait_of_answered": 3.61590024},
    ),
    # Erlang A with its four service levels, which differ by more than two points.
    TheoryCase(
        id="erlang-a-03",
        arrivals_per_minute=100 / 30,
        agents=13,
        work_ms=3 * MINUTE_MS,
        patience_ms=5 * MINUTE_MS,
        target_ms=20_000,
        horizon_ms=12 * HOUR_MS,
        warm_up_ms=2 * HOUR_MS,
        replications=1_500,
        shares={
            "abandoned": 0.02496330363,
            "answered_in_target": 0.8581777,
            "answered_in_target_of_answered": 0.88014913,
            "answered_in_target_of_answered_plus_late_abandons": 0.8682745212,
            "answered_or_abandoned_in_target": 0.8698063047,
        },
        mean_waits={"wait": 0.1248165182 * 60, "wait_of_answered": 0.1152328051 * 60},
    ),
    # M/M/10+M with all servers' capacity used: lambda = n mu; the unit of time is a minute here.
    TheoryCase(
        id="mmn-g-03",
        arrivals_per_minute=10,
        agents=10,
        work_ms=MINUTE_MS,
        patience_ms=2 * MINUTE_MS,
        target_ms=20_000,
        horizon_ms=6 * HOUR_MS,
        warm_up_ms=30 * MINUTE_MS,
        replications=500,
        shares={"abandoned": 0.1039132123},
        mean_waits={"wait": 0.2078264247 * 60},
    ),
    # M/M/4/7: 1.2 a minute, 3 minutes each, 4 agents; whoever finds three waiting is turned away.
    TheoryCase(
        id="mmck-01",
        arrivals_per_minute=1.2,
        agents=4,
        work_ms=3 * MINUTE_MS,
        patience_ms=None,
        target_ms=20_000,
        horizon_ms=12 * HOUR_MS,
        warm_up_ms=HOUR_MS,
        replications=1_500,
        shares={"turned_away": BLOCKED},
        mean_waits={"wait_of_answered": WAIT_OF_ADMITTED * 180},
        waiting_max=3,
    ),
)


def scenario_of(case: TheoryCase, *, seed: int) -> Scenario:
    """The queue as a scenario: one queue, like agents on shift throughout, offers answered at once, no wrap-up."""
    agents = [a_member(an_agent(f"a{number:02}", channels="voice:1"), a_shift(0, 3 * DAY_MS)) for number in range(case.agents)]
    span = RateSpan(starts_at=0, ends_at=case.horizon_ms, expected=case.arrivals_per_minute * case.horizon_ms / MINUTE_MS)
    stream = DemandStream(channel="voice", type="sales", attributes={}, spans=(span,))
    patience = Never() if case.patience_ms is None else Exponential(mean_ms=case.patience_ms)
    admission = None if case.waiting_max is None else an_admission(waiting_max=case.waiting_max)
    return a_scenario(
        a_roster(*agents),
        site=a_site(queues=[a_queue(wrap_up_limit_ms=0, admission=admission)], channels=[VOICE], policy=a_policy(scorers="longest_idle:1")),
        demand=DrawnDemand(streams=(stream,), description="Poisson"),
        behaviour=a_behaviour(patience=(a_rule_of(patience),), work=(a_rule_of(Exponential(mean_ms=case.work_ms)),)),
        ends_at=case.horizon_ms,
        seed=seed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of every customer, arrays of shape (replications, customers), milliseconds; `is_real` is False in the padding."""

    arrived_at: Ints
    wait_ms: Ints
    is_answered: Bools
    is_real: Bools


def recursion(scenario: Scenario, case: TheoryCase, replications: range) -> Outcomes:
    """Runs replications of the scenario's demand through the recursion, with the very draws that the world would get."""
    arrived_at, patience_ms, work_ms = _draws(scenario, case, replications)
    is_real = arrived_at < NEVER_MS
    lanes = np.arange(len(replications))
    free_at = np.zeros((len(replications), case.agents), dtype=np.int64)
    wait_ms = np.zeros_like(arrived_at)
    is_answered = np.zeros_like(is_real)
    starts = _Starts(len(replications), case.waiting_max)
    for customer in range(arrived_at.shape[1]):
        at = arrived_at[:, customer]
        server = free_at.argmin(axis=1)
        needed_ms = np.maximum(free_at[lanes, server] - at, 0)
        stays = (needed_ms <= patience_ms[:, customer]) & is_real[:, customer] & starts.has_room(at)
        starts.note(stays, at + needed_ms)
        free_at[lanes[stays], server[stays]] = (at + needed_ms + work_ms[:, customer])[stays]
        wait_ms[:, customer] = np.where(starts.turns_away & ~stays, 0, np.minimum(needed_ms, patience_ms[:, customer]))
        is_answered[:, customer] = stays
    return Outcomes(arrived_at=arrived_at, wait_ms=wait_ms, is_answered=is_answered, is_real=is_real)


class _Starts:
    """When the last `waiting_max` of the admitted began or will begin to be served, in each replication.

    They begin in the order of their arrival, so as many wait at `at` exactly if the earliest of those begins after it.
    """

    def __init__(self, replications: int, waiting_max: int | None) -> None:
        self.turns_away = waiting_max is not None
        self._begins_at = np.full((replications, waiting_max or 0), -1, dtype=np.int64)

    def has_room(self, at: Ints) -> Bools:
        """Whether somebody who arrives at `at` is let in, one answer a replication."""
        return self._begins_at[:, 0] <= at if self.turns_away else np.ones(len(at), dtype=np.bool_)

    def note(self, admitted: Bools, begins_at: Ints) -> None:
        """The next ones, in the replications in which they were let in."""
        if self.turns_away:
            self._begins_at[admitted] = np.column_stack((self._begins_at[admitted, 1:], begins_at[admitted]))


def _draws(scenario: Scenario, case: TheoryCase, replications: range) -> tuple[Ints, Ints, Ints]:
    assert isinstance(scenario.demand, DrawnDemand)
    (stream,) = scenario.demand.streams
    name = stream_name(stream.channel, stream.type)
    by_replication = []
    for replication in replications:
        streams = Streams(seed=scenario.seed, replication=replication)
        at = arrival_instants(stream, streams)
        work = laws.durations_ms(Exponential(mean_ms=case.work_ms), streams.uniforms(Purpose.WORK, name, len(at)))
        patience = np.full(len(at), NEVER_MS, dtype=np.int64)
        if case.patience_ms is not None:
            patience = laws.durations_ms(Exponential(mean_ms=case.patience_ms), streams.uniforms(Purpose.PATIENCE, name, len(at)))
        by_replication.append((at, patience, work))
    width = max(len(at) for at, _, _ in by_replication)
    padded = tuple(np.full((len(replications), width), NEVER_MS, dtype=np.int64) for _ in range(3))
    for lane, columns in enumerate(by_replication):
        for table, column in zip(padded, columns, strict=True):
            table[lane, : len(column)] = column
    return padded[0], padded[1], padded[2]


def measures(outcomes: Outcomes, case: TheoryCase) -> dict[str, tuple[Ints, Ints]]:
    """Numerators and denominators of every figure, one of each a replication; waits in milliseconds."""
    counted = outcomes.is_real & (outcomes.arrived_at >= case.warm_up_ms)
    answered = counted & outcomes.is_answered
    left = counted & ~outcomes.is_answered
    in_target = outcomes.wait_ms <= case.target_ms
    sums = {
        "offered": counted,
        "answered": answered,
        "left": left,
        "delayed": counted & (outcomes.wait_ms > 0),
        "answered_in_target": answered & in_target,
        "left_late": left & ~in_target,
        "left_in_target": left & in_target,
    }
    n = {name: flags.sum(axis=1) for name, flags in sums.items()}
    return {
        "abandoned": (n["left"], n["offered"]),
        "turned_away": (n["left"], n["offered"]),
        "delayed": (n["delayed"], n["offered"]),
        "answered_in_target": (n["answered_in_target"], n["offered"]),
        "answered_in_target_of_answered": (n["answered_in_target"], n["answered"]),
        "answered_in_target_of_answered_plus_late_abandons": (n["answered_in_target"], n["answered"] + n["left_late"]),
        "answered_or_abandoned_in_target": (n["answered_in_target"] + n["left_in_target"], n["offered"]),
        "wait": (np.where(counted, outcomes.wait_ms, 0).sum(axis=1), n["offered"]),
        "wait_of_answered": (np.where(answered, outcomes.wait_ms, 0).sum(axis=1), n["answered"]),
    }


def ratio_interval(numerators: Ints, denominators: Ints, *, confidence: float) -> tuple[float, float]:
    """The ratio of sums over replications and the half-width of its Student interval by the delta method."""
    count = len(numerators)
    ratio = math.fsum(numerators) / math.fsum(denominators)
    residuals = numerators - ratio * denominators
    deviation = math.sqrt(math.fsum(residuals**2) / (count - 1))
    quantile = float(stats.t.ppf((1 + confidence) / 2, count - 1))
    return ratio, quantile * deviation / math.sqrt(count) / (math.fsum(denominators) / count)
