"""Times within sentences. The core knows no calendar, so a sentence carries an instant as it is, and whoever shows it writes the time."""

from collections.abc import Callable

from routing.model.time import HOUR_MS, MINUTE_MS, SECOND_MS, Duration, Instant

_OPENS = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}"
_CLOSES = "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"


def moment(instant: Instant) -> str:
    """An instant in a sentence that `with_times` will complete."""
    return f"{_OPENS}{instant}{_CLOSES}"


def with_times(text: str, shown: Callable[[Instant], str]) -> str:
    """The sentence with each of its instants as `shown` writes it."""
    head, *parts = text.split(_OPENS)
    return head + "".join(_completed(part, shown) for part in parts)


def _completed(part: str, shown: Callable[[Instant], str]) -> str:
    digits, closes, rest = part.partition(_CLOSES)
    return f"{shown(int(digits))}{rest}" if closes and digits.isdecimal() else f"{_OPENS}{part}"


def seconds(duration_ms: Duration) -> str:
    """A duration in seconds, with as many decimals as it has; from two minutes on in minutes and seconds, from two hours on with hours."""
    if abs(duration_ms) < 2 * MINUTE_MS:
        return f"{_decimals(duration_ms)} s"
    hours, left_ms = divmod(abs(duration_ms), HOUR_MS) if abs(duration_ms) >= 2 * HOUR_MS else (0, abs(duration_ms))
    minutes, rest_ms = divmod(left_ms, MINUTE_MS)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{_decimals(rest_ms)} s" if rest_ms else ""]
    return f"{'-' if duration_ms < 0 else ''}{' '.join(part for part in parts if part)}"


def _decimals(duration_ms: Duration) -> str:
    return f"{duration_ms / SECOND_MS:,.3f}".rstrip("0").rstrip(".")
