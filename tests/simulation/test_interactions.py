"""Recorded interactions in files: what is written is read, and what cannot be believed is refused."""

import gzip
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.config.errors import ConfigError
from simulation.interactions import RecordedInteraction, read_interactions, write_interactions

HEADER = "id,arrived_at_ms,channel,type,attributes,due_at_ms"
ENDINGS = ("csv", "csv.gz", "parquet")

names = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=12)
steps = st.lists(st.integers(0, 10**12), min_size=3, max_size=3).map(sorted)


@st.composite
def interactions(draw: st.DrawFn) -> RecordedInteraction:
    """Any sound record."""
    arrived, answered, ended = draw(steps)
    return RecordedInteraction(
        id=draw(names),
        arrived_at_ms=arrived,
        channel=draw(names),
        type=draw(names),
        attributes=draw(
            st.dictionaries(names, st.integers(-(2**63) + 1, 2**63 - 1) | st.text(max_size=9).filter(lambda text: "\x00" not in text))
        ),
        due_at_ms=draw(st.none() | st.integers(0, 10**12)),
        agent=draw(st.none() | names),
        answered_at_ms=draw(st.none() | st.just(answered)),
        ended_at_ms=draw(st.none() | st.just(ended)),
        outcome=draw(st.none() | names),
        missed_offers=draw(st.none() | st.integers(0, 99)),
        ring_ms=draw(st.none() | st.integers(0, 10**12)),
        hold_ms=draw(st.none() | st.integers(0, ended - answered)),
        wrap_up_ms=draw(st.none() | st.integers(0, 10**12)),
        inferred=tuple(draw(st.lists(st.sampled_from(("agent", "hold_ms", "answered_at_ms")), unique=True))),
    )


def a_record(id: str = "a", arrived_at_ms: int = 0) -> RecordedInteraction:  # noqa: A002 - mirrors the field
    """The least a record holds."""
    return RecordedInteraction(id=id, arrived_at_ms=arrived_at_ms, channel="phone", type="Question", attributes={})


@given(records=st.lists(interactions(), max_size=5, unique_by=lambda record: record.id), ending=st.sampled_from(ENDINGS))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, records: list[RecordedInteraction], ending: str) -> None:
    """All three formats keep every value, in order of arrival and id."""
    path = tmp_path_factory.mktemp("round") / f"log.{ending}"
    write_interactions(path, records)
    assert read_interactions(path) == tuple(sorted(records, key=lambda record: (record.arrived_at_ms, record.id)))


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_interactions_give_the_same_bytes(tmp_path: Path, ending: str) -> None:
    """Neither the order given, nor the file's name, nor the time leaves a trace."""
    records = [a_record("b", 5), a_record("a", 5), a_record("c", 1)]
    write_interactions(tmp_path / f"one.{ending}", records)
    write_interactions(tmp_path / f"two.{ending}", reversed(records))
    assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()


def test_waits_and_conversations_are_told_by_instants() -> None:
    """Who was answered waited until then, who left until the end; nothing is told of what the source does not know."""
    waiting = a_record(arrived_at_ms=1_000)
    handled = replace(waiting, answered_at_ms=4_000, ended_at_ms=9_000)
    abandoned = replace(waiting, ended_at_ms=8_000)
    assert (handled.wait_ms, handled.handling_ms) == (3_000, 5_000)
    assert (abandoned.wait_ms, abandoned.handling_ms) == (7_000, None)
    assert (waiting.wait_ms, waiting.handling_ms) == (None, None)


