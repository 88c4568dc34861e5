"""Tables in files: rows of text with their place, from CSV, gzipped CSV or Parquet, and back with the same bytes each time.

CSV is read by the standard library and not as a polars frame: a row that is too short must be named by its line, and a frame pads it
with nulls.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from routing.config.document import unreadable
from routing.config.errors import NO_VALUE, ConfigError
from simulation.files import replace_file

if TYPE_CHECKING:
    import polars as pl

_GZIP_MAGIC = b"\x1f\x8b"
_PARQUET_MAGIC = b"PAR1"
_DAMAGED_REMEDY = "It is damaged or was cut short: fetch it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as text; `number` is the line on which it begins in a CSV file, or its position from 1 in a Parquet file.

    `fault` says why it cannot be read, where faults are yielded and not raised; there are no cells then.
    """

    number: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table being read: its header, and its rows once, as the file yields them. `has_lines` is False for Parquet."""

    path: Path
    columns: tuple[str, ...]
    rows: Iterator[Row]
    has_lines: bool

    def error(
        self, row: Row, problem: str, *, column: str | None = None, value: object = NO_VALUE, remedy: str | None = None
    ) -> ConfigError:
        """The error of one row, or of one of its cells."""
        line, number = (row.number, None) if self.has_lines else (None, row.number)
        return ConfigError(problem, file=self.path, line=line, row=number, key=column, value=value, remedy=remedy)


def open_table(path: Path, *, delimiter: str = ",", encoding: str = "utf-8-sig", yields_faults: bool = False) -> Table:
    """Opens a table, telling its kind by its first bytes; rows come lazily, and a file that breaks off later is refused then.

    Refuses an unreadable or empty file, and a header with a column named twice or not at all. A row that is no CSV, or no text of that
    encoding, is refused, or with `yields_faults` told like any other row.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise unreadable(path, error) from error
    is_parquet = magic == _PARQUET_MAGIC
    rows = _parquet_rows(path) if is_parquet else _csv_rows(path, magic.startswith(_GZIP_MAGIC), delimiter, encoding, yields_faults)
    header = next(rows, None)
    if header is not None and header.fault:
        raise ConfigError(header.fault, file=path, line=header.number, remedy="A table begins with a row of column names.")
    if header is None:
        raise ConfigError("is empty", file=path, remedy="A table begins with a row of column names.")
    columns = tuple(cell.strip() for cell in header.cells)
    table = Table(path=path, columns=columns, rows=rows, has_lines=not is_parquet)
    for position, column in enumerate(columns):
        if not column:
            raise table.error(header, f"column {position + 1} has no name", remedy="Name every column in the first row.")
        if column in columns[:position]:
            raise table.error(header, "names two columns", value=column, remedy="Give each column its own name.")
    return table


def _csv_rows(path: Path, is_gzip: bool, delimiter: str, encoding: str, yields_faults: bool) -> Iterator[Row]:
    """Yields the header first. Blank lines are no rows and are passed over."""
    line = 0
    # What is no text of the encoding comes as surrogates, and can be told with its row.
    errors = "surrogateescape" if yields_faults else "strict"
    try:
        with gzip.open(path, "rb") if is_gzip else path.open("rb") as raw:
            reader = csv.reader(io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline=""), delimiter=delimiter, strict=True)
            while True:
                try:
                    cells = next(reader, None)
                except csv.Error as error:
                    if not yields_faults:
                        raise
                    yield Row(number=line + 1, cells=(), fault=f"not CSV: {error}")
                else:
                    if cells is None:
                        return
                    if yields_faults and _has_surrogates(cells):
                        yield Row(number=line + 1, cells=(), fault=f"the text is not {_name_of(encoding)}")
                    elif cells:
                        yield Row(number=line + 1, cells=tuple(cells))
                line = reader.line_num
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ConfigError(f"the compressed file breaks off after line {line}", file=path, remedy=_DAMAGED_REMEDY) from error
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        remedy = "Save it as UTF-8, or name its encoding in the mapping file."
        raise ConfigError(f"the text is not {_name_of(encoding)}", file=path, line=line + 1, remedy=remedy) from error
    except csv.Error as error:
        remedy = "A text that holds the separator, a quote or a line break stands in double quotes; a quote inside is doubled."
        raise ConfigError(f"not CSV: {error}", file=path, line=line + 1, remedy=remedy) from error


def _has_surrogates(cells: Sequence[str]) -> bool:
    text = "".join(cells)
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)


def _name_of(encoding: str) -> str:
    return encoding.removesuffix("-sig").upper()


def _parquet_rows(path: Path) -> Iterator[Row]:
    import polars as pl  # noqa: PLC0415 - every process that simulates loads this module, and hardly one reads Parquet

    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ConfigError("not a whole Parquet file", file=path, remedy=_DAMAGED_REMEDY) from error
    nested = [column for column, kind in frame.schema.items() if kind.is_nested()]
    if nested:
        raise ConfigError("holds lists or records, not values", file=path, key=nested[0], remedy="Write it as JSON text.")
    yield Row(number=0, cells=tuple(frame.columns))
    texts = frame.select(pl.all().cast(pl.String).fill_null(""))
    for number, cells in enumerate(texts.iter_rows(), start=1):
        yield Row(number=number, cells=cells)


def write_table(path: Path, columns: Sequence[tuple[str, "pl.DataType"]], rows: Iterable[Sequence[str | int | None]]) -> None:
    """Writes a table in the format its name ends in: .csv, .csv.gz or .parquet. None becomes an empty cell.

    The same rows give the same bytes (no time and no name goes into the gzip header). The file appears whole or not at all; an existing
    one is replaced. Refuses another ending, and a place that cannot be written.
    """
    if path.name.endswith(".csv"):
        replace_file(path, lambda file: _write_csv(file, columns, rows))
    elif path.name.endswith(".csv.gz"):
        replace_file(path, lambda file: _write_gzip(file, columns, rows))
    elif path.name.endswith(".parquet"):
        import polars as pl  # noqa: PLC0415 - hardly a process writes Parquet

        frame = pl.DataFrame(list(rows), schema=dict(columns), orient="row")
        replace_file(path, frame.write_parquet)
    else:
        raise ConfigError("does not end like a table", value=path.name, remedy="Name it .csv, .csv.gz or .parquet.")


def _write_csv(file: BinaryIO, columns: Sequence[tuple[str, "pl.DataType"]], rows: Iterable[Sequence[str | int | None]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([name for name, _ in columns])
    writer.writerows(rows)
    text.flush()
    text.detach()


def _write_gzip(file: BinaryIO, columns: Sequence[tuple[str, "pl.DataType"]], rows: Iterable[Sequence[str | int | None]]) -> None:
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as packed:
        buffered = io.BufferedWriter(packed)
        _write_csv(buffered, columns, rows)
        buffered.flush()
