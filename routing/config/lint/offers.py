"""Checks of offers: leases, cooldowns and missed offers by which customers wait for agents who will not answer."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from routing.config.lint.check import Found
from routing.config.lint.subject import SiteSubject
from routing.config.lint.texts import duration_text
from routing.model.agent import Presence
from routing.model.ids import QueueId
from routing.model.queue import EveryoneDeclined, ExclusionScope, Queue
from routing.model.stay import AfterStay


def offer_loop(subject: SiteSubject) -> Iterator[Found]:
    """A cooldown of zero: whoever just did not take the work is the first to be offered it again."""
    for queue_id, queue in subject.site.queues.items():
        rule = queue.reoffer
        cooldowns = [
            ("busy", rule.declined_ms if rule.busy_ms is None else rule.busy_ms, "is busy"),
            ("unreachable", rule.declined_ms if rule.unreachable_ms is None else rule.unreachable_ms, "cannot be reached"),
            ("connect_failed", rule.connect_failed_ms, "cannot be connected"),
        ]
        if rule.scope is ExclusionScope.COOLDOWN:
            cooldowns.insert(0, ("declined", rule.declined_ms, "declines"))
            if _is_kept(queue):
                cooldowns.append(("expired", rule.expired_ms, "does not answer"))
        named = [(key, what) for key, cooldown_ms, what in cooldowns if not cooldown_ms]
        if named:
            key, what = named[0]
            yield Found(
                subject.queue_key(queue_id, "reoffer_after", key),
                f"an agent of queue {queue_id} who {what} is offered the same work again at once, for as long as nobody else is free",
                f'Write some seconds: reoffer_after.{key} = "10s".',
            )


def never_asked_again(subject: SiteSubject) -> Iterator[Found]:
    """A queue that never offers the same work again to whoever declined it, and has no answer when everybody has."""
    for queue_id, queue in subject.site.queues.items():
        is_lasting = queue.reoffer.scope is not ExclusionScope.COOLDOWN
        if is_lasting and queue.reoffer.everyone_declined is EveryoneDeclined.COOLDOWN:
            until = "comes back from a break" if queue.reoffer.scope is ExclusionScope.PRESENCE else "comes on who was not asked yet"
            yield Found(
                subject.queue_key(queue_id, "reoffer_scope"),
                f"work of queue {queue_id} that every agent on the floor has declined or missed waits until somebody {until}",
                'Say what follows when nobody is left to ask: everyone_declined = "clear", "end" or "overflow".',
            )


def overflow_to_nowhere(subject: SiteSubject) -> Iterator[Found]:
    """A queue that sends work over its overflow, and rules that lead there without a step that has one."""
    for index, rule in enumerate(subject.site.rules):
        queue = subject.site.queues[rule.queue_id]
        has_overflow = any(step.relaxation.overflow_to is not None or step.relaxation.divert_to is not None for step in rule.steps)
        by_stay = queue.stay is not None and queue.stay.then is AfterStay.OVERFLOW
        if not has_overflow and (by_stay or queue.reoffer.everyone_declined is EveryoneDeclined.OVERFLOW):
            instead = "ends as unserved at its limit of stay" if by_stay else "waits on when everybody has declined it"
            yield Found(
                subject.rule_key(index, "steps"),
                f"queue {rule.queue_id} sends work over its overflow, but no step of rule {rule.name} has one: it {instead}",
                'Give the rule a step with an overflow: steps = [{ after = "10min", overflow = "..." }].',
            )


def absent_agent_kept(subject: SiteSubject) -> Iterator[Found]:
    """A queue of live work that leaves agents who do not answer on the floor: customer after customer rings at an empty desk."""
    for queue_id in live_queues(subject):
        queue = subject.site.queues[queue_id]
        if _is_kept(queue):
            key = "after_missed_offers" if queue.missed_offer.threshold else "missed_offers"
            yield Found(
                subject.queue_key(queue_id, key),
                f"an agent who has left their desk stays available in queue {queue_id}: each caller offered to them waits"
                f" {duration_text(queue.offer_timeout_ms)} for nothing",
                'Write missed_offers = 1, and leave after_missed_offers at "not_ready".',
            )


def offer_outlasts_target(subject: SiteSubject) -> Iterator[Found]:
    """A live queue whose lease is as long as its target: one agent who does not answer costs the service level."""
    for queue_id in live_queues(subject):
        queue = subject.site.queues[queue_id]
        if queue.offer_timeout_ms >= queue.service_level.target_ms > 0:
            yield Found(
                subject.queue_key(queue_id, "offer_timeout"),
                f"an offer of queue {queue_id} rings for {duration_text(queue.offer_timeout_ms)}, and the target is"
                f" {duration_text(queue.service_level.target_ms)}: one agent who does not answer makes the wait too long",
                "Shorten offer_timeout to less than half the target.",
            )


def step_within_offer(subject: SiteSubject) -> Iterator[Found]:
    """Steps closer together than an offer rings: while it rings at one ring the next ones open, and that ring seems left out."""
    for index, rule in enumerate(subject.site.rules):
        lease_ms = subject.site.queues[rule.queue_id].offer_timeout_ms
        for position, (one, other) in enumerate(pairwise(rule.steps), start=1):
            gap_ms = other.after_ms - one.after_ms
            if gap_ms < lease_ms:
                yield Found(
                    subject.rule_key(index, "steps", position),
                    f"step {position + 1} of rule {rule.name} comes {duration_text(gap_ms)} after the one before, and an"
                    f" offer rings {duration_text(lease_ms)}: while it rings unanswered, that step's agents are passed over",
                    "Leave more time between the steps, or shorten offer_timeout.",
                )
                break


def step_after_stay(subject: SiteSubject) -> Iterator[Found]:
    """A step of a ladder that comes when the limit of stay of its queue is over."""
    for index, rule in enumerate(subject.site.rules):
        stay = subject.site.queues[rule.queue_id].stay
        if stay is None or stay.limit_ms is None or stay.then is AfterStay.OVERFLOW:
            continue  # an overflow takes the steps up to it at once
        for position, step in enumerate(rule.steps):
            # A step that comes early where nobody is there may well come in time.
            if step.after_ms >= stay.limit_ms and step.early is None:
                yield Found(
                    subject.rule_key(index, "steps", position),
                    f"step {position + 1} of rule {rule.name} comes after {duration_text(step.after_ms)}, and nobody stays in queue"
                    f" {rule.queue_id} longer than {duration_text(stay.limit_ms)}",
                    "Let the step come earlier, or the stay be longer.",
                )
                break
            if step.relaxation.overflow_to is not None:
                break  # from there on the limit is another queue's


def sticky_outlasts_target(subject: SiteSubject) -> Iterator[Found]:
    """A hold for the agent a customer knows that is as long as the target: whoever waits for them is served late."""
    for one in subject.rules_that_decide():
        sticky, target_ms = one.rule.sticky, one.rule.urgency.target_ms
        is_released = any(step.relaxation.release and step.after_ms < target_ms for step in one.rule.steps)
        if sticky is not None and not is_released and min(sticky.hold_ms, sticky.share_per_mille * target_ms // 1_000) >= target_ms:
            yield Found(
                subject.rule_key(one.place, "sticky"),
                f"rule {one.rule.name} keeps work for the agents it prefers until its target of {duration_text(target_ms)} is over, while"
                " others are free: if those do not come, it is late",
                "Write a share of the target, such as 0.5, or a shorter hold.",
            )


def lost_at_once(subject: SiteSubject) -> Iterator[Found]:
    """A site that takes live work from an agent the moment their desktop loses its connection."""
    site = subject.site
    if site.session_lease_ms + site.handling_grace_ms == 0 and any(channel.is_live for channel in site.channels.values()):
        yield Found(
            ("handling_grace",),
            "a desktop that loses its connection for a moment loses its conversations, too: they wait again as if nobody had answered",
            'Write handling_grace = "5min", or a session_lease of some seconds.',
        )


def live_queues(subject: SiteSubject) -> Mapping[QueueId, None]:
    """The queues that live work comes to, by a rule or by a step, in order of the rules."""
    found: dict[QueueId, None] = {}
    for one in subject.rules_that_decide():
        if one.has_live:
            found[one.rule.queue_id] = None
            found |= {step.relaxation.overflow_to: None for step in one.rule.steps if step.relaxation.overflow_to is not None}
    return found


def _is_kept(queue: Queue) -> bool:
    """Whether an agent who misses every offer stays available."""
    return queue.missed_offer.threshold == 0 or queue.missed_offer.presence is Presence.AVAILABLE
