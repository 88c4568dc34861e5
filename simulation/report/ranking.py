"""Many arms at once: in which order they are told, which of them decided alike, and which few stand for all in a plot."""

from collections.abc import Mapping

from simulation.comparison import HEADLINE, Comparison, Judged
from simulation.report.words import MANY_ARMS
from simulation.scenario import Arm

_FOREMOST = 5


def has_many(comparison: Comparison) -> bool:
    """Whether there are too many arms to stand side by side."""
    return len(comparison.arms) > MANY_ARMS


def ranked(comparison: Comparison) -> tuple[str, ...]:
    """The names of the arms, the highest service level first; equals, and those without any, keep the order of the arms."""
    means = {arm.name: comparison.headline(arm.name)[HEADLINE] for arm in comparison.arms}
    return tuple(sorted(means, key=lambda name: 1.0 if (found := means[name]) is None else -found.mean))


def foremost(comparison: Comparison) -> tuple[Arm, ...]:
    """The baseline and the best five others, or every arm where there are few; those that decided alike count once."""
    if not has_many(comparison):
        return comparison.arms
    twins = twins_of(comparison)
    best = [name for name in ranked(comparison) if name not in twins and name != comparison.baseline.name][:_FOREMOST]
    return tuple(arm for arm in comparison.arms if arm is comparison.baseline or arm.name in best)


def twins_of(comparison: Comparison) -> Mapping[str, str]:
    """For each arm whose every day came out as an earlier arm's, by every overall measure, the name of that one."""
    seen: list[str] = []
    twins: dict[str, str] = {}
    for arm in comparison.arms:
        first = next((name for name in seen if comparison.daily[name] == comparison.daily[arm.name]), None)
        if first is None:
            seen.append(arm.name)
        else:
            twins[arm.name] = first
    return twins


def alike_counts(comparison: Comparison) -> Mapping[str, int]:
    """For each arm that stands for itself, best first, how many others decided alike."""
    twins = twins_of(comparison)
    return {arm: sum(1 for first in twins.values() if first == arm) for arm in ranked(comparison) if arm not in twins}


def alike_texts(comparison: Comparison) -> tuple[str, ...]:
    """For each arm that others decided alike with, a line that names them."""
    groups: dict[str, list[str]] = {}
    for name, first in twins_of(comparison).items():
        groups.setdefault(first, []).append(name)
    return tuple(f"Came out as {first} in every replication: {', '.join(names)}." for first, names in groups.items())


def differences_by_arm(comparison: Comparison, name: str) -> Mapping[str, Judged | None]:
    """The headline difference of every arm but the baseline in one measure."""
    return {one.arm: comparison.headline_differences(one)[name] for one in comparison.differences}
