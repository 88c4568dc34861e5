"""One canonical text for any record of the core, so that equal content has equal hashes in every process."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from routing.core.state import State
from routing.model.later import IS_LATER

DERIVED = frozenset({"apart_until_present", "attendance", "callbacks", "cover", "deadlines", "holders", "lines", "marks", "reserved_for"})
"""The fields of the state that are derived from its rows."""
_PLAIN = frozenset({str, int})
_ITEMS = frozenset({tuple, list})


def content_hash(value: object) -> str:
    """A 128-bit hexadecimal hash of the canonical text of `value`.

    A field that was added to its record later is left out while it says nothing new, so that the hash of an old record is still its hash.
    """
    text = json.dumps(plain(value, is_whole=False), sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def state_digest(state: State) -> str:
    """The hash of everything the state holds as rows; what is derived from the rows is left out."""
    names, later = _fields_of(State)
    told = [name for name in names if name not in DERIVED and (name not in later or getattr(state, name) != later[name])]
    return content_hash({name: getattr(state, name) for name in told})


def plain(value: object, *, is_whole: bool = True) -> object:
    """`value` as JSON types. Records and mappings become objects; the order of a mapping is not content.

    Where it need not be whole, later fields at their defaults are left out.

    Raises:
        TypeError: `value` holds something that has no canonical form, such as a float or a set.
    """
    if value is None or type(value) in _PLAIN:  # most of any record: asked first, because every request is hashed
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item, is_whole=is_whole) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item, is_whole=is_whole) for item in (value if is_whole or type(value) in _ITEMS else _told(value))]
    if is_dataclass(value) and not isinstance(value, type):
        names, later = _fields_of(type(value))
        told = names if is_whole or not later else [name for name in names if name not in later or getattr(value, name) != later[name]]
        return {name: plain(getattr(value, name), is_whole=is_whole) for name in told}
    raise TypeError(f"{type(value).__name__} has no canonical form: {value!r}")


def _told(value: tuple[object, ...] | list[object]) -> Sequence[object]:
    """The items without the last ones that say nothing new: a named tuple's fields with a default were added later."""
    defaults: Mapping[str, object] = getattr(value, "_field_defaults", {})
    count = len(value)
    for default in reversed(tuple(defaults.values())):
        if value[count - 1] != default:
            break
        count -= 1
    return value[:count]


@cache
def _fields_of(kind: type[Any]) -> tuple[tuple[str, ...], dict[str, object]]:
    """The names of a record's fields, and the defaults of those that were added later."""
    of_record = fields(kind)
    return tuple(field.name for field in of_record), {field.name: _default_of(field) for field in of_record if field.metadata.get(IS_LATER)}


def _default_of(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()
