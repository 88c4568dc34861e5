"""What a fit of demand says in sentences: the answer first, then what the reader must know of it."""

from collections.abc import Iterator, Mapping, Sequence

from routing.config.calendars import WEEKDAYS, Weekday
from routing.model.time import DAY_MS, MINUTE_MS, Duration
from simulation.fits.demand.counts import empty_days
from simulation.fits.demand.fitted import FittedDemand
from simulation.statistics import Interval

_DAY_NAMES = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
_UNITS = {1: "millisecond", 1_000: "second", 60_000: "minute"}


def answer(fit: FittedDemand) -> str:
    """How much demand varies, in one sentence."""
    parts = []
    if fit.variation.has_day:
        parts.append(f"days differ by {percent(fit.day_cv)} beyond chance")
    if fit.is_overdispersed_by_mean:
        parts.append(f"counts vary {fit.variation.dispersion.mean:.2f} times as much as Poisson's within a day")
    elif fit.variation.has_intervals:
        tied = f", neighbours alike ({fit.variation.correlation.mean:.2f})" if fit.is_correlated else ""
        verb = "by another" if fit.variation.has_day else "differ by"
        parts.append(f"intervals {verb} {percent(fit.interval_cv)}{tied}{'' if fit.variation.has_day else ' beyond chance'}")
    if not parts:
        return "Given the weekday and the time of day, the counts vary as Poisson counts do"
    return f"Given the weekday and the time of day, {' and '.join(parts)}"


def percent(interval: Interval) -> str:
    """A share with its interval."""
    low, high = (0.0 if end is None else end for end in (interval.low, interval.high))
    return f"{100 * interval.mean:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def parameters(fit: FittedDemand) -> Mapping[str, Interval]:
    """Every parameter with its interval, by a name that holds its meaning."""
    found = {
        "day_factor_cv": fit.day_cv,
        "interval_factor_cv": fit.interval_cv,
        "interval_correlation": fit.variation.correlation,
        "variance_over_mean_within_days": fit.variation.dispersion,
    }
    if fit.common is not None and fit.own is not None:
        found |= {"day_variance_common_to_streams": fit.common, "day_variance_of_each_stream": fit.own}
    return found


def notes(fit: FittedDemand) -> tuple[str, ...]:
    """What the reader must know, most important first."""
    return tuple(_notes(fit))


def _notes(fit: FittedDemand) -> Iterator[str]:
    table, minutes = fit.table, f"{fit.table.interval_ms / MINUTE_MS:g}"
    empty = empty_days(table)
    if empty:
        listed = ", ".join(date.isoformat() for date in empty[:5]) + (f" and {len(empty) - 5} more" if len(empty) > 5 else "")
        yield (
            f"Nothing arrived on {listed}, though something does on days like these: if the log has gaps or the place was closed, "
            f"leave them out with --without."
        )
    if table.without:
        yield "Left out: " + "; ".join(f"{date.isoformat()} ({why})" for date, why in table.without) + "."
    days = min(table.groups.count(group) for group in table.group_names)
    if days < 8:
        yield f"The fewest days alike are {days}: intervals are wide, and a day that is no ordinary one (a holiday) weighs much."
    if len(table.streams) > 1:
        yield (f"Factors of intervals and the tests are of all {len(table.streams)} streams together; rates are of each.")
    if fit.test is not None:
        yield _poisson_words(fit, minutes)
    yield (
        "Rates are means over days alike, with the interval of a Poisson mean widened by variance over mean; the intervals of factors come "
        "from leaving out one day at a time. All are 99 %, each by itself."
    )
    yield "Deferrable work is fitted by its arrivals; when it was due is not part of the fit."


def _poisson_words(fit: FittedDemand, minutes: str) -> str:
    if fit.test is None:
        return ""
    rejected = sum(1 for *_, adjusted in fit.test.by_interval if adjusted < 0.05)
    unit = _UNITS[fit.test.unit_ms]
    verdict = (
        "no interval of the day is shown to differ from a Poisson process with a constant rate"
        if not rejected
        else f"{rejected} of {len(fit.test.by_interval)} intervals of the day differ from a Poisson process with a constant rate"
    )
    return (
        f"Within {minutes} minutes, {verdict} (largest difference {fit.test.distance:.3f} over all, p {fit.test.p:.2g}; "
        f"instants are cut to the {unit}). With very many arrivals even differences that matter to nobody are established: look at "
        f"their size."
    )


def day_names(group: Sequence[Weekday]) -> str:
    """A group of weekdays as a reader calls it."""
    if len(group) == 1:
        return _DAY_NAMES[group[0]]
    return "all days" if len(group) == 7 else f"{_DAY_NAMES[group[0]]} to {_DAY_NAMES[group[-1]]}"


def clock(interval: int, interval_ms: Duration) -> str:
    """When an interval begins, as 08:30; 24:00 is the end of the day."""
    minutes = min(interval * interval_ms, DAY_MS) // MINUTE_MS
    return f"{minutes // 60:02}:{minutes % 60:02}"
