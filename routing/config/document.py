"""Reads a TOML file into a checked model, and turns every way of failing into one `ConfigError` that names the line."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from routing.config.errors import NO_VALUE, ConfigError
from routing.config.refusals import refusals
from routing.config.toml_lines import KeyPath, lines_of

_BYTES_MAX = 16 * 1024 * 1024
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

_SYNTAX_REMEDIES = {
    "Invalid value": 'Texts stand in quotes, as in name = "value".',
    "Cannot overwrite a value": "Write each key once.",
}

Model = TypeVar("Model", bound=BaseModel)


class FileModel(BaseModel):
    """The base of every model of a user's file: no silent conversion, no unknown key, no change afterwards.

    Arrays arrive as tuples, so fields say `tuple[...]`. The key `schema` is checked and taken away before a model sees the file.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A TOML file as read: its content with arrays as tuples, and the line of every key."""

    path: Path
    content: dict[str, Any]
    lines: Mapping[KeyPath, int]

    def line(self, key: KeyPath) -> int | None:
        """The line of a key, or of the nearest table around it that the file does write; None for the document itself."""
        for length in range(len(key), 0, -1):
            found = self.lines.get(key[:length])
            if found is not None:
                return found
        return None

    def error(
        self, key: KeyPath, problem: str, *, value: object = NO_VALUE, remedy: str | None = None, others: Iterable[ConfigError] = ()
    ) -> ConfigError:
        """The error of one key of this file, for checks that no model can make (a name that another part must define)."""
        return ConfigError(problem, file=self.path, line=self.line(key), key=key_text(key), value=value, remedy=remedy, others=others)

    def beside(self, name: str) -> Path:
        """The path of a file named in this one: relative names start from this file's folder."""
        return self.path.parent / name


def key_text(key: KeyPath) -> str | None:
    """A key as a message writes it, `agents[2].skills.billing`; positions count from 0 as in most programs. None for the document."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or None


def read_toml(path: Path) -> Document:
    """Reads a TOML file; refuses one that is missing, unreadable, larger than 16 MiB, not UTF-8 or not TOML."""
    text = _text(path)
    try:
        return Document(path=path, content=_with_tuples(tomllib.loads(text)), lines=lines_of(text))
    except ValueError as error:  # a TOMLDecodeError, or a number of more digits than Python converts
        raise _syntax_error(path, text, str(error)) from error
    except RecursionError as error:
        raise ConfigError("its lists or tables are nested too deeply", file=path, remedy="Is this the right file?") from error


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise ConfigError("is larger than 16 MiB", file=path, remedy="Is this the right file? Large tables belong in CSV or Parquet.")
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError("the text is not UTF-8", file=path, line=line, remedy="Save the file as UTF-8.") from error


def unreadable(path: Path, error: OSError) -> ConfigError:
    """The refusal of a file the operating system does not give, with its reason."""
    return ConfigError(f"cannot be read ({(error.strerror or str(error)).lower()})", file=path, remedy="Check the path.")


def _syntax_error(path: Path, text: str, message: str) -> ConfigError:
    place = _TOML_PLACE.search(message)
    line = None if place is None else int(place[1]) if place[1] else text.count("\n") + 1
    problem = _TOML_PLACE.sub("", message)
    written = NO_VALUE if line is None else text.split("\n")[line - 1].strip() or NO_VALUE
    remedy = _SYNTAX_REMEDIES.get(problem, "Each line is a [table], key = value or a # comment; dates are written 2015-08-11.")
    return ConfigError(f"is not TOML: {problem[:1].lower()}{problem[1:]}", file=path, line=line, value=written, remedy=remedy)


def _with_tuples(value: Any) -> Any:
    match value:
        case dict():
            return {key: _with_tuples(item) for key, item in value.items()}
        case list():
            return tuple(_with_tuples(item) for item in value)
        case _:
            return value


def schema_of(document: Document) -> str:
    """The schema a document names in its key `schema`, such as "careroute/site/1"."""
    schema = document.content.get("schema")
    if not document.content:
        remedy = 'A file begins with a line such as schema = "careroute/site/1".'
        raise ConfigError("is empty", file=document.path, remedy=remedy)
    if schema is None:
        remedy = 'Begin the file with a line such as schema = "careroute/site/1".'
        raise ConfigError("the file does not say what it is: it has no key schema", file=document.path, remedy=remedy)
    if not isinstance(schema, str):
        raise document.error(("schema",), "is not a schema name", value=schema, remedy='Write it in quotes, as "careroute/site/1".')
    return schema


def parse(document: Document, model: type[Model]) -> Model:
    """The document as a checked model; every error of the file is told, the first as headline.

    Validators that read a file named in this one find its folder in their context.
    """
    content = {key: value for key, value in document.content.items() if key != "schema"}
    try:
        return model.model_validate(content, context={"folder": document.path.parent})
    except ValidationError as error:
        first, *rest = refusals(error, model, content)
        others = [document.error(other.key, other.problem, value=other.value, remedy=other.remedy) for other in rest]
        raise document.error(first.key, first.problem, value=first.value, remedy=first.remedy, others=others) from error


def load(path: Path, schema: str, model: type[Model]) -> tuple[Document, Model]:
    """Reads a file of one schema, such as "careroute/site/1", as a checked model.

    Raises:
        ConfigError: the file cannot be read, is of another schema, or does not fit the model.
    """
    document = read_toml(path)
    stated = schema_of(document)
    if stated != schema:
        kind = schema.split("/")[1]
        raise document.error(("schema",), f"is not a {kind}", value=stated, remedy=f'A {kind} has schema = "{schema}".')
    return document, parse(document, model)
