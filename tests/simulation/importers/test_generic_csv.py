"""Tables of other systems, read as a mapping file says: every row is written, filtered or counted with its reason."""

from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from simulation.importers.registry import Imported, import_interactions
from simulation.interactions import RecordedInteraction

BASE = """
schema = "careroute/mapping/1"
format = "csv"
trust = { dirty_share_max = 1.0 }
time = { zone = "America/New_York" }
"""
SIMPLE = (
    BASE
    + """
id = { column = "id" }
arrived_at = { column = "start" }
channel = { constant = "phone" }
type = { column = "what" }
"""
)


def imported(folder: Path, mapping: str, table: str, *, encoding: str = "utf-8") -> Imported:
    """The import of a table by a mapping, both as texts."""
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    (folder / "table.csv").write_text(table, encoding=encoding)
    return import_interactions(folder / "table.csv", folder / "mapping.toml")


def reasons(result: Imported) -> dict[str, tuple[str, list[int]]]:
    """Treatment and first lines by reason."""
    return {tally.reason: (tally.treatment, tally.first_lines) for tally in result.report.tallies.values()}


def test_every_kind_of_column_is_read(tmp_path: Path) -> None:
    """Split dates, lengths of time, counts since 1970, maps, sentinels, constants and typed attributes become one record."""
    mapping = (
        BASE.replace('time = { zone = "America/New_York" }', "")
        + """
table = { delimiter = ";", encoding = "latin-1", missing = ["NULL"] }
time = { zone = "Europe/Berlin", formats = ["%d.%m.%Y %H:%M"] }
id = { column = "Nr" }
arrived_at = { date_column = "Tag", time_column = "Zeit" }
answered_at = { column = "Warten", after = "arrived_at", unit = "s" }
ended_at = { column = "Dauer", after = "answered_at", unit = "min" }
due_at = { column = "Frist", epoch = "s" }
channel = { column = "Weg", map = { T = "phone" }, otherwise = "mail" }
type = { constant = "question" }
agent = { column = "Wer" }
outcome = { column = "Ende" }
[attributes]
tier = { column = "Stufe", kind = "integer" }
asked = { column = "Text" }
seen_at_ms = { column = "Gesehen", kind = "time" }
"""
    )
    table = (
        "Nr;Tag;Zeit;Warten;Dauer;Frist;Weg;Wer;Ende;Stufe;Text;Gesehen\n"
        "1;11.08.2015;08:00;12.5;3;1439280000;T; anna ;ok;2;Müll;11.08.2015 09:00\n"
        "2;11.08.2015;08:01;NULL;NULL;;E;NULL;;NULL;;NULL\n"
    )
    start = 1_439_272_800_000  # 2015-08-11 08:00 in Berlin, which is 06:00 UTC
    expected = (
        RecordedInteraction(
            id="1",
            arrived_at_ms=start,
            channel="phone",
            type="question",
            attributes={"tier": 2, "asked": "Müll", "seen_at_ms": start + 3_600_000},
            due_at_ms=1_439_280_000_000,
            agent="anna",
            answered_at_ms=start + 12_500,
            ended_at_ms=start + 12_500 + 180_000,
            outcome="ok",
        ),
        RecordedInteraction(id="2", arrived_at_ms=start + 60_000, channel="mail", type="question", attributes={}),
    )
    result = imported(tmp_path, mapping, table, encoding="latin-1")
    assert (result.interactions, result.report.read, result.report.written, reasons(result)) == (expected, 2, 2, {})


