"""Customers who are known, who ask for one agent, or who will not wait for long."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from routing.core import commands
from routing.core.commands import DeclineReason
from tests.builders import an_interaction
from tests.routing.machine.door import Door
from tests.routing.machine.draws import needs, numbers
from tests.routing.machine.sites import AGENT_IDS, CHANNELS


class CustomerRules(Door):
    """Customers who are known, who ask for one agent, or who will not wait for long; and devices that do not ring."""

    @precondition(lambda self: not self.is_crowded)
    @rule(
        medium=st.tuples(st.sampled_from(CHANNELS), st.sampled_from(("sales", "urgent", "other")), needs),
        preferred=st.sampled_from(("", "a1:100 a2:40", "a3:60 nobody:90")),
        customer=st.tuples(st.sampled_from((None, "kim", "lee", "max")), st.sampled_from((None, None, 1, 2_000, 20_000))),
        agent_id=st.sampled_from((None, None, *AGENT_IDS, "nobody")),
    )
    def a_customer_is_known(
        self, medium: tuple[str, str, str], preferred: str, customer: tuple[str | None, int | None], agent_id: str | None
    ) -> None:
        """With any of what a platform may say of them."""
        (channel, kind, needed), (customer_id, stay_limit_ms) = medium, customer
        arrival = an_interaction(
            "",
            channel=channel,
            type=kind,
            needs=needed,
            preferred=preferred,
            agent_id=agent_id,
            customer_id=customer_id,
            stay_limit_ms=stay_limit_ms,
        )
        self.send(commands.EnqueueInteraction(interaction=arrival))

    @precondition(lambda self: self.router.state.offers)
    @rule(number=numbers, reason=st.sampled_from(DeclineReason))
    def a_device_does_not_ring(self, number: int, reason: DeclineReason) -> None:
        """Or its agent says no, without naming a time."""
        self.send(commands.DeclineOffer(offer_id=self.offer_id(number), reason=reason))
