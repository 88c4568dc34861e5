"""How events of earlier versions are read today.

An event class whose fields change gets a higher number in `VERSIONS`, and one function here per step, from the fields of a version to
those of the next. Journals are never rewritten: a row keeps the version it was written in, and every later release reads it through these
steps.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from routing.core.events import (
    AgentPut,
    Event,
    ExclusionEnded,
    HandlingReturned,
    InteractionEnded,
    InteractionQueued,
    InteractionUpdated,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
    RequestRecorded,
    RequirementRelaxed,
    RouteChanged,
    SessionExpired,
    SiteApplied,
)

Upcast: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]
"""From the JSON fields of an event in version n to those of version n + 1. It must depend on nothing else."""


def _misses_set_not_ready(fields: dict[str, Any]) -> dict[str, Any]:
    """Version 2 lets each queue say what a missed offer makes of the agent; before, it was not ready everywhere."""
    queues = {
        queue_id: {**queue, "missed_offer": {**queue["missed_offer"], "presence": "not_ready"}}
        for queue_id, queue in fields["site"]["queues"].items()
    }
    return {**fields, "site": {**fields["site"], "queues": queues}}


def _busy_is_a_decline(fields: dict[str, Any]) -> dict[str, Any]:
    """Version 3 may give an agent's side that was busy a cooldown of its own; before, it had that of a decline."""
    queues = {queue_id: {**queue, "reoffer": {**queue["reoffer"], "busy_ms": None}} for queue_id, queue in fields["site"]["queues"].items()}
    return {**fields, "site": {**fields["site"], "queues": queues}}


def _defaults_say_it(fields: dict[str, Any]) -> dict[str, Any]:
    """The next version adds fields whose defaults are the rule as it was before there were any, or causes that had not existed."""
    return fields


VERSIONS: Mapping[type[Event], int] = {
    SiteApplied: 4,
    InteractionQueued: 2,
    InteractionUpdated: 2,
    RouteChanged: 2,
    RequirementRelaxed: 2,
    InteractionEnded: 2,
    OfferDeclined: 2,
    OfferExpired: 2,
    OfferWithdrawn: 2,
    ExclusionEnded: 2,
    RequestRecorded: 2,
    AgentPut: 2,
    HandlingReturned: 2,
    SessionExpired: 2,
    OfferMade: 2,
}
"""Event classes beyond version 1."""

UPCASTS: Mapping[tuple[str, int], Upcast] = {
    ("SiteApplied", 1): _misses_set_not_ready,
    ("SiteApplied", 2): _busy_is_a_decline,
    ("SiteApplied", 3): _defaults_say_it,
    ("InteractionQueued", 1): _defaults_say_it,
    ("InteractionUpdated", 1): _defaults_say_it,
    ("InteractionEnded", 1): _defaults_say_it,
    ("RouteChanged", 1): _defaults_say_it,
    ("RequirementRelaxed", 1): _defaults_say_it,
    ("OfferDeclined", 1): _defaults_say_it,
    ("OfferExpired", 1): _defaults_say_it,
    ("OfferWithdrawn", 1): _defaults_say_it,
    ("ExclusionEnded", 1): _defaults_say_it,
    ("RequestRecorded", 1): _defaults_say_it,
    **{(name, 1): _defaults_say_it for name in ("AgentPut", "HandlingReturned", "SessionExpired")},
    ("OfferMade", 1): _defaults_say_it,
}
"""The step up from (event name, version); there is one for every version below the present one."""
