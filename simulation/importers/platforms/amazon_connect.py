"""Amazon Connect's contact records: JSON, one record a line or in an array.

Fields: https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html. Records are delivered at least once, so the copy updated
last counts. Times are in whole seconds. A record is one contact: moved by a queue transfer while it waits, a customer gets another,
which is joined to the first here.
"""

import datetime as dt
import sys
from array import array
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import msgspec

from routing.model.interaction import EndCause
from routing.model.time import SECOND_MS, Duration, Instant
from simulation.importers.local_time import since_epoch
from simulation.importers.platforms.options import PlatformMapping
from simulation.importers.platforms.presences import Presences
from simulation.importers.platforms.records import JsonRecords
from simulation.importers.platforms.writer import IN_PROGRESS, MOVED, Writer
from simulation.importers.report import ImportReport
from simulation.importers.sources import LeftOut, left_out_for
from simulation.interactions import RecordedInteraction, fault_of

Moment = Annotated[dt.datetime, msgspec.Meta(tz=True)]

OWN_CALLS: Final = frozenset(("OUTBOUND", "EXTERNAL_OUTBOUND", "MONITOR", "DISCONNECT"))
"""How contacts begin that no customer began: the center's own calls, listening in, and the flow after a hang-up."""

LEFT_BY_CUSTOMER: Final = "CUSTOMER_DISCONNECT"


class _Queue(msgspec.Struct, rename="pascal", kw_only=True):
    arn: str | None = msgspec.field(name="ARN", default=None)
    name: str | None = None
    enqueue_timestamp: Moment | None = None


class _Agent(msgspec.Struct, rename="pascal", kw_only=True):
    arn: str | None = msgspec.field(name="ARN", default=None)
    username: str | None = None
    connected_to_agent_timestamp: Moment | None = None
    agent_interaction_duration: int | None = None
    customer_hold_duration: int | None = None
    after_contact_work_start_timestamp: Moment | None = None
    after_contact_work_end_timestamp: Moment | None = None
    after_contact_work_duration: int | None = None


class _Endpoint(msgspec.Struct, rename="pascal", kw_only=True):
    address: str | None = None


class _Contact(msgspec.Struct, rename="pascal", kw_only=True):
    contact_id: str
    channel: str
    initiation_method: str | None = None
    initiation_timestamp: Moment | None = None
    previous_contact_id: str | None = None
    next_contact_id: str | None = None
    disconnect_timestamp: Moment | None = None
    disconnect_reason: str | None = None
    last_update_timestamp: Moment | None = None
    transfer_completed_timestamp: Moment | None = None
    agent_connection_attempts: int | None = None
    queue: _Queue | None = None
    agent: _Agent | None = None
    customer_endpoint: _Endpoint | None = None
    attributes: dict[str, str | None] | None = None


def import_amazon_connect(source: Path, mapping: PlatformMapping, report: ImportReport) -> tuple[list[RecordedInteraction], Presences]:
    """Reads contact records, in the order of the file; of copies of one record the last updated counts.

    Raises:
        ConfigError: the file cannot be read, or is a JSON document that breaks off.
    """
    importer = _Importer(mapping, report)
    for line, contact in JsonRecords(_Contact, "a contact record", None).read(source, report):
        try:
            importer.take(contact, line)
        except LeftOut as left_out:
            report.count(left_out.treatment, left_out.reason, line=line, example=left_out.example)
    importer.join_queue_transfers()
    return importer.writer.interactions, Presences()


class _Moved(NamedTuple):
    """What came of a contact that another was moved into, until both are known."""

    line: int
    previous_id: str
    queue: str
    interaction: RecordedInteraction


