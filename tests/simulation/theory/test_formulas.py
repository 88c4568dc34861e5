"""Single servers, priorities, large pools, planning and selection."""

import math

import pytest

from simulation.theory.longest_idle import longest_idle
from simulation.theory.many_agents import (
    all_busy,
    fluid_abandoned,
    fluid_wait,
    garnett_delayed,
    halfin_whitt_delayed,
    mean_busy_unlimited,
    square_root_staffing,
)
from simulation.theory.planning import least_utilisation
from simulation.theory.selection import allocate, days_for_half_width, kim_nelson_constants
from simulation.theory.single_server import (
    Class,
    HyperexponentialArrivals,
    bursty_queue,
    mean_residual_work,
    mean_time_shared,
    mean_wait_fifo,
    mean_waits_by_priority,
    mean_waits_by_priority_in_a_pool,
)

THREE = (
    Class(arrival_rate=0.02, mean=4, second_moment=32),
    Class(arrival_rate=0.06, mean=5, second_moment=37.5),
    Class(arrival_rate=0.05, mean=6, second_moment=72),
)


def close(*expected: float) -> object:
    """Equal to these figures to eight digits."""
    return pytest.approx(expected, rel=1e-8)


def test_variability_of_service_makes_waits() -> None:
    """At 80 % utilisation the wait grows with the squared coefficient of variation."""
    waits = [mean_wait_fifo([Class(arrival_rate=0.8, mean=1, second_moment=1 + scv)]) for scv in (0, 0.5, 1, 1.44, 4)]
    assert tuple(waits) == close(2.0, 3.0, 4.0, 4.88, 10.0)


def test_priorities_move_waits_and_conserve_work() -> None:
    """Cobham's formula, and Kleinrock's law: the waits weighted by load add up to the same."""
    waits = mean_waits_by_priority(THREE)
    fifo = mean_wait_fifo(THREE)
    assert (*waits, mean_residual_work(THREE), fifo) == close(3.527173913, 5.688990182, 16.35584677, 3.245, 10.140625)
    for each in (waits, [fifo] * 3):
        assert math.fsum(one.load * wait for one, wait in zip(THREE, each, strict=True)) == pytest.approx(6.895625, rel=1e-8)


def test_priorities_in_a_pool() -> None:
    """Ten agents, two classes; one class alone waits as in Erlang's formula."""
    assert tuple(mean_waits_by_priority_in_a_pool([3, 5], service_rate=1, agents=10)) == close(0.05845430726, 0.2922715363)
    assert mean_waits_by_priority_in_a_pool([8], service_rate=1, agents=10) == [pytest.approx(0.2045900754, rel=1e-8)]


def test_the_dearest_work_per_minute_first() -> None:
    """The c-mu order costs 5.5 a unit of time, the reverse 7, first come first served 6."""
    classes = (Class(arrival_rate=0.2, mean=1, second_moment=2), Class(arrival_rate=0.2, mean=3, second_moment=18))
    costs = (1.0, 2.0)
    right = math.fsum(
        cost * one.arrival_rate * wait for cost, one, wait in zip(costs, classes, mean_waits_by_priority(classes), strict=True)
    )
    wrong_waits = mean_waits_by_priority(classes[::-1])[::-1]
    wrong = math.fsum(cost * one.arrival_rate * wait for cost, one, wait in zip(costs, classes, wrong_waits, strict=True))
    fifo = math.fsum(cost * one.arrival_rate * mean_wait_fifo(classes) for cost, one in zip(costs, classes, strict=True))
    assert (right, wrong, fifo) == close(5.5, 7.0, 6.0)


def test_shared_and_bursty_servers() -> None:
    """Processor sharing needs only the load; bursts of arrivals make 10.9 of a wait of 4."""
    assert (mean_time_shared(2, load=0.7), mean_time_shared(1, load=0.7)) == close(6.666666667, 3.333333333)
    assert bursty_queue(HyperexponentialArrivals(probabilities=(0.9, 0.1), rates=(1.44, 0.16)), service_rate=1) == close(
        0.9158125458, 10.87825441
    )


