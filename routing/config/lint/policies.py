"""Checks of policies: parts without effect, and numbers that do not fit the site they are in force at."""

from collections.abc import Iterator
from itertools import pairwise

from routing.config.lint.check import Found
from routing.config.lint.subject import PolicySubject, SiteSubject, stages
from routing.config.lint.texts import duration_text
from routing.config.lint.urgency import most_urgent
from routing.policy.wait_prices import WAIT_PRICES

GATES = {
    "queue_head": "whoever stands behind an interaction that nobody can take waits for that one",
    "queue_weight": "work of a queue waits while a queue of more weight has callers, also such as the agent may not have",
}
"""Filters by which one interaction keeps agents from another, and how."""

LOAD_AWARE = frozenset({"load_ratio", "most_free_capacity"})
"""Scorers by which an agent who holds less goes first."""


def weightless_scorer(subject: PolicySubject) -> Iterator[Found]:
    """A scorer whose unit is worth no wait at all."""
    for scorer in subject.spec.scorers:
        if not scorer.weight_ms:
            yield Found(
                subject.key("scorers", scorer.name),
                f"scorer {scorer.name} of policy {subject.spec.name} decides nothing: a unit of its cost is worth no wait",
                "Give it a weight, or remove it.",
            )


def bypass_without_window(subject: PolicySubject) -> Iterator[Found]:
    """A class that need not wait for the window, where there is none."""
    if subject.spec.bypass_class_rank is not None and not subject.spec.match_interval_ms:
        yield Found(
            subject.key("bypass_class"),
            f"policy {subject.spec.name} lets a class bypass the match interval, and has none: everything is decided at once",
            "Remove bypass_class, or write a match_interval.",
        )


def joint_without_window(subject: PolicySubject) -> Iterator[Found]:
    """A joint assigner that hardly ever sees two interactions together."""
    if subject.spec.assigner == "min_cost_flow" and not subject.spec.match_interval_ms:
        yield Found(
            subject.key("assigner"),
            f"policy {subject.spec.name} decides at every event, where one interaction or one agent is new: there is nothing for"
            " min_cost_flow to weigh, and it does what greedy does",
            'Write match_interval = "1s", or assigner = "greedy".',
        )


def load_blind(subject: SiteSubject) -> Iterator[Found]:
    """Agents hold several interactions at once, and the policy does not look at how many."""
    shared = [channel.id for channel in subject.site.channels.values() if channel.agent_maximum > 1]
    for key, spec in subject.policies_by_key().items():
        if shared and not any(scorer.name in LOAD_AWARE and scorer.weight_ms for scorer in spec.scorers):
            yield Found(
                key,
                f"policy {spec.name} does not look at load: an agent with several interactions of {' or '.join(shared)} may be offered the"
                " next while another has none, because their last one ended longer ago",
                "Give the policy the scorer load_ratio, or choose balanced.",
            )


def gate_filter(subject: SiteSubject) -> Iterator[Found]:
    """A filter that looks beyond the pair, as telephone switches do: an agent may stand idle beside a caller they could serve."""
    for key, spec in subject.policies_by_key().items():
        gates = [name for name in spec.filters if name in GATES]
        if gates:
            yield Found(
                key,
                f"policy {spec.name} has the filter {gates[0]}: {GATES[gates[0]]}, and agents stand idle beside callers they could serve",
                f"Leave {gates[0]} out, unless what another system does is to be reproduced.",
            )


def waiting_counts_for_nothing(subject: SiteSubject) -> Iterator[Found]:
    """A price of waiting that no waiting moves: in a class, a lower base waits as long as a higher one keeps coming."""
    for key, spec in subject.policies_by_key().items():
        if spec.wait_price != "strict":
            continue
        rules = sorted(subject.rules_that_decide(), key=lambda one: (one.rule.urgency.class_rank, one.rule.urgency.base_ms))
        for lower, higher in pairwise(rules):
            one, other = lower.rule.urgency, higher.rule.urgency
            if one.class_rank == other.class_rank and one.base_ms < other.base_ms:
                yield Found(
                    key,
                    f"policy {spec.name} goes by class and base alone, however long somebody waits: rule {lower.rule.name} waits as long"
                    f" as {higher.rule.name} keeps its agents busy",
                    'Write wait_price = "urgency", by which waiting counts.',
                )
                break


