"""The one error of bad input: it names the file, the line or key, the value, and what to do about it."""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_SHOWN_VALUE_CHARS_MAX = 80
_SHOWN_NAMES_MAX = 3
_SHOWN_AT_ONE_PLACE_MAX = 2
_SHOWN_PLACES_MAX = 20


class _NoValue:
    """The type of `NO_VALUE`; None and "" are values a user may have written, so neither can mean "no value"."""


NO_VALUE: Final = _NoValue()
"""Stands for "there is no offending value to show", as for a missing key."""


class ConfigError(Exception):
    """Input that cannot be used, told in one message for the person who wrote it.

    `problem` completes "FILE, line N, key K: value V ..." as a sentence without its full stop; `remedy` is a whole sentence that
    says what to write instead. `others` are further errors of the same file: the first is the headline, all are listed.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        row: int | None = None,
        key: str | None = None,
        value: object = NO_VALUE,
        remedy: str | None = None,
        others: Iterable["ConfigError"] = (),
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.file = None if file is None else str(file)
        self.line = line
        self.row = row
        self.key = key
        self.value = value
        self.remedy = remedy
        self.others = tuple(others)

    @property
    def where(self) -> str:
        """The place of the error: file, line (or row, where a file has no lines) and key, as far as known; empty when nothing is."""
        line = None if self.line is None else f"line {self.line}"
        row = None if self.row is None else f"row {self.row}"
        key = None if self.key is None else f"key {self.key}"
        return ", ".join(part for part in (self.file, line, row, key) if part is not None)

    @property
    def headline(self) -> str:
        """This error alone, without the others of its file."""
        place = f"{self.where}: " if self.where else ""
        value = "" if isinstance(self.value, _NoValue) else f"{shown(self.value)} "
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}{value}{self.problem}.{remedy}"

    def __str__(self) -> str:
        """The whole message: the headline, then one line for each other error, as many as a person reads; the rest is counted."""
        # A rule that stands for twelve has the same fault twelve times, at one place: to mend it once mends all.
        by_place: dict[str, dict[str, None]] = {}
        for error in (self, *self.others):
            by_place.setdefault(error.where or error.headline, {})[error.headline] = None
        lines = [line for told in list(by_place.values())[:_SHOWN_PLACES_MAX] for line in _of_one_place(list(told))]
        more = len(by_place) - _SHOWN_PLACES_MAX
        return "\n  also: ".join(lines) + (f"\n  and at {more} more places" if more > 0 else "")


def _of_one_place(told: list[str]) -> list[str]:
    more = len(told) - _SHOWN_AT_ONE_PLACE_MAX
    if more <= 0:
        return told
    return [*told[: _SHOWN_AT_ONE_PLACE_MAX - 1], f"{told[_SHOWN_AT_ONE_PLACE_MAX - 1]} And {more} more at the same place."]


def shown(value: object) -> str:
    """A value as a message shows it: text in double quotes, everything cut to a length that leaves the message readable."""
    match value:
        case str():
            text = f'"{value}"'
        case bool():
            text = "true" if value else "false"
        case tuple():
            text = str(list(value))
        case _:
            text = str(value)
    printable = "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
    if len(printable) <= _SHOWN_VALUE_CHARS_MAX:
        return printable
    return f"{printable[:_SHOWN_VALUE_CHARS_MAX]}... ({len(text)} characters)"


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names most like `name`, best first, at most three; case is ignored and ties keep alphabetical order."""
    by_folded: dict[str, str] = {}
    for candidate in sorted(known):
        by_folded.setdefault(candidate.casefold(), candidate)
    matches = difflib.get_close_matches(name.casefold(), list(by_folded), n=_SHOWN_NAMES_MAX, cutoff=0.5)
    return tuple(by_folded[match] for match in matches)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The remedy for an unknown name: the nearest known ones, or the first few of all when none is near."""
    names = sorted(set(known))
    close = nearest(name, names)
    if close:
        return f"Did you mean {_either(close)}?"
    if not names:
        return "None is defined."
    more = "" if len(names) <= 2 * _SHOWN_NAMES_MAX else f" and {len(names) - 2 * _SHOWN_NAMES_MAX} more"
    return f"Known: {', '.join(names[: 2 * _SHOWN_NAMES_MAX])}{more}."


def _either(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f'"{names[0]}"'
    return ", ".join(f'"{name}"' for name in names[:-1]) + f' or "{names[-1]}"'
