"""One canonical text for any record of the core, so that equal content has equal hashes in every process."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

from routing.core.state import State

_DERIVED = frozenset({"deadlines", "marks"})


def content_hash(value: object) -> str:
    """A 128-bit hexadecimal hash of the canonical text of `value`."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def state_digest(state: State) -> str:
    """The hash of everything the state holds as rows; what is derived from the rows is left out."""
    return content_hash({field.name: getattr(state, field.name) for field in fields(state) if field.name not in _DERIVED})


def plain(value: object) -> object:
    """`value` as JSON types. Records and mappings become objects; the order of a mapping is not content.

    Raises:
        TypeError: `value` holds something that has no canonical form, such as a float or a set.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form: {value!r}")
