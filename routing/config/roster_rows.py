"""The rows of a CSV roster as a spreadsheet writes them, each with the line on which it begins."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic_core import PydanticCustomError

from routing.config.document import unreadable
from routing.config.errors import NO_VALUE, ConfigError, did_you_mean

_BYTES_MAX = 16 * 1024 * 1024
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKind:
    """A kind of table: what a message calls it, with its article, and the columns it needs and may have."""

    words: str
    required: tuple[str, ...]
    optional: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: the line on which it begins, and its cells by column; a column the file does not have is empty."""

    path: Path
    line: int
    cells: dict[str, str]

    def error(self, column: str | None, problem: str, *, value: object = NO_VALUE, remedy: str | None = None) -> ConfigError:
        """The error of one cell, or of the row."""
        return ConfigError(problem, file=self.path, line=self.line, key=column, value=value, remedy=remedy)

    def read(self, column: str, parser: Callable[[str], Parsed]) -> Parsed:
        """The cell of a column as `parser` understands it; its refusal becomes the error of that cell."""
        text = self.cells.get(column, "").strip()
        try:
            return parser(text)
        except PydanticCustomError as error:
            context = error.context or {}
            raise self.error(column, str(context["problem"]), value=text, remedy=str(context["remedy"])) from error


def rows_of(path: Path, kind: TableKind) -> Iterator[Row]:
    """The rows below the header of a CSV file; empty ones are passed over.

    The comma, the semicolon or the tab separates, whichever gives the header the columns it needs.

    Raises:
        ConfigError: the file cannot be read, or its columns are not those of the kind.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    if len(content) > _BYTES_MAX:
        raise ConfigError("is larger than 16 MiB", file=path, remedy="Is this the right file?")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError("the text is not UTF-8", file=path, line=line, remedy="Save the file as UTF-8.") from error
    separator = _separator(text, kind)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    columns: tuple[str, ...] | None = None
    line = 0
    try:
        for cells in reader:
            first_line, line = line + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(path, cells, kind)
            elif len(cells) != len(columns):
                remedy = f"A cell that holds a {_SEPARATORS[separator]} stands in double quotes."
                raise ConfigError(f"has {len(cells)} columns, the header has {len(columns)}", file=path, line=first_line, remedy=remedy)
            else:
                yield Row(path=path, line=first_line, cells=dict(zip(columns, cells, strict=True)))
    except csv.Error as error:
        raise ConfigError(f"not CSV: {error}", file=path, line=line + 1, remedy="Quotes inside a quoted cell are doubled.") from error
    if columns is None:
        raise ConfigError("is empty", file=path, remedy=f"Begin with the columns {', '.join(kind.required)}.")


def _columns(path: Path, cells: list[str], kind: TableKind) -> tuple[str, ...]:
    columns = tuple(cell.strip() for cell in cells)
    known = (*kind.required, *kind.optional)
    for position, column in enumerate(columns):
        if column not in known:
            raise ConfigError(f"is not a column of {kind.words}", file=path, line=1, value=column, remedy=did_you_mean(column, known))
        if column in columns[:position]:
            raise ConfigError("names two columns", file=path, line=1, value=column, remedy="Remove one.")
    missing = [column for column in kind.required if column not in columns]
    if missing:
        raise ConfigError(
            f"has no column {missing[0]}", file=path, line=1, remedy=f"{kind.words.capitalize()} needs {', '.join(kind.required)}."
        )
    return columns


def _separator(text: str, kind: TableKind) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    found = {separator: [cell.strip().strip('"') for cell in header.split(separator)] for separator in _SEPARATORS}
    return max(found, key=lambda separator: len(set(kind.required) & set(found[separator])))
