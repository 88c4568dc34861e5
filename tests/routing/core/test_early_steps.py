"""Steps that need not wait for their time: nobody is there to wait for."""

from dataclasses import replace

import pytest

from routing.core import attendance, commands, events
from routing.core.attendance import Attendance, Wanted
from routing.core.decide import decide_early_steps
from routing.core.errors import InvariantBroken, RefusalReason
from routing.core.events import Event, RequirementRelaxed, StepCause
from routing.core.invariants import check_settled, check_state
from routing.model.agent import Agent, Presence
from routing.model.route import Reach, RuleStep
from routing.model.site import Site
from routing.policy.classify import RuleClassifier
from tests.builders import a_further_queue, a_queue, a_rule, a_site, a_step, an_agent, an_interaction, some_needs
from tests.routing.core.desk import START, a_desk

OTHER = an_agent("other", skills="")


def a_ladder(*steps: RuleStep, needs: str = "sales>=5:expiring") -> Site:
    """A site whose one rule has those steps."""
    return a_site(rules=[a_rule(needs=needs, steps=steps)])


def taken(happened: list[Event]) -> list[tuple[StepCause, int]]:
    """The steps of a list of events: why, and when they would have been due."""
    return [(event.cause, event.due_at - START) for event in happened if isinstance(event, RequirementRelaxed)]


@pytest.mark.parametrize(
    ("presence", "early"),
    [
        (None, ["registered", "present", "available"]),
        (Presence.OFFLINE, ["present", "available"]),
        (Presence.NOT_READY, ["available"]),
        (Presence.AVAILABLE, []),
    ],
)
@pytest.mark.parametrize("reach", [*Reach])
def test_an_empty_group_is_not_waited_for(presence: Presence | None, early: list[str], reach: Reach) -> None:
    """On arrival, by the presence of whoever serves the channel with the skill; others do not count."""
    desk = a_desk(a_ladder(a_step(30_000, drop="sales", early=reach)), OTHER)
    desk.agents_available(an_agent("chat", skills="sales:9", channels="chat:1"), an_agent("weak", skills="sales:4"))
    if presence is not None:
        desk.do(commands.PutAgents(agents=(an_agent("a1", skills="sales:5"),)))
        desk.do(commands.SetPresence(agent_id="a1", presence=presence))
    happened = desk.do(commands.EnqueueInteraction(interaction=an_interaction()))
    expected = [(StepCause(f"nobody_{reach}"), 30_000)] if reach in early else []
    assert expected == taken(happened)


def test_what_comes_later_comes_as_much_sooner() -> None:
    """The second stage lasts as long as it would have, and says what the steps had dropped."""
    steps = [a_step(30_000, drop="sales", early="available"), a_step(50_000, class_rank=2), a_step(90_000, class_rank=3)]
    desk = a_desk(a_ladder(*steps), OTHER)
    *_, relaxed = desk.do(commands.EnqueueInteraction(interaction=an_interaction()))
    assert isinstance(relaxed, RequirementRelaxed)
    assert (START + 30_000, steps[0].relaxation) == (relaxed.due_at, relaxed.relaxation)
    route = desk.state.interactions["i1"].route
    assert ((), 30_000, [20_000, 60_000]) == (route.requirements, route.brought_forward_ms, [step.due_at - START for step in route.steps])
    assert [(StepCause.DUE, 20_000)] == taken(desk.wait(20_000))


def test_several_empty_stages_are_left_at_once() -> None:
    """Each is asked for with what it requires; the last, which has somebody, waits for its time."""
    steps = [
        a_step(10_000, lower="sales:7", early="available"),
        a_step(20_000, lower="sales:4", early="available"),
        a_step(30_000, drop="sales", early="available"),
    ]
    desk = a_desk(a_ladder(*steps, needs="sales>=9:expiring"), an_agent("a1", skills="sales:5"))
    happened = desk.do(commands.EnqueueInteraction(interaction=an_interaction()))
    assert [(StepCause.NOBODY_AVAILABLE, 10_000), (StepCause.NOBODY_AVAILABLE, 10_000)] == taken(happened)
    assert [4] == [need.value for need in desk.state.interactions["i1"].route.requirements]
    assert [(StepCause.DUE, 10_000)] == taken(desk.wait(10_000))


