"""Choosing the best of many, on arms whose truth is known."""

import numpy as np

from simulation.kpis.measure import Ratio
from simulation.statistics.estimates import Replicated, replicate
from simulation.statistics.selection import chance_of_right_choice, screening, spread


def arm(values: np.ndarray) -> Replicated:
    """An arm with these daily counts, in thousandths."""
    return replicate([Ratio(int(value * 1000), 1000) for value in values])


def chosen_by_kn(rng: np.random.Generator, means: list[float], shared: float) -> tuple[str, int]:
    """What KN chooses among arms with unit noise, `shared` of whose variance they have in common, and how many replications that took."""
    names = [f"arm-{place}" for place in range(len(means))]
    days = np.sqrt(shared) * rng.normal(0, 1, (600, 1)) + np.sqrt(1 - shared) * rng.normal(0, 1, (600, len(means))) + np.array(means)
    screen = screening({name: arm(days[:10, place]) for place, name in enumerate(names)}, indifference=0.5, error=0.05)
    left, done, spent = names, 10, 10 * len(names)
    while True:
        values = {name: float(days[:done, names.index(name)].mean()) for name in left}
        left = screen.survivors(values, done)
        if len(left) == 1 or done >= screen.replications_max(left) or done >= 590:
            return max(left, key=lambda name: values[name]), spent
        done += 10
        spent += 10 * len(left)


def test_kn_keeps_its_guarantee_when_the_best_is_just_good_enough() -> None:
    """Five arms, four of them exactly the indifference behind: at least 95 of 100 choices are right, also where arms are correlated."""
    for seed, shared in ((1, 0.0), (2, 0.8)):
        rng = np.random.Generator(np.random.Philox(seed))
        choices = [chosen_by_kn(rng, [0.5, 0.0, 0.0, 0.0, 0.0], shared)[0] for _ in range(100)]
        assert choices.count("arm-0") >= 95


def test_common_customers_make_a_choice_cheaper() -> None:
    """The more of the luck is shared, the fewer replications it takes."""
    rng = np.random.Generator(np.random.Philox(3))
    apart, together = (np.mean([chosen_by_kn(rng, [0.5, 0.0, 0.2], shared)[1] for _ in range(30)]) for shared in (0.0, 0.8))
    assert together < apart / 2


def test_arms_that_come_out_alike_do_not_race_for_ever() -> None:
    """Two that never differ both stay, and nothing more is needed to say so."""
    days = np.arange(10.0)
    screen = screening({"one": arm(days), "same": arm(days)}, indifference=0.5, error=0.05)
    assert screen.survivors({"one": 4.5, "same": 4.5}, 10) == ["one", "same"]
    assert screen.replications_max(["one", "same"]) == 1


def test_a_budget_goes_to_those_that_are_close_or_vary() -> None:
    """The best and its rival get nearly everything, and what is far behind next to nothing; nobody is left out of the sum."""
    rng = np.random.Generator(np.random.Philox(4))
    found = {"best": arm(rng.normal(10, 1, 20)), "rival": arm(rng.normal(9.7, 1, 20)), "far": arm(rng.normal(2, 1, 20))}
    given = spread(found, dict.fromkeys(found, 20), more=100)
    assert sum(given.values()) == 100
    assert given["best"] + given["rival"] == 100
    same = {"one": found["best"], "twin": found["best"]}
    assert sum(spread(same, dict.fromkeys(same, 20), more=10).values()) == 10
    assert chance_of_right_choice(found, "best") > 0.5
    assert chance_of_right_choice(same, "one") == 0.5
