"""Numbers as findings write them."""

from routing.model.time import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Duration

_UNITS = ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "min"), (SECOND_MS, "s"))


def duration_text(duration_ms: Duration) -> str:
    """A duration as a file may write it, in the largest unit that leaves it whole: `90 s`, `2 h`."""
    if not duration_ms:
        return "0 s"
    return next((f"{duration_ms // unit} {name}" for unit, name in _UNITS if duration_ms % unit == 0), f"{duration_ms} ms")
