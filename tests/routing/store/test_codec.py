"""Events survive their bytes, strictly and across versions."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.core.events import AgentPut, Event, OfferAccepted, Recorded, SessionLost
from routing.store.codec import CODEC, EVENT_TYPES, EventCodec, encode_row
from routing.store.errors import JournalDamaged, JournalNewer
from routing.store.rows import Row
from tests.builders import an_agent
from tests.golden.event_shapes import EVENT_SHAPES, event_shapes
from tests.routing.store.rows_to_write import MORNING
from tests.routing.store.strategies import values_of


def a_payload(*tagged: tuple[object, object, object], codec: int = 1) -> Row:
    """A row with a payload written by hand."""
    payload = json.dumps([list(item) for item in tagged]).encode()
    return Row(first_seq=5, last_seq=4 + len(tagged), at=MORNING, request_id=None, codec=codec, payload=payload)


ACCEPTED = {"offer_id": "o1", "interaction_id": "i1", "agent_id": "a1"}


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_event_survives_its_bytes(kind: type[Event]) -> None:
    """Whatever its fields hold, an event read back equals the one written, and so do its place and its request."""

    @settings(max_examples=40)
    @given(event=values_of(kind), at=st.integers(0, 2**62), request_id=st.none() | st.text())
    def survives(event: Event, at: int, request_id: str | None) -> None:
        recorded = [Recorded(7, at, request_id, event), Recorded(8, at, request_id, event)]
        assert CODEC.decode(encode_row(recorded)) == recorded

    survives()


def test_a_read_only_mapping_is_kept_as_what_it_holds() -> None:
    """A mapping of any kind comes back as a dict of equal content."""
    event = AgentPut(agent=replace(an_agent(), attributes=MappingProxyType({"sales": 7})))
    recorded = [Recorded(1, 0, None, event)]
    assert CODEC.decode(encode_row(recorded)) == recorded


def test_what_has_no_json_is_refused_before_it_is_kept() -> None:
    """A value that no event may hold is a defect of the writer."""
    event = AgentPut(agent=replace(an_agent(), attributes={"sales": object()}))  # type: ignore[dict-item]  # the defect itself
    with pytest.raises(TypeError, match="object cannot be kept in a journal"):
        encode_row([Recorded(1, 0, None, event)])


def test_a_payload_is_readable_json() -> None:
    """Type, version and named fields, as an operator will see them in a shell."""
    event = OfferAccepted(offer_id="o1", interaction_id="i1", agent_id="a1")
    assert json.loads(encode_row([Recorded(1, 0, None, event)]).payload) == [["OfferAccepted", 1, ACCEPTED]]


def test_a_row_is_one_call_of_handle() -> None:
    """Nothing, a gap, two instants or two requests make no row."""
    event = OfferAccepted(offer_id="o1", interaction_id="i1", agent_id="a1")
    first = Recorded(1, MORNING, "r1", event)
    for wrong in (
        [],
        [first, first._replace(seq=3)],
        [first, first._replace(seq=2, at=0)],
        [first, first._replace(seq=2, request_id="r2")],
    ):
        with pytest.raises(ValueError, match=r"a row holds|does not belong"):
            encode_row(wrong)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (a_payload(("OfferVanished", 1, {})), "an event OfferVanished, which is not known"),
        (a_payload(("OfferAccepted", 2, ACCEPTED)), "OfferAccepted in version 2, known is 1"),
        (a_payload(("OfferAccepted", 1, ACCEPTED), codec=2), "codec version 2, known is 1"),
    ],
)
def test_what_a_later_version_wrote_is_not_guessed(row: Row, problem: str) -> None:
    """The refusal names the row and what is not known."""
    with pytest.raises(JournalNewer, match=f"row 5 .*{problem}"):
        CODEC.decode(row)


@pytest.mark.parametrize(
    "row",
    [
        a_payload(("OfferAccepted", 1, {**ACCEPTED, "agent_id": 5})),
        a_payload(("OfferAccepted", 1, {"offer_id": "o1"})),
        a_payload(("OfferAccepted", 0, ACCEPTED)),
        a_payload(("OfferAccepted", "1", ACCEPTED)),
        a_payload(("OfferDeclined", 1, {**ACCEPTED, "reason": "tired", "excluded_until": 1})),
    ],
)
def test_what_no_version_wrote_is_damage(row: Row) -> None:
    """A wrong type, a missing field or an unknown value is named with its row and never filled in."""
    with pytest.raises(JournalDamaged, match="row 5 cannot be read") as refused:
        CODEC.decode(row)
    assert refused.value.row == 5


@pytest.mark.parametrize("change", [{"payload": b""}, {"payload": b"{}"}, {"payload": b"[[1]"}, {"last_seq": 9}])
def test_a_payload_that_is_no_list_of_events_is_damage(change: Mapping[str, Any]) -> None:
    """Truncated text, another shape, or fewer events than sequence numbers."""
    row = a_payload(("OfferAccepted", 1, ACCEPTED))
    wrong = Row(**{field.name: change.get(field.name, getattr(row, field.name)) for field in fields(row)})
    with pytest.raises(JournalDamaged, match="row 5 cannot be read"):
        CODEC.decode(wrong)


def test_an_old_version_is_read_through_its_steps() -> None:
    """An event written in version 1 passes every step in turn, and one of the present version none."""

    def in_seconds(old: dict[str, Any]) -> dict[str, Any]:
        return {"agent_id": old["agent_id"], "session_id": old["session"], "expires_s": old["expires_s"]}

    def in_milliseconds(old: dict[str, Any]) -> dict[str, Any]:
        return {"agent_id": old["agent_id"], "session_id": old["session_id"], "expires_at": old["expires_s"] * 1_000}

    codec = EventCodec(versions={SessionLost: 3}, upcasts={("SessionLost", 1): in_seconds, ("SessionLost", 2): in_milliseconds})
    event = SessionLost(agent_id="a1", session_id="s1", expires_at=7_000)
    old = a_payload(
        ("SessionLost", 1, {"agent_id": "a1", "session": "s1", "expires_s": 7}),
        ("SessionLost", 2, {"agent_id": "a1", "session_id": "s1", "expires_s": 7}),
        ("SessionLost", 3, {"agent_id": "a1", "session_id": "s1", "expires_at": 7_000}),
    )
    assert [recorded.event for recorded in codec.decode(old)] == [event] * 3


def test_a_missing_step_is_noticed_at_once() -> None:
    """A codec that could not read an earlier version is not made."""
    with pytest.raises(ValueError, match="no step up from SessionLost 1"):
        EventCodec(versions={SessionLost: 2}, upcasts={})


def test_no_event_changes_its_shape_without_a_new_version() -> None:
    """The fields of every event are those kept for its version.

    After a change: raise the event's version, add the step up from the one before, then `python -m tests.golden.regenerate`.
    """
    assert event_shapes() == EVENT_SHAPES.read_text()
