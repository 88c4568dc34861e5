"""The line of every key of a TOML text."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from routing.config.toml_lines import KeyPath, lines_of

TEXT = '''# a comment with = and [brackets]
title = "a # b \\" c"
[owner.name]
"quoted key" = 'x = 1'
long = """
two lines = here
"""
[[queues]]
id = "a"
steps = [ # of the first
  { after = "1s", to = "b" },
  { after = "2s" },
]
[queues.limits]
most = 3
[[queues]]
id = "b"
raw.dotted = 2015-08-11T08:00:00
'''


def test_each_key_has_the_line_it_begins_on() -> None:
    """Tables, arrays of tables, inline tables, dotted and quoted keys and long texts are followed."""
    expected: dict[KeyPath, int] = {
        ("title",): 2,
        ("owner", "name"): 3,
        ("owner", "name", "quoted key"): 4,
        ("owner", "name", "long"): 5,
        ("queues",): 8,
        ("queues", 0): 8,
        ("queues", 0, "id"): 9,
        ("queues", 0, "steps"): 10,
        ("queues", 0, "steps", 0): 11,
        ("queues", 0, "steps", 0, "after"): 11,
        ("queues", 0, "steps", 0, "to"): 11,
        ("queues", 0, "steps", 1): 12,
        ("queues", 0, "steps", 1, "after"): 12,
        ("queues", 0, "limits"): 14,
        ("queues", 0, "limits", "most"): 15,
        ("queues", 1): 16,
        ("queues", 1, "id"): 17,
        ("queues", 1, "raw"): 18,
        ("queues", 1, "raw", "dotted"): 18,
    }
    tomllib.loads(TEXT)  # the sample is TOML
    assert lines_of(TEXT) == expected


SCALARS = st.sampled_from(["1", "-2.5e3", "true", '"a]b"', "'c}d'", '""', "''", '"""q"q\n"""', "1979-05-27 07:32:00", "0x1F", '"\\""'])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[\n" + ",\n".join(items) + "]")
        | st.lists(inner, max_size=3).map(lambda items: "{" + ", ".join(f"k{index} = {item}" for index, item in enumerate(items)) + "}")
    ),
    max_leaves=8,
)


def paths_of(value: Any, path: KeyPath = ()) -> set[KeyPath]:
    """Every key path of a parsed document."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path} - {()} | {found for key, child in children for found in paths_of(child, (*path, key))}


@given(st.lists(VALUES, max_size=5))
def test_no_key_of_a_valid_text_is_missed(values: list[str]) -> None:
    """The scanner finds exactly the keys that the parser finds, whatever the values look like."""
    text = "\n".join(f"key{index} = {value} # end" for index, value in enumerate(values))
    assert set(lines_of(text)) == paths_of(tomllib.loads(text))
