"""The linter of scenarios: what a site's file alone cannot tell, because it takes the customers' patience and the staff."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from routing.config.document import Document, load
from routing.config.findings import Finding, Severity
from routing.config.lint.check import Check, Found, run
from routing.config.lint.registry import roster_findings, site_findings
from routing.config.lint.subject import SiteSubject
from routing.config.lint.texts import duration_text
from routing.config.site import read_site
from routing.policy.classify import RuleClassifier
from simulation.coverage import samples
from simulation.customers.lint import CUSTOMER_CHECKS, CustomerSubject
from simulation.laws import Never, duration_ms
from simulation.scenario import Scenario
from simulation.scenario_file import SCENARIO_SCHEMA, ScenarioFile
from simulation.streams import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSubject:
    """A scenario and the site it runs; findings stand in the site's file, where the remedy does."""

    of_site: SiteSubject
    scenario: Scenario

    @property
    def document(self) -> Document:
        """The site's file."""
        return self.of_site.document


def offer_outlasts_patience(subject: ScenarioSubject) -> Iterator[Found]:
    """A live queue whose lease is as long as half its customers wait at all: one agent who does not answer loses them."""
    scenario = subject.scenario
    classify = RuleClassifier()
    told: set[str] = set()
    for interaction in samples(scenario):
        route = classify(interaction, scenario.starts_at, scenario.site)
        rule = scenario.behaviour.rule_for(Purpose.PATIENCE, interaction)
        if route is None or route.queue_id in told or rule is None or isinstance(rule.law, Never):
            continue
        median_ms, lease_ms = duration_ms(rule.law, 0.5), scenario.site.queues[route.queue_id].offer_timeout_ms
        if scenario.site.channels[interaction.channel].is_live and median_ms <= lease_ms:
            told.add(route.queue_id)
            yield Found(
                subject.of_site.queue_key(route.queue_id, "offer_timeout"),
                f"an offer of queue {route.queue_id} rings for {duration_text(lease_ms)}, and half of its customers on"
                f" {interaction.channel} leave within {duration_text(median_ms)}: one agent who does not answer loses them",
                "Shorten offer_timeout to a small part of their patience.",
            )


def horizon_beyond_calendar(subject: ScenarioSubject) -> Iterator[Found]:
    """A calendar that does not know the whole horizon: in the part it does not know its queues turn everybody away."""
    scenario, zone = subject.scenario, subject.scenario.calendar.zone_info
    used = {queue.hours.calendar: queue_id for queue_id, queue in scenario.site.queues.items() if queue.hours is not None}
    starts, ends = (dt.datetime.fromtimestamp(at / 1_000, zone) for at in (scenario.starts_at, scenario.ends_at))
    for name, calendar in (scenario.site.calendars or {}).items():
        known_from, known_until = (dt.datetime.fromtimestamp(at / 1_000, zone) for at in (calendar.known_from, calendar.known_until))
        if name in used and known_until < ends:
            yield Found(
                ("calendars", name, "valid_until"),
                f"calendar {name} knows nothing from {known_until:%Y-%m-%d} on, and the scenario lasts until {ends:%Y-%m-%d %H:%M}: whoever"
                f" comes to queue {used[name]} after that is turned away",
                "Write a later valid_until.",
            )
        elif name in used and known_from > starts:
            yield Found(
                ("calendars", name, "valid_from"),
                f"calendar {name} knows nothing before {known_from:%Y-%m-%d}, and the scenario begins at {starts:%Y-%m-%d %H:%M}: whoever"
                f" comes to queue {used[name]} before that is turned away",
                "Write an earlier valid_from.",
            )


SCENARIO_CHECKS: tuple[Check[ScenarioSubject], ...] = (
    Check(Severity.WARNING, offer_outlasts_patience),
    Check(Severity.WARNING, horizon_beyond_calendar),
)
"""What a scenario can tell of its site."""


def scenario_findings(path: Path, scenario: Scenario) -> tuple[Finding, ...]:
    """Everything found in the files of a scenario that can be used: its site, each roster with it, and the patience of its customers.

    Raises:
        ConfigError: a file changed since the scenario was read, and can no longer be used.
    """
    document, stated = load(path, SCENARIO_SCHEMA, ScenarioFile)
    of_site = read_site(document.beside(stated.site)).subject
    return (
        *site_findings(of_site),
        *run(SCENARIO_CHECKS, ScenarioSubject(of_site=of_site, scenario=scenario)),
        *run(CUSTOMER_CHECKS, CustomerSubject(document=document, scenario=scenario)),
        *(
            found
            for name, roster in scenario.rosters.items()
            for found in roster_findings(of_site, document.beside(stated.rosters[name]), roster)
        ),
    )
