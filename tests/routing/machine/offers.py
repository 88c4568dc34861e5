"""Offers are answered, and work is done."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from routing.core import commands
from routing.core.commands import DeclineReason
from tests.routing.machine.door import Door
from tests.routing.machine.draws import HANDLING, HELD, INTERRUPTED, WRAP_UP, durations, numbers, request_ids


class OfferRules(Door):
    """Offers are answered, and work is done."""

    @precondition(lambda self: self.router.state.offers)
    @rule(number=numbers, request_id=request_ids, is_slow=st.booleans())
    def an_agent_accepts(self, number: int, request_id: str | None, is_slow: bool) -> None:
        """At once, or after having the lease lengthened."""
        offer_id = self.offer_id(number)
        if is_slow:
            self.send(commands.ExtendOffer(offer_id=offer_id))
        self.send(commands.AcceptOffer(offer_id=offer_id, request_id=request_id))

    @precondition(lambda self: self.router.state.offers)
    @rule(numbers=st.lists(numbers, min_size=1, max_size=3))
    def agents_accept_at_once(self, numbers: list[int]) -> None:
        """Several accepts reach the router together; of one interaction only the first can win."""
        for offer_id in [self.offer_id(number) for number in numbers]:
            self.send(commands.AcceptOffer(offer_id=offer_id))

    @precondition(lambda self: self.router.state.offers)
    @rule(number=numbers, retry_ms=st.none() | durations, request_id=request_ids, is_withdrawn=st.booleans())
    def an_offer_comes_back(self, number: int, retry_ms: int | None, request_id: str | None, is_withdrawn: bool) -> None:
        """Declined by its agent, or withdrawn by a supervisor."""
        offer_id = self.offer_id(number)
        retry_at = None if retry_ms is None else self.now + retry_ms
        if is_withdrawn:
            self.send(commands.WithdrawOffer(offer_id=offer_id, reason="", request_id=request_id))
        else:
            self.send(commands.DeclineOffer(offer_id=offer_id, reason=DeclineReason.BUSY, retry_at=retry_at, request_id=request_id))

    @precondition(lambda self: self.has(HANDLING, HELD, INTERRUPTED))
    @rule(number=numbers, request_id=request_ids)
    def handling_ends(self, number: int, request_id: str | None) -> None:
        """The contact is over."""
        self.send(commands.EndHandling(interaction_id=self.in_phase(number, HANDLING, HELD, INTERRUPTED), request_id=request_id))

    @precondition(lambda self: self.has(HANDLING, HELD, INTERRUPTED))
    @rule(number=numbers, kind=st.sampled_from((commands.HoldHandling, commands.ResumeHandling)))
    def handling_is_held_or_resumed(self, number: int, kind: type[commands.HoldHandling | commands.ResumeHandling]) -> None:
        """Whether it fits or not."""
        self.send(kind(interaction_id=self.in_phase(number, HANDLING, HELD, INTERRUPTED)))

    @precondition(lambda self: self.has(HANDLING, HELD, INTERRUPTED))
    @rule(number=numbers)
    def the_media_leg_fails(self, number: int) -> None:
        """The interaction waits again."""
        self.send(commands.FailConnect(interaction_id=self.in_phase(number, HANDLING, HELD, INTERRUPTED), reason=""))

    @precondition(lambda self: self.has(WRAP_UP))
    @rule(number=numbers)
    def wrap_up_ends(self, number: int) -> None:
        """Before its limit."""
        self.send(commands.EndWrapUp(interaction_id=self.in_phase(number, WRAP_UP)))
