"""The prices of waiting: their formulas term by term, and that urgency never falls."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.core.lifecycle import InteractionPhase
from routing.core.state import InteractionRow
from routing.core.validate import CLASS_RANK_MAX, DURATION_MS_MAX, INSTANT_MAX, SLOPE_PER_MILLE_MAX
from routing.model.route import Urgency
from routing.model.time import DAY_MS, MINUTE_MS, SECOND_MS
from routing.policy.wait_prices import CLASS_SHIFT, COST_MAX, WAIT_PRICES, WaitPrice
from routing.policy.waiting_columns import WaitingColumns
from tests.builders import a_route, an_interaction, an_urgency
from tests.routing.policy.floor import START


def waiting_with(*urgencies: Urgency, credit_ms: int = 0) -> WaitingColumns:
    """Columns with one interaction for each urgency, all enqueued at START."""
    waiting = WaitingColumns()
    for number, urgency in enumerate(urgencies):
        row = InteractionRow(
            interaction=an_interaction(f"i{number}", credit_ms=credit_ms),
            phase=InteractionPhase.WAITING,
            sequence=number + 1,
            version=1,
            enqueued_at=START,
            route=a_route(urgency=urgency),
        )
        waiting.put(row, channel=0, profile=0, queue=0, expected_ms=0)
    return waiting


URGENCY = WAIT_PRICES["urgency"]


def price(urgency: Urgency, waited_ms: int, credit_ms: int = 0, by: WaitPrice = URGENCY) -> int:
    """What waiting is worth after so long; the plain number, a few of them and the column must agree."""
    waiting = waiting_with(urgency, credit_ms=credit_ms)
    of_row = by.of_row(waiting, 0, START + waited_ms)
    for count in (1, 8, 9, 40):
        assert [of_row] * count == by.of_rows(waiting, np.zeros(count, dtype=np.int64), START + waited_ms).tolist()
    return of_row


def test_it_starts_at_the_base_and_grows_by_the_slope() -> None:
    """A slope of 1,000 per mille is a millisecond a millisecond; fractions are rounded down."""
    assert 5_000 == price(an_urgency(base_ms=5_000), 0)
    assert 65_000 == price(an_urgency(base_ms=5_000), MINUTE_MS)
    assert 90_000 == price(an_urgency(slope_per_mille=1_500), MINUTE_MS)
    assert 0 == price(an_urgency(slope_per_mille=1), 999)
    assert 1 == price(an_urgency(slope_per_mille=1), 1_000)


def test_credit_counts_as_age_and_not_as_wait() -> None:
    """A credit moves the routing age; the pressure of the target knows only the true wait."""
    assert 70_000 == price(an_urgency(), 10_000, credit_ms=MINUTE_MS)
    assert 0 == price(an_urgency(slope_per_mille=0, pressure_weight_ms=1_000, target_ms=20_000), 0, credit_ms=MINUTE_MS)


def test_pressure_rises_in_proportion_to_the_target_and_stays() -> None:
    """Half the weight at half the target, all of it at the target and ever after."""
    urgency = an_urgency(slope_per_mille=0, pressure_weight_ms=8_000, target_ms=20 * SECOND_MS)
    assert [0, 4_000, 8_000, 8_000] == [price(urgency, waited_ms) for waited_ms in (0, 10_000, 20_000, DAY_MS)]


def test_the_cap_bounds_all_terms_together() -> None:
    """Base, age and pressure end at the cap, even where the base alone would pass it."""
    urgency = an_urgency(base_ms=1_000, pressure_weight_ms=1_000, cap_ms=2_500)
    assert [1_000, 2_025, 2_500] == [price(urgency, waited_ms) for waited_ms in (0, 977, MINUTE_MS)]
    assert 500 == price(an_urgency(base_ms=1_000, cap_ms=500), 0)


durations = st.integers(0, DURATION_MS_MAX)
urgencies = st.builds(
    Urgency,
    class_rank=st.integers(0, CLASS_RANK_MAX),
    base_ms=durations,
    slope_per_mille=st.integers(0, SLOPE_PER_MILLE_MAX),
    cap_ms=st.integers(0, 10 * DURATION_MS_MAX),
    pressure_weight_ms=durations,
    target_ms=st.integers(1, INSTANT_MAX),
)


def only_pressure(urgency: Urgency) -> Urgency:
    """The same pressure without any other term, and without a cap that could be reached."""
    return replace(urgency, base_ms=0, slope_per_mille=0, cap_ms=1 << 40)


@given(urgencies, st.lists(st.integers(0, INSTANT_MAX - START), min_size=2, max_size=20), st.sampled_from((0, 1, DURATION_MS_MAX)))
def test_it_never_falls_within_every_limit_of_a_site(urgency: Urgency, waits: list[int], credit_ms: int) -> None:
    """No term leaves 64 bits at the limits of what a site or a due date may say; pressure ends at exactly its weight."""
    prices = [price(urgency, waited_ms, credit_ms) for waited_ms in sorted(waits)]
    assert prices == sorted(prices)
    assert 0 <= prices[0] <= prices[-1] <= urgency.cap_ms < COST_MAX
    only_pressure = an_urgency(
        slope_per_mille=0, pressure_weight_ms=urgency.pressure_weight_ms, target_ms=urgency.target_ms, cap_ms=1 << 40
    )
    assert urgency.pressure_weight_ms == price(only_pressure, urgency.target_ms)


@given(urgencies, durations)
def test_pressure_is_the_formula_up_to_a_second_in_a_year(urgency: Urgency, waited_ms: int) -> None:
    """Where weight times target would not fit 64 bits the times are counted in coarser units; otherwise nothing is lost."""
    urgency = only_pressure(urgency)
    exact = urgency.pressure_weight_ms * min(waited_ms, urgency.target_ms) // urgency.target_ms
    bits = urgency.pressure_weight_ms.bit_length() + urgency.target_ms.bit_length()
    allowed = 0 if bits <= 62 else 1 + urgency.pressure_weight_ms * (1 << bits - 62) // urgency.target_ms
    assert abs(price(urgency, waited_ms) - exact) <= allowed
    if urgency.target_ms <= DURATION_MS_MAX:
        assert allowed <= SECOND_MS


def test_it_may_fall_with_age() -> None:
    """A slope below 0 serves the newest first; a head start and the cap hold as ever, and there is no floor."""
    newest = an_urgency(slope_per_mille=-1_000, base_ms=60_000, cap_ms=50_000)
    assert [50_000, 50_000, 0, -540_000] == [price(newest, waited_ms) for waited_ms in (0, 10_000, 60_000, 600_000)]


@pytest.mark.parametrize("place", [0, 2])
def test_each_row_may_have_its_own_instant(place: int) -> None:
    """Columns are priced at one instant for all or at one for each row."""
    waiting = waiting_with(*(an_urgency(base_ms=base) for base in (0, 10, 20)))
    instants = START + np.array([1, 2, 3])
    rows = np.arange(3)
    assert URGENCY.of_rows(waiting, rows, instants)[place] == URGENCY.of_rows(waiting, rows, START + place + 1)[place]


def test_class_and_price_share_one_number_without_touching() -> None:
    """The widest net value fits between two classes, and the highest class fits 64 bits."""
    assert 2 * COST_MAX + 10 * DURATION_MS_MAX < 1 << CLASS_SHIFT
    assert (CLASS_RANK_MAX + 1 << CLASS_SHIFT) < 1 << 62


RICH = an_urgency(class_rank=3, base_ms=5_000, slope_per_mille=2_000, cap_ms=100_000, pressure_weight_ms=50_000, target_ms=10_000)


@pytest.mark.parametrize(
    ("name", "prices"),
    [
        ("urgency", [5_000, 75_000, 100_000]),
        ("acceleration", [5_000, 25_000, 100_000]),
        ("head_start", [5_000, 15_000, 65_000]),
        ("strict", [5_000, 5_000, 5_000]),
        ("arrival_order", [0, 10_000, 60_000]),
        ("last_in_first_out", [0, -10_000, -60_000]),
    ],
)
def test_each_price_reads_its_own_terms(name: str, prices: list[int]) -> None:
    """Base 5 s, slope 2, cap 100 s, up to 50 s of pressure at 10 s: after 0, 10 and 60 seconds."""
    assert prices == [price(RICH, waited_ms, by=WAIT_PRICES[name]) for waited_ms in (0, 10_000, MINUTE_MS)]


@pytest.mark.parametrize("name", sorted(WAIT_PRICES))
@given(urgencies, st.lists(st.integers(0, INSTANT_MAX - START), min_size=2, max_size=5), st.sampled_from((0, DURATION_MS_MAX)))
def test_every_price_stays_in_its_bounds_and_keeps_its_promise(name: str, urgency: Urgency, waits: list[int], credit_ms: int) -> None:
    """Within 2**42 at every limit of a site, and never falling where it says so."""
    prices = [price(urgency, waited_ms, credit_ms, WAIT_PRICES[name]) for waited_ms in sorted(waits)]
    assert all(abs(one) < COST_MAX for one in prices)
    assert not WAIT_PRICES[name].never_falls or prices == sorted(prices)


def test_credit_moves_a_place_and_not_what_came_last() -> None:
    """Routing age has the credit in it, the true wait has not."""
    found = {name: price(RICH, 10_000, MINUTE_MS, by) for name, by in WAIT_PRICES.items()}
    assert (75_000, 70_000, -10_000) == (found["head_start"], found["arrival_order"], found["last_in_first_out"])
