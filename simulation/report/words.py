"""What a comparison says in sentences: the answer first, then what the reader must know before acting on it."""

from collections.abc import Iterator

from simulation.comparison import HEADLINE, ArmDifferences, Comparison, Judged
from simulation.demand import DrawnDemand, ReplayedLog
from simulation.kpis.measure import Better
from simulation.kpis.registry import MEASURES
from simulation.report.numbers import difference_text, duration_text, number, value_text
from simulation.report.studies import notes_on_replications
from simulation.scenario import AtEnd
from simulation.statistics import replications_needed

PRECISION = {"service_level": 0.005, "abandonment": 0.005, "occupancy": 0.005}
"""The half-width a planner would like a difference to have: half a point. Waits are judged at 5 % of the baseline's."""

MANY_ARMS = 8
"""With more arms than this, tables have an arm a row and the best first, and lists of arms are cut short."""

_WAIT_PRECISION = 0.05
_FEW_INTERACTIONS = 2_000
_LISTED_MAX = 3
_COMING = {"redials": "redials", "repeats": "repeat contacts", "blocked": "busy tones"}

SERVICE_LEVEL_RULE = (
    "Service level: interactions answered within their queue's target (or by their own due time), of all offered; waits run from "
    "arrival to the accept, ringing included, and count as within the target when equal to it."
)


def answer(comparison: Comparison) -> str:
    """The answer in one sentence: which arm, by how much, how sure."""
    baseline = comparison.baseline.name
    if not comparison.differences:
        interval = comparison.headline(baseline)[HEADLINE]
        return f"{baseline} answers {value_text(MEASURES[HEADLINE], interval)} of {_what(comparison)} within their targets."
    best = _best(comparison)
    if best is not None:
        arm, tested = best
        gain = f"{arm} answers {_points(tested)} more of {_what(comparison)} within their targets than {baseline}"
        return f"{gain} ({_sureness(comparison, tested)}){_also(comparison, Better.HIGHER, without=arm)}{_also(comparison, Better.LOWER)}."
    if comparison.replications == 1:
        return f"One replication cannot tell {baseline} from the others: run more."
    worse = [one.arm for one in comparison.differences if _is_established(comparison, one, Better.LOWER)]
    if len(worse) == len(comparison.differences):
        return f"{baseline} answers the most of {_what(comparison)} within their targets: {_listed(comparison)}."
    if all(_is_zero(comparison.headline_differences(one)[HEADLINE]) for one in comparison.differences):
        return f"There is no difference in service level: {_listed(comparison)}."
    none = f"No arm is shown to answer more of {_what(comparison)} within their targets than {baseline}: {_listed(comparison)}"
    return f"{none}{_also(comparison, Better.LOWER)}."


def notes(comparison: Comparison) -> tuple[str, ...]:
    """What the reader must know of the results, most important first; the scenario's own notes come last."""
    return (*_notes_on_demand(comparison), *_notes_on_precision(comparison), *_notes_on_counts(comparison), *comparison.scenario.notes)


def assumptions(comparison: Comparison) -> tuple[str, ...]:
    """Every assumption that any arm rests on, once."""
    rosters = dict.fromkeys(arm.roster for arm in comparison.arms)
    return tuple(dict.fromkeys(line for roster in rosters for line in comparison.scenario.stated_assumptions(roster)))


def precision(comparison: Comparison) -> Iterator[tuple[str, str, float, float, int | None]]:
    """For each arm and headline measure: (arm, measure, half-width now, half-width wanted, replications needed for that)."""
    baseline = comparison.headline(comparison.baseline.name)
    for arm in comparison.differences:
        differences = comparison.headline_differences(arm)
        for name in (*PRECISION, "asa_s", "wait_mean_s"):
            tested, its = differences[name], baseline[name]
            if tested is None or its is None or tested.difference.deviation is None or tested.difference.interval.high is None:
                continue
            wanted = PRECISION.get(name, _WAIT_PRECISION * its.mean)
            if wanted <= 0:
                continue
            half_width = tested.difference.interval.high - tested.difference.interval.mean
            yield arm.arm, name, half_width, wanted, replications_needed(tested.difference.deviation, wanted)


