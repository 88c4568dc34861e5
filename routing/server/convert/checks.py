"""Checks on single fields of messages; every refusal names the field."""

from collections.abc import Iterable, Sized
from enum import Enum
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from routing.config.errors import ConfigError, shown
from routing.config.local_times import zone_of
from routing.core.validate import ATTRIBUTES_MAX, ID_LENGTH_MAX
from routing.model.time import Instant
from routing.server.errors import invalid

INSTANT_MAX = 253_402_300_799_999
"""The last millisecond of the year 9999: beyond it calendars, and with them reports, end."""

OPAQUE_BYTES_MAX = 16_384
PREFERRED_AGENTS_MAX = 64
AGENTS_MAX = 1_000
SESSION_AGENTS_MAX = 2_000
COMMANDS_MAX = 256
WATCHED_MAX = 1_000
SITE_PARTS_MAX = 10_000

Member = TypeVar("Member", bound=Enum)


class EnumTable(Generic[Member]):
    """A closed enumeration of the core and its open counterpart on the wire: the same words with a prefix.

    Members that the wire does not know cannot be sent; numbers that the core does not know are refused.
    """

    def __init__(self, wire: EnumTypeWrapper, prefix: str, members: Iterable[Member]) -> None:
        self._by_number = {wire.Value(f"{prefix}_{member.name}"): member for member in members}
        self._by_member = {member: number for number, member in self._by_number.items()}
        self._names = ", ".join(wire.Name(number) for number in self._by_number)

    def member(self, field: str, number: int) -> Member:
        """The member a message names.

        Raises:
            Refused: it names none, or an unknown one.
        """
        found = self._by_number.get(number)
        if found is None:
            raise invalid(field, f"{number} is not one of {self._names}")
        return found

    def number(self, member: Member) -> Any:
        """The number on the wire; the generated types have a class for each enumeration and no base to name here."""
        return self._by_member[member]


def identifier(field: str, text: str) -> str:
    """A required identifier of 1 to 128 characters.

    Raises:
        Refused: it is empty or too long.
    """
    if not text:
        raise invalid(field, "is required")
    return short(field, text)


def short(field: str, text: str) -> str:
    """A text of at most 128 characters.

    Raises:
        Refused: it is longer.
    """
    if len(text) > ID_LENGTH_MAX:
        raise invalid(field, f"has {len(text)} characters; at most {ID_LENGTH_MAX} are allowed")
    return text


def time_zone(field: str, name: str) -> ZoneInfo:
    """The IANA time zone of that name, UTC where it is empty.

    Raises:
        Refused: nobody knows it.
    """
    try:
        return zone_of(name or "UTC", field)
    except ConfigError as error:
        raise invalid(field, f"{shown(name)} {error.problem}. {error.remedy}") from error


def count(field: str, items: Sized, *, at_most: int = ATTRIBUTES_MAX, at_least: int = 0) -> None:
    """Refuse a list or a map with too few or too many entries, before any of them is looked at.

    Raises:
        Refused: the count is out of range.
    """
    if not at_least <= len(items) <= at_most:
        raise invalid(field, f"has {len(items)} entries; {at_least} to {at_most} are allowed")


def instant(field: str, value: int) -> Instant:
    """An instant between 1970 and 9999.

    Raises:
        Refused: it lies outside.
    """
    if not 0 <= value <= INSTANT_MAX:
        raise invalid(field, f"{value} is not an instant in milliseconds between the years 1970 and 9999")
    return value
