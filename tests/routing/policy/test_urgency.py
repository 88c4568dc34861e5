"""The price of waiting: its formula term by term, and that it never falls."""

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
from routing.policy.urgency import CLASS_SHIFT, COST_MAX, urgency_ms, urgency_of_row
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
        waiting.put(row, channel=0, profile=0)
    return waiting


def price(urgency: Urgency, waited_ms: int, credit_ms: int = 0) -> int:
    """What waiting is worth after so long; the plain number and the column must agree."""
    waiting = waiting_with(urgency, credit_ms=credit_ms)
    of_row = urgency_of_row(waiting, 0, START + waited_ms)
    assert [of_row] == urgency_ms(waiting, np.array([0]), START + waited_ms).tolist()
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
    assert urgency_ms(waiting, rows, instants)[place] == urgency_ms(waiting, rows, START + place + 1)[place]


def test_class_and_price_share_one_number_without_touching() -> None:
    """The widest net value fits between two classes, and the highest class fits 64 bits."""
    assert 2 * COST_MAX + 10 * DURATION_MS_MAX < 1 << CLASS_SHIFT
    assert (CLASS_RANK_MAX + 1 << CLASS_SHIFT) < 1 << 62
