"""The service of platforms that ring customers back."""

from routing.server.convert.commands import command_of
from routing.server.rpc import Context
from routing.server.writer import Writer
from routing.v1 import callbacks_pb2


class CallbackService:
    """Takes call-backs in and is told how each attempt went."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def request_callback(self, request: callbacks_pb2.RequestCallbackRequest, _: Context) -> callbacks_pb2.RequestCallbackResponse:
        """A waiting customer hangs up and is to be rung up."""
        return callbacks_pb2.RequestCallbackResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def schedule_callback(self, request: callbacks_pb2.ScheduleCallbackRequest, _: Context) -> callbacks_pb2.ScheduleCallbackResponse:
        """Accept a call-back to somebody who never waited."""
        answer = await self._writer.submit(command_of(request))
        return callbacks_pb2.ScheduleCallbackResponse(sequence=answer.sequence, interaction_id=answer.subject)

    async def cancel_callback(self, request: callbacks_pb2.CancelCallbackRequest, _: Context) -> callbacks_pb2.CancelCallbackResponse:
        """The customer need not be rung up any more."""
        return callbacks_pb2.CancelCallbackResponse(sequence=(await self._writer.submit(command_of(request))).sequence)

    async def report_callback_attempt(
        self, request: callbacks_pb2.ReportCallbackAttemptRequest, _: Context
    ) -> callbacks_pb2.ReportCallbackAttemptResponse:
        """How the running attempt ended."""
        return callbacks_pb2.ReportCallbackAttemptResponse(sequence=(await self._writer.submit(command_of(request))).sequence)
