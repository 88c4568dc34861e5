"""What the checks look at: a site with its file, a policy in force there, and a site together with those who staff it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from routing.config.document import Document
from routing.config.lint.regions import Territories, territories
from routing.config.rules import Rule
from routing.config.toml_lines import KeyPath
from routing.core.ladder import next_step_taken
from routing.model.agent import Agent
from routing.model.channel import Channel
from routing.model.ids import ChannelId, QueueId
from routing.model.route import Branch, Route, RouteRule, RouteStep, RuleStep
from routing.model.site import PolicySpec, Site
from routing.model.time import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSubject:
    """A site that the router accepts, and the file that states it.

    `stated` has for each rule of the site what the file says of it: an entry may stand for several rules. `policies` are those the file
    names beside the active one.
    """

    document: Document
    site: Site
    stated: tuple[Rule, ...]
    policies: Mapping[str, PolicySpec]
    territories: Territories = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "territories", territories(self.site))

    def rule_key(self, index: int, *below: str | int) -> KeyPath:
        """The place of a rule, or of a part of it, which may stand among the defaults."""
        rule = self.stated[index]
        match below:
            case (str(name), *rest):
                return rule.key(name, *rest)
            case _:
                return ("rules", rule.index)

    def queue_key(self, queue_id: QueueId, *below: str) -> KeyPath:
        """The place of a queue's number: its own, or that of the defaults, or the queue itself where neither states it."""
        for key in (("queues", queue_id, *below), ("queue_defaults", *below)):
            if key in self.document.lines:
                return key
        return ("queues", queue_id)

    def rules_that_decide(self) -> Iterator["RuleInForce"]:
        """Every rule that decides something, with the channels of what it decides."""
        for index, (rule, territory) in enumerate(zip(self.site.rules, self.territories.of_rules, strict=True)):
            channels = tuple(self.site.channels[name] for name in territory.channels(self.site))
            if channels:
                yield RuleInForce(index, rule, channels)

    def policies_by_key(self) -> Mapping[KeyPath, PolicySpec]:
        """The active policy and the further ones, each under its place in the file."""
        return {("policy",): self.site.policy} | {("policies", name): spec for name, spec in self.policies.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySubject:
    """A policy, and where it stands: the top of its own file, or the key of a site file that names it."""

    document: Document
    place: KeyPath
    spec: PolicySpec

    def key(self, *below: str) -> KeyPath:
        """The place of a number of the policy, as near as this file has it."""
        return self.place or below


class RuleInForce(NamedTuple):
    """A rule with its place among the site's rules, and the channels that its work really comes on."""

    place: int
    rule: RouteRule
    channels: tuple[Channel, ...]

    @property
    def has_live(self) -> bool:
        """Whether some of its customers wait on the line."""
        return any(channel.is_live for channel in self.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffedSubject:
    """A site together with a roster: `agents` is everybody on it, `roster` how a person calls it."""

    of_site: SiteSubject
    roster: str
    agents: tuple[Agent, ...]

    @property
    def document(self) -> Document:
        """The site's file: what staff cannot serve is told where it is asked for."""
        return self.of_site.document

    def who_can(self, channel_id: ChannelId, route: Route | None = None) -> tuple[Agent, ...]:
        """Everybody who serves the channel and, where there is a route, meets every hard requirement of one of its queues."""
        cost = self.of_site.site.channels[channel_id].capacity_cost
        return tuple(
            agent
            for agent in self.agents
            if agent.channel_maxima.get(channel_id, 0) > 0
            and agent.capacity >= cost
            and (route is None or route.queue_for(agent.attributes) is not None)
        )

    def empty_stages(self, rule: RouteRule, channel_id: ChannelId) -> int:
        """How many stages of the rule's ladder, from the first on, nobody can serve on the channel; none where further queues may serve."""
        if rule.also:
            return 0
        staffed = (bool(self.who_can(channel_id, stage.route)) for stage in stages(rule))
        return next((number for number, somebody in enumerate(staffed) if somebody), len(rule.steps) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterSubject:
    """A roster with the site it was read against."""

    document: Document
    site: Site
    agents: tuple[Agent, ...]

    @classmethod
    def of(cls, path: Path, site: Site, agents: tuple[Agent, ...]) -> "RosterSubject":
        """A roster whose findings are told of the file as a whole: groups and tables have no key an agent."""
        return cls(document=Document(path=path, content={}, lines={}), site=site, agents=agents)


class Stage(NamedTuple):
    """What holds from `after_ms` on, since the interaction became eligible."""

    after_ms: Duration
    route: Route


def stages(rule: RouteRule, *, in_all_queues: bool = False) -> tuple[Stage, ...]:
    """The route as it begins and after each step of the ladder, as the router itself takes the steps; of all its queues where wanted."""
    others = rule.also if in_all_queues else ()
    also = tuple(Branch(queue_id=one.queue_id, requirements=one.requirements, steps=_from_arrival(one.steps)) for one in others)
    steps = _from_arrival(rule.steps)
    route = Route(rule=rule.name, queue_id=rule.queue_id, urgency=rule.urgency, requirements=rule.requirements, steps=steps, also=also)
    found = [Stage(0, route)]
    while (due_at := route.next_due_at) is not None:
        route = next_step_taken(route)
        found.append(Stage(due_at, route))
    return tuple(found)


def _from_arrival(steps: tuple[RuleStep, ...]) -> tuple[RouteStep, ...]:
    return tuple(RouteStep(due_at=step.after_ms, relaxation=step.relaxation) for step in steps)
