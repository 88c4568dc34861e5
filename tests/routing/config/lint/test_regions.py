"""The territory of a rule is exactly what the router lets it decide."""

from dataclasses import replace
from itertools import product
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from routing.config.lint.regions import Box, in_words, territories
from routing.model.interaction import Interaction
from routing.model.requirement import AttributeValue
from routing.policy.classify import RuleClassifier
from tests.builders import a_channel, a_rule, a_site, an_interaction

CHANNELS = ("voice", "chat", "email")
VALUES: tuple[AttributeValue | None, ...] = ("a", "b", 1, 2, None)
Conditions: TypeAlias = dict[str, tuple[AttributeValue, ...]]
CONDITION = st.dictionaries(
    st.sampled_from(("channel", "type", "tier")),
    st.lists(st.sampled_from(("voice", "chat", "a", "b", 1, 2)), min_size=1, max_size=3, unique=True).map(tuple),
    max_size=3,
)


def belongs(interaction: Interaction, box: Box) -> bool:
    """Whether an interaction lies in a box, one field at a time."""
    return all((interaction.field(name) in values.listed) != values.is_all_but for name, values in box.items())


def everybody() -> list[Interaction]:
    """One interaction of each kind that the conditions can tell apart."""
    found = []
    for channel, kind, tier in product(CHANNELS, ("a", "b", ""), VALUES):
        attributes: dict[str, AttributeValue] = {} if tier is None else {"tier": tier}
        found.append(replace(an_interaction(channel=channel, type=kind), attributes=attributes))
    return found


@given(st.lists(CONDITION, min_size=1, max_size=6))
def test_each_interaction_lies_in_the_territory_of_the_rule_that_decides_it(
    conditions: list[Conditions],
) -> None:
    """And in no other, and in one box only; what no rule takes lies in the territory of none."""
    rules = [replace(a_rule(str(index)), when=when) for index, when in enumerate(conditions)]
    site = a_site(channels=[a_channel(name) for name in CHANNELS], rules=rules)
    found = territories(site)
    classify = RuleClassifier()
    for interaction in everybody():
        route = classify(interaction, 0, site)
        lies_in = [str(index) for index, land in enumerate(found.of_rules) for box in land.boxes if belongs(interaction, box)]
        lies_in += ["none" for box in found.of_none.boxes if belongs(interaction, box)]
        assert lies_in == ["none" if route is None else route.rule]


def test_a_box_reads_as_a_sentence() -> None:
    """Channels by name, other fields as what they are or are not."""
    rules = [a_rule(when="topic=sales|billing channel=voice"), a_rule("b", when="topic=law")]
    site = a_site(channels=[a_channel("voice"), a_channel("chat")], rules=rules)
    found = territories(site)
    assert in_words(found.of_rules[0].boxes[0], site) == "channel voice, topic billing or sales"
    assert [in_words(box, site) for box in found.of_none.boxes] == [
        "channel voice or chat, topic other than billing, law or sales",
        "channel chat, topic billing or sales",
    ]
