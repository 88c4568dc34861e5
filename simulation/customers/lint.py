"""The linter of what customers do: rules that can be used, and that say something else than was probably meant."""

from collections.abc import Iterator
from dataclasses import dataclass

from routing.config.document import Document
from routing.config.findings import Severity
from routing.config.lint.check import Check, Found
from routing.config.lint.texts import duration_text
from routing.config.roster import Roster
from routing.model.agent import Presence
from routing.model.time import HOUR_MS
from simulation.customers.lines import LineGroup
from simulation.demand import ReplayedLog
from simulation.demand.recorded_redials import attempts_followed, recorded_redials
from simulation.roster import planned_presence
from simulation.scenario import Scenario
from simulation.streams import Streams

USUAL_REDIAL_MS = HOUR_MS
"""So long after leaving, most who call again have done so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSubject:
    """A scenario as read, and its file, in which the findings stand."""

    document: Document
    scenario: Scenario


def fewer_lines_than_agents(subject: CustomerSubject) -> Iterator[Found]:
    """Lines of which there are less than agents at work for their channels: some of these can never be reached."""
    for group in subject.scenario.lines:
        for name, roster in subject.scenario.rosters.items():
            agents = _most_at_work(subject.scenario, roster, group)
            if agents > group.count:
                yield Found(
                    ("lines", group.name, "count"),
                    f"the lines {group.name} are {group.count}, and up to {agents} agents of roster {name} work for their channels: callers"
                    f" hear a busy tone while agents are idle",
                    "Write the number of lines that the telephony has, or fewer agents.",
                )
                break


def notices_before_a_match(subject: CustomerSubject) -> Iterator[Found]:
    """Customers who decide that nobody is free before a policy that decides in windows could tell."""
    scenario = subject.scenario
    policies = {scenario.site.policy.name: scenario.site.policy, **scenario.policies}
    for index, rule in enumerate(scenario.behaviour.balking):
        slow = [(spec.match_interval_ms, name) for name, spec in policies.items() if rule.after_ms <= spec.match_interval_ms > 0]
        if slow:
            longest_ms, name = max(slow)
            yield Found(
                ("behaviour",),
                f"balking[{index}] lets customers notice after {duration_text(rule.after_ms)} that nobody is free, and policy {name} offers"
                f" them only after windows of {duration_text(longest_ms)}: they leave beside idle agents",
                "Write a longer after into the behaviour file.",
            )


def unbound_redials(subject: CustomerSubject) -> Iterator[Found]:
    """A log that is replayed with its redials: they come even where the attempt before is answered now."""
    demand = subject.scenario.demand
    if isinstance(demand, ReplayedLog) and demand.redials_within_ms is None:
        found = len(attempts_followed(recorded_redials(demand.log, within_ms=USUAL_REDIAL_MS)))
        if found:
            yield Found(
                ("demand", "log"),
                f"{found:,} of the {len(demand.log):,} interactions were made by customers who had left within the hour before: under a"
                f" policy with shorter waits they come all the same",
                'Write redials_within = "1h" beside log.',
            )


def _most_at_work(scenario: Scenario, roster: Roster, group: LineGroup) -> int:
    """How many agents who may hold work of the group's channels are planned to be available at once, at most."""
    able = {agent.id for agent in roster.agents if any(agent.channel_maxima.get(channel, 0) for channel in group.channels)}
    plan = planned_presence(scenario, roster, Streams(seed=scenario.seed, replication=0))
    changes = sorted(
        (change.at, change.presence is Presence.AVAILABLE, agent_id)
        for agent_id, days in plan.items()
        if agent_id in able
        for change in days
    )
    present: set[str] = set()
    most = 0
    for _, is_available, agent_id in changes:
        (present.add if is_available else present.discard)(agent_id)
        most = max(most, len(present))
    return most


CUSTOMER_CHECKS: tuple[Check[CustomerSubject], ...] = (
    Check(Severity.WARNING, fewer_lines_than_agents),
    Check(Severity.WARNING, notices_before_a_match),
    Check(Severity.WARNING, unbound_redials),
)
"""What a scenario can tell of its customers."""
