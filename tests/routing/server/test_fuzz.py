"""Whatever a message says, the answer is events or a refusal by name: never another exception."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.core.commands import ApplySite, PutAgents
from routing.core.errors import CommandRefused
from routing.engine import Router
from routing.policy.registry import default_registry
from routing.server.convert.commands import command_of
from routing.server.convert.sites import site_to_wire
from routing.server.errors import Refused, from_core
from routing.v1 import agents_pb2, callbacks_pb2, handling_pb2, interactions_pb2, operators_pb2
from tests.builders import a_site, an_agent
from tests.routing.server.harness import a_desk

MUTATIONS = [
    GetMessageClass(method.input_type)
    for service in (
        interactions_pb2.DESCRIPTOR.services_by_name["InteractionService"],
        callbacks_pb2.DESCRIPTOR.services_by_name["CallbackService"],
        agents_pb2.DESCRIPTOR.services_by_name["AgentService"],
        handling_pb2.DESCRIPTOR.services_by_name["HandlingService"],
        operators_pb2.DESCRIPTOR.services_by_name["OperatorService"],
    )
    for method in service.methods
    if "request_id" in method.input_type.fields_by_name
]
TEXTS = st.sampled_from(["", "i1", "i2", "a1", "main", "voice", "sales", "offer-1", "offer-2", "auto-1", "x" * 129, "\x00", "é", "greedy"])
NUMBERS = st.sampled_from([0, 1, 2, 3, 5, 100, 1_000, 60_000, -1, 2**31 - 1, -(2**31)])
LARGE = st.sampled_from([0, 1, 15_000, 10**12, 2**63 - 1, -(2**63)])


@st.composite
def filled(draw: st.DrawFn, kind: type[Message], depth: int = 0) -> Message:
    """A message with fields set at random, often to something that means something in the small site of the test."""
    message = kind()
    for field in kind.DESCRIPTOR.fields:
        if draw(st.integers(0, 4)) == 0 and field.name != "request_id":
            continue
        fill(draw, message, field, depth)
    return message


def fill(draw: Any, message: Any, field: FieldDescriptor, depth: int) -> None:
    """Set one field."""
    target = getattr(message, field.name)
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        key, value = draw(TEXTS), field.message_type.fields_by_name["value"]
        if value.message_type is None:
            target[key] = scalar(draw, value)
        else:
            target[key].CopyFrom(draw(filled(GetMessageClass(value.message_type), depth + 1)))
    elif field.is_repeated:
        for _ in range(draw(st.integers(0, 2))):
            if field.message_type is None:
                target.append(scalar(draw, field))
            elif depth < 4:
                target.append(draw(filled(GetMessageClass(field.message_type), depth + 1)))
    elif field.message_type is not None:
        if depth < 4:
            target.CopyFrom(draw(filled(GetMessageClass(field.message_type), depth + 1)))
    else:
        setattr(message, field.name, scalar(draw, field))


def scalar(draw: Any, field: FieldDescriptor) -> Any:
    """A value for a field that is not a message."""
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return draw(TEXTS)
        case FieldDescriptor.CPPTYPE_BOOL:
            return draw(st.booleans())
        case FieldDescriptor.CPPTYPE_INT64:
            return draw(st.one_of(NUMBERS, LARGE))
        case FieldDescriptor.CPPTYPE_ENUM:
            return draw(st.integers(0, 5))
        case _:
            return draw(NUMBERS)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.sampled_from(MUTATIONS).flatmap(filled), min_size=1, max_size=6))
def test_any_request_ends_in_events_or_a_named_refusal(requests: list[Message]) -> None:
    """In a row, so that what one left behind meets the next."""
    router = Router(default_registry())
    router.handle(ApplySite(site=a_site()), 1_000)
    router.handle(PutAgents(agents=(an_agent("a1"),)), 1_000)
    for request in requests:
        with suppress(Refused):
            try:
                router.handle(command_of(request), 1_000)
            except CommandRefused as refusal:
                raise from_core(refusal) from refusal


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_any_change_of_a_site_ends_in_events_or_a_named_refusal(data: st.DataObject) -> None:
    """A sound site with one thing in it replaced at random: most of what a random site says never gets past its first field."""
    router = Router(default_registry())
    router.handle(ApplySite(site=a_site()), 1_000)
    router.handle(PutAgents(agents=(an_agent("a1"),)), 1_000)
    message: Any = site_to_wire(a_site())
    path = data.draw(
        st.sampled_from(["", "channels", "queues", "rules", "policy", "rules.urgency", "queues.service_level", "queues.reoffer"])
    )
    for name in path.split(".") if path else []:
        message = getattr(message, name)
        message = message if isinstance(message, Message) else message[0]
    fields = [field for field in message.DESCRIPTOR.fields if path or field.message_type is None]
    field = data.draw(st.sampled_from(fields))
    message.ClearField(field.name)
    fill(data.draw, message, field, 2)
    site = site_to_wire(a_site())
    target: Any = site
    for name in path.split(".") if path else []:
        target = getattr(target, name)
        target = target if isinstance(target, Message) else target[0]
    target.CopyFrom(message)
    with suppress(Refused):
        try:
            router.handle(command_of(operators_pb2.ApplySiteRequest(request_id="r", site=site)), 1_000)
        except CommandRefused as refusal:
            raise from_core(refusal) from refusal


@pytest.mark.parametrize("path", ["InteractionService/EnqueueInteraction", "AgentService/AcceptOffer", "OperatorService/ApplySite"])
async def test_any_bytes_are_answered(tmp_path: Path, path: str) -> None:
    """With a status that says whose fault it is, and the server goes on."""
    async with a_desk(tmp_path) as desk:
        call: Any = desk.channel.unary_unary(f"/routing.v1.{path}")
        for seed in range(40):
            data = bytes((seed * 131 + place * place * 7) % 256 for place in range(seed))
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call(data)
            assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert (await desk.enqueue()).interaction_id == "i1"


async def test_a_stream_that_breaks_at_once_leaves_nobody_connected(tmp_path: Path) -> None:
    """Even where the session was still waiting for its turn when its stream had gone."""
    async with a_desk(tmp_path) as desk:
        opening = agents_pb2.AgentCommand(open_session=agents_pb2.OpenSession(session_id="s", agent_ids=["a1"]))
        for _ in range(20):
            call: Any = desk.agents.Connect()
            await call.write(agents_pb2.ConnectRequest(commands=[opening]))
            call.cancel()
        row = desk.state.agents["a1"]
        for _ in range(100):
            if row.session_id is None or row.session_expires_at is not None:
                break
            await asyncio.sleep(0.02)
        assert row.session_id is None or row.session_expires_at is not None