def classes_ignored(subject: SiteSubject) -> Iterator[Found]:
    """A price of waiting that does not heed classes, at a site whose rules have several."""
    ranks = {stage.route.urgency.class_rank for one in subject.rules_that_decide() for stage in stages(one.rule)}
    for key, spec in subject.policies_by_key().items():
        price = WAIT_PRICES.get(spec.wait_price)
        if price is not None and not price.heeds_class and len(ranks) > 1:
            yield Found(
                key,
                f"policy {spec.name} goes by {spec.wait_price.replace('_', ' ')}: the classes of the rules, urgent ones included, count for"
                " nothing",
                'Write wait_price = "urgency", or leave the classes out.',
            )


def bypass_of_everything(subject: SiteSubject) -> Iterator[Found]:
    """A window that nothing waits for, because every class bypasses it."""
    lowest = min((one.rule.urgency.class_rank for one in subject.rules_that_decide()), default=0)
    for key, spec in subject.policies_by_key().items():
        if spec.match_interval_ms and spec.bypass_class_rank is not None and lowest >= spec.bypass_class_rank:
            yield Found(
                key,
                f"policy {spec.name} lets class {spec.bypass_class_rank} and above bypass the match interval, and no rule begins below:"
                " nothing is ever decided jointly",
                f"Write a bypass_class above {lowest}.",
            )


def bypass_of_nothing(subject: SiteSubject) -> Iterator[Found]:
    """A class that may bypass the window, which no work ever reaches."""
    highest = max((stage.route.urgency.class_rank for one in subject.rules_that_decide() for stage in stages(one.rule)), default=0)
    for key, spec in subject.policies_by_key().items():
        if spec.match_interval_ms and spec.bypass_class_rank is not None and highest < spec.bypass_class_rank:
            yield Found(
                key,
                f"policy {spec.name} lets class {spec.bypass_class_rank} bypass the match interval, and no rule reaches it: urgent work"
                " waits for the window like all other",
                f"Give urgent rules class {spec.bypass_class_rank}, or write the class they have.",
            )


def window_outlasts_target(subject: SiteSubject) -> Iterator[Found]:
    """A window as long as the target of customers on the line, who have to wait for it."""
    for key, spec in subject.policies_by_key().items():
        for one in subject.rules_that_decide():
            bypasses = spec.bypass_class_rank is not None and one.rule.urgency.class_rank >= spec.bypass_class_rank
            target_ms = subject.site.queues[one.rule.queue_id].service_level.target_ms
            if one.has_live and not bypasses and spec.match_interval_ms >= target_ms > 0:
                yield Found(
                    key,
                    f"policy {spec.name} decides {duration_text(spec.match_interval_ms)} after a change, and callers of rule"
                    f" {one.rule.name} are due after {duration_text(target_ms)}: an idle agent cannot take them in time",
                    "Shorten match_interval, or let their class bypass it.",
                )
                break


def held_for_ever(subject: SiteSubject) -> Iterator[Found]:
    """A policy that holds pairs back, and work whose waiting is never worth anything."""
    for key, spec in subject.policies_by_key().items():
        if spec.is_work_conserving or not any(scorer.weight_ms for scorer in spec.scorers):
            continue
        for one in subject.rules_that_decide():
            if not most_urgent(stages(one.rule)[-1].route.urgency):
                yield Found(
                    key,
                    f"policy {spec.name} holds work back until waiting is worth what an agent costs, and the waiting of rule"
                    f" {one.rule.name} is never worth anything: only an agent who costs nothing will ever have it",
                    f"Give {one.rule.name} a slope or a base, or the policy work_conserving = true.",
                )