def test_dirty_rows_are_counted_by_reason_with_their_lines(tmp_path: Path) -> None:
    """Nothing is dropped in silence, and a row's first fault is the one it is counted under."""
    mapping = SIMPLE.replace('{ column = "what" }', '{ column = "what", map = { q = "question" } }') + (
        'ended_at = { column = "took", after = "arrived_at", unit = "s" }\nattributes = { n = { column = "n", kind = "integer" } }\n'
    )
    table = (
        "id,start,what,took,n\n"
        "1,2015-08-11 08:00,q,1,1\n"
        "2,2015-08-11 08:00,q\n"
        "3,2015-08-11 08:00,q,1,1,1\n"
        "4,yesterday,q,1,1\n"
        ",2015-08-11 08:00,q,1,1\n"
        "6,,q,1,1\n"
        "7,2015-08-11 08:00,z,1,1\n"
        "8,2015-08-11 08:00,q,-1,1\n"
        "9,2015-08-11 08:00,q,long,1\n"
        "10,2015-08-11 08:00,q,1,two\n"
        "11,2015-08-11 08:00,q,1e999999,1\n"
        "12,2015-08-11 08:00,q,NaN,1\n"
        "1,2015-08-11 08:00,q,1,1\n"
        f"{'x' * 200},2015-08-11 08:00,q,1,1\n"
    )
    result = imported(tmp_path, mapping, table)
    assert reasons(result) == {
        "too few columns": ("dirty", [3]),
        "too many columns": ("dirty", [4]),
        "arrived_at: not a time in any of the formats": ("dirty", [5]),
        "id: no value": ("dirty", [6]),
        "arrived_at: no value": ("dirty", [7]),
        "type: the map has no such value": ("dirty", [8]),
        "ended_at: a negative length of time": ("dirty", [9]),
        "ended_at: not a length of time": ("dirty", [10, 12, 13]),
        "attributes.n: not a whole number": ("dirty", [11]),
        "id: used before": ("dirty", [14]),
        "id: is longer than a name may be": ("dirty", [15]),
    }
    assert (result.report.read, result.report.written, result.report.total("dirty")) == (14, 1, 13)


WAITS = (
    SIMPLE
    + """
wait_ended_at = { column = "wait", after = "arrived_at", unit = "s" }
ended_at = { column = "talk", after = "answered_at", unit = "s" }
hold = { column = "held", unit = "s" }
wrap_up = { column = "after", unit = "min" }
outcome = { column = "how" }
agent = { column = "who" }
customer = { column = "caller" }
"""
)


