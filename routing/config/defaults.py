"""How a file's own keys, its table of defaults and the program's defaults come together."""

from typing import TypeVar

Value = TypeVar("Value")


def first_given(own: Value | None, default: Value | None, otherwise: Value) -> Value:
    """What the entry itself says, else what the file's defaults say, else the documented default."""
    if own is not None:
        return own
    return otherwise if default is None else default
