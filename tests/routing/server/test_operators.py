"""The supervisors' service over a real socket and a real journal."""

import json
from pathlib import Path

import grpc

from routing.core.canonical import state_digest
from routing.policy.registry import default_registry
from routing.server.convert.nouns import agent_to_wire
from routing.server.convert.sites import site_of, site_to_wire
from routing.store.replay import replay
from routing.store.sqlite import read_journal
from routing.v1 import agents_pb2, operators_pb2, types_pb2
from tests.builders import CHAT, a_policy, a_queue, a_site, an_agent
from tests.cases.centers import preset
from tests.routing.server.harness import a_desk, refused

NOT_FOUND, INVALID, PRECONDITION = grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION


async def test_agents_are_registered_and_removed_at_run_time(tmp_path: Path) -> None:
    """In batches, all or none; one with work stays."""
    async with a_desk(tmp_path) as desk:
        more = [agent_to_wire(an_agent(f"b{number}")) for number in range(500)]
        await desk.operators.PutAgents(operators_pb2.PutAgentsRequest(request_id="p", agents=more))
        agent = await desk.operators.GetAgent(operators_pb2.GetAgentRequest(agent_id="b499"))
        assert (agent.agent, agent.presence) == (more[499], types_pb2.PRESENCE_OFFLINE)
        twice = operators_pb2.PutAgentsRequest(request_id="q", agents=[more[0], more[0]])
        assert await refused(desk.operators.PutAgents(twice)) == (INVALID, "DUPLICATE_AGENT", "agents[1].id")
        await desk.operators.RemoveAgents(operators_pb2.RemoveAgentsRequest(request_id="r", agent_ids=["b0"]))
        gone = operators_pb2.GetAgentRequest(agent_id="b0")
        assert await refused(desk.operators.GetAgent(gone)) == (NOT_FOUND, "UNKNOWN_AGENT", "agent_id")
        await desk.set_presence("a1")
        await desk.enqueue()
        busy = operators_pb2.RemoveAgentsRequest(request_id="s", agent_ids=["b1", "a1"])
        assert await refused(desk.operators.RemoveAgents(busy)) == (PRECONDITION, "AGENT_HAS_WORK", "agent_ids")
        assert "b1" in desk.state.agents


async def test_an_agents_situation_is_read(tmp_path: Path) -> None:
    """Load, offers, work, session."""
    async with a_desk(tmp_path, agents=[an_agent("a1", channels="chat:2")]) as desk:
        await desk.set_presence("a1")
        await desk.enqueue("i1", channel="chat")
        await desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id="a", offer_id=desk.offered()))
        await desk.enqueue("i2", channel="chat")
        agent = await desk.operators.GetAgent(operators_pb2.GetAgentRequest(agent_id="a1"))
        assert agent.used_capacity == 2 * CHAT.capacity_cost
        assert [work.interaction.id for work in agent.work] == ["i1"]
        assert [offer.interaction.id for offer in agent.offers] == ["i2"]
        assert (agent.session_id, agent.HasField("session_expires_at_ms")) == ("", False)


async def test_another_systems_policy_is_applied_over_the_wire(tmp_path: Path) -> None:
    """Parameters, price of waiting and order arrive: the lower penalty is offered, and a parameter that no scorer knows is refused."""
    agents = [an_agent(f"a{number}", skills=f"penalty.main:{penalty}") for number, penalty in ((1, 5), (2, 1))]
    async with a_desk(tmp_path, agents=agents) as desk:
        site = site_to_wire(a_site(policy=preset("asterisk-fewestcalls")))
        await desk.operators.ApplySite(operators_pb2.ApplySiteRequest(request_id="s", site=site))
        assert (await desk.operators.GetSite(operators_pb2.GetSiteRequest())).site == site
        for agent_id in ("a1", "a2"):
            await desk.set_presence(agent_id)
        await desk.enqueue()
        assert [offer.agent_id for offer in desk.state.offers.values()] == ["a2"]
        site.policy.scorers[1].parameters["lowest"].number = 1
        unknown = operators_pb2.ApplySiteRequest(request_id="t", site=site)
        assert await refused(desk.operators.ApplySite(unknown)) == (INVALID, "INVALID_VALUE", "site.policy")


