"""Checks on what comes from outside: each bound has a refusal that names the field."""

from dataclasses import replace

import pytest

from routing.core.errors import CommandRefused, RefusalReason
from routing.core.validate import check_agent, check_interaction, check_site
from routing.model.agent import Agent
from routing.model.interaction import Interaction
from routing.model.site import Site
from tests.builders import a_channel, a_policy, a_queue, a_rule, a_site, a_step, an_agent, an_interaction, an_urgency

MANY = {f"skill{number}": 1 for number in range(65)}
LONG = "x" * 129
TOO_MANY_NEEDS = " ".join(f"s{number}>=1" for number in range(65))


def fault(call: object) -> tuple[RefusalReason, str]:
    """Reason and field of the refusal."""
    assert isinstance(call, pytest.ExceptionInfo)
    assert isinstance(call.value, CommandRefused)
    return call.value.reason, call.value.field


@pytest.mark.parametrize(
    ("interaction", "field"),
    [
        (an_interaction("auto-9"), "interaction.id"),
        (an_interaction(LONG), "interaction.id"),
        (an_interaction(type=LONG), "interaction.type"),
        (an_interaction(correlation_id=LONG), "interaction.correlation_id"),
        (an_interaction(due_at=-1), "interaction.due_at"),
        (an_interaction(due_at=2**46), "interaction.due_at"),
        (an_interaction(credit_ms=-1), "interaction.routing_credit_ms"),
        (replace(an_interaction(), attributes=MANY), "interaction.attributes"),
        (an_interaction(tier=LONG), "interaction.attributes[tier]"),
        (an_interaction(age=2**53), "interaction.attributes[age]"),
        (replace(an_interaction(), attributes={"": 1}), "a name in interaction.attributes"),
        (an_interaction(needs=TOO_MANY_NEEDS), "interaction.requirements"),
        (an_interaction(needs="sales>=high"), "interaction.requirements[0]"),
        (an_interaction(needs="sales>=1 english<=low"), "interaction.requirements[1]"),
        (an_interaction(needs="sales>=1000001"), "interaction.requirements[0].value"),
        (an_interaction(needs=f"{LONG}>=1"), "interaction.requirements[0].attribute"),
        (an_interaction(points=1_000_001), "interaction.priority"),
        (an_interaction(points=-1_000_001), "interaction.priority"),
        (an_interaction(needs="region!=west|east"), "interaction.requirements[0]"),
        (an_interaction(needs="level==1|1000001"), "interaction.requirements[0].alternatives[0]"),
        (an_interaction(preferred="a1:101"), "interaction.preferred_agents[a1]"),
        (replace(an_interaction(), preferred_agents=MANY), "interaction.preferred_agents"),
        (an_interaction(opaque={"note": "x" * 16_384}), "interaction.opaque"),
    ],
)
def test_an_interaction_out_of_bounds_is_refused(interaction: Interaction, field: str) -> None:
    """By the field that is at fault."""
    with pytest.raises(CommandRefused) as refusal:
        check_interaction(interaction, a_site())
    assert (RefusalReason.INVALID_VALUE, field) == fault(refusal)


def test_an_unknown_channel_lists_the_known_ones() -> None:
    """So that the writer sees the remedy."""
    with pytest.raises(CommandRefused, match="chat, email, voice") as refusal:
        check_interaction(an_interaction(channel="telex"), a_site())
    assert (RefusalReason.UNKNOWN_CHANNEL, "interaction.channel") == fault(refusal)


def test_the_bounds_themselves_are_allowed() -> None:
    """A full but lawful interaction passes."""
    lawful = an_interaction(
        "i" * 128, needs="sales>=1000000 region==west", preferred="a1:1 a2:100", due_at=0, opaque={"n": "x" * 16_383}, age=-1_000_000
    )
    check_interaction(lawful, a_site())


@pytest.mark.parametrize(
    ("agent", "reason", "field"),
    [
        (an_agent(""), RefusalReason.INVALID_VALUE, "agents[0].id"),
        (an_agent(LONG), RefusalReason.INVALID_VALUE, "agents[0].id"),
        (an_agent(capacity=0), RefusalReason.INVALID_VALUE, "agents[0].capacity"),
        (an_agent(capacity=1_000_001), RefusalReason.INVALID_VALUE, "agents[0].capacity"),
        (an_agent(channels="voice:0"), RefusalReason.INVALID_VALUE, "agents[0].channel_maxima[voice]"),
        (an_agent(channels="telex:1"), RefusalReason.UNKNOWN_CHANNEL, "agents[0].channel_maxima"),
        (an_agent(skills="sales:1000001"), RefusalReason.INVALID_VALUE, "agents[0].attributes[sales]"),
    ],
)
def test_an_agent_out_of_bounds_is_refused(agent: Agent, reason: RefusalReason, field: str) -> None:
    """By the field that is at fault."""
    with pytest.raises(CommandRefused) as refusal:
        check_agent("agents[0]", agent, a_site())
    assert (reason, field) == fault(refusal)