def test_optional_columns_appear_only_when_used(tmp_path: Path) -> None:
    """A log without agents has no column for them."""
    write_interactions(tmp_path / "log.csv", [a_record()])
    assert (tmp_path / "log.csv").read_text(encoding="utf-8") == f"{HEADER}\na,0,phone,Question,{{}},\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "is empty"),
        ("id,channel\n", "has no column arrived_at_ms"),
        (f"{HEADER},agnt\n", '"agnt" is not a column of careroute/interactions/1. Did you mean "agent"?'),
        (f"{HEADER},id\n", 'line 1: "id" names two columns'),
        (f"{HEADER},\n", "line 1: column 7 has no name"),
        (f"{HEADER}\na,0,phone,Q,{{}},\nb,1,phone\n", "line 3: the row has 3 columns, the header 6"),
        (f"{HEADER}\na,0,phone,Q,{{}},,\n", "line 2: the row has 7 columns, the header 6"),
        (f"{HEADER}\na,,phone,Q,{{}},\n", "line 2, key arrived_at_ms: is empty"),
        (f"{HEADER}\na,12:30,phone,Q,{{}},\n", 'line 2, key arrived_at_ms: "12:30" is not an instant'),
        (f"{HEADER}\na,0,phone,Q,{{}},1.5\n", 'line 2, key due_at_ms: "1.5" is not an instant'),
        (f"{HEADER}\na,0,,Q,{{}},\n", 'line 2, key channel: "" is empty'),
        (f"{HEADER}\na,0,phone,Q,{{,\n", 'line 2, key attributes: "{" is not JSON'),
        (f"{HEADER}\na,0,phone,Q,{'[' * 60_000},\n", "line 2, key attributes:"),
        (f'{HEADER}\na,0,phone,Q,"{{""x"":""\\ud800""}}",\n', "line 2, key attributes:"),
        (f"{HEADER}\na,0,phone,Q,[],\n", 'line 2, key attributes: "[]" is not a JSON object'),
        (f'{HEADER}\na,0,phone,Q,"{{""x"":1.5}}",\n', 'line 2, key attributes.x: "1.5" is neither text nor a whole number'),
        (f'{HEADER}\na,0,phone,Q,"{{""x"":{2**63}}}",\n', "line 2, key attributes.x:"),
        (f"{HEADER}\na,0,phone,Q,,\n\na,1,phone,Q,,\n", 'line 4, key id: "a" was used before, in line 2'),
        (f"{HEADER},ended_at_ms\na,5,phone,Q,,,4\n", 'line 2, key ended_at_ms: "4" lies before arrived_at_ms'),
        (f"{HEADER},answered_at_ms,ended_at_ms\na,5,phone,Q,,,7,6\n", 'line 2, key ended_at_ms: "6" lies before answered_at_ms'),
        (f"{HEADER},missed_offers\na,5,phone,Q,,,-1\n", 'line 2, key missed_offers: "-1" is not a number'),
        (f"{HEADER},wrap_up_ms\na,5,phone,Q,,,1.5\n", 'line 2, key wrap_up_ms: "1.5" is not a length of time'),
        (f"{HEADER},answered_at_ms,ended_at_ms,hold_ms\na,5,phone,Q,,,7,9,3\n", 'line 2, key hold_ms: "3" is longer than the conversation'),
        (
            f"{HEADER},inferred\na,5,phone,Q,,,agnt\n",
            'line 2, key inferred: "agnt" is not a column that can be inferred. Did you mean "agent"?',
        ),
        (f'{HEADER}\na,0,phone,"Q,,\n', "line 2: not CSV"),
    ],
)
def test_a_bad_table_is_refused_by_its_line(tmp_path: Path, text: str, expected: str) -> None:
    """The whole file is refused, and the message says where to look."""
    (tmp_path / "log.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_interactions(tmp_path / "log.csv")
    assert expected in str(caught.value)


def test_a_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    """A truncated or damaged gzip or Parquet file, a file that is not text and a missing one each have a clear message."""
    records = [a_record(f"id-{number}", number) for number in range(500)]
    write_interactions(tmp_path / "whole.csv.gz", records)
    write_interactions(tmp_path / "whole.parquet", records)
    packed, parquet = (tmp_path / "whole.csv.gz").read_bytes(), (tmp_path / "whole.parquet").read_bytes()
    damaged = packed[:200] + bytes(byte ^ 255 for byte in packed[200:260]) + packed[260:]
    cases = {
        "cut.csv.gz": (packed[:-300], "breaks off"),
        "damaged.csv.gz": (damaged, "breaks off"),
        "cut.parquet": (parquet[:-9], "not a whole Parquet file"),
        "latin.csv": (f"{HEADER}\n\xe9".encode("latin-1"), "line 2: the text is not UTF-8"),
    }
    for name, (content, expected) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ConfigError, match=expected):
            read_interactions(tmp_path / name)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_interactions(tmp_path / "none.csv")


def test_a_parquet_row_is_named_by_its_position(tmp_path: Path) -> None:
    """Parquet has no lines; lists in a column are refused as such."""
    row = {"id": ["a", "a"], "arrived_at_ms": [0, 1], "channel": "phone", "type": "Q", "attributes": "{}", "due_at_ms": None}
    pl.DataFrame(row).write_parquet(tmp_path / "twice.parquet")
    with pytest.raises(ConfigError, match='row 2, key id: "a" was used before, in row 1'):
        read_interactions(tmp_path / "twice.parquet")
    pl.DataFrame({"id": [["a"]]}).write_parquet(tmp_path / "nested.parquet")
    with pytest.raises(ConfigError, match="lists or records"):
        read_interactions(tmp_path / "nested.parquet")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    """A name of no known format or a place that cannot be leaves nothing behind; a missing folder is made."""
    (tmp_path / "file").touch()
    for path in (tmp_path / "log.txt", tmp_path / "file" / "log.csv"):
        with pytest.raises(ConfigError):
            write_interactions(path, [a_record()])
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]
    write_interactions(tmp_path / "new" / "log.csv", [a_record()])
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["log.csv"]


def test_a_gzip_file_may_have_any_name(tmp_path: Path) -> None:
    """Formats are told by their first bytes."""
    (tmp_path / "log").write_bytes(gzip.compress(f"{HEADER}\na,0,phone,Question,,\n".encode()))
    assert read_interactions(tmp_path / "log") == (a_record(),)
