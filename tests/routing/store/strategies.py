"""Hypothesis strategies drawn from type annotations, small enough that every event class can be tried in a second."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of an annotation made of records, enums, numbers, texts, tuples, mappings and unions; nothing longer than two."""
    arguments = get_args(kind)
    match get_origin(kind):
        case origin if origin is Union or origin is UnionType:
            return st.one_of([values_of(argument) for argument in arguments])
        case origin if origin is tuple and arguments[-1] is Ellipsis:
            return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
        case origin if origin is tuple:
            return st.tuples(*[values_of(argument) for argument in arguments])
        case origin if origin is Mapping:
            return st.dictionaries(values_of(arguments[0]), values_of(arguments[1]), max_size=2)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if isinstance(kind, type) and issubclass(kind, tuple):
        return st.builds(kind, *[values_of(hint) for hint in get_type_hints(kind).values()])
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: values_of(hints[field.name]) for field in fields(kind)})
    return {
        int: st.integers(min_value=-(2**63), max_value=2**63 - 1),
        str: st.text(max_size=6),
        bool: st.booleans(),
        type(None): st.none(),
    }[kind]
