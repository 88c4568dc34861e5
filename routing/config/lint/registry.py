"""Every check, in the order in which their findings are told. The reference explains each by its name, with an example."""

from pathlib import Path

from routing.config.document import Document
from routing.config.findings import SEVERITIES, Finding, Severity
from routing.config.lint import commitments, doors, offers, policies, requirements, rules, staffing, urgency
from routing.config.lint.check import Check, run
from routing.config.lint.subject import PolicySubject, RosterSubject, SiteSubject, StaffedSubject
from routing.config.roster import Roster
from routing.model.site import PolicySpec

_ERROR, _WARNING, _NOTE = SEVERITIES

SITE_CHECKS: tuple[Check[SiteSubject], ...] = (
    Check(_ERROR, rules.unreachable_rule),
    Check(_NOTE, rules.shadowed_value),
    Check(_WARNING, rules.unmatched_channel),
    Check(_WARNING, rules.unmatched_interactions),
    Check(_NOTE, rules.unused_queue),
    Check(_NOTE, rules.unused_skill),
    Check(_NOTE, rules.frozen_routes),
    Check(_WARNING, rules.shared_limit),
    Check(_WARNING, rules.mutual_interruption),
    Check(_ERROR, doors.never_open),
    Check(_WARNING, doors.short_calendar),
    Check(_WARNING, commitments.unfelt_shifts),
    Check(_NOTE, commitments.idle_promise_class),
    Check(_ERROR, requirements.contradictory_requirements),
    Check(_NOTE, requirements.repeated_requirement),
    Check(_WARNING, requirements.firm_expiring),
    Check(_NOTE, requirements.idle_step),
    Check(_WARNING, requirements.cut_step),
    Check(_WARNING, requirements.dropped_licence),
    Check(_WARNING, urgency.starving_class),
    Check(_WARNING, urgency.starving_urgency),
    Check(_WARNING, urgency.newest_first),
    Check(_WARNING, urgency.strict_priority),
    Check(_WARNING, urgency.written_before_live),
    Check(_WARNING, offers.offer_loop),
    Check(_WARNING, offers.never_asked_again),
    Check(_WARNING, offers.overflow_to_nowhere),
    Check(_WARNING, offers.absent_agent_kept),
    Check(_WARNING, offers.offer_outlasts_target),
    Check(_NOTE, offers.step_within_offer),
    Check(_NOTE, offers.step_after_stay),
    Check(_WARNING, offers.sticky_outlasts_target),
    Check(_WARNING, offers.lost_at_once),
    Check(_WARNING, policies.load_blind),
    Check(_WARNING, policies.gate_filter),
    Check(_WARNING, policies.waiting_counts_for_nothing),
    Check(_NOTE, policies.classes_ignored),
    Check(_NOTE, policies.bypass_of_everything),
    Check(_WARNING, policies.bypass_of_nothing),
    Check(_WARNING, policies.window_outlasts_target),
    Check(_ERROR, policies.held_for_ever),
)
"""What a site file alone can tell."""

POLICY_CHECKS: tuple[Check[PolicySubject], ...] = (
    Check(_NOTE, policies.weightless_scorer),
    Check(_NOTE, policies.bypass_without_window),
    Check(_NOTE, policies.joint_without_window),
)
"""What a policy can tell without a site."""

ROSTER_CHECKS: tuple[Check[RosterSubject], ...] = (
    Check(_WARNING, staffing.skill_nobody_has),
    Check(_WARNING, staffing.channel_nobody_serves),
    Check(_NOTE, staffing.maximum_beyond_capacity),
)
"""What a roster with its site can tell of the roster."""

STAFFED_CHECKS: tuple[Check[StaffedSubject], ...] = (
    Check(_ERROR, staffing.work_nobody_can_take),
    Check(_WARNING, staffing.ring_without_agents),
    Check(_ERROR, staffing.agent_without_work),
    Check(_WARNING, staffing.ring_all_clears_floor),
)
"""What a roster with its site can tell of the site."""


def site_findings(subject: SiteSubject) -> tuple[Finding, ...]:
    """Everything found in a site file, its policies included."""
    of_policies = [PolicySubject(document=subject.document, place=key, spec=spec) for key, spec in subject.policies_by_key().items()]
    return (*run(SITE_CHECKS, subject), *(found for one in of_policies for found in run(POLICY_CHECKS, one)))


def policy_findings(document: Document, spec: PolicySpec) -> tuple[Finding, ...]:
    """Everything found in a policy file, without a site."""
    return run(POLICY_CHECKS, PolicySubject(document=document, place=(), spec=spec))


def roster_findings(of_site: SiteSubject, path: Path, roster: Roster) -> tuple[Finding, ...]:
    """Everything found in a roster that was read against a site, and in the site as that roster staffs it."""
    return (
        *run(ROSTER_CHECKS, RosterSubject.of(path, of_site.site, roster.agents)),
        *run(STAFFED_CHECKS, StaffedSubject(of_site=of_site, roster=roster.name, agents=roster.agents)),
    )


def severities() -> dict[str, Severity]:
    """The severity of every check by its name."""
    found: dict[str, Severity] = {}
    for checks in (SITE_CHECKS, POLICY_CHECKS, ROSTER_CHECKS, STAFFED_CHECKS):
        found |= {check.name: check.severity for check in checks}
    return found
