"""What `careroute check` says of a file that can be used: what it holds, and what its author may want to look at again."""

from collections.abc import Mapping, Sized
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from pydantic import BaseModel

from routing.config.document import Document
from routing.config.findings import Finding
from routing.config.lint.registry import policy_findings, roster_findings
from routing.config.plugins import registry_with_plugins
from routing.config.policy import read_policy
from routing.config.roster import Roster
from routing.config.roster_file import load_roster
from routing.config.site import read_site


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The facts of a usable file, each a name and a count or text, in the order they are shown; and its findings."""

    facts: Mapping[str, int | str]
    findings: tuple[Finding, ...] = ()


def check_site_file(path: Path) -> CheckReport:
    """Reads a site file and tells what it defines, with the linter's findings."""
    config = read_site(path)
    site = config.site
    facts: dict[str, int | str] = {
        "site": site.id,
        "channels": len(site.channels),
        "queues": len(site.queues),
        "skills": len(site.skills),
        "rules": len(site.rules),
        "policy": site.policy.name,
    }
    return CheckReport(facts=facts, findings=config.findings)


def check_roster_file(path: Path) -> CheckReport:
    """Reads a roster alone: the names of skills and channels stay unchecked, and the report says so."""
    return CheckReport(facts={**_roster_facts(load_roster(path, None)), "names": "not checked: name the site with --site"})


def check_roster_against(path: Path, site_path: Path) -> CheckReport:
    """Reads a roster and checks its names against a site; what nobody on it can take is among the findings."""
    config = read_site(site_path)
    roster = load_roster(path, config.site)
    return CheckReport(facts=_roster_facts(roster), findings=roster_findings(config.subject, path, roster))


def check_policy_file(path: Path) -> CheckReport:
    """Reads a policy file and tells its parts."""
    document, spec = read_policy(path, registry_with_plugins())
    facts: dict[str, int | str] = {
        "policy": spec.name,
        "version": spec.version,
        "filters": ", ".join(spec.filters),
        "scorers": ", ".join(scorer.name for scorer in spec.scorers) or "none",
        "wait_price": spec.wait_price,
        "assigner": spec.assigner,
        "match_interval_ms": spec.match_interval_ms,
    }
    return CheckReport(facts=facts, findings=policy_findings(document, spec))


def as_report(checked: object) -> CheckReport:
    """The report of whatever a schema's reader returned: of any record, its texts, its numbers and the sizes of its collections."""
    match checked:
        case CheckReport():
            return checked
        case Mapping():
            return CheckReport(facts=_facts(checked))
        case (Document(), BaseModel() as model):
            return CheckReport(facts=_facts({name: getattr(model, name) for name in type(model).model_fields}))
        case BaseModel():
            return CheckReport(facts=_facts({name: getattr(checked, name) for name in type(checked).model_fields}))
        case _ if is_dataclass(checked) and not isinstance(checked, type):
            return CheckReport(facts=_facts({field.name: getattr(checked, field.name) for field in fields(checked)}))
        case Sized():
            return CheckReport(facts={"entries": len(checked)})
        case _:
            return CheckReport(facts={})


def _facts(content: Mapping[str, object]) -> dict[str, int | str]:
    facts: dict[str, int | str] = {}
    for name, value in content.items():
        if isinstance(value, int | str):
            facts[name] = value
        elif isinstance(value, Sized):
            facts[name] = len(value)
    return facts


def _roster_facts(roster: Roster) -> dict[str, int | str]:
    attributes = {name for agent in roster.agents for name in agent.attributes}
    channels = {name for agent in roster.agents for name in agent.channel_maxima}
    return {
        "roster": roster.name,
        "agents": len(roster.members),
        "with shifts": sum(1 for member in roster.members if member.has_shifts),
        "attributes": len(attributes),
        "channels": len(channels),
    }