def test_the_outcome_says_what_ended_a_wait(tmp_path: Path) -> None:
    """One column of waits serves the answered and the lost; customers are numbers unless the mapping wants them as they are written."""
    table = (
        "id,start,what,wait,talk,held,after,how,who,caller\n"
        "1,2015-08-11,q,10,60,5,0.5,handled,anna,555-1\n"
        "2,2015-08-11,q,20,,,,abandoned,,555-2\n"
        "3,2015-08-11,q,30,60,,,sold,anna,555-1\n"
        "4,2015-08-11,q,40,,,,mailbox,,\n"
        "5,2015-08-11,q,50,,,,,,555-3\n"
        "6,2015-08-11,q,60,,,,unserved,anna,\n"
        "7,2015-08-11,q,70,5,6,,handled,anna,\n"
    )
    result = imported(tmp_path, WAITS, table)
    told = [
        (one.id, (one.wait_ms or 0) // 1_000, one.handling_ms, one.hold_ms, one.wrap_up_ms, one.customer) for one in result.interactions
    ]
    assert told == [
        ("1", 10, 60_000, 5_000, 30_000, "c1"),
        ("2", 20, None, None, None, "c2"),
        ("3", 30, 60_000, None, None, "c1"),
        ("4", 40, None, None, None, None),
        ("5", 50, None, None, None, "c3"),
        ("6", 60, None, None, None, None),
    ]
    assert [one.id for one in result.interactions if one.answered_at_ms is not None] == ["1", "3"]
    assert reasons(result) == {"hold: is longer than the conversation": ("dirty", [8])}
    as_written = imported(tmp_path, WAITS.replace('format = "csv"', 'format = "csv"\ncustomers = "as_written"'), table)
    assert [one.customer for one in as_written.interactions[:3]] == ["555-1", "555-2", "555-1"]


def test_an_answer_to_whoever_left_is_dirty(tmp_path: Path) -> None:
    """Taken at its word it would turn every abandoned wait into an answered one."""
    mapping = SIMPLE + 'answered_at = { column = "wait", after = "arrived_at", unit = "s" }\noutcome = { column = "how" }\n'
    result = imported(
        tmp_path, mapping, "id,start,what,wait,how\n1,2015-08-11,q,5,handled\n2,2015-08-11,q,9,abandoned\n3,2015-08-11,q,,abandoned\n"
    )
    reason = "answered_at: the outcome says that nobody answered; a column that ends every wait is wait_ended_at"
    assert (reasons(result), [one.id for one in result.interactions]) == ({reason: ("dirty", [3])}, ["1", "3"])


def test_rows_that_are_no_csv_or_no_text_are_dirty(tmp_path: Path) -> None:
    """What follows them is read; a header like that is refused."""
    rows = [b"1,2015-08-11,q", b"2,2015-08-11,\xe9", b'3,"2015-08-11"x,q', b"4,2015-08-11," + b"9" * 200_000, b"5,2015-08-11,\xc3\xa9"]
    (tmp_path / "mapping.toml").write_text(SIMPLE, encoding="utf-8")
    log = tmp_path / "log.csv"
    log.write_bytes(b"\n".join([b"id,start,what", *rows]))
    result = import_interactions(log, tmp_path / "mapping.toml")
    assert reasons(result) == {
        "the text is not UTF-8": ("dirty", [3]),
        "not CSV: ',' expected after '\"'": ("dirty", [4]),
        "not CSV: field larger than field limit (131072)": ("dirty", [5]),
    }
    assert [one.type for one in result.interactions] == ["q", "é"]
    log.write_bytes(b"id,start,what\xff\n1,2015-08-11,q\n")
    with pytest.raises(ConfigError, match="line 1: the text is not UTF-8"):
        import_interactions(log, tmp_path / "mapping.toml")


def test_a_reason_keeps_its_first_five_lines(tmp_path: Path) -> None:
    """A report stays short however dirty the log; a record that ends before it begins is dirty too."""
    mapping = SIMPLE + 'ended_at = { column = "end" }\n'
    table = "id,start,what,end\n" + "0,2015-08-11,q,\n" + "".join(f"{row},2015-08-11 08:00,q,2015-08-11 07:00\n" for row in range(1, 8))
    assert reasons(imported(tmp_path, mapping, table)) == {"ended_at: lies before arrived_at_ms": ("dirty", [3, 4, 5, 6, 7])}


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        ('{ column = "what", equals = "a" }', "1"),
        ('{ column = "what", one_of = ["a", "b"] }', "12"),
        ('{ column = "what", none_of = ["a"] }', "234"),
        ('{ column = "n", start = 2 }', "23"),
        ('{ column = "n", start = 0, end = 2.5 }', "12"),
        ('{ column = "start", start = 2015-08-12 }', "34"),
        ('{ column = "start", start = 2015-08-11, end = 2015-08-12T09:00:00 }', "12"),
        ('{ column = "start", end = 2015-08-12T09:00:00 }', "12"),
    ],
)
def test_filters_keep_what_they_say(tmp_path: Path, keep: str, expected: str) -> None:
    """Equal, one of, none of, and ranges of numbers and local times that include their start and exclude their end."""
    table = (
        "id,start,what,n\n1,2015-08-11T23:59:59,a,1\n2,2015-08-11T23:59:59-04:00,b,2\n3,2015-08-12T09:00:00,c,3\n4,2015-08-13T00:00:00,c,\n"
    )
    result = imported(tmp_path, SIMPLE + f"keep = [{keep}]", table)
    assert ("".join(record.id for record in result.interactions), result.report.total("filtered")) == (expected, 4 - len(expected))


def test_a_value_that_no_range_can_hold_is_dirty(tmp_path: Path) -> None:
    """A filter never decides by chance on what it cannot compare."""
    table = "id,start,what,n\n1,2015-08-11,a,1\n2,2015-08-11,a,many\n3,2015-08-11,a,NaN\n"
    result = imported(tmp_path, SIMPLE + 'keep = [{ column = "n", start = 0 }]', table)
    assert reasons(result) == {"keep[0]: n cannot be compared with the range": ("dirty", [3, 4])}
    result = imported(tmp_path, SIMPLE + 'keep = [{ column = "what", start = 2015-01-01 }]', table + "4,2015-08-11,2015-08-11,1\n")
    assert reasons(result) == {"keep[0]: what cannot be compared with the range": ("dirty", [2, 3, 4])}


