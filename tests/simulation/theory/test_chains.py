"""Markov chains: redials, unlike agents, chats, blending, two skills, days that change."""

import numpy as np
import pytest
from scipy import special

from simulation.theory.best_rule import DecisionProcess
from simulation.theory.chain import Chain
from simulation.theory.days import Period, PoolDay
from simulation.theory.erlang import erlang_b
from simulation.theory.overload import OverloadedPool
from simulation.theory.pools import ChatPool, blending, redials, slow_server, two_speeds
from simulation.theory.two_skills import Rule, TwoSkills

NUMERIC = 1e-6

AGENTS = (4, 6, 8, 8, 8, 7, 8, 8, 6, 6, 4, 4, 4)
HOURLY = (100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60)


def close(*expected: float, rel: float = NUMERIC) -> object:
    """Equal to these figures to six digits."""
    return pytest.approx(expected, rel=rel, abs=1e-12)


def test_a_chain_finds_the_loss_formula() -> None:
    """M/M/n/n as a chain: in the long run, and after a long time from an empty start, with the time spent."""
    chain = Chain(0, lambda busy: [*([(7.0, busy + 1)] if busy < 10 else []), *([(float(busy), busy - 1)] if busy else [])])
    assert chain.stationary()[chain.index[10]] == pytest.approx(erlang_b(10, 7), rel=1e-10)
    start = np.eye(11)[0]
    end, spent = chain.after(start, 60.0)
    assert end == pytest.approx(chain.stationary(), abs=1e-10)
    assert spent.sum() == pytest.approx(60.0)
    assert chain.after(start, 0.0)[0] is start


def test_redials() -> None:
    """Three of four who leave call again after twenty minutes."""
    figures = redials(arrival_rate=2, service_rate=1 / 5, agents=10, patience_rate=1 / 2, redial_share=0.75, redial_rate=1 / 20)
    assert tuple(figures.values()) == close(1.327820833, 9.958656251, 2.497932813, 0.2657839368, 0.08298880209, 0.9170111979)


def test_a_slow_server_is_used_late() -> None:
    """The best threshold is five; never to use the slow one would give one customer on average."""
    numbers = [slow_server(arrival_rate=0.5, fast_rate=1, slow_rate=0.1, threshold=threshold) for threshold in range(1, 13)]
    expected = (
        *(1.360940695, 1.140804302, 1.035529099, 0.9980473466, 0.9889454233, 0.9894287499),
        *(0.9921959128, 0.9948395135, 0.9967905142, 0.9980805472, 0.9988828715, 0.9993627161),
    )
    assert tuple(numbers) == close(*expected)
    assert min(numbers) == numbers[4]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("fast", (0.1963747646, 0.3927495292, 0.8587512453, 0.7118731321, 9.424120003)),
        ("random", (0.2076474458, 0.4152948916, 0.7800999147, 0.829850128, 9.71092978)),
        ("slow", (0.216309578, 0.4326191561, 0.7224248366, 0.9163627451, 9.924414533)),
    ],
)
def test_which_idle_agent_first(first: str, expected: tuple[float, ...]) -> None:
    """Five fast and five slow agents before one line."""
    assert tuple(two_speeds(arrival_rate=8, fast=(5, 1.2), slow=(5, 0.8), first=first).values()) == close(*expected)


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (0, (0.1012992427, 0.02532481067, 0.0, 0.6)),
        (4, (0.1189427313, 0.02973568282, 0.6167400881, 0.6616740088)),
        (6, (0.18, 0.045, 1.68, 0.768)),
        (7, (0.25, 0.0625, 2.333333333, 0.8333333333)),
        (8, (0.375, 0.09375, 3.0, 0.9)),
        (9, (0.6, 0.15, 3.6, 0.96)),
        (10, (1.0, 0.25, 4.0, 1.0)),
    ],
)
def test_outbound_work_fills_the_gaps(threshold: int, expected: tuple[float, ...]) -> None:
    """Inbound 6 a minute for ten agents, and outbound calls up to a threshold of busy agents."""
    figures = blending(arrival_rate=6, service_rate=1, agents=10, threshold=threshold)
    assert tuple(figures.values()) == close(*expected, rel=1e-8)