def test_one_step_at_a_time_is_taken_early_in_two_queues() -> None:
    """Each queue's ladder stands before an empty group: the second step is taken on the route that the first one left."""
    ladder = [a_step(30_000, drop="sales", early="available")]
    rule = a_rule(
        queue="first", needs="sales>=9:expiring", steps=ladder, also=[a_further_queue("second", needs="sales>=9:expiring", steps=ladder)]
    )
    desk = a_desk(a_site(queues=[a_queue("first"), a_queue("second")], rules=[rule]))
    queued = desk.do(commands.EnqueueInteraction(interaction=an_interaction()))
    assert ["first", "second"] == [event.queue_id for event in queued if isinstance(event, RequirementRelaxed)]
    assert [(), ()] == [branch.requirements for branch in desk.state.interactions["i1"].route.branches]


def test_a_step_that_is_not_watched_is_asked_for_once() -> None:
    """The agent who was there goes, and the step keeps its time; had it been watched it would come at once."""
    for early, expected in (("available", []), ("available:watched", [(StepCause.NOBODY_AVAILABLE, 30_000)])):
        desk = a_desk(a_ladder(a_step(30_000, drop="sales", early=early)), an_agent("a1"), an_agent("a2"))
        desk.enqueue()
        first = desk.do(commands.SetPresence(agent_id="a1", presence=Presence.NOT_READY))
        second = desk.do(commands.SetPresence(agent_id="a2", presence=Presence.OFFLINE))
        assert [] == taken(first)
        assert expected == taken(second)


def changed(agent: Agent | None) -> commands.Mutation:
    """a1's record is replaced, or removed."""
    return commands.RemoveAgents(agent_ids=("a1",)) if agent is None else commands.PutAgents(agents=(agent,))


@pytest.mark.parametrize("agent", [None, an_agent(skills="sales:4"), an_agent(channels="chat:1")], ids=["removed", "skill", "channel"])
def test_whoever_is_changed_or_removed_is_no_longer_there(agent: Agent | None) -> None:
    """For a watched step it is as if they had gone; a change that leaves them able is none."""
    desk = a_desk(a_ladder(a_step(30_000, drop="sales", early="registered:watched")))
    desk.enqueue()
    desk.agents_available(an_agent("stranger", skills="french:9"))
    assert [] == taken(desk.do(commands.PutAgents(agents=(an_agent(skills="sales:8"), OTHER))))
    assert [(StepCause.NOBODY_REGISTERED, 30_000)] == taken(desk.do(changed(agent)))


def test_a_missed_offer_that_takes_the_last_agent_off_the_floor_is_noticed() -> None:
    """Also where nobody sent a command: the offer expires, the agent is not ready, the step is taken."""
    desk = a_desk(a_ladder(a_step(60_000, drop="sales", early="available:watched")))
    desk.enqueue()
    desk.offer()
    assert [(StepCause.NOBODY_AVAILABLE, 60_000)] == taken(desk.wait(15_000))


def test_what_no_longer_waits_is_not_watched() -> None:
    """Accepted or ended it has left its ladder; when it comes back it is asked for again."""
    desk = a_desk(a_ladder(a_step(60_000, drop="sales", early="available:watched")))
    for name in ("i1", "i2"):
        desk.enqueue(an_interaction(name))
    desk.take("i1")
    desk.do(commands.AbandonInteraction(interaction_id="i2"))
    assert {} == desk.state.attendance.watched
    assert [] == taken(desk.do(commands.SetPresence(agent_id="a1", presence=Presence.OFFLINE)))
    failed = desk.do(commands.FailConnect(interaction_id="i1", reason="no answer"))
    assert [(StepCause.NOBODY_AVAILABLE, 60_000)] == taken(failed)


def test_a_step_that_is_due_is_taken_as_due() -> None:
    """At its instant it needs no other reason, and an interaction that has moved on since it was marked is passed over."""
    desk = a_desk(a_ladder(a_step(0, drop="sales", early="available")), OTHER)
    assert [] == taken(desk.do(commands.EnqueueInteraction(interaction=an_interaction())))
    assert [(StepCause.DUE, 0)] == taken(desk.wait(0))
    desk.take("i1", "other")
    assert [] == decide_early_steps(desk.state, ["i1", "nothing"], desk.now)
    plain = a_desk(a_ladder(a_step(9_000, drop="sales")), OTHER)
    plain.enqueue()
    assert [] == decide_early_steps(plain.state, ["i1"], plain.now)