def test_limits_of_large_pools() -> None:
    """Halfin and Whitt, Garnett, the square root and the fluid."""
    assert tuple(halfin_whitt_delayed(beta) for beta in (0.25, 0.5, 1, 1.5, 2)) == close(
        0.7209321134, 0.504538641, 0.2233612748, 0.08469039449, 0.02688136243
    )
    assert garnett_delayed(2 / math.sqrt(48), service_rate=1, patience_rate=0.5) == pytest.approx(0.4507608401, rel=1e-8)
    beta, agents = square_root_staffing(100, delayed=0.2)
    assert (beta, agents) == close(1.061516275, 111)
    waits = (fluid_wait(1.2, lambda share: -math.log(1 - share)), fluid_wait(1.2, lambda share: 2 * share))
    assert (fluid_abandoned(1.2), *waits) == close(0.1666666667, 0.1823215568, 0.3333333333)
    with pytest.raises(ValueError, match=r"above a utilisation of 1, got 0\.9"):
        fluid_abandoned(0.9)


def test_a_load_that_swings() -> None:
    """Arrivals at 100 + 20 sin t: the mean number busy lags behind, and half a square root of spare agents keeps the share busy steady."""
    means = [mean_busy_unlimited(lambda at: 100 + 20 * math.sin(at), service_rate=1, at=at) for at in range(7)]
    assert tuple(means) == close(90.0, 103.0116868, 113.2544426, 111.311125, 98.96841126, 87.5741354, 87.60414215)
    shares = [all_busy(mean, math.ceil(mean + 0.5 * math.sqrt(mean))) for mean in means]
    assert tuple(shares) == close(0.3128048133, 0.2903552776, 0.3068740431, 0.3072145097, 0.3196242209, 0.2948671522, 0.2959850388)


def test_whether_a_plan_can_carry_its_load() -> None:
    """Above one no routing helps: seven agents of one skill and six of both are too few for twice 6.7 Erlangs."""
    assert least_utilisation(arrival_rates=[6, 2], pool_sizes=[3, 2, 4], service_rates=[[1, 0, 0.625], [0, 1.25, 0.625]]) == pytest.approx(
        12 / 11, rel=1e-8
    )
    assert least_utilisation(
        arrival_rates=[100 / 60, 50 / 60], pool_sizes=[7, 6], service_rates=[[1 / 4, 1 / 4], [0, 1 / 8]]
    ) == pytest.approx(10 / 9, rel=1e-8)
    with pytest.raises(ValueError, match="no split of the work exists"):
        least_utilisation(arrival_rates=[1, 1], pool_sizes=[1], service_rates=[[1], [0]])


def test_first_come_longest_idle() -> None:
    """Two agents, one of whom serves both types."""
    skills = [frozenset({"a"}), frozenset({"a", "b"})]
    figures = longest_idle(arrival_rates={"a": 0.7, "b": 0.6}, service_rates=[1.0, 1.0], skills=skills)
    assert (figures.delayed["a"], figures.delayed["b"], figures.mean_wait["a"], figures.mean_wait["b"], *figures.busy) == close(
        0.453256705, 0.7770114943, 0.6475095785, 2.266283525, 0.5229885057, 0.7770114943
    )
    with pytest.raises(ValueError, match="are overloaded by what only they serve"):
        longest_idle(arrival_rates={"a": 0.7, "b": 1.6}, service_rates=[1.0, 1.0], skills=skills)


def test_how_many_replications_and_where() -> None:
    """Days for a half-width, the constants of KN, and the budget of five alternatives."""
    assert days_for_half_width(standard_deviation=0.169, half_width=0.005, confidence=0.95) == 4389
    assert kim_nelson_constants(alternatives=10, error=0.05, first_stage=20) == close(0.3029338036, 11.51148454)
    means, variances = [1.2, 2.1, 3.4, 4.87, 6.05], [3.3, 2.0, 4.5, 5.3, 6.9]
    assert allocate(means=means, variances=variances, done=[12, 6, 5, 5, 4], more=100) == [48, 38, 11, 2, 1]


def test_an_alternative_with_more_than_its_share_gets_nothing() -> None:
    """What it has too much is missing elsewhere, and the whole budget is spent."""
    given = allocate(means=[1.2, 2.1, 3.4], variances=[3.3, 2.0, 4.5], done=[5, 5, 50], more=10)
    assert given[2] == 0
    assert sum(given) == 10
