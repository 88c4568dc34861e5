"""The goodness-of-fit page of a fit of demand: what was estimated, and how well it fits."""

from html import escape

from routing.model.time import MINUTE_MS
from simulation.fits.demand import plots
from simulation.fits.demand.fitted import FittedDemand
from simulation.fits.demand.words import answer, notes, parameters
from simulation.report.html import items, page, plot, section, table, terms
from simulation.statistics import Interval

_NAMES = {
    "day_factor_cv": "How much days differ beyond chance (cv of the day factor)",
    "interval_factor_cv": "How much intervals differ beyond that (cv of the interval factors)",
    "interval_correlation": "Correlation of the factors of neighbouring intervals",
    "variance_over_mean_within_days": "Variance over mean of counts, given the day factor (1 is Poisson)",
    "day_variance_common_to_streams": "Variance of a day factor that all streams share",
    "day_variance_of_each_stream": "Variance of a day factor of each stream's own",
}


def page_of(fit: FittedDemand) -> str:
    """The page as text; the same fit gives the same bytes."""
    return page(f"Demand fitted to {fit.table.name}", f"{answer(fit)}.", _sections(fit))


def _sections(fit: FittedDemand) -> list[str]:
    sections = [
        section("What was fitted", _facts(fit) + _parameters(fit)),
        section("What to know before using this", items(notes(fit))),
        section(
            "Observed and fitted counts",
            "<p>Each point is the count of one interval on one day, of all streams together. Of a hundred points, five should lie "
            "outside the "
            "shade.</p>" + plot(plots.counts_plot(fit), "counts"),
        ),
        section(
            "Dispersion",
            "<p>Variance over mean of the counts of each interval, over days alike. Where arrivals are Poisson and nothing else varies, "
            "95 % of "
            "the points lie within the grey band around 1.</p>" + plot(plots.dispersion_plot(fit), "dispersion"),
        ),
        section(
            "Days",
            "<p>The total of each day over the mean of days like it. Runs of points on one side are seasons or trends, which the fit "
            "does not "
            "have.</p>" + plot(plots.days_plot(fit), "days"),
        ),
        section(
            "What intervals share",
            "<p>How counts vary together by how far apart they lie within a day; the Poisson part is taken off the first point. The "
            "level that "
            "is left far apart is the day factor's variance, what decays is that of the interval factors.</p>"
            + plot(plots.lags_plot(fit), "lags"),
        ),
        section(
            "Places within the fitted law",
            "<p>Each count within the law fitted to the other days. Bars near 1 mean that counts fall where it says. High bars at both "
            "ends: counts vary more than the law; a hump: less. "
            "Counts of one day move together, so the grey band is narrower than it should be.</p>" + plot(plots.ranks_plot(fit), "ranks"),
        ),
    ]
    if fit.test is not None:
        sections.append(
            section(
                "Are arrivals Poisson within an interval?",
                "<p>If they are, transformed times between arrivals are exponential: points on the line (left). Right: the largest "
                "difference "
                "between both laws by interval of the day, with the line that one in twenty exceeds by chance; orange where it is "
                "established "
                "over all intervals together.</p>" + plot(plots.tests_plot(fit, fit.test), "poisson"),
            )
        )
    return sections


def _facts(fit: FittedDemand) -> str:
    counted = fit.table
    return terms(
        {
            "Log": counted.name,
            "Days": f"{len(counted.dates)} from {counted.dates[0]} to {counted.dates[-1]}, {counted.zone}",
            "Intervals": f"{counted.interval_ms / MINUTE_MS:g} minutes on the clock",
            "Arrivals": f"{int(counted.total.sum()):,} in {len(counted.streams)} streams (channel, type and priority)",
            "Alike": "; ".join(" ".join(group) for group in counted.group_names),
        }
    )


def _parameters(fit: FittedDemand) -> str:
    used = {
        "day_factor_cv": fit.variation.has_day,
        "interval_factor_cv": fit.variation.has_intervals and not fit.is_overdispersed_by_mean,
        "interval_correlation": fit.is_correlated,
        "variance_over_mean_within_days": fit.is_overdispersed_by_mean,
        "day_variance_common_to_streams": fit.is_by_stream,
        "day_variance_of_each_stream": fit.is_by_stream,
    }
    rows = [(escape(_NAMES[name]), *_cells(interval), "in the file" if used[name] else "") for name, interval in parameters(fit).items()]
    return table(("Parameter", "estimate", "99 % interval", ""), rows)


def _cells(interval: Interval) -> tuple[str, str]:
    if interval.low is None or interval.high is None:
        return f"{interval.mean:.4g}", "none"
    return f"{interval.mean:.4g}", f'<span class="interval">{interval.low:.4g} to {interval.high:.4g}</span>'