class _Importer:
    """What is known of the records read so far."""

    def __init__(self, mapping: PlatformMapping, report: ImportReport) -> None:
        self.writer = Writer(mapping, report)
        self._report = report
        self._attribute_names = mapping.attributes
        self._updated_at = array("q")  # of the interactions kept, at the same positions
        self._moved: dict[str, _Moved] = {}

    def take(self, contact: _Contact, line: int) -> None:
        """Keeps the interaction of a record; raises `LeftOut` for one that is none, or an older copy."""
        method = contact.initiation_method or "INBOUND"
        if method in OWN_CALLS:
            raise LeftOut("filtered", f"InitiationMethod {method}: no customer began it", contact.contact_id)
        if contact.queue is None or contact.queue.enqueue_timestamp is None:
            raise LeftOut("filtered", "never in a queue", contact.contact_id)
        queue = contact.queue.name or _last_part(contact.queue.arn) or "unknown"
        previous_id = contact.previous_contact_id
        is_leg = method == "TRANSFER" and previous_id is not None
        interaction, notes = self._interaction(contact, queue, since_epoch(contact.queue.enqueue_timestamp))
        if method == "QUEUE_TRANSFER" and previous_id is not None:
            self._moved[contact.contact_id] = _Moved(line, previous_id, queue, interaction)
            return
        if method == "CALLBACK":
            notes.append("a call-back: its wait counts from when it was queued")
        if is_leg:
            interaction = replace(interaction, attributes={**interaction.attributes, "leg_of": previous_id or ""})
        updated_at = 0 if contact.last_update_timestamp is None else since_epoch(contact.last_update_timestamp)
        position = self.writer.position(contact.contact_id)
        if position is not None and updated_at != self._updated_at[position]:
            if updated_at > self._updated_at[position]:
                fault = fault_of(interaction)
                if fault is not None:
                    raise left_out_for(interaction, fault)
                self._updated_at[position] = updated_at
                self.writer.interactions[position] = interaction
            raise LeftOut("filtered", "an older copy of the record", contact.contact_id)
        if self.writer.write(interaction, queue=queue, line=line, is_leg=is_leg, notes=notes):
            self._updated_at.append(updated_at)

    def _interaction(self, contact: _Contact, queue: str, arrived_at: Instant) -> tuple[RecordedInteraction, list[str]]:
        names, agent = self.writer.names, contact.agent
        customer = contact.customer_endpoint
        notes: list[str] = []
        inferred: list[str] = []
        answered_at = (
            None if agent is None or agent.connected_to_agent_timestamp is None else since_epoch(agent.connected_to_agent_timestamp)
        )
        disconnected_at = None if contact.disconnect_timestamp is None else since_epoch(contact.disconnect_timestamp)
        attempts = contact.agent_connection_attempts
        if agent is None or answered_at is None:
            ended_at, outcome = disconnected_at, self._outcome_unanswered(contact, inferred)
        else:
            ended_at = _end_of_conversation(contact, agent, answered_at, disconnected_at, inferred)
            outcome = EndCause.HANDLED if contact.transfer_completed_timestamp is None else EndCause.TRANSFERRED
            outcome = IN_PROGRESS if ended_at is None else outcome.value
        attributes = contact.attributes or {}
        return RecordedInteraction(
            id=contact.contact_id,
            arrived_at_ms=arrived_at,
            channel=names.channel(contact.channel),
            type=names.type(queue),
            attributes=names.attributes(
                tuple((name, value) for name in self._attribute_names if (value := attributes.get(name)) is not None)
            ),
            customer=names.customer(None if customer is None else customer.address),
            agent=None if agent is None or answered_at is None else sys.intern(agent.username or _last_part(agent.arn) or "") or None,
            answered_at_ms=answered_at,
            ended_at_ms=ended_at,
            outcome=names.outcome(contact.disconnect_reason, outcome) if answered_at is None else outcome,
            missed_offers=None if attempts is None else max(0, attempts - (answered_at is not None)),
            hold_ms=_seconds(agent.customer_hold_duration) if agent is not None and answered_at is not None else None,
            wrap_up_ms=_wrap_up_ms(agent) if agent is not None else None,
            inferred=tuple(inferred),
        ), notes

    def _outcome_unanswered(self, contact: _Contact, inferred: list[str]) -> str:
        if contact.disconnect_timestamp is None:
            return IN_PROGRESS
        if contact.next_contact_id is not None:
            return EndCause.UNSERVED.value
        if contact.disconnect_reason is None:  # older records have none: who hung up is not told
            inferred.append("outcome")
            return EndCause.ABANDONED.value
        return EndCause.ABANDONED.value if contact.disconnect_reason == LEFT_BY_CUSTOMER else EndCause.UNSERVED.value

    def join_queue_transfers(self) -> None:
        """Joins each contact that another was moved into while it waited to that other; one moved after an answer is a leg."""
        position_by_id: dict[str, int] = {}
        for contact_id, moved in self._moved.items():
            position = position_by_id.get(moved.previous_id, self.writer.position(moved.previous_id))
            if position is None or self.writer.interactions[position].answered_at_ms is not None:
                leg = replace(moved.interaction, attributes={**moved.interaction.attributes, "leg_of": moved.previous_id})
                self.writer.write(leg, queue=moved.queue, line=moved.line, is_leg=True)
                continue
            position_by_id[contact_id] = position
            first, later = self.writer.interactions[position], moved.interaction
            misses = None if later.missed_offers is None else later.missed_offers + (first.missed_offers or 0)
            joined = replace(
                later, id=first.id, arrived_at_ms=first.arrived_at_ms, channel=first.channel, type=first.type, missed_offers=misses
            )
            fault = fault_of(joined)
            if fault is not None:
                self._report.count("dirty", left_out_for(joined, fault).reason, line=moved.line, example=contact_id)
                continue
            self.writer.interactions[position] = joined
            self._report.count("noted", MOVED, line=moved.line, example=first.id)


def _end_of_conversation(
    contact: _Contact, agent: _Agent, answered_at: Instant, disconnected_at: Instant | None, inferred: list[str]
) -> Instant | None:
    """The agent's end: where a customer is handed on, the line is held for longer than the agent was part of it."""
    for moment in (agent.after_contact_work_start_timestamp, contact.transfer_completed_timestamp):
        if moment is not None:
            return since_epoch(moment)
    if disconnected_at is not None or agent.agent_interaction_duration is None:
        return disconnected_at
    inferred.append("ended_at_ms")
    return answered_at + SECOND_MS * (agent.agent_interaction_duration + (agent.customer_hold_duration or 0))


def _wrap_up_ms(agent: _Agent) -> Duration | None:
    starts, ends = agent.after_contact_work_start_timestamp, agent.after_contact_work_end_timestamp
    if starts is not None and ends is not None:
        return since_epoch(ends) - since_epoch(starts)
    return _seconds(agent.after_contact_work_duration)


def _seconds(count: int | None) -> Duration | None:
    return None if count is None else count * SECOND_MS


def _last_part(arn: str | None) -> str | None:
    return None if arn is None else arn.rpartition("/")[2]
