"""Where legs come from, and how they hang together, both ways."""

from routing.core.events import ConsultEndCause
from routing.model.leg import Barred, Leg, LegAge, Tie, TransferKind
from routing.server.convert.checks import EnumTable
from routing.v1 import types_pb2

TRANSFER_KINDS = EnumTable(types_pb2.TransferKind, "TRANSFER_KIND", TransferKind)
TIES = EnumTable(types_pb2.Tie, "TIE", Tie)
CONSULT_END_CAUSES = EnumTable(types_pb2.ConsultEndCause, "CONSULT_END_CAUSE", ConsultEndCause)
BARRED = EnumTable(types_pb2.Barred, "BARRED", Barred)


def age_of(message: types_pb2.LegAge) -> LegAge:
    """How much age goes along."""
    return LegAge(limit_ms=message.limit_ms if message.HasField("limit_ms") else None)


def age_to_wire(age: LegAge) -> types_pb2.LegAge:
    """How much age goes along, as a message."""
    return types_pb2.LegAge(limit_ms=age.limit_ms)


def leg_to_wire(leg: Leg | None) -> types_pb2.Leg | None:
    """Where a leg comes from; nothing for a customer's own interaction."""
    if leg is None:
        return None
    return types_pb2.Leg(
        parent_id=leg.parent_id,
        first_id=leg.first_id,
        first_at_ms=leg.first_at,
        number=leg.number,
        kind=TRANSFER_KINDS.number(leg.kind),
        agent_ids=leg.agents,
        barred_agent_ids=leg.barred,
    )


def tie_to_wire(tie: Tie | None) -> types_pb2.Tie:
    """How an interaction hangs together with its leg."""
    return types_pb2.TIE_UNSPECIFIED if tie is None else TIES.number(tie)
