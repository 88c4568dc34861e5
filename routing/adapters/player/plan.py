"""The plan of a day: who arrives when and with what patience, how long each contact takes, and when each agent works.

A plan is a JSON file, schema `careroute/plan/1`; `careroute demo` writes one from a scenario. All instants are milliseconds since the Unix
epoch on the plan's own calendar; the player moves them to whatever time the server has.
"""

from pathlib import Path

import msgspec

from routing.config.errors import ConfigError

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
    priority: int = 0
    customer_id: str | None = None


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


def read_plan(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        ConfigError: the file is missing or is not a plan of this version.
    """
    try:
        plan = msgspec.json.decode(path.read_bytes(), type=Plan)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ConfigError(f"cannot be read ({why})", file=path, remedy="Check the path.") from error
    except msgspec.DecodeError as error:
        told = str(error)
        raise ConfigError(f"is not a plan: {told[:1].lower()}{told[1:]}", file=path, remedy="The page of plans lists its keys.") from error
    if plan.schema != SCHEMA:
        raise ConfigError("is not a plan", file=path, key="schema", value=plan.schema, remedy=f'A plan has schema "{SCHEMA}".')
    return plan


def check_plan_file(path: Path) -> dict[str, int | str]:
    """Reads a plan for `careroute check` and tells what it holds.

    Raises:
        ConfigError: as `read_plan`.
    """
    plan = read_plan(path)
    agents = {change.agent_id for change in plan.presence}
    return {"contacts": len(plan.contacts), "agents": len(agents), "minutes": (plan.ends_at_ms - plan.starts_at_ms) // 60_000}
