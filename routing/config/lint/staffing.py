"""Checks of a site together with those who staff it: work that nobody can take, and agents who can take none."""

from collections.abc import Iterator

from routing.config.lint.check import Found
from routing.config.lint.offers import live_queues
from routing.config.lint.subject import RosterSubject, StaffedSubject, stages
from routing.config.lint.texts import duration_text
from routing.config.requirements import requirement_text
from routing.model.agent import Presence
from routing.model.requirement import Requirement


def skill_nobody_has(subject: RosterSubject) -> Iterator[Found]:
    """A skill of the site that no agent holds."""
    held = {name for agent in subject.agents for name in agent.attributes}
    for skill in subject.site.skills:
        if skill not in held:
            yield Found((), f"nobody on the roster has skill {skill}", "Give it to somebody, or expect what needs it to wait.")


def channel_nobody_serves(subject: RosterSubject) -> Iterator[Found]:
    """A channel of the site that no agent takes."""
    served = {name for agent in subject.agents for name in agent.channel_maxima}
    for channel in subject.site.channels:
        if channel not in served:
            yield Found((), f"nobody on the roster serves channel {channel}", "Give it to somebody, or expect what needs it to wait.")


def maximum_beyond_capacity(subject: RosterSubject) -> Iterator[Found]:
    """A number of interactions at once that the agent's capacity never holds."""
    seen: dict[tuple[str, int, int], list[str]] = {}
    for agent in subject.agents:
        for name, maximum in agent.channel_maxima.items():
            if maximum * subject.site.channels[name].capacity_cost > agent.capacity:
                seen.setdefault((name, maximum, agent.capacity), []).append(agent.id)
    for (name, maximum, capacity), agents in seen.items():
        cost = subject.site.channels[name].capacity_cost
        others = f" and {len(agents) - 1} more" if len(agents) > 1 else ""
        yield Found(
            (),
            f"{agents[0]}{others} may hold {maximum} of {name} at once, but at {cost} each a capacity of {capacity} holds no more than"
            f" {capacity // cost}",
            f"Write {capacity // cost}, or a capacity of {maximum * cost}.",
        )


def work_nobody_can_take(subject: StaffedSubject) -> Iterator[Found]:
    """A rule whose work nobody on the roster may take on one of its channels, not even after its last step."""
    site = subject.of_site
    for one in site.rules_that_decide():
        last = stages(one.rule, in_all_queues=True)[-1].route
        for channel in one.channels:
            # Where nobody serves the channel at all, that is told of the roster, once and not for every rule.
            if subject.who_can(channel.id) and not subject.who_can(channel.id, last):
                yield Found(
                    site.rule_key(one.place),
                    f"nobody on roster {subject.roster} can ever take what rule {one.rule.name} decides on {channel.id}"
                    f"{_asked(last.requirements)}: it waits for ever, or until the customer leaves",
                    "Give an agent what it asks for, or relax it by a step.",
                )


def ring_without_agents(subject: StaffedSubject) -> Iterator[Found]:
    """A ladder that begins where nobody is: its first customers wait for a step although agents are free."""
    site = subject.of_site
    for one in site.rules_that_decide():
        ladder = stages(one.rule, in_all_queues=True)
        for channel in one.channels:
            empty = subject.empty_stages(one.rule, channel.id)
            if 0 < empty < len(ladder) and any(step.early is None for step in one.rule.steps[:empty]):
                yield Found(
                    site.rule_key(one.place),
                    f"nobody on roster {subject.roster} meets what rule {one.rule.name} asks for at first on {channel.id}"
                    f"{_asked(ladder[0].route.requirements)}: it waits {duration_text(ladder[empty].after_ms)} for the step that opens it",
                    "Ask for what somebody has, or give it to somebody.",
                )
                break


def agent_without_work(subject: StaffedSubject) -> Iterator[Found]:
    """Agents who may take nothing that any rule decides."""
    site = subject.of_site
    useful: set[str] = set()
    for one in site.rules_that_decide():
        for channel in one.channels:
            useful.update(agent.id for agent in subject.who_can(channel.id, stages(one.rule, in_all_queues=True)[-1].route))
    idle = [agent.id for agent in subject.agents if agent.id not in useful]
    if idle:
        others = f" and {len(idle) - 1} more" if len(idle) > 1 else ""
        yield Found(
            ("rules",),
            f"{idle[0]}{others} of roster {subject.roster} can never be offered anything: no rule's work fits their skills and channels",
            "Give them a skill or a channel that is asked for.",
        )


def ring_all_clears_floor(subject: StaffedSubject) -> Iterator[Found]:
    """Everybody rings at once, and a single miss takes an agent off the floor: one unanswered call empties it."""
    site = subject.of_site.site
    for queue_id in live_queues(subject.of_site):
        queue = site.queues[queue_id]
        missed = queue.missed_offer
        if queue.max_live_offers >= len(subject.agents) > 1 and missed.threshold == 1 and missed.presence is not Presence.AVAILABLE:
            yield Found(
                subject.of_site.queue_key(queue_id, "live_offers"),
                f"queue {queue_id} rings at all {len(subject.agents)} agents of roster {subject.roster} at once: one call that nobody"
                f" answers makes every one of them {missed.presence.replace('_', ' ')}",
                "Write fewer live_offers, or missed_offers = 0 for this queue.",
            )


def _asked(requirements: tuple[Requirement, ...]) -> str:
    asked = [f'"{requirement_text(need)}"' for need in requirements if need.is_hard]
    return f", which asks for {' and '.join(asked)}" if asked else ""
