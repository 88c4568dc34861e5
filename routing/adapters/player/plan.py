"""The plan of a day: who arrives when and with what patience, how long each contact takes, and when each agent works.

A plan is a JSON file, schema `careroute/plan/1`; `careroute demo` writes one from a scenario. All instants are milliseconds since the Unix
epoch on the plan's own calendar; the player moves them to whatever time the server has.
"""

from pathlib import Path

import msgspec

SCHEMA = "careroute/plan/1"


class Contact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One interaction to come. Durations in ms; `patience_ms` None never leaves. `attributes` are numbers or symbols."""

    id: str
    at_ms: int
    channel: str
    type: str
    attributes: dict[str, int | str]
    due_at_ms: int | None
    credit_ms: int
    patience_ms: int | None
    work_ms: int
    wrap_up_ms: int
    answer_delay_ms: int


class PresenceChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an agent says of themselves from an instant on: "available", "not_ready" or "offline"."""

    agent_id: str
    at_ms: int
    presence: str
    reason: str


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day to play, from `starts_at_ms`; what still waits at `ends_at_ms` is cancelled by the platform, as left for the next day."""

    schema: str
    starts_at_ms: int
    ends_at_ms: int
    contacts: tuple[Contact, ...]
    presence: tuple[PresenceChange, ...]


class BadPlan(Exception):  # noqa: N818 - the name says what is wrong
    """The plan file cannot be read; the text says where and why."""


def read_plan(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        BadPlan: the file is missing or is not a plan of this version.
    """
    try:
        plan = msgspec.json.decode(path.read_bytes(), type=Plan)
    except OSError as error:
        raise BadPlan(f"{path}: cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise BadPlan(f"{path}: is not a plan: {error}") from error
    if plan.schema != SCHEMA:
        raise BadPlan(f"{path}: has schema {plan.schema!r}; this version reads {SCHEMA!r}")
    return plan
