"""Replacing the site: all waiting interactions are classified again, or nothing changes."""

from collections.abc import Iterator

from routing.core import commands
from routing.core.canonical import content_hash
from routing.core.classifier import Classifier
from routing.core.decide.admission import opening_awaited
from routing.core.decide.fit import withdraw_without_room
from routing.core.decide.interactions import reclassified, reroute
from routing.core.errors import CommandRefused, RefusalReason
from routing.core.events import Event, OfferWithdrawn, QueueOpened, RouteCause, SiteApplied
from routing.core.lifecycle import InteractionPhase
from routing.core.state import State
from routing.core.validate import check_channels, check_site
from routing.model.ids import OfferId
from routing.model.site import Site
from routing.model.time import Instant


def apply_site(state: State, command: commands.ApplySite, now: Instant, classify: Classifier) -> Iterator[Event]:
    """Put a site into force; an equal one changes nothing. What waits is classified again, unless the site says that it keeps its route."""
    site = command.site
    check_site(site)
    site_hash = content_hash(site)
    if site_hash == state.site_hash:
        return
    _check_still_used(state, site)
    yield SiteApplied(site=site, site_hash=site_hash)
    withdrawn: dict[OfferId, None] = {}
    for row in () if site.keeps_waiting_routes else state.interactions.values():
        if row.phase is InteractionPhase.WAITING:
            fresh = reclassified(row, row.interaction, now, classify, site)
            for event in reroute(state, row, fresh, now, RouteCause.SITE_APPLIED, site=site):
                if isinstance(event, OfferWithdrawn):
                    withdrawn[event.offer_id] = None
                yield event
    for agent in state.agents.values():
        if agent.interrupting not in withdrawn:
            yield from withdraw_without_room(state, site, agent)
    yield from _openings(state, site, now)


def _openings(state: State, site: Site, now: Instant) -> Iterator[QueueOpened]:
    """The queues that are open under another site, and that somebody waits for."""
    awaited = dict.fromkeys([row.route.queue_id for row in state.interactions.values() if row.awaits_opening])
    for queue_id in awaited:
        if queue_id in site.queues and opening_awaited(site, queue_id, now) is None:
            calendar = site.calendar_of(queue_id)
            yield QueueOpened(queue_id=queue_id, due_at=now, closes_at=None if calendar is None else calendar.next_turn(now))


def _check_still_used(state: State, site: Site) -> None:
    for row in state.agents.values():
        check_channels(f"agents[{row.agent.id}]", row.agent, site)
        for work_id, work in row.external.items():
            if work.channel not in site.channels:
                text = (
                    f"agent {row.agent.id!r} is at external work {work_id!r} on channel {work.channel!r}; keep the channel until it is over"
                )
                raise CommandRefused(RefusalReason.STILL_IN_USE, text, "site.channels")
    for item in state.interactions.values():
        interaction_id, channel = item.interaction.id, item.interaction.channel
        if channel not in site.channels:
            raise CommandRefused(RefusalReason.STILL_IN_USE, f"interaction {interaction_id!r} is on channel {channel!r}", "site.channels")
        if item.phase is InteractionPhase.WAITING and not site.keeps_waiting_routes:
            continue  # it gets a new route
        # What keeps its route may yet be led to another queue by it: work in progress, too, if it has to wait again.
        branches = item.route.branches
        reachable = (
            *(branch.queue_id for branch in branches),
            *(step.relaxation.overflow_to for branch in branches for step in branch.steps),
        )
        for queue_id in reachable:
            if queue_id is not None and queue_id not in site.queues:
                text = f"interaction {interaction_id!r} is in queue {queue_id!r} or may reach it; keep the queue until it has ended"
                raise CommandRefused(RefusalReason.STILL_IN_USE, text, "site.queues")
