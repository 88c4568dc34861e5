"""Kaplan and Meier's estimate of survival from censored waits, with its band: what the log says before any law is chosen."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from simulation import laws
from simulation.fits.likelihood import CONFIDENCE
from simulation.fits.observed import Durations, Waits

AT_RISK_MIN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """The share still willing to wait just after each instant `at_ms` (rising, shape (n,)), and its 99 % pointwise band.

    `low` and `high` are NaN where the band is undefined: before anybody left, and after the last one did. `at_risk` is how many waits
    last so long at least.
    """

    at_ms: Durations
    share: Durations
    low: Durations
    high: Durations
    at_risk: NDArray[np.int64]


def kaplan_meier(waits: Waits) -> Survival:
    """The product-limit estimate (Kaplan and Meier 1958) with Greenwood's variance on the log-log scale; at least one wait is needed."""
    sample = stats.CensoredData(uncensored=waits.waits_ms[waits.has_left], right=waits.waits_ms[~waits.has_left])
    estimate = stats.ecdf(sample).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the band is NaN where it is undefined, which the record says
        band: Any = estimate.confidence_interval(CONFIDENCE, method="log-log")
    at_ms = np.asarray(estimate.quantiles, dtype=np.float64)
    return Survival(
        at_ms=at_ms,
        share=np.asarray(estimate.probabilities, dtype=np.float64),
        low=np.asarray(band.low.probabilities, dtype=np.float64),
        high=np.asarray(band.high.probabilities, dtype=np.float64),
        at_risk=np.asarray(len(waits.waits_ms) - np.searchsorted(np.sort(waits.waits_ms), at_ms, side="left"), dtype=np.int64),
    )


def distance(survival: Survival, law: laws.Law) -> float:
    """The largest gap between the estimate and a law, while at least twenty waits last: the last few make steps that mean nothing."""
    kept = survival.at_risk >= min(AT_RISK_MIN, int(survival.at_risk.max()))
    return float(np.max(np.abs(survival.share[kept] - laws.survival(law, survival.at_ms[kept]))))


def share_within_band(survival: Survival, law: laws.Law) -> float:
    """The share of the instants with a band at which the law lies within it; 1 where there is none."""
    is_known = np.isfinite(survival.low) & np.isfinite(survival.high)
    if not is_known.any():
        return 1.0
    of_law = laws.survival(law, survival.at_ms[is_known])
    return float(np.mean((survival.low[is_known] <= of_law) & (of_law <= survival.high[is_known])))
