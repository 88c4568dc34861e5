"""Requirements: what meets them and what excludes."""

import pytest

from tests.builders import some_attributes, some_needs


@pytest.mark.parametrize(
    ("need", "skills", "met"),
    [
        ("sales>=5", "sales:5", True),
        ("sales>=5", "sales:4", False),
        ("sales>=5", "sales:yes", False),
        ("sales>=5", "", False),
        ("sales<=5", "sales:5", True),
        ("sales<=5", "sales:6", False),
        ("sales<=5", "sales:yes", False),
        ("sales<=5", "", False),
        ("region==west", "region:west", True),
        ("region==west", "region:east", False),
        ("region==west", "", False),
        ("level==5", "level:5", True),
        ("region!=west", "region:east", True),
        ("region!=west", "region:west", False),
        ("region!=west", "", True),
        ("level!=5", "level:five", True),
        ("team==a|b", "team:a", True),
        ("team==a|b", "team:b", True),
        ("team==a|b", "team:c", False),
        ("team==a|b", "", False),
    ],
)
def test_a_requirement_compares_as_its_operator_says(need: str, skills: str, met: bool) -> None:
    """Numbers compare with numbers, symbols only for equality, and a missing attribute satisfies nothing but `!=`."""
    assert met == some_needs(need)[0].is_met_by(some_attributes(skills))


def test_all_values_that_will_do_are_named() -> None:
    """For people."""
    assert ["5", "a or b"] == [need.wanted for need in some_needs("level>=5 team==a|b")]


def test_only_a_preference_excludes_nobody() -> None:
    """Must and expiring requirements are hard, preferences are not."""
    assert [True, True, False] == [need.is_hard for need in some_needs("a>=1 b>=1:expiring c>=1:prefer")]
