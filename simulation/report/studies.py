"""What a comparison says of its own making: how many replications and why, the long run, and figures with the days' luck taken out."""

from collections.abc import Iterator
from dataclasses import dataclass

from simulation.comparison import HEADLINE, Comparison
from simulation.kpis.registry import MEASURES
from simulation.report.numbers import compact_text, duration_text, number
from simulation.report.plain import Plain, plain_interval, rounded
from simulation.statistics.estimates import replications_to_tell
from simulation.studies.steady import Steady

_TITLES = {
    "service_level": "service level",
    "asa_s": "speed of answer",
    "wait_mean_s": "mean wait",
    "abandonment": "abandonment",
    "occupancy": "occupancy",
}
_SHOWN = ("offered", "service_level", "asa_s", "wait_mean_s", "abandonment", "occupancy")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTable:
    """A table ready to be shown: a header, rows of texts, and sentences on how to read it."""

    title: str
    sentences: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plain_first_two(comparison: Comparison) -> Plain | None:
    """The first two arms by service level and what it takes to tell them apart; None where no two differ."""
    two = comparison.first_two
    if two is None:
        return None
    return {
        "measure": HEADLINE,
        "first": two.first,
        "second": two.second,
        **plain_interval(two.difference.interval),
        "p": rounded(two.difference.p),
        "replications_needed": _to_tell(comparison),
    }


def plain_studies(comparison: Comparison) -> Plain:
    """The keys of what was asked for beside the comparison; none where nothing was."""
    found: Plain = {}
    if comparison.stopped is not None:
        until = comparison.stopped.until
        found["stopping"] = {
            "goals": [str(goal) for goal in until.goals],
            "batch": until.batch,
            "at_most": until.at_most,
            "is_reached": comparison.stopped.is_reached,
        }
    if comparison.steady is not None:
        found["steady_state"] = _plain_steady(comparison.steady)
    if comparison.controlled is not None:
        found["control_variates"] = [
            {
                "arm": one.arm,
                "measure": one.measure,
                "is_difference": one.is_difference,
                **plain_interval(one.found.interval),
                "variance_ratio": rounded(one.found.variance_ratio),
                "is_used": one.is_used,
            }
            for one in comparison.controlled
        ]
    return found


def _plain_steady(steady: Steady) -> Plain:
    return {
        "rule": "mser-5",
        "warm_up_ms": steady.warm_up_ms,
        "is_settled": steady.is_settled,
        "batches": steady.batches or None,
        "are_batches_independent": steady.are_independent if steady.batches else None,
        "arms": {
            arm: {name: plain_interval(one) | {"unit": MEASURES[name].unit} for name, one in values.items()}
            for arm, values in steady.values.items()
        },
        "differences": {
            arm: {
                name: plain_interval(None if one is None else one.difference.interval)
                | {"p_adjusted": None if one is None else rounded(one.p_adjusted)}
                for name, one in differences.items()
            }
            for arm, differences in steady.differences.items()
        },
    }


def notes_on_replications(comparison: Comparison) -> Iterator[str]:
    """How the number of replications came about, what pairing saved, and what it takes to tell the first two apart."""
    stopped = comparison.stopped
    if stopped is not None:
        goals = ", ".join(str(goal) for goal in stopped.until.goals)
        ended = "was reached" if stopped.is_reached else f"was not reached: {stopped.until.at_most:,} replications were allowed"
        yield (
            f"Replications were added {stopped.until.batch} at a time until {goals} held for every difference; after "
            f"{comparison.replications:,} it {ended}. Intervals looked at until they were narrow hold a little less often than 95 %."
        )
    found = [comparison.pairing(one.arm, HEADLINE) for one in comparison.differences]
    known = sorted(one for one in found if one is not None)
    if known:
        times = f"{known[0]:,.1f}" if len(known) == 1 else f"{known[0]:,.1f} to {known[-1]:,.1f}"
        yield f"With customers of its own for each arm, the same certainty of service level would take {times} times as many replications."
    two = comparison.first_two
    if two is not None and (two.difference.p is None or two.difference.p >= 0.05) and comparison.replications > 1:
        needed = _to_tell(comparison)
        days = "more than a million replications" if needed is None else f"about {needed:,} replications"
        apart = number(MEASURES[HEADLINE], two.difference.interval.mean)
        yield (
            f"{two.first} and {two.second}, the first two by service level, are {apart} points apart and not told apart yet: if that is "
            f"the true difference, {days} show it with a chance of four in five."
        )


def _to_tell(comparison: Comparison) -> int | None:
    two = comparison.first_two
    if two is None or two.difference.deviation is None:
        return None
    return replications_to_tell(two.difference.interval.mean, two.difference.deviation)


def study_tables(comparison: Comparison) -> Iterator[StudyTable]:
    """The tables of what was asked for beside the comparison."""
    if comparison.steady is not None:
        yield _steady_table(comparison.steady)
    if comparison.controlled is not None:
        yield _controlled_table(comparison)


def _steady_table(steady: Steady) -> StudyTable:
    settled = "" if steady.is_settled else " The rule found no balance: the horizon is too short for these figures."
    over = "The intervals are over replications."
    if steady.batches:
        alike = "are not correlated" if steady.are_independent else "are correlated, so that the intervals are too narrow: simulate longer"
        over = f"The intervals are over {steady.batches} batches of one long run; neighbouring batches {alike}."
    rows = [
        (f"{arm}{suffix}", *texts)
        for arm in steady.values
        for suffix, texts in [
            ("", [compact_text(MEASURES[name], steady.values[arm][name]) for name in _SHOWN]),
            *([(" (difference)", _difference_texts(steady, arm))] if arm in steady.differences else []),
        ]
    ]
    sentences = (
        f"The first {duration_text(steady.warm_up_ms)} are left out, by MSER-5 on the mean wait and the busy agents of every arm.{settled}",
        f"{over} Offered is for each half hour.",
    )
    return StudyTable(title="In the long run", sentences=sentences, header=("arm", *_SHOWN), rows=tuple(rows))


def _difference_texts(steady: Steady, arm: str) -> list[str]:
    found = (steady.differences[arm][name] for name in _SHOWN)
    return [
        compact_text(MEASURES[name], None if one is None else one.difference.interval, is_difference=True)
        for name, one in zip(_SHOWN, found, strict=True)
    ]


def _controlled_table(comparison: Comparison) -> StudyTable:
    rows = [
        (
            f"{one.arm}{' (difference)' if one.is_difference else ''}",
            _TITLES[one.measure],
            compact_text(MEASURES[one.measure], one.found.interval, is_difference=one.is_difference),
            f"{one.found.variance_ratio:.2f}",
            "yes" if one.is_used else "no",
        )
        for one in comparison.controlled or ()
    ]
    sentences = (
        "Corrected for how many came and how much work they brought, against what was to be expected (Lavenberg and Welch 1981). "
        "Variance: the squared width over that without; only what is narrower is worth using, and choosing it so flatters it a little."
        if rows
        else "Nothing can be corrected: a replayed log, a single replication, or too few of them.",
    )
    return StudyTable(
        title="With control variates", sentences=sentences, header=("arm", "measure", "value", "variance", "narrower"), rows=tuple(rows)
    )
