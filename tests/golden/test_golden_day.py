"""A journal written once is read by every later release, to the same state."""

from dataclasses import replace

import pytest

from routing.core.canonical import state_digest
from routing.core.events import OfferMade, Recorded
from routing.policy.registry import PolicyRegistry
from routing.store.codec import CODEC, EVENT_TYPES, encode_row, read_events
from routing.store.memory import MemoryJournal
from routing.store.replay import replay
from tests.builders import a_decision
from tests.golden.day import the_day
from tests.golden.journal_text import BEFORE_SITE_APPLIED_2, DAY, DIGEST, from_text
from tests.golden.scenes import FOLDER, NAMES, play, script_of

SCENES = [FOLDER / f"{name}.jsonl" for name in NAMES]


def test_the_kept_day_replays_to_the_kept_digest() -> None:
    """Rows, checksums and events of the kept journal give the state that was recorded, without any policy installed."""
    router = replay(from_text(DAY.read_text()), PolicyRegistry())
    assert state_digest(router.state) == DIGEST.read_text().strip()


def test_what_an_earlier_version_wrote_gives_the_same_state() -> None:
    """The morning as it was written before `SiteApplied` had its second version leads where today's rows of that morning lead."""
    today = list(from_text(DAY.read_text()).read())[: len(list(from_text(BEFORE_SITE_APPLIED_2.read_text()).read()))]
    earlier = replay(from_text(BEFORE_SITE_APPLIED_2.read_text()), PolicyRegistry())
    assert state_digest(replay(MemoryJournal(today), PolicyRegistry()).state) == state_digest(earlier.state)


def test_the_kept_journals_hold_every_kind_of_event() -> None:
    """What is not in them is not protected by them."""
    kinds = {type(recorded.event) for kept in (DAY, *SCENES) for recorded in read_events(from_text(kept.read_text()))}
    assert sorted(kind.__name__ for kind in EVENT_TYPES if kind not in kinds) == []


def test_the_kept_rows_are_written_the_same_today() -> None:
    """Reading a row and writing it again gives its bytes: nothing is lost on the way, not even the order of keys."""
    for sealed in from_text(DAY.read_text()).read():
        assert encode_row(CODEC.decode(sealed.row)) == sealed.row


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_goes_as_it_went_and_is_read_to_the_same_state(name: str) -> None:
    """The script gives the kept events again, and the kept bytes the kept state, without any policy installed."""
    kept = from_text((FOLDER / f"{name}.jsonl").read_text())
    router, log = play(script_of(name))
    assert [without_decision(recorded) for row in log for recorded in row] == [without_decision(one) for one in read_events(kept)]
    digest = (FOLDER / f"{name}.digest").read_text().strip()
    assert state_digest(router.state) == digest
    assert state_digest(replay(kept, PolicyRegistry()).state) == digest


def test_the_day_goes_as_it_went() -> None:
    """The script gives the kept events again, who was offered what and when, down to the last of them; else behaviour changed unnoticed."""
    kept = [without_decision(recorded) for recorded in read_events(from_text(DAY.read_text()))]
    assert [without_decision(recorded) for row in the_day().log for recorded in row] == kept


def without_decision(recorded: Recorded) -> Recorded:
    """The event without the reasons of its decision, which name the release and may be told better by a later one."""
    if not isinstance(recorded.event, OfferMade):
        return recorded
    return recorded._replace(event=replace(recorded.event, decision=a_decision()))