@pytest.mark.parametrize(
    ("site", "reason", "field"),
    [
        (a_site(session_lease_ms=-1), RefusalReason.INVALID_VALUE, "site.session_lease_ms"),
        (a_site(policy=a_policy(match_interval_ms=-1)), RefusalReason.INVALID_VALUE, "site.policy.match_interval_ms"),
        (a_site(channels=[a_channel(capacity_cost=0)]), RefusalReason.INVALID_VALUE, "site.channels[voice].capacity_cost"),
        (replace(a_site(), channels={"chat": a_channel("voice")}), RefusalReason.INVALID_VALUE, "site.channels[chat].id"),
        (replace(a_site(), queues={"": a_queue("")}), RefusalReason.INVALID_VALUE, "site.queues"),
        (
            a_site(queues=[a_queue(short_abandon_ms=-1)]),
            RefusalReason.INVALID_VALUE,
            "site.queues[main].service_level.short_abandon_ms",
        ),
        (a_site(policy=a_policy(bypass_class_rank=-1)), RefusalReason.INVALID_VALUE, "site.policy.bypass_class_rank"),
        (a_site(rules=[a_rule(steps=[a_step(1)] * 65)]), RefusalReason.INVALID_VALUE, "site.rules[any].steps, their number,"),
        (a_site(queues=[a_queue(offer_timeout_ms=0)]), RefusalReason.INVALID_VALUE, "site.queues[main].offer_timeout_ms"),
        (a_site(queues=[a_queue(max_live_offers=1_001)]), RefusalReason.INVALID_VALUE, "site.queues[main].max_live_offers"),
        (a_site(rules=[a_rule(urgency=an_urgency(target_ms=0))]), RefusalReason.INVALID_VALUE, "site.rules[any].urgency.target_ms"),
        (a_site(rules=[a_rule(needs="sales>=high")]), RefusalReason.INVALID_VALUE, "site.rules[any].requirements[0]"),
        (a_site(rules=[a_rule(queue="nowhere")]), RefusalReason.UNKNOWN_QUEUE, "site.rules[any].queue_id"),
        (a_site(rules=[a_rule(steps=[a_step(-1)])]), RefusalReason.INVALID_VALUE, "site.rules[any].steps[0].after_ms"),
        (a_site(rules=[a_rule(steps=[a_step(5), a_step(4)])]), RefusalReason.INVALID_VALUE, "site.rules[any].steps[1].after_ms"),
        (a_site(rules=[a_rule(steps=[a_step(5 * 10**10)])]), RefusalReason.INVALID_VALUE, "site.rules[any].steps[0].after_ms"),
        (
            a_site(rules=[a_rule(steps=[a_step(5, raise_base_ms=-1)])]),
            RefusalReason.INVALID_VALUE,
            "site.rules[any].steps[0].raise_base_ms",
        ),
        (a_site(rules=[a_rule(steps=[a_step(5, class_rank=-1)])]), RefusalReason.INVALID_VALUE, "site.rules[any].steps[0].class_rank"),
        (a_site(rules=[a_rule(steps=[a_step(5, lower="s:1000001")])]), RefusalReason.INVALID_VALUE, "site.rules[any].steps[0].lower[s]"),
        (
            a_site(rules=[a_rule(steps=[a_step(5, widen=f"{LONG}:a")])]),
            RefusalReason.INVALID_VALUE,
            "a name in site.rules[any].steps[0].widen",
        ),
        (
            a_site(rules=[a_rule(steps=[a_step(5, widen=f"team:{LONG}")])]),
            RefusalReason.INVALID_VALUE,
            "site.rules[any].steps[0].widen[team][0]",
        ),
        (
            a_site(rules=[a_rule(steps=[a_step(5, widen=f"team:{'|'.join(MANY)}")])]),
            RefusalReason.INVALID_VALUE,
            "site.rules[any].steps[0].widen[team]",
        ),
        (
            a_site(rules=[a_rule(urgency=an_urgency(ms_per_point=-1_000_001))]),
            RefusalReason.INVALID_VALUE,
            "site.rules[any].urgency.ms_per_point",
        ),
        (
            a_site(rules=[a_rule(urgency=an_urgency(class_per_point=1_001))]),
            RefusalReason.INVALID_VALUE,
            "site.rules[any].urgency.class_per_point",
        ),
        (
            a_site(rules=[a_rule(urgency=an_urgency(slope_per_mille=-1_001))]),
            RefusalReason.INVALID_VALUE,
            "site.rules[any].urgency.slope_per_mille",
        ),
        (
            a_site(rules=[a_rule(urgency=an_urgency(slope_per_mille=-1))], policy=a_policy(is_work_conserving=False)),
            RefusalReason.INVALID_VALUE,
            "site.rules[any].urgency.slope_per_mille",
        ),
        (a_site(rules=[a_rule(steps=[a_step(5, overflow_to="x")])]), RefusalReason.UNKNOWN_QUEUE, "site.rules[any].steps[0].overflow_to"),
    ],
)
def test_a_site_out_of_bounds_is_refused(site: Site, reason: RefusalReason, field: str) -> None:
    """By the first field that is at fault."""
    with pytest.raises(CommandRefused) as refusal:
        check_site(site)
    assert (reason, field) == fault(refusal)


def test_a_lawful_ladder_passes() -> None:
    """Two steps at one instant, a class, an overflow to a queue of the site, further values; an urgency that falls under most policies."""
    steps = [a_step(0, class_rank=1), a_step(0, overflow_to="main"), a_step(9, lower="sales:1", widen="team:a|b", early="present")]
    check_site(a_site(rules=[a_rule(steps=steps, urgency=an_urgency(slope_per_mille=-1_000, ms_per_point=-1_000_000, class_per_point=-1))]))