@pytest.mark.parametrize(
    ("rules", "written", "expected"),
    [
        (
            "",
            "12",
            {
                "arrived_at: the clock showed this time twice; read by the rule earlier": ("noted", [3]),
                "arrived_at: the clock never showed this time": ("dirty", [4]),
            },
        ),
        (
            ', ambiguous = "drop", nonexistent = "shift_forward"',
            "13",
            {
                "arrived_at: the clock showed this time twice": ("dirty", [3]),
                "arrived_at: the clock never showed this time; read by the rule shift_forward": ("noted", [4]),
            },
        ),
    ],
)
def test_odd_local_times_are_told(tmp_path: Path, rules: str, written: str, expected: dict[str, tuple[str, list[int]]]) -> None:
    """The repeated and the skipped hour are read by a stated rule or dropped, and counted either way."""
    table = "id,start,what\n1,2015-08-11,q\n2,2015-11-01 01:30,q\n3,2015-03-08 02:30,q\n"
    result = imported(tmp_path, SIMPLE.replace('York"', f'York"{rules}'), table)
    found = {reason: told for reason, told in reasons(result).items() if "clock" in reason}
    assert (sorted(record.id for record in result.interactions), found) == (list(written), expected)


def test_rows_without_ids_are_named_by_their_line(tmp_path: Path) -> None:
    """A log need not have ids to be replayed."""
    result = imported(tmp_path, SIMPLE.replace('id = { column = "id" }\n', ""), "start,what\n\n2015-08-11,q\n2015-08-11,q\n")
    assert [record.id for record in result.interactions] == ["line-3", "line-4"]


@pytest.mark.parametrize(
    ("mapping", "table", "expected"),
    [
        (
            SIMPLE.replace("1.0", "0.1"),
            "id,start,what\n1,2015-08-11,q\n2,never,q\n",
            'more than the trusted share of 10.00%: arrived_at: not a time in any of the formats (rows: 1, the first in line 3: "never")',
        ),
        (SIMPLE, "id,start,what\n", "no interaction is left: it has no rows"),
        (
            SIMPLE + 'keep = [{ column = "what", equals = "z" }]',
            "id,start,what\n1,2015-08-11,q\n",
            "no interaction is left: keep[0]: what (rows: 1, the first in line 2)",
        ),
        (SIMPLE, "id,begin,what\n", 'key arrived_at.column: "start" is not a column of table.csv'),
        (SIMPLE.replace('"csv"', '"cvs"'), "id\n", 'key format: "cvs" is not a format that can be imported. Did you mean "csv"?'),
    ],
)
def test_a_log_that_cannot_be_trusted_is_refused(tmp_path: Path, mapping: str, table: str, expected: str) -> None:
    """Too many dirty rows, nothing left or a missing column: the reason is told, with a line or a key."""
    with pytest.raises(ConfigError) as caught:
        imported(tmp_path, mapping, table)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("a,b\nq,\n", "line 2: one side of the map is empty"),
        ("a,b\nq\n", "line 2: the row has 1 columns, the header 2"),
        ("a,b\nq,1\nq,2\n", 'line 3, key a: "q" is mapped twice'),
        ("a,c\nq,1\n", 'key type.map_to: "b" is not a column of map.csv'),
        (None, "cannot be read"),
    ],
)
def test_a_bad_map_file_is_refused(tmp_path: Path, values: str | None, expected: str) -> None:
    """The map's own rows are checked as a user's file."""
    if values is not None:
        (tmp_path / "map.csv").write_text(values, encoding="utf-8")
    mapping = SIMPLE.replace('{ column = "what" }', '{ column = "what", map_file = "map.csv", map_from = "a", map_to = "b" }')
    with pytest.raises(ConfigError) as caught:
        imported(tmp_path, mapping, "id,start,what\n1,2015-08-11,q\n")
    assert expected in str(caught.value)
