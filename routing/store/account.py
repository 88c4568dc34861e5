"""The account of one interaction: its story, and all candidates as they stood at the moment that matters."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import InteractionEnded, MatchDeferred, OfferMade, Recorded
from routing.engine import Router
from routing.model.decision import Compared
from routing.model.ids import InteractionId
from routing.model.interaction import EndCause
from routing.policy.explain import Explanation
from routing.policy.registry import PolicyRegistry
from routing.store.codec import CODEC, read_events
from routing.store.conversation import has_legs, tell_conversation
from routing.store.journal import JournalReader
from routing.store.story import Entry, Story, Viewpoint, tell, viewpoint_of

_TURNED_AWAY: Final = (EndCause.DIVERTED, EndCause.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Every agent towards the interaction, recomputed by replaying the journal up to `view`.

    `agrees` says whether the recomputation gives the chosen pair the value that its offer recorded; `None` where there was no offer. It is
    false where the policy's parts have changed since, or where a joint match decided several rounds at once.
    """

    view: Viewpoint
    explanation: Explanation
    agrees: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A story as of `as_of_seq`. Without `candidates`, `no_candidates` says why they could not be recomputed.

    `conversation` has the turns of all legs where there are several.
    """

    story: Story
    as_of_seq: int
    candidates: Candidates | None
    no_candidates: str
    conversation: tuple[tuple[InteractionId, Entry], ...] = ()


def account_of(journal: JournalReader, registry: PolicyRegistry, interaction_id: InteractionId, *, as_of_seq: int) -> Account:
    """The account of an interaction as the journal stood after `as_of_seq`, which it must hold.

    Raises:
        UnknownInteraction: it had not arrived.
        JournalDamaged, JournalNewer: the journal cannot be read.
    """
    story = tell(_log(journal, as_of_seq), interaction_id)
    turns = tell_conversation(_log(journal, as_of_seq), story) if has_legs(story) else ()
    if _was_turned_away(story):
        why = "nobody was looked for, because it was turned away on arrival"
        return Account(story=story, as_of_seq=as_of_seq, candidates=None, no_candidates=why, conversation=turns)
    end = Viewpoint(as_of_seq, next(read_events(journal, as_of_seq)).at, None)
    view = viewpoint_of(story, end)
    try:
        candidates = _candidates(journal, registry, story, view)
    except CommandRefused as refused:
        if refused.reason is not RefusalReason.UNKNOWN_POLICY:
            raise
        return Account(story=story, as_of_seq=as_of_seq, candidates=None, no_candidates=refused.text, conversation=turns)
    return Account(story=story, as_of_seq=as_of_seq, candidates=candidates, no_candidates="", conversation=turns)


def _was_turned_away(story: Story) -> bool:
    """Whether a door of its queue ended it in the moment of its arrival."""
    last = story.entries[-1]
    return isinstance(last.event, InteractionEnded) and last.event.cause in _TURNED_AWAY and last.at == story.arrived_at


def _log(journal: JournalReader, last_seq: int) -> Iterator[Recorded]:
    return takewhile(lambda recorded: recorded.seq <= last_seq, read_events(journal))


def _candidates(journal: JournalReader, registry: PolicyRegistry, story: Story, view: Viewpoint) -> Candidates:
    interaction_id = story.interaction.id
    explanation = _explanation(journal, registry, interaction_id, view)
    offer = view.offer
    if offer is None:
        return Candidates(view=view, explanation=explanation, agrees=None)
    if _agrees(explanation, offer):
        return Candidates(view=view, explanation=explanation, agrees=True)
    # A joint match decides for several pairs at once, before the first of their offers.
    before_all = view._replace(seq=_seq_before_match(journal, offer.seq))
    joint = _explanation(journal, registry, interaction_id, before_all)
    if before_all != view and _agrees(joint, offer):
        return Candidates(view=before_all, explanation=joint, agrees=True)
    return Candidates(view=view, explanation=explanation, agrees=False)


def _explanation(journal: JournalReader, registry: PolicyRegistry, interaction_id: InteractionId, view: Viewpoint) -> Explanation:
    return Router.restore(registry, _log(journal, view.seq)).explain(interaction_id, view.at)


def _agrees(explanation: Explanation, offer: Entry) -> bool:
    """Whether the chosen pair has its recorded value again, and, where agents competed alone, the whole ranking its recorded order."""
    if not isinstance(offer.event, OfferMade):
        return False
    decision = offer.event.decision
    eligible = [standing for standing in explanation.standings if not standing.excluded_by]
    if decision.compared is Compared.AGENTS:
        found = [(standing.agent_id, standing.net, standing.terms) for standing in eligible[: len(decision.best)]]
        recorded = [(candidate.id, candidate.net, candidate.terms) for candidate in decision.best]
        return (decision.urgency, decision.eligible, recorded) == (explanation.urgency, len(eligible), found)
    chosen = decision.best[0]
    return any((one.agent_id, one.net, one.terms) == (offer.event.agent_id, chosen.net, chosen.terms) for one in eligible)


def _seq_before_match(journal: JournalReader, seq: int) -> int:
    """The sequence before the run of offers and deferrals, within one row, that `seq` belongs to."""
    row = CODEC.decode(next(journal.read(seq)).row)
    while row and row[-1].seq >= seq:
        row.pop()
    while row and isinstance(row[-1].event, OfferMade | MatchDeferred):
        seq = row.pop().seq
    return seq - 1
