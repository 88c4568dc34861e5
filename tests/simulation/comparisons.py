"""Builders of small comparisons: two families of calls and written requests, three agents, two rosters, drawn arrivals."""

from dataclasses import replace

from routing.model.time import HOUR_MS
from simulation.demand import DemandStream, DrawnDemand, RateSpan
from simulation.laws import Exponential
from simulation.scenario import Scenario
from tests.builders import a_queue, a_rule, a_site, an_agent
from tests.simulation.worlds import a_behaviour, a_member, a_roster, a_scenario, exponential


def a_busy_office(*, hours: int = 2) -> Scenario:
    """Some 30 calls and 10 written requests an hour for three agents, or for two under the roster "fewer"; half of the calls are sales."""
    site = a_site(
        queues=[a_queue("sales"), a_queue("help"), a_queue("letters", target_ms=HOUR_MS)],
        rules=[
            a_rule("letters", queue="letters", when="channel=email"),
            a_rule("sales", queue="sales", when="type=sales", needs="sales>=3"),
            a_rule("help", queue="help", needs="help>=3"),
        ],
        skills="sales help",
    )
    span = (RateSpan(starts_at=0, ends_at=hours * HOUR_MS, expected=15 * hours),)
    streams = (
        DemandStream(channel="voice", type="sales", attributes={}, spans=span),
        DemandStream(channel="voice", type="help", attributes={}, spans=span),
        DemandStream(channel="email", type="help", attributes={}, spans=(replace(span[0], expected=10 * hours),)),
    )
    skills = {"a1": "sales:8", "a2": "help:8 sales:5", "a3": "help:6 sales:4"}
    members = [a_member(an_agent(name, skills=held, channels="voice:1 email:1")) for name, held in skills.items()]
    planned = a_roster(*members, name="planned")
    scenario = a_scenario(
        planned,
        site=site,
        demand=DrawnDemand(streams=streams, description="a busy office"),
        behaviour=a_behaviour(work=exponential(240_000), patience=exponential(180_000), return_after=Exponential(mean_ms=60_000)),
        ends_at=hours * HOUR_MS,
        assumptions=("nobody calls twice",),
        notes=("an office of the tests",),
    )
    return replace(scenario, rosters={"planned": planned, "fewer": a_roster(*members[1:], name="fewer")})
