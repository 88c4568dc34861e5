"""Calendars answer for instants: open, closed, or not known."""

from tests.builders import a_calendar

WEEK = a_calendar((10, 20), (30, 40), known_from=5, known_until=50)


def test_an_interval_includes_its_opening_and_not_its_closing() -> None:
    """Ten is open, twenty is not."""
    assert [False, True, True, False, True, False] == [WEEK.is_open(at) for at in (9, 10, 19, 20, 30, 40)]


def test_the_next_opening_lies_ahead() -> None:
    """Also while it is open; after the last there is none that is known."""
    assert [10, 30, 30, None, None] == [WEEK.next_opening(at) for at in (0, 10, 25, 30, 45)]


def test_the_next_turn_is_the_closing_while_it_is_open() -> None:
    """And the opening while it is closed."""
    assert [10, 20, 20, 30, 40, None] == [WEEK.next_turn(at) for at in (0, 10, 19, 20, 35, 40)]


def test_outside_its_range_a_calendar_knows_nothing() -> None:
    """Closed is a statement, and only made of what is known."""
    assert [False, True, True, False] == [WEEK.is_known(at) for at in (4, 5, 49, 50)]
