"""Canonical text: equal content has equal hashes, and whatever has no canonical form is refused."""

import pytest

from routing.core.canonical import content_hash, plain, state_digest
from routing.model.agent import Presence
from routing.model.queue import MissedOfferRule
from tests.builders import a_site, an_agent, an_interaction
from tests.routing.core.desk import a_desk


def test_records_become_plain_json() -> None:
    """Names of fields are kept, enumerations say their value, tuples become lists."""
    expected = {"id": "a1", "attributes": {"sales": 7}, "capacity": 100, "channel_maxima": {"voice": 1}, "wrap_up_limit_ms": None}
    assert expected == plain(an_agent(skills="sales:7", channels="voice:1"))
    assert ["available", None, True, [1, "x"]] == plain((Presence.AVAILABLE, None, True, [1, "x"]))


def test_the_order_of_a_mapping_is_not_content_but_that_of_a_list_is() -> None:
    """Two ways to write the same agent have one hash."""
    assert content_hash(an_agent(skills="a:1 b:2")) == content_hash(an_agent(skills="b:2 a:1"))
    assert content_hash([1, 2]) != content_hash([2, 1])


def test_a_field_that_came_later_changes_no_earlier_hash() -> None:
    """While it holds the rule as it was before it existed, canonical text does not name it; what is shown to people does."""
    rule = MissedOfferRule(threshold=2)
    assert content_hash({"threshold": 2}) == content_hash(rule)
    assert content_hash({"threshold": 2, "presence": "offline"}) == content_hash(MissedOfferRule(threshold=2, presence=Presence.OFFLINE))
    assert {"threshold": 2, "presence": "not_ready", "counts_unreachable": False, "scope": "agent"} == plain(rule)


def test_a_hash_is_the_same_in_every_process_and_release() -> None:
    """Golden: a journal written by an older release must stay comparable."""
    assert "ab517458b816dfc0fa51fd09301a5820" == content_hash(["é", {"b": 1, "a": None}])


@pytest.mark.parametrize("value", [1.5, {1, 2}, b"bytes", object(), dict])
def test_a_value_without_a_canonical_form_is_refused(value: object) -> None:
    """No floats, no sets: they differ between machines or runs."""
    with pytest.raises(TypeError, match="no canonical form"):
        plain(value)


def test_a_lone_surrogate_has_a_hash() -> None:
    """Text that can not be encoded must not stop the router."""
    assert content_hash("\ud800") != content_hash("\ud801")


def test_the_digest_leaves_out_what_is_derived() -> None:
    """Finding the next deadline and forgetting marks changes no digest; an event does."""
    desk = a_desk(a_site())
    before = state_digest(desk.state)
    desk.state.deadlines.first()
    desk.state.marks.forget_dirty()
    assert before == state_digest(desk.state)
    desk.enqueue(an_interaction())
    assert before != state_digest(desk.state)