def _notes_on_demand(comparison: Comparison) -> Iterator[str]:
    scenario, offered = comparison.scenario, comparison.values[comparison.baseline.name].overall["offered"]
    count = "0" if offered is None else f"{offered.mean:,.0f}"
    match scenario.demand:
        case ReplayedLog():
            yield (
                f"The recorded log is replayed exactly in every replication: only patience, handling and answering are drawn. "
                f"The intervals speak of these {count} interactions and not of other days."
            )
            if scenario.calendar.days == 1 or (offered is not None and offered.mean < _FEW_INTERACTIONS):
                yield (
                    f"{'A single day' if scenario.calendar.days == 1 else 'A log'} of {count} interactions is too small to choose a policy "
                    f"by: more replications sharpen what is known of it, but not of the next one. Compare on weeks, or on drawn arrivals."
                )
        case DrawnDemand():
            yield f"Every replication draws its own arrivals: {scenario.demand.description}."
    if comparison.carried_over >= 0.5:
        yield (
            f"{comparison.carried_over:,.0f} interactions a replication wait already when the horizon begins; their waits count from then."
        )
    reasons = dict.fromkeys(reason for _, reason in comparison.excluded)
    for reason in reasons:
        by_channel = [(channel, mean) for (channel, why), mean in comparison.excluded.items() if why == reason]
        listed = ", ".join(f"{channel} {mean:,.1f}" for channel, mean in by_channel)
        yield f"Arrivals that were not offered because they came {reason}, a replication: {listed}."


def _notes_on_precision(comparison: Comparison) -> Iterator[str]:
    if comparison.replications == 1:
        yield "One replication has no interval: differences may be chance."
    wide = [one for one in precision(comparison) if one[1] == HEADLINE and one[2] > one[3]]
    if len(comparison.arms) > MANY_ARMS:
        wide = sorted(wide, key=lambda one: -one[2])[:1]
        yield (
            f"{len(comparison.arms) - 1} comparisons with {comparison.baseline.name}: their intervals here hold all together with 95 % "
            f"(Bonferroni). Arms whose intervals overlap are in no established order."
        )
    for arm, _, half_width, wanted, needed in wide:
        measure = MEASURES[HEADLINE]
        days = "more than a million replications" if needed is None else f"about {needed:,} replications"
        yield (
            f"The difference of {arm} in service level is known to \N{PLUS-MINUS SIGN}{number(measure, half_width)} points; "
            f"\N{PLUS-MINUS SIGN}{number(measure, wanted)} would take {days}."
        )
    yield from notes_on_replications(comparison)
    if len(comparison.arms) > 2:
        yield (
            f"{len(comparison.arms) - 1} arms are compared with {comparison.baseline.name}: p-values are corrected for that (Holm) within "
            f"each measure, not over measures, queues and channels; look at one measure first, and at the others to understand it."
        )


def _notes_on_counts(comparison: Comparison) -> Iterator[str]:
    waiting = {arm: values.overall["in_progress"] for arm, values in comparison.values.items()}
    left = {arm: interval.mean for arm, interval in waiting.items() if interval is not None and interval.mean > 0}
    if left:
        listed = _some_of([f"{arm} {mean:,.1f}" for arm, mean in left.items()], comparison)
        yield (
            f"Still waiting or in handling when the replication stops, and kept in all denominators: {listed} a replication. "
            f"Their waits count as long as they lasted."
        )
    yield from _notes_on_coming_again(comparison)
    ghosts = {arm: values.overall["ghost_h"] for arm, values in comparison.values.items()}
    over = [f"{arm} {interval.mean:.1f} h" for arm, interval in ghosts.items() if interval is not None and interval.mean >= 0.05]
    late = _some_of(over, comparison)
    if late:
        yield f"Agents who finish an interaction after their shift count as busy until then: {late} a replication."
    match comparison.scenario.at_end:
        case AtEnd.SERVE_OUT:
            yield f"After the horizon the queue is served out for at most {duration_text(comparison.scenario.serve_out_limit_ms)}."
        case AtEnd.CUT:
            yield "Everything stops when the horizon ends."
    yield SERVICE_LEVEL_RULE


