"""One canonical text for any record of the core, so that equal content has equal hashes in every process."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from typing import Any

from routing.core.state import State
from routing.model.later import IS_LATER

_DERIVED = frozenset({"deadlines", "marks"})


def content_hash(value: object) -> str:
    """A 128-bit hexadecimal hash of the canonical text of `value`.

    A field that was added to its record later is left out while it says nothing new, so that the hash of an old record is still its hash.
    """
    text = json.dumps(plain(value, is_whole=False), sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def state_digest(state: State) -> str:
    """The hash of everything the state holds as rows; what is derived from the rows is left out."""
    return content_hash({field.name: getattr(state, field.name) for field in fields(state) if field.name not in _DERIVED})


def plain(value: object, *, is_whole: bool = True) -> object:
    """`value` as JSON types. Records and mappings become objects; the order of a mapping is not content.

    Where it need not be whole, later fields at their defaults are left out.

    Raises:
        TypeError: `value` holds something that has no canonical form, such as a float or a set.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item, is_whole=is_whole) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item, is_whole=is_whole) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        held = {field.name: getattr(value, field.name) for field in fields(value) if is_whole or _says_something(field, value)}
        return {name: plain(item, is_whole=is_whole) for name, item in held.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form: {value!r}")


def _says_something(field: Field[Any], record: object) -> bool:
    return not field.metadata.get(IS_LATER) or getattr(record, field.name) != field.default