@pytest.mark.parametrize(
    ("is_least_loaded_first", "expected"),
    [
        (True, (0.0420279667, 0.07565034006, 0.1059312889, 7.529988895, 13.10057189, 0.9398511981, 2.002973692)),
        (False, (0.05069464599, 0.09125036278, 0.1277756126, 8.110195769, 14.23882515, 0.8312189758, 2.439247661)),
    ],
)
def test_chats_held_at_once(is_least_loaded_first: bool, expected: tuple[float, ...]) -> None:
    """Four agents with up to three chats; more chats at once are slower together than apart."""
    pool = ChatPool(arrival_rate=0.6, patience_rate=1 / 3, agents=4, agent_rates=(0.10, 0.16, 0.195))
    assert tuple(pool.figures(is_least_loaded_first=is_least_loaded_first).values()) == close(*expected)


TWO = TwoSkills(
    arrival_rates=(6, 2),
    patience_rates=(1 / 2, 1 / 3.2),
    specialists=(3, 2),
    special_rates=(1, 1 / 0.8),
    generalists=4,
    general_rates=(1 / 1.6, 1 / 1.6),
    cut=(34, 22),
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            Rule.TYPE_0_FIRST,
            (
                *(
                    0.1851075722,
                    0.07443062788,
                    0.2411660366,
                    0.5596350583,
                    2.221290867,
                    0.4763560184,
                    0.9325363392,
                    0.6486049445,
                    0.9285487727,
                ),
                1.259506689,
            ),
        ),
        (
            Rule.TYPE_1_FIRST,
            (
                *(
                    0.2156271349,
                    0.0321185611,
                    0.2239888626,
                    0.62779018,
                    2.587525618,
                    0.2055587911,
                    0.9392784907,
                    0.5991921924,
                    0.9304736462,
                ),
                1.357999931,
            ),
        ),
        (
            Rule.TYPE_0_FIRST_RESERVE_1,
            (
                *(
                    0.1763002814,
                    0.09519712442,
                    0.2772708341,
                    0.4958926742,
                    2.115603377,
                    0.6092615963,
                    0.9271663379,
                    0.6735398023,
                    0.9145822173,
                ),
                1.248195937,
            ),
        ),
    ],
)
def test_two_skills(rule: Rule, expected: tuple[float, ...]) -> None:
    """Specialists, generalists, and three rules for a freed generalist."""
    assert tuple(TWO.figures(rule).values()) == close(*expected)


@pytest.mark.parametrize(("weights", "expected"), [((1.0, 1.0), 1.24103), ((1.0, 3.0), 1.48349)])
def test_the_best_rule_for_two_skills(weights: tuple[float, float], expected: float) -> None:
    """No rule abandons less; the rules above stay above."""
    assert TWO.least_abandoned_rate(weights, span=1e-6) == pytest.approx(expected, rel=5e-6)


def test_whom_to_serve_in_overload() -> None:
    """The type with the higher cost times rate over patience first; no rule that serves whenever it can does better."""
    pool = OverloadedPool(arrival_rates=(8, 6), service_rate=1, patience_rates=(0.2, 2), holding_costs=(1, 1.5), agents=10, cut=(90, 25))
    assert (pool.cost(first=0), pool.cost(first=1)) == close(5.11892483, 14.07320403)
    assert pool.least_cost(may_idle=False, span=1e-4) == pytest.approx(5.11892483, rel=2e-5)


def test_a_small_overload_is_better_with_agents_kept_free() -> None:
    """Who leaves cheaply anyway need not be served by the last free agent: idling beats every rule that always serves."""
    pool = OverloadedPool(arrival_rates=(2, 1.5), service_rate=1, patience_rates=(0.2, 2), holding_costs=(1, 1.5), agents=2, cut=(40, 12))
    assert pool.least_cost(may_idle=True, span=1e-4) < pool.least_cost(may_idle=False, span=1e-4) - 0.01


def test_value_iteration_that_cannot_settle_is_refused() -> None:
    """A system that only swings between two states has no value to settle on within the span asked for."""
    process = DecisionProcess(0, moves=lambda state: [(1.0, 1 - state)], choices=lambda state: [state], cost=float)
    with pytest.raises(ValueError, match="did not settle"):
        process.least_cost(span=-1.0, sweeps=100)


