"""A document with some of its values replaced, as if the file had been written so."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from routing.config.document import Document


def changed(document: Document, changes: Mapping[str, object]) -> Document:
    """The document with other values for some keys; a key has dots between its parts, and positions in lists count from 0.

    The last part of a key may be new: whether it means something is for the model to say.

    Raises:
        ConfigError: a key leads nowhere.
    """
    content = document.content
    for key, value in changes.items():
        content = _with(document, content, key.split("."), value, key)
    return replace(document, content=content)


def _with(document: Document, content: Any, parts: list[str], value: object, key: str) -> Any:
    part, *rest = parts
    match content:
        case dict() if not rest or part in content:
            return {**content, part: _with(document, content[part], rest, value, key) if rest else value}
        case tuple() if part.isdecimal() and int(part) < len(content):
            place = int(part)
            return (*content[:place], _with(document, content[place], rest, value, key) if rest else value, *content[place + 1 :])
        case _:
            raise document.error(
                (), f'has no key "{key}": "{part}" leads nowhere', remedy="Write a key of this file, with dots between its parts."
            )
