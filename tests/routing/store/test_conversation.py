"""The story of a conversation is told whole, from whichever of its legs one asks."""

from routing.policy.registry import PolicyRegistry
from routing.store.account import Account, account_of
from routing.store.account_text import account_as_json, account_as_text
from routing.store.codec import read_events
from routing.store.conversation import has_legs, tell_conversation
from routing.store.memory import MemoryJournal
from routing.store.story import Viewpoint, tell, viewpoint_of
from tests.golden.journal_text import from_text
from tests.golden.scenes import FOLDER

SECOND_CALL = ["second", "auto-4", "advice", "back"]


def the_scene() -> MemoryJournal:
    """A call handed on, and one with two consultations, a broken conference and two transfers."""
    return from_text((FOLDER / "transfers.jsonl").read_text())


def the_account(interaction_id: str) -> Account:
    """The account after the last event; no policy is installed, so that no candidates are recomputed."""
    journal = the_scene()
    return account_of(journal, PolicyRegistry(), interaction_id, as_of_seq=journal.last_seq)


def test_every_leg_tells_the_same_conversation() -> None:
    """In order, with nothing of the other customer."""
    told = [the_account(leg_id).conversation for leg_id in SECOND_CALL]
    assert told[0] == told[1] == told[2] == told[3]
    assert list(dict.fromkeys(leg_id for leg_id, _ in told[0])) == SECOND_CALL
    assert [leg_id for leg_id, _ in the_account("first").conversation if leg_id not in {"first", "auto-2"}] == []


def test_the_text_and_the_json_say_who_had_the_customer_when() -> None:
    """One line a turn."""
    account = the_account("back")
    lines = list(account_as_text(account, str, str))
    start = lines.index("The whole conversation:")
    turns = lines[start + 1 : lines.index("", start)]
    assert len(turns) == len(account.conversation) == len(account_as_json(account)["conversation"])
    assert any("advice  came out of second as a consultation of ann" in line for line in turns)
    assert any("second  in a conference of ann and cyd, who is on as advice" in line for line in turns)
    assert any("second  handed on by ann (consult): the customer goes on as advice" in line for line in turns)
    assert turns[-1].endswith("ended: abandoned")


def test_an_interaction_of_one_leg_has_no_conversation_to_tell() -> None:
    """Until another one came out of it."""
    log = list(read_events(the_scene()))
    arrival = next(index for index, recorded in enumerate(log, 1) if getattr(recorded.event, "interaction", None) is not None)
    alone = tell(log[:arrival], "first")
    assert not has_legs(alone)
    whole = tell(log, "first")
    assert has_legs(whole)
    assert {leg_id for leg_id, _ in tell_conversation(log, whole)} == {"first", "auto-2"}
    # Its candidates are worth seeing just before the offer that was accepted, not before the end of the after-contact work.
    assert viewpoint_of(whole, Viewpoint(log[-1].seq, log[-1].at, None)).offer is not None
