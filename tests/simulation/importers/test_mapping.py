"""Mapping files that contradict themselves are refused before any table is opened."""

from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from simulation.importers.mapping import load_mapping

MINIMAL = {
    "format": 'format = "csv"',
    "time": '[time]\nzone = "UTC"',
    "arrived_at": '[arrived_at]\ncolumn = "start"',
    "channel": '[channel]\nconstant = "phone"',
    "type": '[type]\ncolumn = "what"',
}


def write_mapping(folder: Path, **parts: str) -> Path:
    """A mapping file: the least one there is, with some of its parts replaced or added."""
    path = folder / "mapping.toml"
    path.write_text("\n".join(['schema = "careroute/mapping/1"', *{**MINIMAL, **parts}.values()]), encoding="utf-8")
    return path


def test_the_least_mapping_states_format_zone_arrival_channel_and_type(tmp_path: Path) -> None:
    """All else has a default, and the defaults are the documented ones."""
    mapping = load_mapping(write_mapping(tmp_path))[1]
    assert (mapping.table.delimiter, mapping.table.missing, mapping.trust.dirty_share_max) == (",", ("",), 0.01)
    assert (mapping.time.formats, mapping.time.ambiguous, mapping.time.nonexistent) == (("iso",), "earlier", "drop")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"type": "[type]"}, "key type: names no source, or two"),
        ({"type": '[type]\ncolumn = "a"\nconstant = "b"'}, "key type: names no source, or two"),
        ({"type": '[type]\ncolumn = "a"\nmap_file = "m.csv"'}, "key type: has part of a map file"),
        ({"type": '[type]\ncolumn = "a"\notherwise = "b"'}, "key type: says otherwise without a map"),
        ({"type": '[type]\ncolumn = "a"\nmap_file = "m"\nmap_from = "a"\nmap_to = "b"\nmap = {}'}, "key type: has two maps"),
        ({"arrived_at": "[arrived_at]"}, "key arrived_at: does not say which column"),
        ({"arrived_at": '[arrived_at]\ndate_column = "d"'}, "key arrived_at: does not say which column"),
        ({"arrived_at": '[arrived_at]\ncolumn = "t"\nafter = "answered_at"'}, "key arrived_at: has half of a length of time"),
        ({"arrived_at": '[arrived_at]\ncolumn = "t"\nafter = "arrived_at"\nunit = "s"'}, "counts the arrival from another instant"),
        ({"arrived_at": '[arrived_at]\ncolumn = "t"\nepoch = "s"\nafter = "arrived_at"\nunit = "s"'}, "mixes ways of writing time"),
        ({"arrived_at": '[arrived_at]\ndate_column = "d"\ntime_column = "t"\nepoch = "s"'}, "mixes ways of writing time"),
        ({"x": '[answered_at]\ncolumn = "w"\nafter = "answered_at"\nunit = "s"'}, "counts answered_at from answered_at"),
        ({"x": '[ended_at]\ncolumn = "w"\nafter = "answered_at"\nunit = "s"'}, "counts ended_at from answered_at, which it does not map"),
        (
            {"x": '[ended_at]\ncolumn = "w"\nafter = "wait_ended_at"\nunit = "s"'},
            "counts ended_at from wait_ended_at, which it does not map",
        ),
        (
            {"x": '[wait_ended_at]\ncolumn = "w"\n[answered_at]\ncolumn = "w"\n[agent]\ncolumn = "a"'},
            "maps both wait_ended_at and answered_at",
        ),
        ({"x": '[wait_ended_at]\ncolumn = "w"'}, "cannot tell which waits an answer ended. Add [outcome] or [agent]."),
        ({"x": '[hold]\ncolumn = "w"'}, "key hold.unit"),
        ({"x": '[attributes.due]\nconstant = "w"\nkind = "time"'}, "key attributes.due: is a time, but is not read from a column"),
        ({"x": '[[keep]]\ncolumn = "w"'}, "key keep[0]: is not one test"),
        ({"x": '[[keep]]\ncolumn = "w"\nequals = "a"\nstart = 1'}, "key keep[0]: is not one test"),
        ({"x": '[[keep]]\ncolumn = "w"\nstart = "a"'}, 'key keep[0].start: "a" is not a bound'),
        ({"x": '[[keep]]\ncolumn = "w"\nstart = 2015-08-11T08:00:00Z'}, "key keep[0].start: 2015-08-11 08:00:00+00:00 carries an offset"),
        ({"x": '[[keep]]\ncolumn = "w"\nstart = 1\nend = 2015-08-11'}, "key keep[0]: has a range from one kind of value to another"),
        ({"time": '[time]\nzone = "UCT+1"'}, "is not a known IANA time zone"),
        ({"time": '[time]\nzone = "UTC"\nformats = ["%Q/%d"]'}, 'key time.formats[0]: "%Q/%d" is not a format of date and time'),
        ({"time": '[time]\nzone = "UTC"\nformats = ["iso", "%H:%M"]'}, 'key time.formats[1]: "%H:%M" is not a format of date and time'),
        ({"time": '[time]\nzone = "UTC"\nformats = [1]'}, "key time.formats[0]: 1 is not a text"),
        ({"x": "[chanel]"}, 'key chanel: is not a key that can stand here. Did you mean "channel"?'),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(tmp_path: Path, parts: dict[str, str], expected: str) -> None:
    """Each contradiction names its key and what to write."""
    with pytest.raises(ConfigError) as caught:
        load_mapping(write_mapping(tmp_path, **parts))
    assert expected in str(caught.value)
