"""The rules of a behaviour file that a log tells: which laws, for whom, from how many, and how well they fit."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np

from simulation import laws
from simulation.fits.likelihood import Fit, fits_of_waits, fits_of_work
from simulation.fits.observed import Durations, Group, Observed, Waits, Work, pooled, pooled_work
from simulation.fits.survival import distance, kaplan_meier, share_within_band
from simulation.streams import Purpose

LEFT_MIN: Final = 50
"""Below so many who left, a group's patience is fitted together with others'."""
WORK_MIN: Final = 100
"""The same for durations of work."""
DISTANCE_MAX: Final = 0.05
"""A law of work further than this from what was observed is replaced by the observed durations themselves, unless chance explains it."""
CRITICAL: Final = 1.63
"""Over the root of their number, the distance that durations of a law exceed in one case of a hundred (Kolmogorov)."""
SPARING: Final = 2.0
"""A law with a parameter more has to be better by this much in AIC: between laws that fit alike the plain one extrapolates more soberly."""
VALUES_MAX: Final = 200
"""How many quantiles stand for observed durations."""
_ZERO_SHARE_MAX: Final = 0.01

_Sample = TypeVar("_Sample", Waits, Work)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedRule:
    """One rule: for which interactions (`when`, as in a behaviour file), its law, and everything that speaks for it.

    `sample` is what it was fitted to, `fits` every family by AIC, the best first. `distance` is the largest gap between the law and the
    observed distribution, `within_band` the share of the observed survival's band that holds the law (1 for work, which is not
    censored). `why` says in words how the law was chosen.
    """

    purpose: Purpose
    when: Mapping[str, tuple[str, ...]]
    law: laws.Law | laws.Never
    sample: Waits | Work
    fits: tuple[Fit, ...]
    distance: float
    within_band: float
    why: str

    @property
    def chosen(self) -> Fit | None:
        """The fit behind the law; None where the law is the observed values, or no law could be fitted."""
        return self.fits[0] if self.fits and self.fits[0].law == self.law else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSpeed:
    """How long an agent's handling takes, as a factor of what all take for the same channel and type, with a 99 % interval.

    `pace` is the factor as a behaviour file has it, to three digits: drawn towards 1 by the share of the spread between agents that is
    nothing but error (empirical Bayes; Efron and Morris 1975), and 1 where agents are not shown to differ at all.
    """

    agent: str
    handled: int
    factor: float
    low: float
    high: float
    pace: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourFit:
    """All rules of a log in the order of a behaviour file, its rows by what they tell, and its agents.

    Where agents differ in their pace, the laws of work are those of handling at a common pace, by which a scenario multiplies.
    """

    log: str
    rules: tuple[FittedRule, ...]
    counts: Mapping[str, int]
    agents: tuple[AgentSpeed, ...]

    @property
    def paced(self) -> tuple[AgentSpeed, ...]:
        """The agents whose pace differs from the others'."""
        return tuple(one for one in self.agents if one.pace != 1)

    def of(self, purpose: Purpose) -> tuple[FittedRule, ...]:
        """The rules of one purpose, the most special first."""
        return tuple(rule for rule in self.rules if rule.purpose is purpose)


def behaviour_fit(observed: Observed, log: str, agents: tuple[AgentSpeed, ...] = ()) -> BehaviourFit:
    """Every rule that a log tells. Purposes that it tells nothing of have none.

    With `agents`, the handling of `observed` is at a common pace already: see `simulation.fits.agents.at_common_pace`.
    """
    rules = (
        *_rules(Purpose.PATIENCE, observed.waits, lambda one: one.left >= LEFT_MIN, pooled, _patience),
        *(
            rule
            for purpose, work in (
                (Purpose.WORK, observed.handling),
                (Purpose.WRAP_UP, observed.wrap_up),
                (Purpose.ANSWER, observed.ringing),
            )
            for rule in _rules(purpose, work, lambda one: len(one.durations_ms) >= WORK_MIN, pooled_work, _work)
        ),
    )
    found = BehaviourFit(log=log, rules=rules, counts=observed.counts, agents=agents)
    return replace(found, rules=tuple(map(_at_common_pace, rules))) if found.paced else found


def _at_common_pace(rule: FittedRule) -> FittedRule:
    return replace(rule, why=f"{rule.why}, at a common pace of all agents") if rule.purpose is Purpose.WORK else rule


