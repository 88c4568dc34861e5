"""The service of conversations that are handed on."""

from routing.server.convert.commands import command_of
from routing.server.rpc import Context
from routing.server.writer import Writer
from routing.v1 import handling_pb2


class HandlingService:
    """Hands conversations on, and brings second agents in."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def transfer_interaction(
        self, request: handling_pb2.TransferInteractionRequest, _: Context
    ) -> handling_pb2.TransferInteractionResponse:
        """Hand a conversation on unannounced."""
        answer = await self._writer.submit(command_of(request))
        return handling_pb2.TransferInteractionResponse(sequence=answer.sequence, leg_id=answer.subject)

    async def start_consult(self, request: handling_pb2.StartConsultRequest, _: Context) -> handling_pb2.StartConsultResponse:
        """Ask another agent."""
        answer = await self._writer.submit(command_of(request))
        return handling_pb2.StartConsultResponse(sequence=answer.sequence, leg_id=answer.subject)

    async def complete_consult(self, request: handling_pb2.CompleteConsultRequest, _: Context) -> handling_pb2.CompleteConsultResponse:
        """Leave the customer to the leg."""
        return handling_pb2.CompleteConsultResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def cancel_consult(self, request: handling_pb2.CancelConsultRequest, _: Context) -> handling_pb2.CancelConsultResponse:
        """Take the customer back."""
        return handling_pb2.CancelConsultResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def start_conference(self, request: handling_pb2.StartConferenceRequest, _: Context) -> handling_pb2.StartConferenceResponse:
        """Bring all together."""
        return handling_pb2.StartConferenceResponse(sequence=(await self._writer.submit(command_of(request))).sequence)
