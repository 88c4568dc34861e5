"""Lines of a log, as they stand: a line that cannot be read is counted and passed over, because one bad line says nothing of the next."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

from routing.config.document import unreadable
from routing.config.errors import ConfigError
from simulation.importers.report import ImportReport

LINE_BYTES_MAX = 1_048_576
_GZIP_MAGIC = b"\x1f\x8b"


def open_log(path: Path) -> io.BufferedReader:
    """A log opened for reading bytes, unpacked if it is gzipped (told by its first bytes).

    Raises:
        ConfigError: the operating system does not give it.
    """
    try:
        with path.open("rb") as file:
            is_gzip = file.read(2) == _GZIP_MAGIC
        return io.BufferedReader(gzip.GzipFile(path)) if is_gzip else path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error


def raw_lines(
    path: Path, report: ImportReport, *, bytes_max: int = LINE_BYTES_MAX, with_blanks: bool = False
) -> Iterator[tuple[int, bytes]]:
    """Every line that is not blank, with its number from 1 and without its end; longer ones are counted as dirty rows.

    Raises:
        ConfigError: the log cannot be read, or its compressed file breaks off.
    """
    number = 0
    try:
        with open_log(path) as file:
            while raw := file.readline(bytes_max):
                number += 1
                if len(raw) == bytes_max and not raw.endswith(b"\n"):
                    report.read += 1
                    report.count("dirty", f"a line longer than {bytes_max:,} bytes", line=number, example=repr(raw[:40]))
                    _skip_line(file, bytes_max)
                    continue
                line = (raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw).strip(b" \r\n")
                if line or with_blanks:
                    yield number, line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        remedy = "It is damaged or was cut short: fetch it again."
        raise ConfigError(f"the compressed file breaks off after line {number}", file=path, remedy=remedy) from error
    except OSError as error:
        raise unreadable(path, error) from error


def _skip_line(file: io.BufferedReader, bytes_max: int) -> None:
    while (rest := file.readline(bytes_max)) and not rest.endswith(b"\n"):
        pass


def text_lines(path: Path, encoding: str, report: ImportReport, *, with_blanks: bool = False) -> Iterator[tuple[int, str]]:
    """Every line that is not blank, as text; one that is not of the encoding is counted as a dirty row."""
    for number, raw in raw_lines(path, report, with_blanks=with_blanks):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            report.read += 1
            report.count("dirty", f"the text is not {encoding.upper()}", line=number, example=repr(raw[:40]))
            continue
        yield number, text