def _rules(
    purpose: Purpose,
    groups: Mapping[Group, _Sample],
    is_enough: Callable[[_Sample], bool],
    together: Callable[[Iterable[_Sample]], _Sample],
    fit: Callable[[Purpose, Mapping[str, tuple[str, ...]], _Sample], FittedRule | None],
) -> Iterator[FittedRule]:
    """A rule for each channel and type with enough of its own, then one for the rest of each channel, then, of work, one for all others.

    A channel with one type has one rule. A rest that is not enough by itself is fitted together with all of its channel. Patience has no
    rule for all: it would make deferrable work leave that the log does not hold.
    """
    is_for_all = purpose is not Purpose.PATIENCE
    channels = dict.fromkeys(channel for channel, _ in groups)
    kinds = Counter(channel for channel, _ in groups)
    for (channel, kind), sample in groups.items():
        if is_enough(sample) and kinds[channel] > 1:
            yield from _if_any(fit(purpose, {"channel": (channel,), "type": (kind,)}, sample))
    for channel in channels:
        of_channel = [sample for (its, _), sample in groups.items() if its == channel]
        rest = [sample for sample in of_channel if not is_enough(sample)]
        if rest and kinds[channel] > 1 and is_enough(together(rest)):
            yield from _if_any(fit(purpose, {"channel": (channel,)}, together(rest)))
        elif is_enough(together(of_channel)) or not is_for_all or len(channels) == 1:
            yield from _if_any(fit(purpose, {"channel": (channel,)}, together(of_channel)))
    if len(channels) > 1 and is_for_all:
        yield from _if_any(fit(purpose, {}, together(groups.values())))


def _if_any(rule: FittedRule | None) -> Iterator[FittedRule]:
    if rule is not None:
        yield rule


def _patience(purpose: Purpose, when: Mapping[str, tuple[str, ...]], waits: Waits) -> FittedRule | None:
    if not len(waits.waits_ms):
        return None
    fits = _spared(fits_of_waits(waits))
    if not fits:
        words = "nobody left while waiting, so that the log bounds patience from below and no more"
        return FittedRule(purpose=purpose, when=when, law=laws.Never(), sample=waits, fits=(), distance=0.0, within_band=1.0, why=words)
    observed = kaplan_meier(waits)
    return FittedRule(
        purpose=purpose,
        when=when,
        law=fits[0].law,
        sample=waits,
        fits=fits,
        distance=distance(observed, fits[0].law),
        within_band=share_within_band(observed, fits[0].law),
        why=_chosen_by_aic(fits, "censored maximum likelihood"),
    )


def _spared(fits: tuple[Fit, ...]) -> tuple[Fit, ...]:
    """The fits with the one in front that has the fewest parameters among those near the smallest AIC."""
    near = [fit for fit in fits if fit.aic <= fits[0].aic + SPARING]
    first = min(near, key=lambda fit: (len(fit.point), fit.aic), default=None)
    return () if first is None else (first, *(fit for fit in fits if fit is not first))


def _work(purpose: Purpose, when: Mapping[str, tuple[str, ...]], work: Work) -> FittedRule | None:
    count = len(work.durations_ms) + work.of_zero
    if not count:
        return None
    fits = fits_of_work(work.durations_ms) if len(work.durations_ms) >= 2 else ()
    gap = _distance(work.durations_ms, fits[0].law) if fits else 1.0
    allowed = max(DISTANCE_MAX, CRITICAL / math.sqrt(len(work.durations_ms))) if fits else 0.0
    if fits and gap <= allowed and work.of_zero <= _ZERO_SHARE_MAX * count:
        why = _chosen_by_aic(fits, "maximum likelihood")
        return FittedRule(purpose=purpose, when=when, law=fits[0].law, sample=work, fits=fits, distance=gap, within_band=1.0, why=why)
    why = "the observed durations themselves, because too few say which law it is" if not fits else _no_law(fits, gap, gap > allowed, work)
    return FittedRule(purpose=purpose, when=when, law=_empirical(work), sample=work, fits=fits, distance=0.0, within_band=1.0, why=why)


def _no_law(fits: tuple[Fit, ...], gap: float, is_far: bool, work: Work) -> str:
    if is_far:
        return f"the observed durations themselves, because the best law ({fits[0].family.name}) is {gap:.1%} away from them"
    return f"the observed durations themselves, because {work.of_zero:,} are zero, which no law of durations holds"


def _chosen_by_aic(fits: tuple[Fit, ...], method: str) -> str:
    rivals = ", ".join(f"{fit.family.name} {fit.aic - fits[0].aic:+,.1f}" for fit in fits[1:])
    return f"{fits[0].family.name} by {method}" + (f", chosen by AIC ({rivals})" if rivals else "")


def _empirical(work: Work) -> laws.Empirical:
    """The observed durations, or as many of their quantiles as a file should hold."""
    values = np.sort(np.concatenate((np.zeros(work.of_zero), work.durations_ms)))
    if len(values) > VALUES_MAX:
        values = np.quantile(values, (np.arange(VALUES_MAX) + 0.5) / VALUES_MAX)
    return laws.Empirical(values_ms=tuple(int(value) for value in np.rint(values)))


def _distance(durations_ms: Durations, law: laws.Law) -> float:
    """Kolmogorov and Smirnov's distance between durations and a law."""
    ordered = np.sort(durations_ms)
    below = 1 - laws.survival(law, ordered)
    steps = np.arange(len(ordered) + 1) / len(ordered)
    return float(max(np.max(steps[1:] - below), np.max(below - steps[:-1])))
