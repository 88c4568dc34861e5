"""What every mutating command carries."""

from dataclasses import dataclass

from routing.model.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What every mutating command carries: an id that makes it idempotent, or none (a driver inside the process needs none)."""

    request_id: RequestId | None = None
