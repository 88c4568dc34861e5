"""The shapes of all events as JSON schemas: what a journal holds, and must be readable for ever."""

import json
from pathlib import Path
from typing import Any

import msgspec

from routing.store.codec import EVENT_TYPES
from routing.store.upcasts import VERSIONS

EVENT_SHAPES = Path(__file__).with_name("event-shapes.txt")


def event_shapes() -> str:
    """One line for each event with its version, and for each record inside events: its name and its schema without descriptions."""
    _, definitions = msgspec.json.schema_components(EVENT_TYPES)
    versions = {kind.__name__: f" {VERSIONS.get(kind, 1)}" for kind in EVENT_TYPES}
    lines = [f"{name}{versions.get(name, '')} {json.dumps(_bare(schema), sort_keys=True)}" for name, schema in sorted(definitions.items())]
    return "".join(f"{line}\n" for line in lines)


def _bare(schema: Any) -> Any:
    match schema:
        case dict():
            return {key: _bare(item) for key, item in schema.items() if key not in {"description", "title"}}
        case list() | tuple():
            return [_bare(item) for item in schema]
        case _:
            return schema
