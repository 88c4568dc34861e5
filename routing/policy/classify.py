"""Classification: the first rule of the site whose conditions all hold gives the route."""

from routing.core.validate import CLASS_RANK_MAX
from routing.model.interaction import Interaction
from routing.model.record import replace
from routing.model.requirement import AttributeValue, Requirement, RequirementKind
from routing.model.reservation import Reservation
from routing.model.route import Branch, Route, RouteRule, RouteStep, RuleBranch, RuleStep, Urgency
from routing.model.site import Site
from routing.model.stay import Stay, StayRule
from routing.model.time import Instant

_REMEMBERED_MAX = 4_096


class RuleClassifier:
    """Classifies by the site's rules, remembering which rule matched each combination of the fields that rules look at.

    The memory only saves walking the rules again; it is dropped with the site and when it has grown past 4,096 combinations.
    """

    def __init__(self) -> None:
        self._site: Site | None = None
        self._fields: tuple[str, ...] = ()
        self._rule_of: dict[tuple[AttributeValue | None, ...], RouteRule | None] = {}

    def __call__(self, interaction: Interaction, eligible_since: Instant, site: Site) -> Route | None:
        """The route of the first matching rule, or `None`.

        Requirements the interaction brings are added to the rule's; on the same attribute the interaction's own replaces the rule's unless
        the rule's is a `must`, which nobody outside the site may loosen. A `due_at` of the interaction replaces the target of its urgency,
        and its `priority` moves base and class by what the rule says a point is worth.
        """
        if site is not self._site or len(self._rule_of) > _REMEMBERED_MAX:
            self._site = site
            self._fields = tuple(dict.fromkeys(name for rule in site.rules for name in rule.when))
            self._rule_of = {}
        key = tuple([interaction.field(name) for name in self._fields])
        if key in self._rule_of:
            rule = self._rule_of[key]
        else:
            rule = next((rule for rule in site.rules if _matches(rule, interaction)), None)
            self._rule_of[key] = rule
        return None if rule is None else _route(rule, interaction, eligible_since, site)


def _matches(rule: RouteRule, interaction: Interaction) -> bool:
    return all(interaction.field(name) in values for name, values in rule.when.items())


def _route(rule: RouteRule, interaction: Interaction, eligible_since: Instant, site: Site) -> Route:
    urgency = rule.urgency
    if interaction.due_at is not None:
        urgency = replace(urgency, target_ms=max(1, interaction.due_at - eligible_since))
    if interaction.priority:
        urgency = _with_priority(urgency, interaction.priority)
    stay = site.queues[rule.queue_id].stay
    may_be_reserved = rule.sticky is not None or interaction.agent_id is not None
    may_stay_so_long = stay is not None or interaction.stay_limit_ms is not None
    return Route(
        rule=rule.name,
        queue_id=rule.queue_id,
        urgency=urgency,
        requirements=_combined(rule.requirements, interaction.requirements) if interaction.requirements else rule.requirements,
        steps=_absolute(rule.steps, eligible_since) if rule.steps else (),
        also=tuple([_branch(branch, interaction, eligible_since) for branch in rule.also]) if rule.also else (),
        reserved=_reserved(rule, interaction, urgency, eligible_since) if may_be_reserved else None,
        stay=_stay(stay, interaction, eligible_since) if may_stay_so_long else None,
    )


def _branch(branch: RuleBranch, interaction: Interaction, eligible_since: Instant) -> Branch:
    return Branch(
        queue_id=branch.queue_id,
        requirements=_combined(branch.requirements, interaction.requirements),
        steps=_absolute(branch.steps, eligible_since),
    )


def _absolute(steps: tuple[RuleStep, ...], since: Instant) -> tuple[RouteStep, ...]:
    return tuple([RouteStep(due_at=since + step.after_ms, relaxation=step.relaxation, early=step.early) for step in steps])


def _with_priority(urgency: Urgency, points: int) -> Urgency:
    class_rank = min(max(0, urgency.class_rank + points * urgency.class_per_point), CLASS_RANK_MAX)
    return replace(urgency, class_rank=class_rank, base_ms=urgency.base_ms + points * urgency.ms_per_point)


def _reserved(rule: RouteRule, interaction: Interaction, urgency: Urgency, eligible_since: Instant) -> Reservation | None:
    """For one agent where it was sent to one; else for those it prefers enough, as long as the rule says."""
    if interaction.agent_id is not None:
        return Reservation(agents=(interaction.agent_id,), until=None, away_grace_ms=None)
    sticky, preferred = rule.sticky, interaction.preferred_agents
    if sticky is None or not preferred:
        return None
    barred = () if interaction.leg is None else interaction.leg.barred
    agents = [agent_id for agent_id in sorted(preferred) if preferred[agent_id] >= sticky.minimum_score and agent_id not in barred]
    lasts_ms = min(sticky.hold_ms, urgency.target_ms * sticky.share_per_mille // 1000)
    if not agents or not lasts_ms:
        return None
    return Reservation(
        agents=tuple(sorted(agents, key=lambda agent_id: -preferred[agent_id])),
        until=eligible_since + lasts_ms,
        away_grace_ms=sticky.away_grace_ms,
        expedite_ms=sticky.expedite_ms,
    )


def _stay(rule: StayRule | None, interaction: Interaction, eligible_since: Instant) -> Stay | None:
    """The shorter of the queue's limit and the interaction's own; what follows is the queue's to say."""
    limits = [limit_ms for limit_ms in (interaction.stay_limit_ms, None if rule is None else rule.limit_ms) if limit_ms is not None]
    if not limits:
        return None
    rule = rule or StayRule()
    return Stay(until=eligible_since + min(limits), then=rule.then, cuts_ring=rule.cuts_ring)


def _combined(ruled: tuple[Requirement, ...], asked: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    if not asked:
        return ruled
    asked_attributes = {requirement.attribute for requirement in asked}
    kept = (need for need in ruled if need.kind is RequirementKind.MUST or need.attribute not in asked_attributes)
    return (*kept, *asked)
