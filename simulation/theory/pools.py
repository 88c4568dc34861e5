"""Pools of unlike agents, redials, chats and outbound work, solved as Markov chains.

Queues without bound are cut where the shares beyond are below 1e-12.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from simulation.theory.chain import Chain

_CUT = 400


def redials(
    *, arrival_rate: float, service_rate: float, agents: int, patience_rate: float, redial_share: float, redial_rate: float
) -> Mapping[str, float]:
    """M/M/n+M where who leaves calls again with probability `redial_share` after an exponential time with rate `redial_rate`.

    State: (in the system, about to call again). Figures: mean queue and orbit, attempts per unit of time, the share of attempts abandoned,
    the share of first calls finally lost, occupancy.
    """
    room, orbit_room = agents + 60, 80

    def moves(state: tuple[int, int]) -> Iterable[tuple[float, tuple[int, int]]]:
        inside, orbit = state
        if inside < room:
            yield arrival_rate, (inside + 1, orbit)
            if orbit:
                yield orbit * redial_rate, (inside + 1, orbit - 1)
        if inside:
            yield min(inside, agents) * service_rate, (inside - 1, orbit)
        leaving = max(0, inside - agents) * patience_rate
        if leaving:
            yield leaving * (1 - redial_share), (inside - 1, orbit)
            if orbit < orbit_room:
                yield leaving * redial_share, (inside - 1, orbit + 1)

    chain = Chain((0, 0), moves)
    shares = chain.stationary()
    queue = chain.mean(shares, lambda state: max(0, state[0] - agents))
    orbit = chain.mean(shares, lambda state: state[1])
    attempts = arrival_rate + redial_rate * orbit
    left = patience_rate * queue
    return {
        "mean_queue": queue,
        "mean_orbit": orbit,
        "attempt_rate": attempts,
        "abandoned_per_attempt": left / attempts,
        "lost": left * (1 - redial_share) / arrival_rate,
        "occupancy": chain.mean(shares, lambda state: min(state[0], agents)) / agents,
    }


def slow_server(*, arrival_rate: float, fast_rate: float, slow_rate: float, threshold: int) -> float:
    """Two servers, the slow one used only when more than `threshold` customers are at the fast one: the mean number in the system.

    Lin and Kumar (1984), "Optimal control of a queueing system with two heterogeneous servers".
    """

    def moves(state: tuple[int, int]) -> Iterable[tuple[float, tuple[int, int]]]:
        fast, slow = state
        if fast < _CUT:
            yield arrival_rate, _settled(fast + 1, slow, threshold)
        if fast:
            yield fast_rate, (fast - 1, slow)
        if slow:
            yield slow_rate, _settled(fast, 0, threshold)

    chain = Chain((0, 0), moves)
    return chain.mean(chain.stationary(), sum)


def _settled(fast: int, slow: int, threshold: int) -> tuple[int, int]:
    return (fast - 1, 1) if fast > threshold and not slow else (fast, slow)


def two_speeds(*, arrival_rate: float, fast: tuple[int, float], slow: tuple[int, float], first: str) -> Mapping[str, float]:
    """One line before fast and slow agents, each (number, rate): which idle agent is called `first`, "fast", "slow" or "random".

    Figures: mean wait, the share delayed, occupancy of the fast and of the slow, mean number in the system.
    """
    (fast_agents, fast_rate), (slow_agents, slow_rate) = fast, slow
    fast_share = {"fast": 1.0, "slow": 0.0}

    def moves(state: tuple[int, int, int]) -> Iterable[tuple[float, tuple[int, int, int]]]:
        busy_fast, busy_slow, queue = state
        idle_fast, idle_slow = fast_agents - busy_fast, slow_agents - busy_slow
        if not idle_fast and not idle_slow:
            if queue < _CUT:
                yield arrival_rate, (busy_fast, busy_slow, queue + 1)
        else:
            to_fast = fast_share.get(first, idle_fast / (idle_fast + idle_slow))
            to_fast = 0.0 if not idle_fast else 1.0 if not idle_slow else to_fast
            if to_fast:
                yield arrival_rate * to_fast, (busy_fast + 1, busy_slow, queue)
            if to_fast < 1:
                yield arrival_rate * (1 - to_fast), (busy_fast, busy_slow + 1, queue)
        if queue:
            yield busy_fast * fast_rate + busy_slow * slow_rate, (busy_fast, busy_slow, queue - 1)
        else:
            if busy_fast:
                yield busy_fast * fast_rate, (busy_fast - 1, busy_slow, 0)
            if busy_slow:
                yield busy_slow * slow_rate, (busy_fast, busy_slow - 1, 0)

    chain = Chain((0, 0, 0), moves)
    shares = chain.stationary()
    return {
        "mean_wait": chain.mean(shares, lambda state: state[2]) / arrival_rate,
        "delayed": chain.mean(shares, lambda state: state[0] == fast_agents and state[1] == slow_agents),
        "occupancy_fast": chain.mean(shares, lambda state: state[0]) / fast_agents,
        "occupancy_slow": chain.mean(shares, lambda state: state[1]) / slow_agents,
        "mean_number": chain.mean(shares, sum),
    }


def blending(*, arrival_rate: float, service_rate: float, agents: int, threshold: int) -> Mapping[str, float]:
    """Inbound calls, and outbound ones started whenever fewer than `threshold` agents are busy and nobody waits (Bhulai and Koole 2003).

    Both take equally long, so the number in the system is a birth-death process that never falls below the threshold. Figures: the share of
    inbound delayed, its mean wait, outbound calls per unit of time, occupancy.
    """
    weights, weight = {}, 1.0
    for inside in range(threshold, agents + 1):
        weights[inside] = weight
        weight *= arrival_rate / (min(inside + 1, agents) * service_rate)
    ratio = arrival_rate / (agents * service_rate)
    full = weights[agents]
    tail = full * ratio / (1 - ratio)
    total = sum(weights.values()) + tail
    delayed = (full + tail) / total
    busy = (sum(inside * weight for inside, weight in weights.items()) + agents * tail) / total
    return {
        "delayed": delayed,
        "mean_wait": delayed / (agents * service_rate - arrival_rate),
        "outbound_rate": busy * service_rate - arrival_rate,
        "occupancy": busy / agents,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPool:
    """Agents who hold several chats at once; `agent_rates[k]` is how fast one with k + 1 chats ends one of them."""

    arrival_rate: float
    patience_rate: float
    agents: int
    agent_rates: tuple[float, ...]

    def figures(self, *, is_least_loaded_first: bool) -> Mapping[str, float]:
        """The figures where a new chat goes to the least loaded agent, or to the most loaded one with room.

        Share abandoned and delayed, mean queue and chats held, mean time of a chat, share of agents with any chat, chats of a busy agent.
        """
        most = len(self.agent_rates)

        def moves(state: tuple[tuple[int, ...], int]) -> Iterable[tuple[float, tuple[tuple[int, ...], int]]]:
            with_chats, queue = state  # with_chats[k]: agents who hold k chats
            open_levels = [level for level in range(most) if with_chats[level]]
            if open_levels:
                level = min(open_levels) if is_least_loaded_first else max(open_levels)
                yield self.arrival_rate, (_moved(with_chats, level, level + 1), 0)
            elif queue < _CUT:
                yield self.arrival_rate, (with_chats, queue + 1)
            if queue:
                yield queue * self.patience_rate, (with_chats, queue - 1)
            for level in range(1, most + 1):
                if with_chats[level]:
                    rate = with_chats[level] * self.agent_rates[level - 1]
                    # Whoever waits takes the room at once; that is only possible where every agent is full.
                    yield rate, (with_chats, queue - 1) if queue else (_moved(with_chats, level, level - 1), 0)

        chain = Chain(((self.agents, *(0,) * most), 0), moves)
        shares = chain.stationary()
        queue = chain.mean(shares, lambda state: state[1])
        held = chain.mean(shares, lambda state: sum(level * count for level, count in enumerate(state[0])))
        busy = 1 - chain.mean(shares, lambda state: state[0][0]) / self.agents
        abandoned = self.patience_rate * queue / self.arrival_rate
        return {
            "abandoned": abandoned,
            "mean_queue": queue,
            "delayed": chain.mean(shares, lambda state: state[0][most] == self.agents),
            "mean_chats": held,
            "mean_handle_time": held / (self.arrival_rate * (1 - abandoned)),
            "busy": busy,
            "concurrency": held / (self.agents * busy),
        }


def _moved(with_chats: tuple[int, ...], source: int, target: int) -> tuple[int, ...]:
    counts = list(with_chats)
    counts[source] -= 1
    counts[target] += 1
    return tuple(counts)
