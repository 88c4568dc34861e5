"""Outbound work is started: a dialler looks at the agents whenever one of them may have become free."""

from routing.core import commands, events
from routing.core.errors import CommandRefused
from routing.core.events import Event
from routing.core.lifecycle import InteractionPhase
from routing.core.state import AgentRow
from routing.model.agent import Presence
from routing.model.ids import ChannelId, InteractionId
from routing.model.time import MINUTE_MS, Instant
from simulation.agents.outbound import OutboundList
from simulation.births import birth_of_leg
from simulation.world.clock import Rank
from simulation.world.customers import ArrivalRefused
from simulation.world.driver import Driver, Setting
from simulation.world.stage import Story

_MAY_FREE: tuple[type[Event], ...] = (
    events.HandlingEnded,
    events.InteractionEnded,
    events.HandlingReturned,
    events.PresenceChanged,
    events.OfferDeclined,
    events.OfferExpired,
    events.OfferWithdrawn,
    events.ExternalWorkEnded,
)
"""After these an agent may be free who was not, or nobody may wait who did."""


class Outbound:
    """The dialler of every list. Jobs are given to the router, and to nobody else; `started` counts them."""

    def __init__(self, driver: Driver, setting: Setting) -> None:
        self._driver = driver
        self._setting = setting
        self._is_looking = False
        self._started: dict[str, int] = {}
        self._unoffered: dict[InteractionId, str] = {}
        self._rests_until: dict[str, Instant] = {}
        if setting.scenario.outbound:
            driver.on(dict.fromkeys(_MAY_FREE, self._see))
            driver.on({events.OfferMade: self._see_offer})

    @property
    def started(self) -> int:
        """How many jobs the router was given."""
        return sum(self._started.values())

    def openings(self) -> Story:
        """Look at the agents when the time of a list begins."""
        for at in sorted({starts_at for one in self._setting.scenario.outbound for starts_at, _ in one.spans}):
            if at >= self._driver.now:
                yield self._driver.until(at, Rank.DIAL)
            self._look()

    def _see(self, _: object) -> None:
        """Look once everything else of this instant has happened."""
        if not self._is_looking:
            self._is_looking = True
            self._driver.after(0, Rank.DIAL).callbacks.append(lambda _: self._look())

    def _see_offer(self, offer: events.OfferMade) -> None:
        self._unoffered.pop(offer.interaction_id, None)

    def _look(self) -> None:
        self._is_looking = True  # what is started here is no reason to look again
        for one in self._setting.scenario.outbound:
            while self._may_start(one):
                self._start(one)
        self._is_looking = False

    def _rest(self, one: OutboundList) -> None:
        """A queue turned a job away, and would do the same to the next: try again in a minute."""
        self._rests_until[one.name] = self._driver.now + MINUTE_MS
        self._driver.after(MINUTE_MS, Rank.DIAL).callbacks.append(lambda _: self._look())

    def _may_start(self, one: OutboundList) -> bool:
        now = self._driver.now
        if not any(starts_at <= now < ends_at for starts_at, ends_at in one.spans) or now >= self._setting.scenario.ends_at:
            return False
        if (
            self._started.get(one.name, 0) == one.count
            or one.name in self._unoffered.values()
            or now < self._rests_until.get(one.name, now)
        ):
            return False  # the list is done, or the router keeps a job of it waiting, or turned one away
        members = [row for row in self._driver.state.agents.values() if one.channel in row.agent.channel_maxima]
        busy = sum(_is_busy(row) for row in members)
        free = sum(row.presence is Presence.AVAILABLE and not _is_busy(row) for row in members)
        return one.may_start(busy=busy, free=free) and not self._is_somebody_waiting(members)

    def _is_somebody_waiting(self, members: list[AgentRow]) -> bool:
        """Whether a customer waits, and is not being offered to anybody, on a live channel that one of these agents serves.

        Who hung up for a call-back does not wait on the line; the router has had its chance to call them.
        """
        channels = self._setting.scenario.site.channels
        served: set[ChannelId] = {
            name for row in members for name in row.agent.channel_maxima if name in channels and channels[name].is_live
        }
        return any(
            row.phase is InteractionPhase.WAITING and not row.offers and row.callback is None and row.interaction.channel in served
            for row in self._driver.state.interactions.values()
        )

    def _start(self, one: OutboundList) -> None:
        """Give the next job to the router."""
        number = self._started[one.name] = self._started.get(one.name, 0) + 1
        job = one.job(number)
        if job.id in self._setting.birth_of:
            raise ArrivalRefused(f"outbound work takes the id {job.id}, which the demand uses itself")
        self._setting.birth_of[job.id] = birth_of_leg(self._setting.scenario, job, self._driver.now, self._setting.streams)
        self._unoffered[job.id] = one.name
        try:
            self._driver.do(commands.EnqueueInteraction(interaction=job))
        except CommandRefused as refusal:
            raise ArrivalRefused(f"outbound job {job.id} is refused: {refusal.text}") from refusal
        if job.id not in self._driver.state.interactions:
            self._unoffered.pop(job.id, None)
            self._rest(one)


def _is_busy(row: AgentRow) -> bool:
    return bool(row.work or row.offers or row.external)
