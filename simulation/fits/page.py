"""The page that shows how well fitted laws fit: survival of patience with its band, quantiles of durations, and what was left out."""

from collections.abc import Iterator
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from simulation import laws
from simulation.fits.observed import Waits, Work
from simulation.fits.rules import BehaviourFit, FittedRule
from simulation.fits.survival import Survival, kaplan_meier
from simulation.fits.write import parameter_texts, parameters_text, source_of, whom
from simulation.report.drawing import BASELINE_COLOUR, INK, styled
from simulation.report.html import items, page, plot, section, table
from simulation.streams import Purpose

_COLOURS = {"exponential": "#0072b2", "weibull": "#d55e00", "lognormal": "#009e73", "gamma": "#cc79a7"}
_TITLES = {Purpose.PATIENCE: "Patience", Purpose.WORK: "Handling", Purpose.WRAP_UP: "Wrap-up", Purpose.ANSWER: "Ringing until an answer"}
_POINTS = 200
_HEIGHT_PX = 380
_ABOUT = {
    Purpose.PATIENCE: (
        "The share still willing to wait. Grey: Kaplan and Meier's estimate from the log with its 99 % band, which knows no law; coloured: "
        "the fitted laws, the chosen one solid. Where most were answered the estimate ends early: beyond its end the laws extrapolate."
    ),
    Purpose.WORK: (
        "Each dot is a quantile of the log beside the same quantile of a law, on logarithmic scales: a law that fits lies on the line. "
        "The first law is filled."
    ),
}


def page_of(fit: BehaviourFit) -> str:
    """The page as text; the same fit gives the same bytes."""
    sections = [
        section("The laws", _overview(fit)),
        *(section(f"{_TITLES[rule.purpose]}{escape(whom(rule))}", _shown(rule, f"rule{place}")) for place, rule in enumerate(fit.rules)),
        section("What the rows of the log tell", items(f"{count:,} {word}" for word, count in fit.counts.items())),
        *_agents(fit),
        section("Assumptions", items(_assumptions())),
    ]
    return page(fit.log, _headline(fit), sections)


def _headline(fit: BehaviourFit) -> str:
    patience = [rule for rule in fit.of(Purpose.PATIENCE) if rule.chosen is not None]
    if not patience:
        return (
            f"{fit.log} tells nothing of patience beyond the waits themselves" if fit.of(Purpose.PATIENCE) else f"The laws behind {fit.log}"
        )
    widest = max(patience, key=lambda rule: len(rule.sample.waits_ms) if isinstance(rule.sample, Waits) else 0)
    chosen = widest.chosen
    text = "" if chosen is None else f"{chosen.family.name}, {parameters_text(chosen)}"
    return f"Patience{whom(widest)}: {text}"


def _overview(fit: BehaviourFit) -> str:
    rows = [
        (
            f"{_TITLES[rule.purpose]}{escape(whom(rule))}",
            escape(_law_name(rule)),
            "<br>".join(map(escape, parameter_texts(rule.chosen))) if rule.chosen is not None else "",
            _count(rule),
            f"{100 * rule.distance:.1f} %" if rule.chosen is not None else "",
        )
        for rule in fit.rules
    ]
    return table(("Rule", "Law", "Parameters, 99 % intervals", "From", "Largest gap"), rows)


def _count(rule: FittedRule) -> str:
    sample = rule.sample
    if isinstance(sample, Waits):
        return f"{len(sample.waits_ms):,} waits, {sample.left:,} left"
    return f"{len(sample.durations_ms) + sample.of_zero:,} durations"


def _law_name(rule: FittedRule) -> str:
    return type(rule.law).__name__.lower()


def _shown(rule: FittedRule, name: str) -> str:
    told = f"<p>{escape(source_of(rule, 'the log').removeprefix('data: the log, '))}.</p>"
    sample = rule.sample
    if isinstance(sample, Waits):
        if not rule.fits:
            return told
        band = f"<p>The chosen law lies within the band at {100 * rule.within_band:.0f} % of its instants.</p>"
        return f"{told}{band}<p>{_ABOUT[Purpose.PATIENCE]}</p>{plot(_survival_plot(rule, kaplan_meier(sample)), name)}"
    if not rule.fits:
        return told
    return f"{told}<p>{_ABOUT[Purpose.WORK]}</p>{plot(_quantile_plot(rule, sample), name)}"


