"""Finds the line of every key in a TOML text, because a refusal must name it and `tomllib` forgets it.

The text has already been accepted by `tomllib`, so this scanner only has to follow the grammar, never to judge it.
"""

import re
from collections.abc import Iterator

KeyPath = tuple[str | int, ...]
"""Where a value is: names of tables and keys, and positions in arrays, from the top of the document."""

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY_PART = re.compile(r"""\s*(?:"(?P<basic>(?:[^"\\]|\\.)*)"|'(?P<literal>[^']*)'|(?P<bare>[A-Za-z0-9_-]+))[ \t]*(?P<dot>\.?)""")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\]|\\.)*"|\'[^\']*\'', re.DOTALL)
_PLAIN = re.compile(r"[^,\]}\n#]+")


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line, from 1, on which each key or array element of a valid TOML text begins; tables stand at their header."""
    return _Scanner(text).scan()


class _Scanner:
    """Walks the text once, from statement to statement."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self.table_counts: dict[KeyPath, int] = {}
        self.counted_at = 0
        self.line = 1

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self._skip_space()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip_space()
        return self.lines

    def _header(self) -> KeyPath:
        line = self._line()
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        path = self._into_arrays(tuple(self._key()))
        self.at += 2 if is_array else 1
        if is_array:
            index = self.table_counts.get(path, 0)
            self.table_counts[path] = index + 1
            self.lines.setdefault(path, line)
            path = (*path, index)
        self.lines.setdefault(path, line)
        return path

    def _into_arrays(self, names: KeyPath) -> KeyPath:
        """`[a.b]` below `[[a]]` means the last element of `a`."""
        path: KeyPath = ()
        for name in names[:-1]:
            path = (*path, name)
            if path in self.table_counts:
                path = (*path, self.table_counts[path] - 1)
        return (*path, names[-1])

    def _pair(self, table: KeyPath) -> None:
        line = self._line()
        path = table
        for name in self._key():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self.at += 1  # the equals sign
        self._value(path)

    def _key(self) -> Iterator[str]:
        dotted = True
        while dotted:
            part = _KEY_PART.match(self.text, self.at)
            if part is None:
                raise AssertionError(f"tomllib accepted a key this scanner cannot read, at offset {self.at}")
            self.at = part.end()
            dotted = bool(part["dot"])
            yield next(name for name in (part["basic"], part["literal"], part["bare"]) if name is not None)

    def _value(self, path: KeyPath) -> None:
        self._skip_space()
        opening = self.text[self.at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            pattern = _STRING if opening in "\"'" else _PLAIN
            scalar = pattern.match(self.text, self.at)
            if scalar is None:
                raise AssertionError(f"tomllib accepted a value this scanner cannot read, at offset {self.at}")
            self.at = scalar.end()

    def _array(self, path: KeyPath) -> None:
        index = 0
        self.at += 1
        self._skip_space()
        while self.text[self.at] != "]":
            self.lines.setdefault((*path, index), self._line())
            self._value((*path, index))
            index += 1
            self._skip_separator()
        self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        self._skip_space()
        while self.text[self.at] != "}":
            self._pair(path)
            self._skip_separator()
        self.at += 1

    def _skip_separator(self) -> None:
        self._skip_space()
        if self.text[self.at] == ",":
            self.at += 1
            self._skip_space()

    def _skip_space(self) -> None:
        space = _SPACE.match(self.text, self.at)
        if space is not None:
            self.at = space.end()

    def _line(self) -> int:
        """The line of the present position; counted onward from the last one asked, so that a scan stays linear."""
        self.line += self.text.count("\n", self.counted_at, self.at)
        self.counted_at = self.at
        return self.line
