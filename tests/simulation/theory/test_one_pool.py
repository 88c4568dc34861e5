"""One pool: closed forms and integrals against figures worked out to ten digits elsewhere."""

import math

import pytest

from simulation.theory.erlang import ErlangC, agents_for_delay, agents_for_service_level, erlang_b
from simulation.theory.patience import ConstantPatience, ExponentialPatience, PoolWithPatience
from simulation.theory.trunks import separate_pools_with_shared_lines

EXACT = 1e-8


def close(*expected: float) -> object:
    """Equal to these figures to eight digits."""
    return pytest.approx(expected, rel=EXACT)


def test_erlang_b() -> None:
    """The loss formula at 7 and at 84 Erlangs, and a load that nobody carries."""
    assert (erlang_b(10, 7), erlang_b(90, 84), erlang_b(0, 3)) == close(0.07874088297, 0.04461987096, 1.0)
    with pytest.raises(ValueError, match="must not be negative"):
        erlang_b(-1, 7)


def test_erlang_c() -> None:
    """A hundred calls in half an hour, three minutes each, fourteen agents; and 48 a minute with fifty."""
    small = ErlangC(arrival_rate=100 / 30, service_rate=1 / 3, agents=14)
    assert (small.delayed, small.answered_within(20 / 60), small.mean_wait, small.occupancy) == close(
        0.1741319336, 0.8883500192, 0.1305989502, 0.7142857143
    )
    large = ErlangC(arrival_rate=48, service_rate=1, agents=50)
    assert (large.mean_wait * 60, large.wait_quantile(0.9) * 60, large.mean_queue, large.delayed, large.answered_within(1 / 3)) == close(
        20.83366834, 58.13874178, 16.66693467, 0.6944556112, 0.6434546008
    )
    assert small.wait_quantile(0.5) == 0


def test_a_pool_without_enough_agents_is_refused() -> None:
    """Its queue has no long run."""
    with pytest.raises(ValueError, match="more agents than the offered load of 10 Erlangs, got 10"):
        ErlangC(arrival_rate=10, service_rate=1, agents=10)


@pytest.mark.parametrize(
    ("load", "agents", "there", "one_less"),
    [
        (5, 8, 0.8801483108, 0.7404410115),
        (10, 14, 0.8883500192, 0.7955947884),
        (20, 24, 0.808881887, 0.7021110108),
        (50, 56, 0.8411755457, 0.7793646609),
        (100, 107, 0.8238047029, 0.7711275683),
        (200, 208, 0.8086393197, 0.7628185081),
    ],
)
def test_the_fewest_agents_for_eighty_in_twenty(load: float, agents: int, there: float, one_less: float) -> None:
    """80 % within 20 s at three minutes of handling, and what one agent less gives."""
    assert agents_for_service_level(arrival_rate=load / 180, service_rate=1 / 180, target=20, share=0.8) == agents
    levels = [ErlangC(arrival_rate=load / 180, service_rate=1 / 180, agents=count).answered_within(20) for count in (agents, agents - 1)]
    assert tuple(levels) == close(there, one_less)


def test_the_fewest_agents_for_a_share_delayed() -> None:
    """A hundred Erlangs, at most a fifth delayed."""
    assert agents_for_delay(arrival_rate=100, service_rate=1, delayed=0.2) == 111


@pytest.mark.parametrize(
    ("pools", "delayed", "wait"),
    [(1, 0.6687315241, 0.6687315241), (2, 0.5507690048, 0.2753845024), (5, 0.3638644672, 0.07277289344), (10, 0.2169404809, 0.02169404809)],
)
def test_pools_that_merge(pools: int, delayed: float, wait: float) -> None:
    """Ten agents at 90 %, merged with others like them."""
    merged = ErlangC(arrival_rate=9 * pools, service_rate=1, agents=10 * pools)
    assert (merged.delayed, merged.mean_wait) == close(delayed, wait)


def test_repeated_contacts_raise_the_load() -> None:
    """A quarter of all contacts come back: the pool sees 8/3 a minute instead of 2."""
    pool = ErlangC(arrival_rate=2 / 0.75, service_rate=1 / 4, agents=12)
    assert (pool.mean_wait, pool.answered_within(0.5)) == close(1.816539451, 0.4874441841)


def test_customers_who_leave_and_four_service_levels() -> None:
    """Erlang A at 48 a minute, fifty agents, two minutes of patience."""
    pool = PoolWithPatience(arrival_rate=48, service_rate=1, agents=50, patience=ExponentialPatience(mean=2))
    assert (pool.abandoned, pool.delayed, pool.mean_wait * 60, pool.mean_wait_of_answered * 60) == close(
        0.03091224916, 0.4677740686, 3.709469899, 3.61590024
    )
    assert (pool.wait_quantile(0.9) * 60, pool.mean_queue, pool.occupancy) == close(12.44464772, 2.96757592, 0.9303242408)
    answered, left = pool.answered_within(1 / 3), pool.abandoned_within(1 / 3)
    assert (answered, answered / (1 - pool.abandoned), answered / (1 - left), answered + left) == close(
        0.9430189547, 0.9730996537, 0.972029603, 0.9728643917
    )
    assert pool.wait_quantile(0.1) == 0