def _survival_plot(rule: FittedRule, survival: Survival) -> Any:
    """Steps of the estimate with their band, and the laws."""
    figure = go.Figure()
    kept = _thinned(len(survival.at_ms))
    seconds = survival.at_ms[kept] / 1_000
    for edge, fill in ((survival.high, None), (survival.low, "tonexty")):
        figure.add_trace(
            go.Scatter(
                x=seconds,
                y=100 * edge[kept],
                line={"width": 0, "shape": "hv"},
                fill=fill,
                fillcolor="rgba(91,102,112,0.22)",
                showlegend=False,
                hoverinfo="skip",
            )
        )
    look = {"color": BASELINE_COLOUR, "width": 2, "shape": "hv"}
    figure.add_trace(go.Scatter(x=seconds, y=100 * survival.share[kept], line=look, name="the log (Kaplan-Meier)"))
    at_ms = np.linspace(0, float(survival.at_ms[-1]), _POINTS)
    for fit in rule.fits:
        line = {
            "color": _COLOURS[fit.family.name],
            "width": 2.5 if fit.law == rule.law else 1.2,
            "dash": "solid" if fit.law == rule.law else "dot",
        }
        figure.add_trace(go.Scatter(x=at_ms / 1_000, y=100 * laws.survival(fit.law, at_ms), line=line, name=fit.family.name))
    figure.update_xaxes(title="waited, s", rangemode="tozero")
    figure.update_yaxes(title="still willing to wait, %", range=[0, 102])
    return styled(figure, height=_HEIGHT_PX, legend=True, below=60)


def _quantile_plot(rule: FittedRule, work: Work) -> Any:
    """Quantiles of the log against those of the laws."""
    figure = go.Figure()
    shares = (np.arange(_POINTS) + 0.5) / _POINTS
    seen = np.quantile(work.durations_ms, shares) / 1_000
    figure.add_trace(
        go.Scatter(x=[seen[0], seen[-1]], y=[seen[0], seen[-1]], mode="lines", line={"color": INK, "width": 1}, name="where both agree")
    )
    for fit in rule.fits:
        is_chosen = fit.law == rule.law
        figure.add_trace(
            go.Scatter(
                x=seen,
                y=laws.durations_ms(fit.law, shares) / 1_000,
                mode="markers",
                marker={"color": _COLOURS[fit.family.name], "size": 5, "symbol": "circle" if is_chosen else "circle-open"},
                name=fit.family.name,
            )
        )
    figure.update_xaxes(title="the log, s", type="log")
    figure.update_yaxes(title="the law, s", type="log")
    return styled(figure, height=_HEIGHT_PX, legend=True, below=60)


def _thinned(count: int) -> Any:
    """At most a thousand places, the last among them: a page need not hold every wait."""
    return np.unique(np.linspace(0, count - 1, min(count, 1_000)).astype(np.int64))


def _agents(fit: BehaviourFit) -> Iterator[str]:
    if not fit.agents:
        return
    rows = [
        (escape(one.agent), f"{one.handled:,}", f"{one.factor:.2f}", f"{one.low:.2f} to {one.high:.2f}", f"{one.pace:.3f}")
        for one in sorted(fit.agents, key=lambda one: one.factor)
    ]
    words = (
        "<p>How long each agent's handling takes as a factor of what all take for the same channel and type, with 99 % intervals. The pace "
        "is what a behaviour file has: the factor drawn towards 1 by how much of the spread between agents may be chance.</p>"
    )
    yield section("Agents", words + table(("Agent", "Handled", "Factor", "99 % interval", "Pace"), rows))


def _assumptions() -> Iterator[str]:
    yield "Patience does not depend on what ends the other waits: an answer comes no sooner to those who are about to leave."
    yield "Customers are independent of each other, and the same law holds all day for a channel and type."
    yield "Intervals are of 99 %, from the curvature of the likelihood; they hold for the law that was chosen, not for the choice."
    yield "A service of under ten seconds counts as a service; where there are many, the observed durations take the place of a law."
