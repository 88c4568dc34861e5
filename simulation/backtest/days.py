"""Which days of a log teach and which are held out, and what a log must hold for that."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from routing.config.errors import ConfigError
from routing.model.interaction import EndCause
from simulation.interactions import RecordedInteraction

_BRING_ANOTHER = "Bring a log that does; `careroute import` reads those of telephone systems."


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitLog:
    """A log parted by local day. `taught` has the interactions of the days to fit, `held_out` those of each day to be predicted."""

    taught: tuple[RecordedInteraction, ...]
    taught_days: tuple[dt.date, ...]
    held_out: Mapping[dt.date, tuple[RecordedInteraction, ...]]
    without: frozenset[dt.date]


def split(
    log: Sequence[RecordedInteraction], file: Path, zone: ZoneInfo, held_out: int | Collection[dt.date], without: Collection[dt.date] = ()
) -> SplitLog:
    """A log parted by local day: the last days on which something arrived are held out, or those that are named.

    Raises:
        ConfigError: a day to be held out has no interaction, or no day is left to fit.
    """
    by_day: dict[dt.date, list[RecordedInteraction]] = defaultdict(list)
    for one in log:
        by_day[dt.datetime.fromtimestamp(one.arrived_at_ms / 1_000, zone).date()].append(one)
    days = sorted(day for day in by_day if day not in without)
    chosen = days[len(days) - held_out :] if isinstance(held_out, int) else sorted(held_out)
    for day in chosen:
        if day not in days:
            remedy = "Hold out days of the log that are not left out."
            raise ConfigError("has no interaction on a day to be held out", file=file, value=day.isoformat(), remedy=remedy)
    taught = [day for day in days if day not in chosen]
    if not taught or not chosen:
        raise ConfigError(f"has {len(days)} days: none is left to fit", file=file, remedy="Hold out fewer days, or bring a longer log.")
    return SplitLog(
        taught=tuple(one for day in taught for one in by_day[day]),
        taught_days=tuple(taught),
        held_out={day: tuple(by_day[day]) for day in chosen},
        without=frozenset(without) | frozenset(chosen),
    )


def refuse_what_cannot_be_tested(log: Sequence[RecordedInteraction], file: Path, *, needs_agents: bool) -> None:
    """Refuse a log that does not tell how customers fared; staffing needs to be told only where no roster is given.

    Raises:
        ConfigError: naming the first column without which nothing can be compared.
    """
    answered = [one for one in log if one.answered_at_ms is not None]
    if not answered:
        raise _missing(file, "answered_at_ms", "when anybody was answered")
    if all(one.ended_at_ms is None for one in answered):
        raise _missing(file, "ended_at_ms", "when any conversation ended")
    if needs_agents and all(one.agent is None for one in answered):
        raise _missing(file, "agent", "who answered, so that staffing cannot be inferred", "Name the recorded roster with --roster.")
    outcomes = Counter(one.outcome for one in log if one.answered_at_ms is None)
    left = outcomes[EndCause.ABANDONED.value]
    waited = sum(1 for one in log if one.answered_at_ms is None and one.outcome == EndCause.ABANDONED.value and one.ended_at_ms is not None)
    if outcomes and not waited:
        what = "when those who left did so" if left else "what became of those who were not answered"
        raise _missing(file, "ended_at_ms" if left else "outcome", what)


def _missing(
    file: Path, column: str, what: str, remedy: str = "Bring a log that does; `careroute import` reads those of telephone systems."
) -> ConfigError:
    return ConfigError(f"does not tell {what}", file=file, key=column, remedy=remedy)