def test_a_day_from_an_empty_start() -> None:
    """Eight hours of 4.2 calls a minute for twelve agents, the queue served out after closing."""
    day = PoolDay(service_rate=0.5, patience_rate=0.0, balking=0.0, target=20 / 60, cut=120)
    open_, closed = day.figures([Period(duration=480, arrival_rate=4.2, agents=12)])
    served = open_.arrivals
    waited = (open_.waited + closed.waited) / served
    assert (served, open_.in_target, open_.in_target / served, waited, open_.busy / (12 * 480), open_.lost) == close(
        2016.0, 1815.271737, 0.9004324093, 0.100680741, 0.6969343495, 0.0
    )


@pytest.mark.parametrize("leave_by_name", [False, True])
def test_no_work_is_lost_when_agents_leave(leave_by_name: bool) -> None:
    """Whoever leaves, the agents are busy for two minutes with everyone who stays."""
    day = PoolDay(service_rate=0.5, patience_rate=0.1, balking=0.0, target=0.0, cut=60, leave_by_name=leave_by_name)
    figures = day.figures([Period(duration=60, arrival_rate=rate, agents=agents) for rate, agents in ((1.5, 6), (1.0, 3), (0.8, 5))])
    served = sum(one.arrivals - one.lost for one in figures)
    assert sum(one.busy for one in figures) == pytest.approx(2 * served, rel=1e-6)


def the_long_day(busyness: float) -> tuple[float, float, list[float], list[float]]:
    """Thirteen hours of changing rates and staff: waits and losses per 1,660 calls, and by the hour."""
    day = PoolDay(service_rate=1 / 100, patience_rate=1 / 1000, balking=0.1, target=20.0, cut=50)
    periods = [
        Period(duration=3600, arrival_rate=busyness * rate / 3600, agents=agents) for rate, agents in zip(HOURLY, AGENTS, strict=True)
    ]
    figures = day.figures(periods)
    hours = figures[:-1]
    return (
        sum(hour.waited for hour in figures) / 1660,
        sum(hour.lost for hour in figures) / 1660,
        [hour.waited / hour.arrivals for hour in hours],
        [hour.lost / hour.arrivals for hour in hours],
    )


def test_a_day_whose_rates_and_staff_change() -> None:
    """Hour by hour, agents who leave finishing the call in hand."""
    waited, lost, hourly_waits, hourly_losses = the_long_day(1.0)
    assert (waited, lost) == close(4.594376242, 0.01948281723)
    assert tuple(hourly_waits) == close(
        *(15.66348066, 8.976613057, 1.327157362, 3.259393702, 5.626919721, 3.811537984, 1.294619876),
        *(1.283348574, 3.684494908, 1.688552134, 8.218658617, 5.414978445, 3.246869123),
    )
    assert tuple(hourly_losses) == close(
        *(0.04883819851, 0.03546482192, 0.007841924164, 0.01725907724, 0.026956769, 0.01827630468, 0.007747001138),
        *(0.007714619148, 0.01705061535, 0.008524870984, 0.02904573907, 0.02011364082, 0.01284818735),
    )


def test_a_day_whose_busyness_is_drawn() -> None:
    """A Gamma factor of shape 400 on all rates, integrated by Gauss and Legendre's rule over +-7 deviations."""
    shape = 400.0
    nodes, weights = np.polynomial.legendre.leggauss(24)
    low, high = 1 - 7 / np.sqrt(shape), 1 + 7 / np.sqrt(shape)
    factors = (high - low) / 2 * nodes + (high + low) / 2
    density = np.exp(shape * np.log(shape) - special.gammaln(shape) + (shape - 1) * np.log(factors) - shape * factors)
    masses = weights * (high - low) / 2 * density
    days = [the_long_day(factor)[:2] for factor in factors.tolist()]
    waited, lost = (float(np.dot(masses, column)) for column in zip(*days, strict=True))
    assert masses.sum() == pytest.approx(1, abs=1e-7)
    assert (waited, lost, float(np.sqrt(1660 + 1660**2 / shape))) == close(4.72360415, 0.01985924625, 92.46080251)
