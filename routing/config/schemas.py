"""Which reader checks which kind of file: an entry-point group, so that any room or package adds its own without a change here."""

import gzip
import json
import re
import zlib
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from routing.config.document import read_toml, schema_of, unreadable
from routing.config.errors import ConfigError, did_you_mean

SCHEMA_GROUP: Final = "careroute.schemas"
"""Entries are named by a schema, "careroute/site/1", and point at a function from a path to whatever was read, raising `ConfigError`."""

_SCHEMA_BY_COLUMN: Final = {"arrived_at_ms": "careroute/interactions/1", "skills": "careroute/roster/1"}
_SHIFT_COLUMNS: Final = {"agent", "date", "start", "end"}
_SEPARATORS = re.compile("[,;\t]")  # spreadsheets of many countries write semicolons
_GZIP_MAGIC = b"\x1f\x8b"
_HEADER_BYTES_MAX = 65_536


def registered_schemas() -> tuple[str, ...]:
    """The names of all schemas that some installed package can check, sorted."""
    return tuple(sorted(entry.name for entry in entry_points(group=SCHEMA_GROUP)))


def schema_of_file(path: Path) -> str:
    """The schema of a file: the one a TOML or JSON file names; a table cannot and is known by a column that only its kind has.

    Refuses a file that is neither, or cannot be read.
    """
    if path.is_dir():
        raise ConfigError("is a folder", file=path, remedy="Name a file in it.")
    if path.name.endswith(".parquet"):
        return _SCHEMA_BY_COLUMN["arrived_at_ms"]
    if path.name.endswith(".json"):
        return _schema_of_json(path)
    if not path.name.endswith((".csv", ".csv.gz")):
        return schema_of(read_toml(path))
    first_line = _first_line(path)
    if not first_line.strip():
        raise ConfigError("is empty", file=path, remedy="A table begins with a row of column names.")
    columns = [column.strip(' "\r\n\ufeff') for column in _SEPARATORS.split(first_line)]
    for column, schema in _SCHEMA_BY_COLUMN.items():
        if column in columns:
            return schema
    if _SHIFT_COLUMNS.issubset(columns):
        return _SCHEMA_BY_COLUMN["skills"]
    kinds = " or ".join(f"{column} ({schema})" for column, schema in _SCHEMA_BY_COLUMN.items())
    remedy = f"Its first row names neither column: {kinds}. Recorded interactions in another form come in with `careroute import`."
    raise ConfigError("the table is of no known kind", file=path, line=1, remedy=remedy)


def _schema_of_json(path: Path) -> str:
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise unreadable(path, error) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"is not JSON: {str(error).lower()}", file=path, remedy="Is this the right file?") from error
    schema = content.get("schema") if isinstance(content, dict) else None
    if not isinstance(schema, str):
        remedy = 'It begins with a key such as "schema": "careroute/plan/1".'
        raise ConfigError("the file does not say what it is: it has no key schema", file=path, remedy=remedy)
    return schema


def _first_line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            is_gzip = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
        with gzip.open(path) if is_gzip else path.open("rb") as file:
            return file.readline(_HEADER_BYTES_MAX).decode("utf-8", errors="replace")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ConfigError("the compressed file cannot be unpacked", file=path, remedy="It is damaged or was cut short.") from error
    except OSError as error:
        raise unreadable(path, error) from error


def checker_of(schema: str, path: Path) -> Callable[[Path], object]:
    """The function that reads and checks files of a schema; `path` is the file that names it, for the refusal of an unknown one."""
    for entry in entry_points(group=SCHEMA_GROUP):
        if entry.name == schema:
            checker: Callable[[Path], object] = entry.load()
            return checker
    name = schema.rpartition("/")[0]
    same = [known for known in registered_schemas() if known.rpartition("/")[0] == name]
    problem = "is a version that this Careroute does not know" if same else "is not a known schema"
    remedy = f"It knows {', '.join(same)}." if same else did_you_mean(schema, registered_schemas())
    raise ConfigError(problem, file=path, key="schema", value=schema, remedy=remedy)