def test_a_smaller_pool_with_patience() -> None:
    """100 calls in half an hour, thirteen agents, five minutes of patience."""
    pool = PoolWithPatience(arrival_rate=100 / 30, service_rate=1 / 3, agents=13, patience=ExponentialPatience(mean=5))
    answered, left = pool.answered_within(1 / 3), pool.abandoned_within(1 / 3)
    assert (pool.abandoned, pool.mean_wait, pool.mean_wait_of_answered) == close(0.02496330363, 0.1248165182, 0.1152328051)
    assert (answered, answered / (1 - pool.abandoned), answered / (1 - left), answered + left) == close(
        0.8581777, 0.88014913, 0.8682745212, 0.8698063047
    )


def test_the_law_of_patience_matters_near_zero() -> None:
    """The same mean patience of two service times: constant and exponential."""
    constant = PoolWithPatience(arrival_rate=10, service_rate=1, agents=10, patience=ConstantPatience(limit=2))
    exponential = PoolWithPatience(arrival_rate=10, service_rate=1, agents=10, patience=ExponentialPatience(mean=2))
    assert (constant.abandoned, constant.mean_wait) == close(0.04055114574, 0.8921252063)
    assert (exponential.abandoned, exponential.mean_wait) == close(0.1039132123, 0.2078264247)


@pytest.mark.parametrize(
    ("hourly", "agents", "expected"),
    [
        (100, 4, (0.7682132673, 0.8057962217, 0.05225025224, 17.12916888)),
        (150, 6, (0.8479862356, 0.8823771072, 0.03647003864, 9.33613457)),
        (180, 8, (0.9384285366, 0.9579685709, 0.01763919575, 3.360669937)),
        (200, 8, (0.8968924411, 0.9262765282, 0.02735371546, 5.754386595)),
        (150, 7, (0.9370623083, 0.9558163795, 0.01734408782, 3.507254421)),
        (120, 6, (0.9373875168, 0.9547892585, 0.01663764747, 3.587440624)),
        (100, 6, (0.9711784966, 0.9801391647, 0.008254452984, 1.604995944)),
        (80, 4, (0.8781197354, 0.9024133869, 0.02873026888, 8.171022442)),
        (70, 4, (0.9185605113, 0.936280434, 0.01973956667, 5.251960249)),
        (60, 4, (0.9496401347, 0.9615025832, 0.01258185901, 3.140886204)),
    ],
)
def test_a_tenth_that_will_not_wait_at_all(hourly: float, agents: int, expected: tuple[float, ...]) -> None:
    """Hours of a day as stationary queues: a tenth balks, the others wait a thousand seconds on average."""
    patience = ExponentialPatience(mean=1000, balking=0.1)
    pool = PoolWithPatience(arrival_rate=hourly / 3600, service_rate=1 / 100, agents=agents, patience=patience)
    levels = [pool.answered_within(target) / (1 - pool.abandoned_within(target)) for target in (20, 30)]
    assert (*levels, pool.abandoned, pool.mean_wait) == close(*expected)


def test_lines_that_run_out() -> None:
    """90 agents behind 120 lines, as one pool and as six."""
    one = separate_pools_with_shared_lines(pools=1, arrival_rate=8.4, service_rate=0.1, agents=90, lines=120, target=0.5)
    six = separate_pools_with_shared_lines(pools=6, arrival_rate=1.4, service_rate=0.1, agents=15, lines=120, target=0.5)
    assert (one.blocked, one.delayed, one.mean_wait, one.in_target, one.utilisation) == close(
        0.003643076071, 0.3797055546, 0.450022761, 0.7329222773, 0.929933129
    )
    assert (six.blocked, six.delayed, six.mean_wait, six.in_target, six.utilisation) == close(
        0.04165867795, 0.573562625, 3.054324377, 0.4734263243, 0.8944519006
    )


def test_lines_without_a_waiting_place_are_erlang_b() -> None:
    """As many lines as agents: nobody waits, and the share blocked is Erlang's."""
    pool = separate_pools_with_shared_lines(pools=1, arrival_rate=7, service_rate=1, agents=10, lines=10, target=0)
    assert (pool.blocked, pool.delayed, pool.mean_wait) == close(erlang_b(10, 7), 0, 0)
    assert math.isclose(pool.in_target, 1)