async def test_the_site_is_read_and_replaced(tmp_path: Path) -> None:
    """What is read can be applied; what does not fit work in progress is refused as a whole, and unknown parts by name."""
    async with a_desk(tmp_path) as desk:
        present = (await desk.operators.GetSite(operators_pb2.GetSiteRequest())).site
        assert site_of(present) == a_site()
        await desk.enqueue()
        two = site_to_wire(a_site(queues=[a_queue("main"), a_queue("other")]))
        await desk.operators.ApplySite(operators_pb2.ApplySiteRequest(request_id="1", site=two))
        queues = (await desk.operators.ListQueues(operators_pb2.ListQueuesRequest())).queues
        assert [(queue.queue_id, queue.waiting) for queue in queues] == [("main", 1), ("other", 0)]
        no_voice = site_to_wire(a_site(channels=[CHAT]))
        request = operators_pb2.ApplySiteRequest(request_id="2", site=no_voice)
        assert (await refused(desk.operators.ApplySite(request)))[0] in (PRECONDITION, INVALID)
        foreign = site_to_wire(a_site(policy=a_policy(assigner="dice")))
        unknown = operators_pb2.ApplySiteRequest(request_id="3", site=foreign)
        assert await refused(desk.operators.ApplySite(unknown)) == (INVALID, "UNKNOWN_POLICY", "site.policy")


async def test_an_offer_is_withdrawn_by_a_supervisor(tmp_path: Path) -> None:
    """The interaction waits on and may be offered elsewhere."""
    async with a_desk(tmp_path, agents=(an_agent("a1"), an_agent("a2"))) as desk:
        await desk.set_presence("a1")
        await desk.enqueue()
        request = operators_pb2.WithdrawOfferRequest(request_id="w", offer_id=desk.offered("a1"), reason="test")
        await desk.operators.WithdrawOffer(request)
        request.request_id = "w2"
        assert await refused(desk.operators.WithdrawOffer(request)) == (PRECONDITION, "OFFER_NOT_PENDING", "offer_id")


async def test_counts_add_up(tmp_path: Path) -> None:
    """Arrived is the sum of all phases and ends; queues count the same."""
    async with a_desk(tmp_path, agents=(an_agent("a1"), an_agent("a2"))) as desk:
        for number in range(4):
            await desk.enqueue(f"i{number}")
        await desk.set_presence("a1")
        await desk.agents.AcceptOffer(agents_pb2.AcceptOfferRequest(request_id="a", offer_id=desk.offered("a1")))
        await desk.set_presence("a2")
        status = await desk.operators.GetStatus(operators_pb2.GetStatusRequest())
        assert (status.arrived, status.waiting, status.handling, status.live_offers) == (4, 3, 1, 1)
        assert (status.agents, status.available_agents, status.clock_speed, status.policy) == (2, 2, 1.0, "test")
        (queue,) = (await desk.operators.ListQueues(operators_pb2.ListQueuesRequest())).queues
        assert (queue.waiting, queue.offered, queue.handling) == (3, 1, 1)
        assert queue.longest_wait_ms >= 0


async def test_an_explanation_names_every_agent(tmp_path: Path) -> None:
    """As text for people and as JSON for programs; what has ended is not explained."""
    async with a_desk(tmp_path, agents=(an_agent("a1"), an_agent("a2"))) as desk:
        await desk.enqueue()
        request = operators_pb2.ExplainInteractionRequest(interaction_id="i1")
        answer = await desk.operators.ExplainInteraction(request)
        assert {standing["agent_id"] for standing in json.loads(answer.json)["standings"]} == {"a1", "a2"}
        assert "a1: is offline; would have to be available (presence); without that could take it" in answer.text
        request.zone = "Mars/Olympus"
        assert await refused(desk.operators.ExplainInteraction(request)) == (INVALID, "INVALID_VALUE", "zone")
        request.zone, request.interaction_id = "Asia/Kolkata", "nobody"
        assert await refused(desk.operators.ExplainInteraction(request)) == (NOT_FOUND, "UNKNOWN_INTERACTION", "interaction_id")


async def test_the_digest_is_that_of_the_replayed_journal(tmp_path: Path) -> None:
    """Read beside the running server, up to the sequence that the answer names."""
    async with a_desk(tmp_path) as desk:
        await desk.set_presence()
        await desk.enqueue()
        answer = await desk.operators.GetStateDigest(operators_pb2.GetStateDigestRequest())
        reader = read_journal(tmp_path)
        router = replay(reader, default_registry())
        reader.close()
        assert (router.state.seq, state_digest(router.state)) == (answer.sequence, answer.digest)
