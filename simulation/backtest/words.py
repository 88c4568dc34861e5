"""What a back-test says in sentences."""

from collections.abc import Iterator, Mapping

from simulation.backtest.figures import MEASURES
from simulation.backtest.run import Arrivals, Backtest
from simulation.backtest.scores import Prediction, Score, score

NAMES = {
    "offered": "Arrivals",
    "abandonment": "Abandonment",
    "service_level": "Service level",
    "asa_s": "Speed of answer (mean wait of the answered)",
}
_SHARES = {"abandonment", "service_level"}


def interval_scores(found: Backtest) -> Mapping[str, Score]:
    """The score of each measure over the half hours of all held-out days."""
    return {measure: score([one[measure] for day in found.days for one in day.by_interval]) for measure in MEASURES}


def day_scores(found: Backtest) -> Mapping[str, Score]:
    """The score of each measure over the held-out days as a whole."""
    return {measure: score([day.overall[measure] for day in found.days]) for measure in MEASURES}


def answer(found: Backtest) -> str:
    """How well the held-out days were predicted, in one sentence."""
    scores = interval_scores(found)
    held, compared = sum(one.held for one in scores.values()), sum(one.compared for one in scores.values())
    level = scores["service_level"]
    within = (
        "" if level.mean_absolute_error is None else f"; service level is off by {100 * level.mean_absolute_error:.1f} points a half hour"
    )
    return (
        f"Prediction intervals of 95 % held {100 * held / compared:.0f} % of {compared:,} figures by half hour{within}"
        if compared
        else "Nothing could be compared: no live interaction falls into the horizon of the held-out days"
    )


def value_text(measure: str, value: float | None) -> str:
    """A value with its unit; a dash where there is none."""
    if value is None:
        return "\N{EN DASH}"
    if measure in _SHARES:
        return f"{100 * value:.1f} %"
    return f"{value:,.1f} s" if measure == "asa_s" else f"{value:,.1f}"


def held_text(one: Score) -> str:
    """How many intervals held."""
    return f"{one.held} of {one.compared} ({100 * one.held / one.compared:.0f} %)" if one.compared else "none compared"


def predicted_text(measure: str, one: Prediction) -> str:
    """A prediction with its interval."""
    if one.low is None or one.high is None:
        return value_text(measure, one.mean)
    return f"{value_text(measure, one.mean)} ({value_text(measure, one.low)} to {value_text(measure, one.high)})"


def notes(found: Backtest) -> tuple[str, ...]:
    """What the reader must know."""
    return tuple(_notes(found))


def _notes(found: Backtest) -> Iterator[str]:
    taught = found.taught_days
    yield f"Fitted on {len(taught)} days, {taught[0]} to {taught[-1]}; nothing of the held-out days was used but who worked on them."
    if found.options.roster is None:
        yield "Staffing is inferred from the held-out day's own answers, so that a day's absences are known to the prediction."
    else:
        yield f"Staffing is the scenario's roster {found.options.roster}."
    if found.options.arrivals is Arrivals.RECORDED:
        yield "Arrivals are those of the held-out days: the test is of patience, handling, staffing and routing, not of the demand."
    else:
        yield "Arrivals are drawn from the fitted demand; how well its rates are known is part of the prediction intervals."
    yield "How well patience and handling are known is not part of the prediction intervals: they are taken as fitted."
    yield "Figures are of interactions on live channels, by half hour of arrival. Half hours of a day rise and fall together."
    empty = [day.date.isoformat() for day in found.days if not day.agents]
    if empty:
        yield f"Nobody worked on {', '.join(empty)}."
    for measure, one in interval_scores(found).items():
        if one.compared >= 20 and one.held < 0.9 * one.compared:
            yield f"{NAMES[measure]}: fewer figures lie within their intervals than should; the model misses something of this measure."
