"""Which interactions each classification rule really decides, by set arithmetic over its conditions.

The conditions of a rule say for some fields which values match, so the interactions it takes form a box: a product of sets, one a field.
What a rule decides is its box without the boxes of all earlier rules, which is again a union of boxes. The channels of a site are known;
of every other field any value may come, or none, so a set is either the values listed or all but those.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from routing.model.ids import ChannelId
from routing.model.requirement import AttributeValue
from routing.model.route import RouteRule
from routing.model.site import Site

BOXES_MAX = 4_096
"""Beyond so many boxes what earlier rules take is no longer subtracted: rules may then seem to decide more than they do."""


class Values(NamedTuple):
    """A set of values of one field: those listed, or all but those listed (also the absence of any)."""

    listed: frozenset[AttributeValue]
    is_all_but: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no value is left."""
        return not self.listed and not self.is_all_but

    def within(self, values: frozenset[AttributeValue]) -> "Values":
        """Those that are among `values`."""
        return Values(values - self.listed if self.is_all_but else values & self.listed)

    def without(self, values: frozenset[AttributeValue]) -> "Values":
        """Those that are not among `values`."""
        return Values(self.listed | values, True) if self.is_all_but else Values(self.listed - values)


EVERY_VALUE = Values(frozenset(), True)

Box: TypeAlias = Mapping[str, Values]
"""For some fields the values that belong to it; of a field that is not named, every value does."""


class Territory(NamedTuple):
    """What a rule decides, as boxes that do not overlap; without any, the rule never decides."""

    boxes: tuple[Box, ...]

    def channels(self, site: Site) -> tuple[ChannelId, ...]:
        """The channels of the interactions it decides, in the order of the site."""
        return tuple(name for name in site.channels if any(name in box["channel"].listed for box in self.boxes))


class Territories(NamedTuple):
    """The territory of each rule of a site, and of no rule; `is_exact` unless there were too many boxes to tell."""

    of_rules: tuple[Territory, ...]
    of_none: Territory
    is_exact: bool


def territories(site: Site) -> Territories:
    """Who decides what: each rule takes its box from what the rules before it left."""
    left: tuple[Box, ...] = ({"channel": Values(frozenset(site.channels))},)
    taken: list[Territory] = []
    is_exact = True
    for rule in site.rules:
        conditions = _conditions(rule)
        parts = [_split(box, conditions) for box in left]
        taken.append(Territory(tuple(inside for inside, _ in parts if inside is not None)))
        after = tuple(box for _, outside in parts for box in outside)
        if len(after) > BOXES_MAX:
            is_exact = False
        else:
            left = after
    return Territories(tuple(taken), Territory(left), is_exact)


def overlaps(one: RouteRule, other: RouteRule) -> bool:
    """Whether some interaction matches both rules."""
    return all(set(values) & set(other.when[field]) for field, values in one.when.items() if field in other.when)


def in_words(box: Box, site: Site) -> str:
    """A box as a person says it: `channel phone, topic other than billing or sales`."""
    parts = []
    for field, values in box.items():
        if field == "channel":
            parts.append(f"channel {_either(name for name in site.channels if name in values.listed)}")
        else:
            shown = _either(sorted(map(str, values.listed)))
            parts.append(f"{field} other than {shown}" if values.is_all_but else f"{field} {shown}")
    return ", ".join(parts)


def _conditions(rule: RouteRule) -> Mapping[str, frozenset[AttributeValue]]:
    return {field: frozenset(values) for field, values in rule.when.items()}


def _split(box: Box, conditions: Mapping[str, frozenset[AttributeValue]]) -> tuple[Box | None, tuple[Box, ...]]:
    """The part of a box that meets all conditions, if any does, and the rest of it."""
    inside = dict(box)
    outside: list[Box] = []
    for field, values in conditions.items():
        held = inside.get(field, EVERY_VALUE)
        kept, rest = held.within(values), held.without(values)
        if kept.is_empty:
            return None, (box,)
        if not rest.is_empty:
            outside.append({**inside, field: rest})
        inside[field] = kept
    return inside, tuple(outside)


def _either(names: Iterable[str]) -> str:
    listed = tuple(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}"
