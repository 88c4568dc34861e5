"""Records in JSON: one object a line, or whole documents with the objects in an array, as APIs and exports give them.

In lines, a damaged one is counted and passed over. A document whose brackets do not match is refused: nothing after the damage can be
told apart.
"""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, Generic, TypeVar

import msgspec

from routing.config.document import unreadable
from routing.config.errors import ConfigError
from simulation.importers.platforms.lines import open_log, raw_lines
from simulation.importers.report import ImportReport

LINE_BYTES_MAX: Final = 16_777_216
OBJECT_BYTES_MAX: Final = 67_108_864

_CHUNK_BYTES: Final = 1_048_576
_LINES_LOOKED_AT: Final = 20
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]\n"]', re.DOTALL)
_POSITION: Final = re.compile(r"\[\d+\]")

Record = TypeVar("Record")


class JsonRecords(Generic[Record]):
    """Reads records of one type; `pages` is the key under which an answer of the platform's interface lists them."""

    def __init__(self, kind: type[Record], what: str, pages: str | None) -> None:
        self._what = what
        self._pages = pages
        self._one = msgspec.json.Decoder(kind)
        self._many = msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]  # the type is an argument: mypy wants a literal one
        self._page = msgspec.json.Decoder(dict[str, msgspec.Raw])

    def read(self, path: Path, report: ImportReport) -> Iterator[tuple[int, Record]]:
        """Every record with the line on which it begins; what is none is counted as dirty.

        Raises:
            ConfigError: the file cannot be read, or is a document that breaks off.
        """
        is_in_lines = any(
            self._is_whole(raw) for _, raw in islice(raw_lines(path, ImportReport(), bytes_max=LINE_BYTES_MAX), _LINES_LOOKED_AT)
        )
        for line, raw in raw_lines(path, report, bytes_max=LINE_BYTES_MAX) if is_in_lines else self._objects(path):
            text = raw.strip(b", \t")
            if text in (b"[", b"]"):
                continue
            try:
                records = self._decoded(text)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                report.read += 1
                report.count("dirty", self._reason(error), line=line, example=repr(raw[:80]))
                continue
            report.read += len(records)
            for record in records:
                yield line, record

    def _is_whole(self, raw: bytes) -> bool:
        text = raw.strip(b", \t")
        try:
            return bool(len(text) > 2 and self._decoded(text))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False

    def _decoded(self, text: bytes) -> list[Record]:
        if text.startswith(b"["):
            return self._many.decode(text) if text.endswith(b"]") else [self._one.decode(text[1:])]
        if text.endswith(b"]"):
            return [self._one.decode(text[:-1])]
        if self._pages is not None and (listed := self._listed(text)) is not None:
            return self._many.decode(listed)
        return [self._one.decode(text)]

    def _listed(self, text: bytes) -> msgspec.Raw | None:
        if self._pages is None or f'"{self._pages}"'.encode() not in text:
            return None
        return self._page.decode(text).get(self._pages)

    def _reason(self, error: Exception) -> str:
        if isinstance(error, msgspec.ValidationError):
            return f"not {self._what}: {_POSITION.sub('[...]', str(error))}"
        return "not JSON"

    def _objects(self, path: Path) -> Iterator[tuple[int, bytes]]:
        """The objects of a document: those of the array that it is, or that it holds under `pages`; else the document itself."""
        scanner = _Scanner(path, None if self._pages is None else f'"{self._pages}"'.encode())
        with open_log(path) as file:
            while chunk := _chunk_of(file, path):
                yield from scanner.objects(chunk)
        scanner.close()


def _chunk_of(file: io.BufferedReader, path: Path) -> bytes:
    try:
        return file.read(_CHUNK_BYTES)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ConfigError("the compressed file breaks off", file=path, remedy="It is damaged or was cut short: fetch it again.") from error
    except OSError as error:
        raise unreadable(path, error) from error


class _Scanner:
    """Cuts objects out of JSON text that comes in chunks, by counting brackets outside of texts."""

    def __init__(self, path: Path, pages: bytes | None) -> None:
        self._path = path
        self._pages = pages
        self._text = b""
        self._scanned = 0
        self._line = 1
        self._depth = 0
        self._wanted_depth: int | None = 0  # objects that open at this depth are wanted; none are behind the array of a page
        self._start: int | None = None
        self._start_line = 1
        self._last_text = b""
        self._has_text = self._has_brackets = False

    def objects(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """The objects that this chunk completes, with the line of their first bracket."""
        text = self._text + chunk
        self._has_text = self._has_text or bool(chunk.strip())
        if len(text) > OBJECT_BYTES_MAX:
            raise self._broken(f"what begins here does not end within {OBJECT_BYTES_MAX:,} bytes", self._start_line)
        done = self._scanned
        for token in _TOKEN.finditer(text, done):
            symbol = token[0]
            if symbol == b'"':  # a text that goes on in the next chunk
                done = token.start()
                break
            done = token.end()
            if symbol == b"\n":
                self._line += 1
            elif symbol in b"{[":
                self._open(symbol, token.start())
            elif symbol in b"}]":
                if self._closes_a_wanted_one(symbol) and self._start is not None:
                    yield self._start_line, text[self._start : done]
                    self._start = None
            elif self._depth == 1:
                self._last_text = symbol
        keep = done if self._start is None else self._start
        self._text, self._scanned = text[keep:], done - keep
        self._start = None if self._start is None else 0

    def close(self) -> None:
        """The file is over; refuses one that breaks off, or never was JSON."""
        if self._depth or self._text.strip():
            raise self._broken("the JSON breaks off: what begins here never ends", self._start_line)
        if self._has_text and not self._has_brackets:
            raise self._broken("is not JSON: it has neither an object nor an array", 1)

    def _open(self, symbol: bytes, position: int) -> None:
        if symbol == b"[" and self._depth == 0:
            self._wanted_depth = 1
        elif symbol == b"[" and self._depth == 1 and self._wanted_depth == 0 and self._last_text == self._pages:
            self._wanted_depth, self._start = 2, None
        elif symbol == b"{" and self._depth == self._wanted_depth:
            self._start, self._start_line = position, self._line
        self._has_brackets = True
        self._depth += 1

    def _closes_a_wanted_one(self, symbol: bytes) -> bool:
        self._depth -= 1
        if self._depth < 0:
            raise self._broken("a bracket closes that never opened", self._line)
        is_wanted = symbol == b"}" and self._depth == self._wanted_depth
        if symbol == b"]" and self._wanted_depth == self._depth + 1:
            self._wanted_depth = None
        if self._depth == 0:
            self._wanted_depth = 0
        return is_wanted

    def _broken(self, problem: str, line: int) -> ConfigError:
        return ConfigError(problem, file=self._path, line=line, remedy="Fetch it again, or save one object a line.")
