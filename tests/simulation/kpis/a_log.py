"""A log written by hand: one line a fact, in seconds, with sequence numbers filled in."""

from routing.core import events
from routing.core.events import Event, Recorded, RouteCause, WithdrawCause
from routing.model.agent import Presence
from routing.model.interaction import EndCause
from routing.model.site import Site
from routing.model.time import SECOND_MS, Instant
from simulation.kpis.facts import Facts, facts_of
from simulation.kpis.ledger import Ledger
from tests.builders import a_decision, a_route, a_site, an_agent, an_interaction

START: Instant = 1_439_280_000_000
"""11 August 2015, 08:00 UTC: a full half hour."""


class HandWritten:
    """Collects events; every method takes the second at which its fact happened. Ids of offers are `interaction/agent`."""

    def __init__(self, site: Site | None = None) -> None:
        self.log: list[Recorded] = []
        self.site = site or a_site()
        self.add(0, events.SiteApplied(site=self.site, site_hash="site"))

    def add(self, second: float, event: Event) -> None:
        """Any event."""
        self.log.append(Recorded(len(self.log) + 1, START + round(second * SECOND_MS), None, event))

    def agent(self, agent_id: str, *, capacity: int = 100, second: float = 0) -> None:
        """An agent is registered and available."""
        self.add(second, events.AgentPut(agent=an_agent(agent_id, capacity=capacity)))
        self.presence(second, agent_id, Presence.AVAILABLE)

    def presence(self, second: float, agent_id: str, presence: Presence, reason: str = "") -> None:
        """An agent's presence changes."""
        self.add(second, events.PresenceChanged(agent_id=agent_id, presence=presence, reason=reason))

    def external(self, second: float, agent_id: str, work_id: str, *, cost: int) -> None:
        """An agent begins something that was not routed."""
        event = events.ExternalWorkStarted(
            agent_id=agent_id, work_id=work_id, channel="voice", capacity_cost=cost, is_assignment=False, reason=""
        )
        self.add(second, event)

    def external_over(self, second: float, agent_id: str, work_id: str) -> None:
        """It is over."""
        self.add(second, events.ExternalWorkEnded(agent_id=agent_id, work_id=work_id))

    def queued(
        self, second: float, interaction_id: str, *, queue: str = "main", channel: str = "voice", due_second: float | None = None
    ) -> None:
        """An interaction arrives."""
        due_at = None if due_second is None else START + round(due_second * SECOND_MS)
        interaction = an_interaction(interaction_id, channel=channel, due_at=due_at)
        self.add(second, events.InteractionQueued(interaction=interaction, route=a_route(queue=queue)))

    def moved(self, second: float, interaction_id: str, queue: str) -> None:
        """An interaction is classified again."""
        route = a_route(queue=queue)
        self.add(second, events.RouteChanged(interaction_id=interaction_id, old=route, new=route, cause=RouteCause.UPDATED))

    def offered(self, second: float, interaction_id: str, agent_id: str) -> None:
        """An offer is made."""
        self.add(
            second,
            events.OfferMade(
                offer_id=f"{interaction_id}/{agent_id}",
                interaction_id=interaction_id,
                agent_id=agent_id,
                expires_at=0,
                decision=a_decision(),
            ),
        )

    def withdrawn(self, second: float, interaction_id: str, agent_id: str) -> None:
        """An offer is taken back."""
        offer_id = f"{interaction_id}/{agent_id}"
        cause = WithdrawCause.INTERACTION_ENDED
        self.add(second, events.OfferWithdrawn(offer_id=offer_id, interaction_id=interaction_id, agent_id=agent_id, cause=cause))

    def accepted(self, second: float, interaction_id: str, agent_id: str) -> None:
        """An offer is accepted."""
        offer_id = f"{interaction_id}/{agent_id}"
        self.add(second, events.OfferAccepted(offer_id=offer_id, interaction_id=interaction_id, agent_id=agent_id))

    def returned(self, second: float, interaction_id: str, agent_id: str) -> None:
        """A connection fails: the interaction waits on."""
        cause = events.ReturnCause.CONNECT_FAILED
        self.add(second, events.HandlingReturned(interaction_id=interaction_id, agent_id=agent_id, cause=cause, excluded_until=0))

    def ended(self, second: float, interaction_id: str, agent_id: str | None = None, cause: EndCause = EndCause.HANDLED) -> None:
        """An interaction ends."""
        self.add(second, events.InteractionEnded(interaction_id=interaction_id, agent_id=agent_id, cause=cause, forget_before=0))

    def abandoned(self, second: float, interaction_id: str) -> None:
        """A customer leaves."""
        self.ended(second, interaction_id, None, EndCause.ABANDONED)

    def handled(self, second: float, interaction_id: str, agent_id: str, *, until: float) -> None:
        """An offer is made and accepted at once, and the work, wrap-up included, lasts until the second `until`."""
        self.offered(second, interaction_id, agent_id)
        self.accepted(second, interaction_id, agent_id)
        self.ended(until, interaction_id, agent_id)

    def facts(self, until: float) -> Facts:
        """The facts of the log, observed until a second. Facts may have been written out of order of time; the log is sorted first."""
        ordered = sorted(self.log, key=lambda recorded: recorded.at)
        return facts_of(Ledger().read(ordered), starts_at=START, ends_at=START + round(until * SECOND_MS))
