"""Every reason for a refusal reaches the wire, with a status code."""

from itertools import pairwise
from pathlib import Path

import pytest

from routing.core.errors import RefusalReason
from routing.server.errors import STATUS_BY_REASON, wire_reason
from routing.v1 import refusal_pb2


@pytest.mark.parametrize("reason", RefusalReason)
def test_every_reason_of_the_core_has_a_name_on_the_wire(reason: RefusalReason) -> None:
    """The core's word with the wire's prefix."""
    assert refusal_pb2.RefusalReason.Name(wire_reason(reason)) == f"REFUSAL_REASON_{reason.name}"


def test_every_reason_on_the_wire_has_a_status() -> None:
    """All but the unspecified one, which is never sent."""
    numbers = set(refusal_pb2.RefusalReason.values()) - {refusal_pb2.REFUSAL_REASON_UNSPECIFIED}
    assert set(STATUS_BY_REASON) == numbers


def test_the_published_status_is_the_one_sent() -> None:
    """The comment beside each reason begins with its status code."""
    for before, line in pairwise(Path("proto/routing/v1/refusal.proto").read_text().splitlines()):
        name, _, number = line.strip().removesuffix(";").partition(" = ")
        if name.startswith("REFUSAL_REASON_") and not name.endswith("UNSPECIFIED"):
            assert before.strip().startswith(f"// {STATUS_BY_REASON[int(number)].name}:"), name
