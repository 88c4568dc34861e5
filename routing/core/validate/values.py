"""Limits, and checks on single values. The limits keep every sum of the matching room far inside 64 bits."""

from collections.abc import Mapping

from routing.core.errors import CommandRefused, RefusalReason
from routing.model.requirement import AttributeValue
from routing.model.time import DAY_MS

ID_LENGTH_MAX = 128
TEXT_LENGTH_MAX = 1_000
OPAQUE_LENGTH_MAX = 16_384
ATTRIBUTE_VALUE_MAX = 1_000_000
INTERACTION_VALUE_MAX = 2**53 - 1  # rules only compare these for equality: an instant or a case number may ride along, exact in any JSON
ATTRIBUTES_MAX = 64
CAPACITY_MAX = 1_000_000
ASSIGNMENTS_MAX = 1_000
DURATION_MS_MAX = 366 * DAY_MS
INSTANT_MAX = 2**45
SLOPE_PER_MILLE_MAX = 100_000
SLOPE_PER_MILLE_MIN = -1_000  # a millisecond a millisecond: far inside 64 bits however long the wait, which no cap bounds from below
CLASS_RANK_MAX = 1_000
COMMITMENTS_MAX = 10_000
LIVE_OFFERS_MAX = 1_000
ATTEMPTS_MAX = 100
STEPS_MAX = 64  # of a rule in all: what they raise together stays within what a price of waiting may be
PREFERENCE_MAX = 100
PRIORITY_MAX = 1_000_000
MS_PER_POINT_MAX = 1_000_000
CUSTOMERS_MAX = 10_000_000
RESERVED_PREFIX = "auto-"


def check_id(field: str, text: str) -> None:
    """Refuse an id that is empty or too long.

    Raises:
        CommandRefused: naming the field.
    """
    if not 1 <= len(text) <= ID_LENGTH_MAX:
        refuse_value(field, f"must have 1 to {ID_LENGTH_MAX} characters, got {len(text)}")


def check_text(field: str, text: str) -> None:
    """Refuse a text for people that is too long.

    Raises:
        CommandRefused: naming the field.
    """
    if len(text) > TEXT_LENGTH_MAX:
        refuse_value(field, f"{len(text)} characters; at most {TEXT_LENGTH_MAX} are allowed")


def check_attributes(field: str, attributes: Mapping[str, AttributeValue], value_max: int = ATTRIBUTE_VALUE_MAX) -> None:
    """Refuse too many attributes, or one that is too large.

    Raises:
        CommandRefused: naming the attribute.
    """
    if len(attributes) > ATTRIBUTES_MAX:
        refuse_value(field, f"{len(attributes)} attributes; at most {ATTRIBUTES_MAX} are allowed")
    for name, value in attributes.items():
        check_id(f"a name in {field}", name)
        check_value(f"{field}[{name}]", value, value_max)


def check_value(field: str, value: AttributeValue, value_max: int = ATTRIBUTE_VALUE_MAX) -> None:
    """Refuse a number out of range or a symbol that is too long.

    Raises:
        CommandRefused: naming the field.
    """
    if isinstance(value, int):
        check_within(field, value, -value_max, value_max)
    elif len(value) > ID_LENGTH_MAX:
        refuse_value(field, f"longer than {ID_LENGTH_MAX} characters")


def check_values(field: str, values: tuple[AttributeValue, ...]) -> None:
    """Refuse a list of values that is empty, too long, or holds one that `check_value` refuses.

    Raises:
        CommandRefused: naming the list or the value.
    """
    if not 1 <= len(values) <= ATTRIBUTES_MAX:
        refuse_value(field, f"must have 1 to {ATTRIBUTES_MAX} values, got {len(values)}")
    for index, value in enumerate(values):
        check_value(f"{field}[{index}]", value)


def check_within(field: str, value: int, low: int, high: int) -> None:
    """Refuse a number outside `low` to `high`.

    Raises:
        CommandRefused: naming the field.
    """
    if not low <= value <= high:
        refuse_value(field, f"must be {low} to {high}, got {value}")


def refuse_value(field: str, text: str) -> None:
    """Refuse the value of a field for the reason in `text`.

    Raises:
        CommandRefused: always.
    """
    raise CommandRefused(RefusalReason.INVALID_VALUE, f"{field}: {text}", field)
