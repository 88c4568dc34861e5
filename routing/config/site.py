"""Site files: channels, queues, skills, classification rules and the active policy of one routing domain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from routing.config.calendars import CalendarFile
from routing.config.document import Document, FileModel, load
from routing.config.duty import ShiftFile, TimeKind, interruption_faults, reasons_of
from routing.config.errors import ConfigError, did_you_mean
from routing.config.findings import Finding, refuse_any
from routing.config.known_customers import MemoryFile
from routing.config.lint.registry import site_findings
from routing.config.lint.subject import SiteSubject
from routing.config.plugins import registry_with_plugins
from routing.config.policy import DEFAULT_POLICY, load_policy, resolve_policy
from routing.config.queues import ChannelFile, QueueFile
from routing.config.rules import Rule, RuleDefaults, RuleFile, rules_of
from routing.config.site_checks import rule_faults
from routing.config.values import DurationMs, Identifier, LegAgeValue
from routing.core.errors import CommandRefused
from routing.core.validate import check_site
from routing.model.channel import Channel
from routing.model.diversion import Diversion, DiversionKind
from routing.model.ids import ChannelId, QueueId
from routing.model.leg import LegAge
from routing.model.queue import Queue
from routing.model.site import PolicySpec, Site
from routing.model.time import DAY_MS, MINUTE_MS, SECOND_MS
from routing.policy.registry import PolicyRegistry

SITE_SCHEMA = "careroute/site/1"


class SiteFile(FileModel):
    """A site file's keys."""

    id: Identifier
    channels: dict[Identifier, ChannelFile] = Field(min_length=1)
    skills: tuple[Identifier, ...] = ()
    queue_defaults: QueueFile = QueueFile()
    queues: dict[Identifier, QueueFile] = Field(min_length=1)
    rule_defaults: RuleDefaults = RuleDefaults()
    rules: tuple[RuleFile, ...] = Field(min_length=1)
    policy: Identifier = DEFAULT_POLICY
    policies: dict[Identifier, Identifier] = Field(default_factory=dict)
    session_lease: DurationMs = 30 * SECOND_MS
    handling_grace: DurationMs = 5 * MINUTE_MS
    retention: DurationMs = 7 * DAY_MS
    transfer_age: LegAgeValue = LegAge()
    waiting_routes: Literal["reclassify", "keep"] = "reclassify"
    running_callbacks: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    memory: MemoryFile | None = None
    not_ready_reasons: dict[Identifier, TimeKind] = Field(default_factory=dict)
    shifts: ShiftFile | None = None
    calendars: dict[Identifier, CalendarFile] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    """A site file as read: the site itself, the further policies it names, and what the linter looks at."""

    path: Path
    site: Site
    policies: Mapping[str, PolicySpec]
    subject: SiteSubject

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the linter finds; looked for when somebody asks."""
        return site_findings(self.subject)


def load_site(path: Path, registry: PolicyRegistry | None = None) -> Site:
    """The site a file describes, checked so that the router accepts it.

    Raises:
        ConfigError: the file cannot be read or used; every fault found is listed.
    """
    return read_site(path, registry).site


def read_site(path: Path, registry: PolicyRegistry | None = None) -> SiteConfig:
    """The site a file describes with its further policies and findings; `registry` (all installed policies by default) knows the names.

    Raises:
        ConfigError: the file cannot be read or used; every fault found is listed.
    """
    registry = registry_with_plugins() if registry is None else registry
    document, stated = load(path, SITE_SCHEMA, SiteFile)
    rules = rules_of(stated.rules, stated.rule_defaults)
    refuse_any((*_site_faults(document, stated), *rule_faults(document, rules, stated.channels, stated.queues, stated.skills)))
    policies = _policies(document, stated, registry)
    site = _site(document, stated, rules, _active_policy(document, stated, policies, registry))
    subject = SiteSubject(document=document, site=site, stated=rules, policies=policies)
    return SiteConfig(path=path, site=site, policies=policies, subject=subject)


def _site_faults(document: Document, stated: SiteFile) -> Iterator[ConfigError]:
    for index, skill in enumerate(stated.skills):
        if skill in stated.skills[:index]:
            yield document.error(("skills", index), "is listed twice", value=skill, remedy="Remove one.")
    yield from interruption_faults(document, stated.channels)
    for queue_id, queue in stated.queues.items():
        if queue.target_ms(stated.queue_defaults) is None:
            yield document.error(
                ("queues", queue_id, "service_level", "target"),
                "is missing",
                remedy='Add service_level.target = "30s", or state it for all queues in [queue_defaults].',
            )
    for name, calendar in stated.calendars.items():
        fault = calendar.fault()
        if fault is not None:
            yield document.error(("calendars", name), fault[0], remedy=fault[1])
    for queue_id, queue in stated.queues.items():
        yield from _door_faults(document, stated, queue_id, queue)
    memory = stated.memory
    if memory is not None and not memory.last_agent and not memory.return_within:
        remedy = 'Write last_agent = "30d" or return_within = "60s", or leave the table out.'
        yield document.error(("memory",), "remembers nothing", remedy=remedy)


def _door_faults(document: Document, stated: SiteFile, queue_id: QueueId, queue: QueueFile) -> Iterator[ConfigError]:
    """Names that a queue's own door uses and the site does not have; what the defaults say is told by the router's own check."""
    if queue.hours is not None and queue.hours.calendar not in stated.calendars:
        key = ("queues", queue_id, "hours", "calendar")
        remedy = did_you_mean(queue.hours.calendar, stated.calendars)
        yield document.error(key, "is not a calendar of this site", value=queue.hours.calendar, remedy=remedy)
    for place, diversion in _diversions(queue):
        if diversion is not None and diversion.kind is DiversionKind.QUEUE and diversion.target not in stated.queues:
            remedy = did_you_mean(diversion.target, stated.queues)
            yield document.error(("queues", queue_id, *place), "is not a queue of this site", value=diversion.target, remedy=remedy)


def _diversions(queue: QueueFile) -> Iterator[tuple[tuple[str, str], Diversion | None]]:
    if queue.admission is not None:
        yield ("admission", "otherwise"), queue.admission.otherwise
    if queue.empty is not None:
        yield ("empty", "otherwise"), queue.empty.otherwise
    if queue.hours is not None:
        yield ("hours", "when_closed"), queue.hours.when_closed
        yield ("hours", "at_close"), queue.hours.at_close


def _policies(document: Document, stated: SiteFile, registry: PolicyRegistry) -> Mapping[str, PolicySpec]:
    found: dict[str, PolicySpec] = {}
    for name, file in stated.policies.items():
        if name in registry.names():
            raise document.error(("policies", name), "is the name of a known policy", remedy="Choose another name for this one.")
        found[name] = load_policy(document.beside(file), registry)
    return found


def _active_policy(document: Document, stated: SiteFile, policies: Mapping[str, PolicySpec], registry: PolicyRegistry) -> PolicySpec:
    try:
        return resolve_policy(stated.policy, folder=document.path.parent, site_policies=policies, registry=registry)
    except ConfigError as error:
        if error.file is not None:
            raise
        raise document.error(("policy",), error.problem, value=stated.policy, remedy=error.remedy) from error


def _site(document: Document, stated: SiteFile, rules: tuple[Rule, ...], policy: PolicySpec) -> Site:
    channels = {channel_id: channel.to_model(channel_id) for channel_id, channel in stated.channels.items()}
    queues = _queues(stated, rules, channels)
    site = Site(
        id=stated.id,
        channels=channels,
        queues=queues,
        skills=stated.skills,
        rules=tuple(rule.to_model(queues[rule.queue_id]) for rule in rules if rule.queue_id is not None),
        policy=policy,
        session_lease_ms=stated.session_lease,
        handling_grace_ms=stated.handling_grace,
        retention_ms=stated.retention,
        transfer_age=stated.transfer_age,
        keeps_waiting_routes=stated.waiting_routes == "keep",
        running_callbacks_max=stated.running_callbacks,
        memory=None if stated.memory is None else stated.memory.to_model(),
        not_ready_reasons=reasons_of(stated.not_ready_reasons),
        shift_rule=None if stated.shifts is None else stated.shifts.to_model(),
        calendars={name: calendar.to_model() for name, calendar in stated.calendars.items()} or None,
    )
    try:
        check_site(site)
    except CommandRefused as refusal:
        raise ConfigError(f"the site is refused by the router: {refusal.text}", file=document.path) from refusal
    return site


def _queues(stated: SiteFile, rules: tuple[Rule, ...], channels: Mapping[ChannelId, Channel]) -> dict[QueueId, Queue]:
    live = _queues_of_live_work(rules, channels)
    return {
        queue_id: queue.to_model(
            queue_id,
            stated.queue_defaults,
            target_ms=queue.target_ms(stated.queue_defaults) or 0,
            missed_offers=1 if queue_id in live else 0,
        )
        for queue_id, queue in stated.queues.items()
    }


def _queues_of_live_work(rules: tuple[Rule, ...], channels: Mapping[ChannelId, Channel]) -> frozenset[QueueId]:
    """The queues that a rule leads a live channel to: there, by default, one missed offer takes the agent off the floor."""
    found: set[QueueId] = set()
    for rule in rules:
        taken = rule.when.get("channel", tuple(channels))
        if any(channel.is_live for channel in channels.values() if channel.id in taken):
            found.update(step.overflow for step in rule.steps if step.overflow is not None)
            found.update(place.queue_id for place in (rule, *rule.also) if place.queue_id is not None)
    return frozenset(found)
