"""Decision records: what is kept with an offer, whoever competed."""

from routing.core.commands import RemoveAgents, SetPresence
from routing.core.events import OfferMade
from routing.model.agent import Presence
from routing.model.decision import Candidate, Compared
from routing.policy.registry import default_registry
from tests.builders import a_policy, a_rule, a_site, an_agent, an_interaction, an_urgency
from tests.routing.policy.floor import Floor, a_floor, a_phone_site, callers


def names(floor: Floor, interaction_id: str) -> list[str]:
    """Who stands in the record, the chosen one first."""
    return [candidate.id for candidate in floor.decisions[interaction_id].best]


def test_an_arrival_compares_agents() -> None:
    """Each filter's share is counted in its order, the best three are kept with their terms, and the policy and site have their hashes."""
    policy = a_policy(scorers="skill_fit:1000 fewest_skills:10")
    floor = a_floor(a_phone_site(rules=[a_rule(needs="sales>=3", urgency=an_urgency(base_ms=500, class_rank=4))], policy=policy))
    skills = ("sales:5", "sales:9 english:1", "sales:2", "english:9", "sales:4", "sales:7")
    floor.staff(*callers(*skills))
    floor.staff(an_agent("deaf", skills="sales:10", channels=""))
    floor.do(SetPresence(agent_id="a6", presence=Presence.OFFLINE))
    floor.enqueue(an_interaction())
    decision = floor.decisions["i1"]
    assert (Compared.AGENTS, "exact", 500, 3) == (decision.compared, decision.made_by, decision.urgency, decision.eligible)
    assert (("presence", 1), ("channel", 1), ("capacity", 0), ("skill", 2), ("declined", 0)) == decision.excluded
    expected = (
        Candidate(id="a2", class_rank=4, net=500 - 1_020, terms=(("skill_fit", 1_000), ("fewest_skills", 20))),
        Candidate(id="a1", class_rank=4, net=500 - 5_010, terms=(("skill_fit", 5_000), ("fewest_skills", 10))),
        Candidate(id="a5", class_rank=4, net=500 - 6_010, terms=(("skill_fit", 6_000), ("fewest_skills", 10))),
    )
    assert expected == decision.best
    assert "value" == decision.tie_break
    assert default_registry().build(policy).hash == decision.policy_hash
    assert floor.router.state.site_hash == decision.site_hash


def test_a_freed_agent_compares_interactions() -> None:
    """The losers are interactions; three are named of five, though all are counted."""
    floor = a_floor(a_phone_site(), *callers("sales:5"))
    for number in range(6):
        floor.enqueue(an_interaction(f"i{number}", credit_ms=number * 1_000))
        floor.now += 1
    floor.accept("i0")
    floor.end("i0")
    assert {"i5": ["a1"]} == floor.offered
    decision = floor.decisions["i5"]
    assert (Compared.INTERACTIONS, "exact", 5) == (decision.compared, decision.made_by, decision.eligible)
    assert ["i5", "i4", "i3"] == names(floor, "i5")


def test_the_only_candidate_is_called_so() -> None:
    """There is nothing to break a tie against."""
    floor = a_floor(a_phone_site(), *callers(""))
    floor.enqueue(an_interaction())
    assert ("only_candidate", 1, ["a1"]) == (floor.decisions["i1"].tie_break, floor.decisions["i1"].eligible, names(floor, "i1"))


def test_ties_are_broken_in_the_stated_order() -> None:
    """Between agents by idle time and then by registration, between interactions by routing age and then by arrival."""
    floor = a_floor(a_phone_site(policy=a_policy(scorers="")), *callers("", ""))
    floor.enqueue(an_interaction("i1"))
    assert ("idle_time", ["a1", "a2"]) == (floor.decisions["i1"].tie_break, names(floor, "i1"))
    floor = a_floor(a_phone_site(policy=a_policy(scorers="")))
    floor.staff(*callers("", ""))
    floor.enqueue(an_interaction("i1"))
    assert ("registration_order", ["a1", "a2"]) == (floor.decisions["i1"].tie_break, names(floor, "i1"))
    for ages, key in (((0, 5), "routing_age"), ((5, 5), "arrival_order")):
        site = a_phone_site(policy=a_policy(scorers=""), rules=[a_rule(urgency=an_urgency(slope_per_mille=0))])
        floor = a_floor(site)
        floor.enqueue(*(an_interaction(f"i{number}", credit_ms=credit) for number, credit in enumerate(ages)))
        floor.staff(*callers(""))
        assert key == floor.decisions["i1" if key == "routing_age" else "i0"].tie_break


def test_a_window_compares_pairs_and_says_where_somebody_got_less_than_the_best() -> None:
    """Jointly the specialist takes the easy call; for it alone the generalist, idle longer, would have been better."""
    policy = a_policy(scorers="longest_idle:1000", assigner="min_cost_flow", match_interval_ms=1_000)
    floor = a_floor(a_phone_site(policy=policy))
    for agent in callers("x:5 y:5", "x:5"):
        floor.staff(agent)
        floor.wait(10_000)
    floor.enqueue(an_interaction("easy", needs="x>=1"), an_interaction("hard", needs="y>=1"))
    floor.wait(1_000)
    assert {"easy": ["a2"], "hard": ["a1"]} == floor.offered
    easy, hard = floor.decisions["easy"], floor.decisions["hard"]
    assert ["min_cost_flow", "min_cost_flow"] == [easy.made_by, hard.made_by]
    assert [Compared.PAIRS, Compared.PAIRS] == [easy.compared, hard.compared]
    assert (["a2", "a1"], "joint_optimum", 2) == (names(floor, "easy"), easy.tie_break, easy.eligible)
    assert (["a1"], "only_candidate", 1) == (names(floor, "hard"), hard.tie_break, hard.eligible)


def test_a_place_that_is_empty_counts_nowhere() -> None:
    """An agent who was removed is not counted as excluded, so that a record does not depend on what happened before."""
    floor = a_floor(a_site(), *callers("", "", ""))
    floor.do(RemoveAgents(agent_ids=("a1",)))
    (made,) = [event for event in floor.enqueue(an_interaction()) if isinstance(event, OfferMade)]
    assert 0 == dict(made.decision.excluded)["presence"]
    assert 2 == made.decision.eligible
