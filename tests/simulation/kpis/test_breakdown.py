"""The breakdown adds up to the measures: half hours to their queue, agents to the whole, waits to the service level."""

import pytest

from simulation.kpis.breakdown import WAITS_S, Breakdown, breakdown_of
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.measure import Ratio
from simulation.kpis.tabulate import Table, tabulate
from simulation.run import run_replication
from simulation.scenario import Arm
from tests.simulation.comparisons import a_busy_office


@pytest.fixture(scope="module")
def day() -> Table:
    """A day of the busy office: two live channels' worth of waiting, and agents who come and go."""
    scenario, ledger = a_busy_office(), Ledger()
    arm = Arm(name="as it is", policy=scenario.site.policy, roster=next(iter(scenario.rosters)))
    run_replication(scenario, arm, 0, [ledger])
    return tabulate(facts_of(ledger, starts_at=scenario.starts_at, ends_at=scenario.ends_at))


def test_half_hours_add_up_to_their_queue(day: Table) -> None:
    """Everything offered to a queue before the end of the horizon is in one of its half hours."""
    for name, level in day.breakdown.service_level.items():
        assert Ratio(sum(one.numerator for one in level), sum(one.denominator for one in level)) == day.by_queue[name]["service_level"]


def test_agents_add_up_to_the_occupancy(day: Table) -> None:
    """Of all of them."""
    found = day.breakdown.occupancy.values()
    assert Ratio(sum(one.numerator for one in found), sum(one.denominator for one in found)) == day.overall["occupancy"]


def test_fewer_and_fewer_wait_longer_and_longer(day: Table) -> None:
    """Of the same number all along; the median lies where half of them still wait."""
    longer = day.breakdown.waits_longer
    assert len(longer) == len(WAITS_S)
    assert [one.numerator for one in longer] == sorted((one.numerator for one in longer), reverse=True)
    assert {one.denominator for one in longer} == {longer[0].denominator}
    assert 0 < longer[0].numerator <= longer[0].denominator


def test_an_empty_day_has_an_empty_breakdown() -> None:
    """Nobody came, nobody worked."""
    found = breakdown_of(facts_of(Ledger(), starts_at=0, ends_at=1))
    assert found == Breakdown(service_level={}, occupancy={}, waits_longer=(Ratio(0, 0),) * len(WAITS_S))
