"""The supervisors' service."""

from functools import partial

from routing.server.convert.checks import identifier, time_zone
from routing.server.convert.commands import command_of
from routing.server.convert.status import agent_status, digest, explanation, present_site, queue_statuses, server_status
from routing.server.rpc import Context
from routing.server.writer import Writer
from routing.v1 import operators_pb2


class OperatorService:
    """Configures, intervenes and explains."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def put_agents(self, request: operators_pb2.PutAgentsRequest, _: Context) -> operators_pb2.PutAgentsResponse:
        """Register agents or replace their records."""
        answer = await self._writer.submit(command_of(request))
        return operators_pb2.PutAgentsResponse(sequence=answer.sequence)

    async def remove_agents(self, request: operators_pb2.RemoveAgentsRequest, _: Context) -> operators_pb2.RemoveAgentsResponse:
        """Forget agents."""
        answer = await self._writer.submit(command_of(request))
        return operators_pb2.RemoveAgentsResponse(sequence=answer.sequence)

    async def apply_site(self, request: operators_pb2.ApplySiteRequest, _: Context) -> operators_pb2.ApplySiteResponse:
        """Replace the site."""
        answer = await self._writer.submit(command_of(request))
        return operators_pb2.ApplySiteResponse(sequence=answer.sequence)

    async def withdraw_offer(self, request: operators_pb2.WithdrawOfferRequest, _: Context) -> operators_pb2.WithdrawOfferResponse:
        """Take a live offer back."""
        answer = await self._writer.submit(command_of(request))
        return operators_pb2.WithdrawOfferResponse(sequence=answer.sequence)

    async def release_handling(self, request: operators_pb2.ReleaseHandlingRequest, _: Context) -> operators_pb2.ReleaseHandlingResponse:
        """Take work from its agent."""
        answer = await self._writer.submit(command_of(request))
        return operators_pb2.ReleaseHandlingResponse(sequence=answer.sequence)

    async def pause_agent(self, request: operators_pb2.PauseAgentRequest, _: Context) -> operators_pb2.PauseAgentResponse:
        """Keep an agent from the work of one queue."""
        answer = await self._writer.submit(command_of(request))
        return operators_pb2.PauseAgentResponse(sequence=answer.sequence)

    async def unpause_agent(self, request: operators_pb2.UnpauseAgentRequest, _: Context) -> operators_pb2.UnpauseAgentResponse:
        """Let an agent take work of that queue again."""
        answer = await self._writer.submit(command_of(request))
        return operators_pb2.UnpauseAgentResponse(sequence=answer.sequence)

    async def put_commitments(self, request: operators_pb2.PutCommitmentsRequest, _: Context) -> operators_pb2.PutCommitmentsResponse:
        """Say when an agent is expected elsewhere."""
        answer = await self._writer.submit(command_of(request))
        return operators_pb2.PutCommitmentsResponse(sequence=answer.sequence)

    async def start_external_work(
        self, request: operators_pb2.StartExternalWorkRequest, _: Context
    ) -> operators_pb2.StartExternalWorkResponse:
        """Say that an agent is busy with what was not routed."""
        answer = await self._writer.submit(command_of(request))
        return operators_pb2.StartExternalWorkResponse(sequence=answer.sequence)

    async def end_external_work(self, request: operators_pb2.EndExternalWorkRequest, _: Context) -> operators_pb2.EndExternalWorkResponse:
        """Say that this is over."""
        answer = await self._writer.submit(command_of(request))
        return operators_pb2.EndExternalWorkResponse(sequence=answer.sequence)

    async def get_site(self, _request: operators_pb2.GetSiteRequest, _: Context) -> operators_pb2.GetSiteResponse:
        """The site in force."""
        return await self._writer.ask(present_site)

    async def get_agent(self, request: operators_pb2.GetAgentRequest, _: Context) -> operators_pb2.GetAgentResponse:
        """An agent as the router knows them."""
        return await self._writer.ask(partial(agent_status, agent_id=identifier("agent_id", request.agent_id)))

    async def get_status(self, _request: operators_pb2.GetStatusRequest, _: Context) -> operators_pb2.GetStatusResponse:
        """How the server does."""
        return await self._writer.ask(partial(server_status, clock_speed=self._writer.clock.speed))

    async def list_queues(self, _request: operators_pb2.ListQueuesRequest, _: Context) -> operators_pb2.ListQueuesResponse:
        """What waits and what is handled, by queue."""
        return await self._writer.ask(queue_statuses)

    async def explain_interaction(
        self, request: operators_pb2.ExplainInteractionRequest, _: Context
    ) -> operators_pb2.ExplainInteractionResponse:
        """Who could be offered an interaction now, who not, and what would change it."""
        interaction_id = identifier("interaction_id", request.interaction_id)
        zone = time_zone("zone", request.zone)
        return await self._writer.ask(partial(explanation, interaction_id=interaction_id, zone=zone))

    async def get_state_digest(self, _request: operators_pb2.GetStateDigestRequest, _: Context) -> operators_pb2.GetStateDigestResponse:
        """The digest of everything the router knows."""
        return await self._writer.ask(lambda turn: digest(turn.state))