def test_an_update_does_not_narrow_what_was_widened_early() -> None:
    """The same rule: the step stays taken although somebody has come meanwhile. Another rule, or site: a ladder of its own."""
    ladder = [a_step(30_000, drop="sales", early="available"), a_step(50_000, class_rank=2)]
    rules = [a_rule("vip", when="type=vip", needs="sales>=5:expiring", steps=ladder), a_rule(needs="sales>=5:expiring", steps=ladder)]
    desk = a_desk(a_site(rules=rules), OTHER)
    desk.enqueue()
    desk.agents_available(an_agent("a1"))
    before = desk.state.interactions["i1"].route
    assert before.brought_forward_ms == 30_000
    updated = desk.do(commands.UpdateInteraction(interaction_id="i1", attributes={"note": 1}, overwrite=True))
    assert ["InteractionUpdated"] == [type(event).__name__ for event in updated]
    asked = desk.do(commands.UpdateInteraction(interaction_id="i1", requirements=some_needs("english>=2"), overwrite=True))
    assert ["english"] == [need.attribute for event in asked if isinstance(event, events.RouteChanged) for need in event.new.requirements]
    desk.do(commands.ApplySite(site=a_site(rules=rules, queues=[a_queue(wrap_up_limit_ms=1)])))
    fresh = desk.state.interactions["i1"].route
    assert (["sales", "english"], 0) == ([need.attribute for need in fresh.requirements], fresh.brought_forward_ms)


def test_crews_are_forgotten_unless_they_are_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Platforms choose requirements freely; what nobody watches is counted anew when somebody asks."""
    monkeypatch.setattr(attendance, "_CREWS_MAX", 4)
    counts = Attendance()
    agents = [(an_agent(skills="sales:5"), Presence.AVAILABLE)]
    watched = Wanted("voice", some_needs("sales>=1"))
    counts.watched["i1"] = (watched,)
    for level in range(1, 90):
        wanted = Wanted("voice", some_needs(f"sales>={level}"))
        assert (level <= 5) == counts.has(Reach.AVAILABLE, wanted, agents)
        assert counts.has(Reach.AVAILABLE, watched, [])
    assert len(counts._crews) < 90


@pytest.mark.parametrize("spoil", ["members", "watched", "owed"])
def test_the_invariants_know_who_is_there(spoil: str) -> None:
    """Counts that differ from the rows, a watch that the rows do not know, and a step that should have been taken are named."""
    desk = a_desk(a_ladder(a_step(30_000, drop="sales", early="available:watched")))
    desk.enqueue()
    check_state(desk.state)
    check_settled(desk.state)
    row = desk.state.agents["a1"]
    match spoil:
        case "members":
            row.presence, row.staffed_since = Presence.OFFLINE, None
            with pytest.raises(InvariantBroken, match="are not who the rows say"):
                check_state(desk.state)
        case "watched":
            desk.state.attendance.watched.clear()
            with pytest.raises(InvariantBroken, match="are watched, and the rows say"):
                check_state(desk.state)
        case _:
            row.presence = Presence.NOT_READY
            with pytest.raises(InvariantBroken, match="though nobody is there"):
                check_settled(desk.state)
            desk.state.at += 30_000
            check_settled(desk.state)


def test_a_site_may_leave_alone_what_waits() -> None:
    """What waits keeps the route of its entry, and the queues that the route may lead to have to stay."""
    desk = a_desk(a_site(queues=[a_queue(), a_queue("second")], rules=[a_rule(steps=[a_step(9_000, overflow_to="second")])]))
    desk.enqueue()
    new = a_site(rules=[a_rule(needs="sales>=9")], keeps_waiting_routes=True)
    assert RefusalReason.STILL_IN_USE == desk.refuses(commands.ApplySite(site=new))
    both = replace(new, queues={"main": a_queue(), "second": a_queue("second")})
    assert ["SiteApplied"] == [type(event).__name__ for event in desk.do(commands.ApplySite(site=both))]
    desk.enqueue(an_interaction("i2"))
    assert [0, 1] == [len(desk.state.interactions[name].route.requirements) for name in ("i1", "i2")]
    assert RuleClassifier()(an_interaction(), START, both) == desk.state.interactions["i2"].route
