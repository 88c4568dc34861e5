"""A few repetitions of the recovery benchmark: what it counts, and that its verdict can fail."""

from benchmarks.recovery import behaviour
from benchmarks.recovery.tally import Tally


def test_known_laws_are_found_again() -> None:
    """Nine parameters in five repetitions: at 99 % hardly one is missed."""
    tally = Tally()
    for number in range(1, 6):
        behaviour.repeat(number, tally)
    assert set(tally.tries.values()) == {5}
    assert len(tally.tries) == 9
    assert tally.hits.total() >= 43


def test_intervals_that_are_too_narrow_are_called_so() -> None:
    """Ninety hits of a hundred are too few for 99 %, and ninety-eight are not."""
    tally = Tally()
    for number in range(100):
        tally.count("narrow", held=number >= 10)
        tally.count("good", held=number >= 2)
    assert ["TOO NARROW" in line for line in tally.lines(0.99)] == [True, False]


def test_very_many_intervals_are_judged_too() -> None:
    """Rates by weekday and half hour are thousands: the verdict on them is a number as well."""
    tally = Tally()
    for number in range(20_000):
        tally.count("rates", held=number >= 200)
    assert tally.lines(0.99) == ["rates  19800 of 20000  as stated (99%)"]
