"""Events gathered by call: in whatever order they stand, once each, and with bounded memory."""

import random

from simulation.importers.platforms.calls import CallBook, CallEvent, Kind
from simulation.importers.platforms.stories import CallFolder
from simulation.importers.platforms.writer import Writer
from simulation.importers.report import ImportReport
from simulation.interactions import RecordedInteraction
from tests.simulation.importers.platform_logs import mapping_of


def folded(
    events: list[tuple[str, CallEvent]], *, quiet_rows: int = 1_000, open_calls_max: int = 1_000
) -> tuple[dict[str, RecordedInteraction], ImportReport]:
    """The interactions of a log of events, by id, and the account of its rows."""
    report = ImportReport()
    writer = Writer(mapping_of("asterisk-queue-log"), report)
    book = CallBook(report, CallFolder(writer, report), quiet_rows=quiet_rows, open_calls_max=open_calls_max)
    for call_id, event in events:
        report.read += 1
        book.add(call_id, event)
    book.close()
    return {one.id: one for one in writer.interactions}, report


def a_call(start: int, *, line: int = 1) -> list[CallEvent]:
    """Ten seconds of waiting, in which one agent was rung in vain, and sixty of talking."""
    return [
        CallEvent(start, Kind.ENTER, line, "q"),
        CallEvent(start + 2_000, Kind.MISS, line + 1, "q", "ben"),
        CallEvent(start + 10_000, Kind.CONNECT, line + 2, "q", "ana", wait_ms=10_000),
        CallEvent(start + 70_000, Kind.END, line + 3, "q", "ana", "handled", wait_ms=10_000, talk_ms=60_000),
    ]


def calls(count: int) -> list[tuple[str, CallEvent]]:
    """Calls that begin every ten seconds, their events in the order of time."""
    events = [(f"c{number}", event) for number in range(count) for event in a_call(number * 10_000, line=4 * number + 1)]
    return sorted(events, key=lambda pair: pair[1].at)


def test_the_order_of_a_log_does_not_matter() -> None:
    """Backwards, and out of order within a thousand rows, the calls are the same, and none is noted."""
    events = calls(200)
    shuffled = [pair for start in range(0, len(events), 100) for pair in random.Random(1).sample(events[start : start + 100], 100)]
    expected, report = folded(events)
    assert report.tallies == {}
    assert [one.handling_ms for one in expected.values()] == [60_000] * 200
    for log in (list(reversed(events)), shuffled):
        assert folded(log)[0] == expected


def test_a_call_is_let_go_of_when_it_is_over() -> None:
    """A row that comes later is counted, as its call was written."""
    events = calls(200)
    late = [*events, ("c0", CallEvent(0, Kind.MISS, 9_999, "q", "ana"))]
    interactions, report = folded(late, quiet_rows=50)
    assert interactions == folded(events)[0]
    (tally,) = report.tallies.values()
    assert (tally.treatment, tally.count, tally.first_lines) == ("dirty", 1, [9_999])


def test_no_more_calls_are_held_open_than_stated() -> None:
    """Of calls that never end, the one silent for longest is taken for unfinished; all of them are written."""
    entries = [(f"c{number}", CallEvent(number, Kind.ENTER, number + 1, "q")) for number in range(500)]
    interactions, report = folded(entries, quiet_rows=10, open_calls_max=20)
    assert {one.outcome for one in interactions.values()} == {"in_progress"}
    assert len(interactions) == report.total("noted") == 500


def test_the_same_row_twice_is_one() -> None:
    """And counted: a log that was joined from two holds many."""
    events = [pair for pair in calls(20) for _ in range(2)]
    interactions, report = folded(events)
    assert interactions == folded(calls(20))[0]
    assert report.total("dirty") == 80


def test_times_that_contradict_the_log_are_noted() -> None:
    """A wait or a talking time that the log states otherwise by more than two seconds; the times count."""
    events = [event._replace(wait_ms=event.wait_ms and 20_000, talk_ms=event.talk_ms and 50_000) for event in a_call(0)]
    interactions, report = folded([("c", event) for event in events])
    assert (interactions["c"].wait_ms, interactions["c"].handling_ms) == (10_000, 60_000)
    assert [tally.reason.split(";")[0] for tally in report.tallies.values()] == [
        "the wait that the log states differs from its times",
        "the talking time that the log states differs from its times",
    ]


def test_a_call_can_only_be_so_long() -> None:
    """Ten thousand rows of one call are held; what is beyond is counted."""
    rows = [("c", CallEvent(number, Kind.MISS, number, "q", f"a{number}")) for number in range(10_005)]
    interactions, report = folded([("c", CallEvent(0, Kind.ENTER, 0, "q")), *rows], quiet_rows=100_000)
    assert interactions["c"].missed_offers == 9_999
    assert report.total("dirty") == 6
