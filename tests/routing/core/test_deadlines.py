"""The index of deadlines: the earliest that a row still carries."""

from hypothesis import given
from hypothesis import strategies as st

from routing.core.deadlines import Deadline, DeadlineIndex, DeadlineKind
from tests.builders import a_queue, a_site, an_agent, an_interaction
from tests.routing.core.desk import a_desk, commands_of_flapping


def test_equal_instants_come_out_by_kind_then_id() -> None:
    """The order in which they were entered does not matter."""
    carried = [
        Deadline(5, DeadlineKind.OFFER_EXPIRY, "offer-1"),
        Deadline(5, DeadlineKind.WRAP_UP_LIMIT, "i1"),
        Deadline(5, DeadlineKind.EXCLUSION_END, "i1", "a1"),
        Deadline(5, DeadlineKind.EXCLUSION_END, "i1", "a2"),
        Deadline(6, DeadlineKind.OFFER_EXPIRY, "offer-0"),
    ]
    left = list(carried)
    index = DeadlineIndex(left.__contains__)
    for deadline in reversed(carried):
        index.add(deadline)
    seen = []
    while (first := index.first()) is not None:
        seen.append(first)
        left.remove(first)
    assert carried == seen


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5), st.booleans()), max_size=60))
def test_the_index_finds_what_a_search_would_find(moves: list[tuple[int, int, bool]]) -> None:
    """However often a row moves its due time, or drops it."""
    rows: dict[str, int] = {}
    index = DeadlineIndex(lambda deadline: rows.get(deadline.key) == deadline.due_at)
    for due_at, key, is_dropped in moves:
        if is_dropped:
            rows.pop(str(key), None)
        else:
            rows[str(key)] = due_at
            index.add(Deadline(due_at, DeadlineKind.WINDOW, str(key)))
        expected = min(((due, key) for key, due in rows.items()), default=None)
        due = index.due(25)
        assert (expected if expected is not None and expected[0] <= 25 else None) == (None if due is None else (due.due_at, due.key))
        assert index.may_be_before(26) or expected is None or expected[0] > 25  # what may be forgotten is no harm, what is overlooked is
        found = index.first()
        assert [expected is not None and expected[0] < at for at in (0, 25, 51)] == [index.may_be_before(at) for at in (0, 25, 51)]
        assert expected == (None if found is None else (found.due_at, found.key))


def test_forgotten_deadlines_do_not_pile_up() -> None:
    """A far deadline never reaches the top, so the heap is swept when it has doubled."""
    rows = {"kept": 10**9}
    index = DeadlineIndex(lambda deadline: rows.get(deadline.key) == deadline.due_at)
    index.add(Deadline(10**9, DeadlineKind.WINDOW, "kept"))
    for due_at in range(1, 10_000):
        index.add(Deadline(10**8 + due_at, DeadlineKind.WINDOW, "forgotten"))
    assert len(index) <= 1_024
    assert Deadline(10**9, DeadlineKind.WINDOW, "kept") in index
    assert Deadline(10**9, DeadlineKind.WINDOW, "kept") == index.first()


def test_a_desktop_that_flaps_leaves_nothing_behind() -> None:
    """Sessions lost and found again thousands of times keep the index small and right."""
    desk = a_desk(a_site(queues=[a_queue()], session_lease_ms=10**9), an_agent())
    desk.enqueue(an_interaction())
    for command in commands_of_flapping(1_500):
        desk.do(command)
        desk.now += 1
    assert len(desk.state.deadlines) <= 1_024