def _notes_on_coming_again(comparison: Comparison) -> Iterator[str]:
    """How many of the offered were offered before, and how many did not get in: figures that arms with other waits do not share."""
    told = []
    for arm, values in comparison.values.items():
        found = {name: values.overall[name] for name in ("redials", "repeats", "blocked")}
        counts = {name: interval.mean for name, interval in found.items() if interval is not None and interval.mean > 0}
        lost = values.overall["lost_share"]
        if counts and lost is not None:
            listed = ", ".join(f"{mean:,.1f} {_COMING[name]}" for name, mean in counts.items())
            told.append(f"{arm} {listed}, {number(MEASURES['lost_share'], lost.mean)} % of contacts lost for good")
    if told:
        listed = _some_of(told, comparison, between="; ")
        yield f"Every attempt is offered, and so arms differ in what they are offered; a replication: {listed}."


def _some_of(texts: list[str], comparison: Comparison, *, between: str = ", ") -> str:
    """All of them, or of many arms the first few and how many more there are."""
    shown = texts if len(comparison.arms) <= MANY_ARMS else texts[:_LISTED_MAX]
    return between.join(shown) + (f" and {len(texts) - len(shown)} others alike" if len(shown) < len(texts) else "")


def _best(comparison: Comparison) -> tuple[str, Judged] | None:
    """The arm with the largest established gain over the baseline."""
    found = [
        (tested.difference.interval.mean, arm.arm, tested)
        for arm in comparison.differences
        if (tested := comparison.headline_differences(arm)[HEADLINE]) is not None and _is_established(comparison, arm, Better.HIGHER)
    ]
    if not found:
        return None
    _, arm_name, tested = max(found, key=lambda one: one[0])
    return arm_name, tested


def _is_established(comparison: Comparison, arm: ArmDifferences, direction: Better) -> bool:
    tested = comparison.headline_differences(arm)[HEADLINE]
    if tested is None or not tested.is_significant:
        return False
    return (tested.difference.interval.mean > 0) == (direction is Better.HIGHER)


def _also(comparison: Comparison, direction: Better, *, without: str = "") -> str:
    """The other arms whose difference in that direction is established, of many the first few; nothing where there are none."""
    found = [one.arm for one in comparison.differences if one.arm != without and _is_established(comparison, one, direction)]
    shown = found if len(found) <= _LISTED_MAX else found[:_LISTED_MAX]
    more = f" and {len(found) - len(shown)} others" if len(shown) < len(found) else ""
    return f"; shown to answer {'more' if direction is Better.HIGHER else 'fewer'}: {', '.join(shown)}{more}" if found else ""


def _is_zero(tested: Judged | None) -> bool:
    return tested is not None and tested.difference.interval.mean == 0


def _what(comparison: Comparison) -> str:
    return "the live interactions" if comparison.has_two_kinds else "all interactions"


def _points(tested: Judged) -> str:
    return f"{number(MEASURES[HEADLINE], tested.difference.interval.mean)} points"


def _sureness(comparison: Comparison, tested: Judged) -> str:
    interval = tested.difference.interval
    if interval.low is None or interval.high is None:
        return "no interval"
    measure = MEASURES[HEADLINE]
    text = f"95 % interval {number(measure, interval.low, signed=True)} to {number(measure, interval.high, signed=True)}"
    return f"{text} by itself, established among {len(comparison.differences)}" if len(comparison.arms) > MANY_ARMS else text


def _listed(comparison: Comparison) -> str:
    """The arms with their differences, the best first; of many only the best two, with the intervals that hold for all together."""
    measure = MEASURES[HEADLINE]
    found = [(one.arm, comparison.headline_differences(one)[HEADLINE]) for one in comparison.differences]
    known = [(arm, tested) for arm, tested in found if tested is not None]
    best_first = sorted(known, key=lambda one: -one[1].difference.interval.mean)  # stable: equals keep the order of the arms
    shown = best_first if len(best_first) <= _LISTED_MAX else best_first[: _LISTED_MAX - 1]
    has_many = len(comparison.arms) > MANY_ARMS
    texts = [f"{arm} {difference_text(measure, tested, is_joint=has_many)}" for arm, tested in shown]
    return "; ".join(texts + ([f"{len(best_first) - len(shown)} others no higher"] if len(shown) < len(best_first) else []))
