"""An auditor's ledger over a journal: counts every interaction, offer and agent in and out, and notes what does not add up.

It shares no code with the router on purpose, not even the classes of the events: it reads their JSON. A mistake that the router makes
twice, once when it decides and again when it replays, is seen here.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from routing.store.budgets import Budgets
from routing.store.errors import JournalNewer

Fields = Mapping[str, Any]

_LATEST: Mapping[str, int] = {
    "SiteApplied": 4,
    "InteractionQueued": 2,
    "InteractionUpdated": 2,
    "InteractionEnded": 2,
    "RouteChanged": 2,
    "RequirementRelaxed": 2,
    "OfferDeclined": 2,
    "OfferExpired": 2,
    "OfferWithdrawn": 2,
    "ExclusionEnded": 2,
    "RequestRecorded": 2,
    "AgentPut": 2,
    "HandlingReturned": 2,
    "SessionExpired": 2,
    "OfferMade": 2,
}
"""Events whose versions up to this one hold what the ledger reads of them in the same place; all others have version 1 only."""


class Finding(NamedTuple):
    """Something in the journal that cannot be right."""

    seq: int
    problem: str


@dataclass(slots=True)
class _Interaction:
    channel: str
    agent: str | None = None
    cost: int = 0
    cost_aside: int = 0
    phase: str = "waiting"
    offers: dict[str, None] = field(default_factory=dict)
    barred: tuple[str, ...] = ()
    is_transferred: bool = False
    callback: str = ""


class _Offer(NamedTuple):
    interaction: str
    agent: str
    cost: int


class Ledger:
    """Takes events in order, as name and JSON fields; `findings` and the counts are complete after the last one."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.arrived = 0
        self.legs = 0
        self.ended: Counter[str] = Counter()
        self.offers_made = 0
        self.offers_ended: Counter[str] = Counter()
        self.requests = 0
        self._seq = 0
        self._costs: Mapping[str, int] = {}
        self._interruptible: Mapping[str, Sequence[str]] = {}
        self._live: dict[str, _Interaction] = {}
        self._offers: dict[str, _Offer] = {}
        self._budgets = Budgets(self._note)
        self._request_at: dict[str, int] = {}
        self._offers_seen: set[str] = set()
        self._take: Mapping[str, Callable[[Fields, int], object]] = self._table()

    @property
    def live(self) -> Counter[str]:
        """How many interactions have not ended, by phase."""
        return Counter(item.phase for item in self._live.values())

    @property
    def offers_open(self) -> int:
        """How many offers have not ended."""
        return len(self._offers)

    def take(self, *, seq: int, at: int, name: str, version: int, fields: Fields) -> None:
        """Enter one event.

        Raises:
            JournalNewer: this audit does not know the event, or this version of it.
        """
        self._seq = seq
        if name not in self._take or not 1 <= version <= _LATEST.get(name, 1):
            remedy = "Use the audit of the version of careroute that wrote it."
            raise JournalNewer(f"event {seq} is {name} in version {version}, which this audit does not know", remedy=remedy)
        self._take[name](fields, at)

    def close(self) -> None:
        """Check what must hold over the whole: nothing arrived that neither lives nor ended, nor the other way round."""
        if self.arrived != len(self._live) + self.ended.total():
            self._note(f"{self.arrived} arrived, but {self.ended.total()} ended and {len(self._live)} are open")
        if self.offers_made != len(self._offers) + self.offers_ended.total():
            self._note(f"{self.offers_made} offers were made, but {self.offers_ended.total()} ended and {len(self._offers)} are open")

    def _table(self) -> Mapping[str, Callable[[Fields, int], object]]:
        about_waiting = (
            "RouteChanged",
            "RequirementRelaxed",
            "MatchDeferred",
            "MatchDue",
            "ExclusionEnded",
            "ReservationLimited",
            "ReservationEnded",
            "InteractionDiverted",
        )
        about_agents = (
            *("PresenceChanged", "SessionOpened", "SessionLost", "SessionExpired", "HandlingGraceEnded", "AgentPaused", "AgentUnpaused"),
            *("AssignmentCounted", "AssignmentLimitEnded", "CommitmentsPut", "CommitmentEnded"),
        )
        return {
            "RequestRecorded": self._request,
            "SiteApplied": self._site,
            **dict.fromkeys(("WindowClosed", "QueueOpened", "QueueClosed", "CustomerRemembered"), lambda _fields, _at: None),
            "AgentPut": self._budgets.put,
            "AgentRemoved": self._budgets.remove,
            **dict.fromkeys(about_agents, lambda fields, _: self._budgets.expect(fields["agent_id"])),
            "InteractionQueued": self._arrive,
            "InteractionUpdated": lambda fields, _: self._expect(fields["interaction"]["id"], "waiting"),
            **dict.fromkeys(about_waiting, lambda fields, _: self._expect(fields["interaction_id"], "waiting")),
            "OfferMade": self._make_offer,
            "OfferExtended": self._extend_offer,
            "OfferAccepted": self._accept,
            "OfferDeclined": lambda fields, _: self._end_offer(fields, "declined"),
            "OfferExpired": lambda fields, _: self._end_offer(fields, "expired"),
            "OfferWithdrawn": lambda fields, _: self._end_offer(fields, "withdrawn"),
            "HandlingHeld": lambda fields, _: self._work(fields, ("handling",), "held"),
            "HandlingResumed": lambda fields, _: self._work(fields, ("held",), "handling"),
            "HandlingInterrupted": self._set_aside,
            "InterruptionEnded": self._take_up,
            "HandlingEnded": lambda fields, _: self._work(fields, ("handling", "held", "interrupted"), "wrap_up"),
            "ExternalWorkStarted": self._budgets.start_external,
            "ExternalWorkEnded": self._budgets.end_external,
            "HandlingReturned": self._return,
            "InteractionTransferred": self._transfer,
            "ConsultStarted": lambda fields, _: self._tie(fields, "held"),
            "ConsultEnded": lambda fields, _: self._tie(fields, "handling"),
            "ConferenceStarted": self._confer,
            "ConferenceEnded": self._confer_no_more,
            "CallbackRequested": self._call_back,
            **dict.fromkeys(("CallbackDue", "CallbackRaised", "PromiseBroken"), lambda fields, _: self._expect_callback(fields)),
            "PromiseKept": lambda fields, _: self._expect_callback(fields, "handling"),
            "CallbackLaunched": self._launch,
            "CallbackReached": self._reach,
            "CallbackAttemptEnded": self._end_attempt,
            "InteractionEnded": self._end,
        }

    def _note(self, problem: str) -> None:
        self.findings.append(Finding(self._seq, problem))

    # ---- requests, site, agents ----

    def _request(self, fields: Fields, at: int) -> None:
        self.requests += 1
        before = self._request_at.get(fields["request_id"])
        if before is not None and before >= fields["forget_before"]:
            self._note(f"request {fields['request_id']!r} was carried out twice")
        self._request_at[fields["request_id"]] = at

    def _site(self, fields: Fields, _at: int) -> None:
        channels = fields["site"]["channels"]
        self._costs = {name: channel["capacity_cost"] for name, channel in channels.items()}
        self._interruptible = {name: channel.get("interruptible_by", ()) for name, channel in channels.items()}

    def _yielding(self, agent_id: str, by: str) -> int:
        """What an agent works on and may set aside for channel `by`."""
        at_work = [item for item in self._live.values() if item.agent == agent_id and item.phase in {"handling", "held"}]
        return sum(item.cost for item in at_work if by in self._interruptible.get(item.channel, ()))

    # ---- interactions and offers ----

    def _arrive(self, fields: Fields, _at: int) -> None:
        self.arrived += 1
        interaction = fields["interaction"]
        if interaction["id"] in self._live:
            self._note(f"interaction {interaction['id']!r} arrived again before it had ended")
        item = self._live[interaction["id"]] = _Interaction(interaction["channel"])
        leg = interaction.get("leg")
        if leg is not None:
            self.legs += 1
            item.barred = tuple(leg["barred"])
            self._expect(leg["parent_id"], "handling", "held")

    def _expect(self, interaction_id: str, *phases: str) -> _Interaction | None:
        item = self._live.get(interaction_id)
        if item is None:
            self._note(f"interaction {interaction_id!r} never arrived or has ended before")
            return None
        if item.phase not in phases:
            self._note(f"interaction {interaction_id!r} is {item.phase}, not {' or '.join(phases)}")
        return item

    def _make_offer(self, fields: Fields, _at: int) -> None:
        self.offers_made += 1
        offer_id, agent_id = fields["offer_id"], fields["agent_id"]
        if offer_id in self._offers_seen:
            self._note(f"offer {offer_id!r} was made twice")
        self._offers_seen.add(offer_id)
        item = self._expect(fields["interaction_id"], "waiting")
        if item is None:
            return
        if agent_id in item.barred:
            self._note(f"offer {offer_id!r} went back to agent {agent_id!r}, who is barred from it")
        cost = self._costs.get(item.channel, 0)
        item.offers[offer_id] = None
        self._offers[offer_id] = _Offer(fields["interaction_id"], agent_id, cost)
        self._budgets.reserve(agent_id, item.channel, cost, yielding=partial(self._yielding, agent_id, item.channel))

    def _offer(self, fields: Fields) -> _Offer | None:
        offer = self._offers.get(fields["offer_id"])
        if offer is None:
            self._note(f"offer {fields['offer_id']!r} was never made or has ended before")
        elif offer.interaction != fields["interaction_id"] or offer.agent != fields.get("agent_id", offer.agent):
            self._note(f"offer {fields['offer_id']!r} was of another interaction or to another agent")
        return offer

    def _extend_offer(self, fields: Fields, _at: int) -> None:
        self._offer(fields)

    def _close_offer(self, fields: Fields, how: str) -> _Offer | None:
        offer = self._offer(fields)
        if offer is not None:
            del self._offers[fields["offer_id"]]
            self.offers_ended[how] += 1
            if offer.interaction in self._live:
                self._live[offer.interaction].offers.pop(fields["offer_id"], None)
        return offer

    def _end_offer(self, fields: Fields, how: str) -> None:
        offer = self._close_offer(fields, how)
        item = self._expect(fields["interaction_id"], "waiting")
        if offer is not None and item is not None:
            self._budgets.release(offer.agent, item.channel, offer.cost)

    def _accept(self, fields: Fields, _at: int) -> None:
        offer = self._close_offer(fields, "accepted")
        item = self._expect(fields["interaction_id"], "waiting")
        if offer is None or item is None:
            return
        if item.agent is not None:
            self._note(f"interaction {offer.interaction!r} was accepted by {offer.agent!r} while {item.agent!r} has it")
        if item.offers:
            self._note(f"interaction {offer.interaction!r} was accepted while offers {', '.join(item.offers)} are open")
        item.agent, item.cost, item.phase = offer.agent, offer.cost, "handling"
        self._budgets.begin(offer.agent, offer.cost)

    def _work(self, fields: Fields, phases: tuple[str, ...], after: str) -> _Interaction | None:
        item = self._expect(fields["interaction_id"], *phases)
        if item is not None:
            if item.agent != fields["agent_id"]:
                self._note(f"interaction {fields['interaction_id']!r} is with {item.agent!r}, not {fields['agent_id']!r}")
            item.phase = after
        return item

    def _set_aside(self, fields: Fields, _at: int) -> None:
        item = self._work(fields, ("handling", "held"), "interrupted")
        if item is not None:
            self._budgets.set_aside(fields["agent_id"], item.cost)
            item.cost, item.cost_aside = 0, item.cost

    def _take_up(self, fields: Fields, _at: int) -> None:
        item = self._work(fields, ("interrupted",), "handling")
        if item is not None:
            self._budgets.take_up(fields["agent_id"], item.cost_aside)
            item.cost, item.cost_aside = item.cost_aside, 0

    def _return(self, fields: Fields, _at: int) -> None:
        item = self._work(fields, ("handling", "held", "interrupted"), "waiting")
        if item is not None:
            self._let_go(item)
            if item.callback == "running":
                item.callback = "pending"  # the agent was lost, not the customer: the attempt counts for nothing

    # ---- call-backs ----

    def _call_back(self, fields: Fields, _at: int) -> None:
        interaction_id = fields["interaction"]["id"]
        item = self._expect(interaction_id, "waiting")
        if item is None:
            return
        if item.offers:
            self._note(f"interaction {interaction_id!r} is to be called back while offers {', '.join(item.offers)} are open")
        item.channel = fields["interaction"]["channel"]
        item.callback = "pending"

    def _expect_callback(self, fields: Fields, *phases: str, stage: str = "") -> _Interaction | None:
        item = self._expect(fields["interaction_id"], "waiting", *phases)
        if item is not None and (item.callback in {"", "reached"} or (stage and item.callback != stage)):
            expected, found = stage or "to come", item.callback or "none"
            self._note(f"the call-back of {fields['interaction_id']!r} is {found}, not {expected}")
        return item

    def _launch(self, fields: Fields, _at: int) -> None:
        item = self._expect_callback(fields, "handling", stage="pending")
        if item is None:
            return
        reserved = [self._offers[offer_id].agent for offer_id in item.offers]
        if fields["agent_id"] not in [*reserved, item.agent]:
            self._note(f"the customer of {fields['interaction_id']!r} was called for {fields['agent_id']!r}, who is not kept for them")
        item.callback = "running"

    def _reach(self, fields: Fields, _at: int) -> None:
        item = self._expect_callback(fields, "handling", "held", stage="running")
        if item is not None:
            item.callback = "reached"

    def _end_attempt(self, fields: Fields, _at: int) -> None:
        item = self._expect_callback(fields, "handling", "held", stage="running")
        if item is not None:
            if item.offers or item.agent != fields["agent_id"]:
                self._note(f"the attempt to call {fields['interaction_id']!r} back ended with an agent still kept for it")
            self._let_go(item)
            item.phase, item.callback = "waiting", "pending"

    # ---- conversations of several legs ----

    def _tie(self, fields: Fields, after: str) -> None:
        if self._work(fields, ("handling", "held"), after) is not None:
            self._expect(fields["leg_id"], "waiting", "handling", "held")

    def _confer(self, fields: Fields, _at: int) -> None:
        self._work(fields, ("handling", "held"), "handling")
        self._with_partner(fields)

    def _confer_no_more(self, fields: Fields, _at: int) -> None:
        self._expect(fields["interaction_id"], "handling", "held")
        self._with_partner(fields)

    def _with_partner(self, fields: Fields) -> None:
        leg = self._expect(fields["leg_id"], "handling", "held")
        if leg is not None and leg.agent != fields["partner_id"]:
            self._note(f"leg {fields['leg_id']!r} is with {leg.agent!r}, not {fields['partner_id']!r}")

    def _transfer(self, fields: Fields, _at: int) -> None:
        item = self._expect(fields["interaction_id"], "handling", "held")
        self._expect(fields["leg_id"], "waiting", "handling", "held")
        if item is not None:
            item.is_transferred = True

    def _let_go(self, item: _Interaction) -> None:
        if item.agent is not None:
            self._budgets.release(item.agent, item.channel, item.cost)
            self._budgets.cease(item.agent, item.cost)
        item.agent, item.cost, item.cost_aside = None, 0, 0

    def _end(self, fields: Fields, _at: int) -> None:
        was_handled = fields["cause"] in ("handled", "transferred")
        item = self._expect(fields["interaction_id"], "wrap_up" if was_handled else "waiting")
        if item is None:
            return
        if item.is_transferred != (fields["cause"] == "transferred"):
            self._note(f"interaction {fields['interaction_id']!r} ended as {fields['cause']}, which its transfers do not bear out")
        if item.agent != fields["agent_id"]:
            self._note(f"interaction {fields['interaction_id']!r} ended with {fields['agent_id']!r}, but {item.agent!r} has it")
        if item.offers:
            self._note(f"interaction {fields['interaction_id']!r} ended while offers {', '.join(item.offers)} are open")
        self._let_go(item)
        del self._live[fields["interaction_id"]]
        self.ended[fields["cause"]] += 1
