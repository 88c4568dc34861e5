"""A back-test as plain data, `careroute/backtest/1`."""

from typing import Any, Final

from simulation.backtest.run import Backtest
from simulation.backtest.scores import Prediction, Score
from simulation.backtest.words import answer, day_scores, interval_scores, notes
from simulation.kpis.facts import INTERVAL_MS

SCHEMA: Final = "careroute/backtest/1"

_DIGITS = 9

Plain = dict[str, Any]


def document_of(found: Backtest) -> Plain:
    """Every prediction and every score, in the order in which a reader wants them."""
    return {
        "schema": SCHEMA,
        "answer": answer(found),
        "scenario": found.scenario,
        "log": found.log,
        "policy": found.policy,
        "arrivals": found.options.arrivals.value,
        "staffing": "inferred from the log" if found.options.roster is None else found.options.roster,
        "replications": found.options.replications,
        "taught_days": [day.isoformat() for day in found.taught_days],
        "scores": {
            "by_interval": {measure: _score(one) for measure, one in interval_scores(found).items()},
            "by_day": {measure: _score(one) for measure, one in day_scores(found).items()},
        },
        "days": [
            {
                "date": day.date.isoformat(),
                "starts_at": day.starts_at.isoformat(),
                "agents": day.agents,
                "overall": {measure: _prediction(one) for measure, one in day.overall.items()},
                "intervals_of_ms": INTERVAL_MS,
                "by_interval": [{measure: _prediction(one) for measure, one in part.items()} for part in day.by_interval],
            }
            for day in found.days
        ],
        "assumptions": list(found.assumptions),
        "notes": list(notes(found)),
    }


def _score(one: Score) -> Plain:
    return {
        "compared": one.compared,
        "held": one.held,
        "bias": _rounded(one.bias),
        "mean_absolute_error": _rounded(one.mean_absolute_error),
        "level": _rounded(one.level),
    }


def _prediction(one: Prediction) -> Plain:
    interval = None if one.low is None else [_rounded(one.low), _rounded(one.high)]
    return {"actual": _rounded(one.actual), "mean": _rounded(one.mean), "pi95": interval, "is_held": one.is_held}


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")
