"""A second reader of the log: it keeps its own books from the events alone, and shares no code with the router but the events' names."""

from collections import Counter
from typing import NamedTuple

from routing.core import events
from routing.core.events import Recorded
from routing.core.lifecycle import InteractionPhase
from routing.core.state import State
from routing.model.callback import Promise
from routing.model.ids import AgentId, InteractionId, OfferId, QueueId
from routing.model.interaction import Interaction
from routing.model.time import Instant

WAITS, TAKEN, AFTERWARDS = "waits", "taken", "afterwards"
_BOOKS = {InteractionPhase.WAITING: WAITS, InteractionPhase.WRAP_UP: AFTERWARDS}


class Lease(NamedTuple):
    """A live offer as the log tells it."""

    interaction_id: InteractionId
    agent_id: AgentId
    expires_at: Instant
    queue_id: QueueId


class Reader:
    """What the log says of every live interaction, offer and promise. A line that cannot follow from those before it fails the test."""

    def __init__(self) -> None:
        self.last = (0, 0)
        self.queues: dict[InteractionId, QueueId] = {}
        self.where: dict[InteractionId, str] = {}
        self.agents: dict[InteractionId, AgentId] = {}
        self.aside: dict[InteractionId, AgentId] = {}
        self.talks: dict[InteractionId, tuple[InteractionId, Instant]] = {}
        self.tied: dict[InteractionId, InteractionId] = {}
        self.together: dict[InteractionId, None] = {}
        self.leases: dict[OfferId, Lease] = {}
        self.promises: dict[InteractionId, Instant] = {}
        self.offered: dict[OfferId, None] = {}
        self.moves: Counter[QueueId] = Counter()
        self.arrived = 0
        self.ended = 0

    # ---- one line ----

    def read(self, recorded: Recorded) -> None:
        """Take one line into the books."""
        seq, at = self.last
        assert recorded.seq == seq + 1
        assert recorded.at >= at
        self.last = (recorded.seq, recorded.at)
        self._read_of_interaction(recorded)
        self._read_of_offer(recorded)
        self._read_of_handling(recorded)
        self._read_of_tie(recorded)
        self._read_of_promise(recorded)

    def _read_of_interaction(self, recorded: Recorded) -> None:
        match recorded.event:
            case events.InteractionQueued(interaction=Interaction(id=key, leg=leg), route=route):
                assert key not in self.where
                self.arrived += 1
                self.where[key] = WAITS
                self.talks[key] = (key, recorded.at) if leg is None else (leg.first_id, leg.first_at)
                self._enter(key, route.queue_id)
            case events.RouteChanged(interaction_id=key, new=route) | events.RequirementRelaxed(interaction_id=key, route=route):
                assert self.where[key] == WAITS
                self._enter(key, route.queue_id)
                known = [branch.queue_id for branch in route.branches]
                for offer_id, lease in self.leases.items():
                    if lease.interaction_id == key and lease.queue_id not in known:
                        self.leases[offer_id] = lease._replace(queue_id="")
            case events.InteractionDiverted(interaction_id=key, queue_id=queue_id, route=route):
                assert self.where[key] == WAITS
                assert self.queues[key] == queue_id
                if route is not None:
                    self._enter(key, route.queue_id)
            case events.InteractionEnded(interaction_id=key, agent_id=agent_id):
                assert self.agents.pop(key, None) == agent_id
                assert not [lease for lease in self.leases.values() if lease.interaction_id == key]
                assert key not in self.tied or self.where[key] == AFTERWARDS
                assert recorded.at <= self.promises.pop(key, recorded.at)
                self.ended += 1
                self.moves[self.queues.pop(key)] -= 1
                del self.where[key], self.talks[key]
                self.aside.pop(key, None)
            case _:
                pass

    def _read_of_offer(self, recorded: Recorded) -> None:
        match recorded.event:
            case events.OfferMade(offer_id=offer_id, interaction_id=key, agent_id=agent_id, expires_at=expires_at, queue_id=queue_id):
                assert self.where[key] == WAITS
                assert offer_id not in self.offered
                assert (key, agent_id) not in [lease[:2] for lease in self.leases.values()]
                self.offered[offer_id] = None
                self.leases[offer_id] = Lease(key, agent_id, expires_at, queue_id)
            case events.OfferExtended(offer_id=offer_id, expires_at=expires_at):
                assert expires_at >= self.leases[offer_id].expires_at
                self.leases[offer_id] = self.leases[offer_id]._replace(expires_at=expires_at)
            case events.OfferAccepted(offer_id=offer_id, interaction_id=key, agent_id=agent_id):
                lease = self.leases.pop(offer_id)
                assert lease[:2] == (key, agent_id)
                assert recorded.at < lease.expires_at
                assert self.where[key] == WAITS
                assert key not in self.agents
                self.where[key], self.agents[key] = TAKEN, agent_id
                if lease.queue_id:
                    self._enter(key, lease.queue_id)
            case events.OfferExpired(offer_id=offer_id, interaction_id=key, agent_id=agent_id, due_at=due_at):
                assert self.leases.pop(offer_id)[:3] == (key, agent_id, due_at)
                assert recorded.at >= due_at
            case (
                events.OfferDeclined(offer_id=offer_id, interaction_id=key, agent_id=agent_id)
                | events.OfferWithdrawn(offer_id=offer_id, interaction_id=key, agent_id=agent_id)
            ):
                assert self.leases.pop(offer_id)[:2] == (key, agent_id)
            case events.AgentRemoved(agent_id=agent_id):
                assert agent_id not in self.agents.values()
                assert agent_id not in [lease.agent_id for lease in self.leases.values()]
            case _:
                pass

    def _read_of_handling(self, recorded: Recorded) -> None:
        match recorded.event:
            case events.HandlingInterrupted(interaction_id=key, agent_id=agent_id):
                assert (self.where[key], self.agents[key]) == (TAKEN, agent_id)
                assert key not in self.aside
                self.aside[key] = agent_id
            case events.InterruptionEnded(interaction_id=key, agent_id=agent_id):
                assert self.aside.pop(key) == agent_id
            case events.HandlingReturned(interaction_id=key, agent_id=agent_id):
                assert (self.where[key], self.agents.pop(key)) == (TAKEN, agent_id)
                self.where[key] = WAITS
                self.aside.pop(key, None)
            case events.HandlingEnded(interaction_id=key, agent_id=agent_id, wrap_up_until=until):
                assert (self.where[key], self.agents[key]) == (TAKEN, agent_id)
                assert until >= recorded.at
                self.where[key] = AFTERWARDS
                self.aside.pop(key, None)
            case events.CallbackAttemptEnded(interaction_id=key, agent_id=agent_id):
                assert self.agents.pop(key, None) == agent_id
                assert key not in self.aside
                self.where[key] = WAITS
            case _:
                pass

    def _read_of_tie(self, recorded: Recorded) -> None:
        match recorded.event:
            case events.ConsultStarted(interaction_id=key, agent_id=agent_id, leg_id=leg_id):
                assert (self.where[key], self.agents[key]) == (TAKEN, agent_id)
                assert key not in self.tied
                assert key not in self.aside
                assert self.where[leg_id] == WAITS
                self.tied[key] = leg_id
            case events.ConferenceStarted(interaction_id=key, agent_id=agent_id, leg_id=leg_id, partner_id=partner_id):
                assert (self.tied[key], self.agents[key], self.agents[leg_id]) == (leg_id, agent_id, partner_id)
                assert agent_id != partner_id
                assert key not in self.together
                self.together[key] = None
            case events.ConferenceEnded(interaction_id=key, leg_id=leg_id):
                assert self.tied[key] == leg_id
                del self.together[key]
            case events.ConsultEnded(interaction_id=key, leg_id=leg_id):
                assert self.tied.pop(key) == leg_id
                assert key not in self.together
            case events.InteractionTransferred(interaction_id=key, leg_id=leg_id):
                assert self.tied.pop(key, leg_id) == leg_id
                assert self.where[leg_id] in (WAITS, TAKEN)
                self.together.pop(key, None)
            case _:
                pass

    def _read_of_promise(self, recorded: Recorded) -> None:
        match recorded.event:
            case events.CallbackRequested(interaction=Interaction(id=key), promised_at=promised_at):
                assert self.where[key] == WAITS
                assert key not in self.promises
                if promised_at is not None:
                    self.promises[key] = promised_at
            case events.PromiseKept(interaction_id=key):
                assert recorded.at <= self.promises.pop(key)
            case events.PromiseBroken(interaction_id=key, due_at=due_at):
                assert recorded.at >= due_at == self.promises.pop(key) + 1
            case _:
                pass

    def _enter(self, key: InteractionId, queue_id: QueueId) -> None:
        before = self.queues.get(key)
        if before is not None:
            self.moves[before] -= 1
        self.moves[queue_id] += 1
        self.queues[key] = queue_id

    # ---- once a command is done ----

    def compare(self, state: State) -> None:
        """The router's rows are what the log says, and the books add up."""
        rows = state.interactions
        assert self.where == {key: _BOOKS.get(row.phase, TAKEN) for key, row in rows.items()}
        assert self.queues == {key: row.route.queue_id for key, row in rows.items()}
        assert +self.moves == Counter(self.queues.values())
        assert self.agents == {key: row.agent_id for key, row in rows.items() if row.agent_id is not None}
        assert self.aside == {key: agent_id for agent_id, agent in state.agents.items() for key in agent.set_aside}
        assert {key: lease[:3] for key, lease in self.leases.items()} == {
            key: (offer.interaction_id, offer.agent_id, offer.expires_at) for key, offer in state.offers.items()
        }
        promised = {key: row.callback.promised_at for key, row in rows.items() if row.callback and row.callback.promise is Promise.OPEN}
        assert self.promises == promised
        assert self.arrived - self.ended == len(rows)
        self._compare_conversations()
        self._compare_places(state)

    def _compare_conversations(self) -> None:
        """One agent has a customer, two where one asks another; and whoever is asked is somebody else."""
        talks = Counter(self.talks[key] for key, where in self.where.items() if where != AFTERWARDS)
        talks.subtract(self.talks[key] for key in self.tied)
        assert all(count == 1 for count in talks.values()), talks
        for key, leg_id in self.tied.items():
            assert self.agents[key] != self.agents.get(leg_id)
            assert key not in self.aside
            assert leg_id not in self.aside

    def _compare_places(self, state: State) -> None:
        """The places of a line are 1, 2, 3 to its end."""
        if state.lines is None:
            return
        places: dict[QueueId, list[int]] = {}
        for key, where in self.where.items():
            if where == WAITS:
                places.setdefault(self.queues[key], []).append(state.lines.place_of(key))
        for queue_id, found in places.items():
            assert sorted(found) == list(range(1, len(found) + 1)), queue_id
