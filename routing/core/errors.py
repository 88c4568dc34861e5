"""The core's two families of errors: a refusal leaves everything untouched, a broken invariant stops the process."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """Why a command was refused, for machines; the refusal's text is for people."""

    NO_SITE = "no_site"
    UNKNOWN_INTERACTION = "unknown_interaction"
    UNKNOWN_AGENT = "unknown_agent"
    UNKNOWN_OFFER = "unknown_offer"
    UNKNOWN_CHANNEL = "unknown_channel"
    UNKNOWN_QUEUE = "unknown_queue"
    UNKNOWN_POLICY = "unknown_policy"
    NO_ROUTE = "no_route"
    INVALID_VALUE = "invalid_value"
    DUPLICATE_INTERACTION = "duplicate_interaction"
    DUPLICATE_AGENT = "duplicate_agent"
    REQUEST_ID_REUSED = "request_id_reused"
    VERSION_CONFLICT = "version_conflict"
    NOT_WAITING = "not_waiting"
    NOT_HANDLING = "not_handling"
    NOT_HELD = "not_held"
    NOT_IN_WRAP_UP = "not_in_wrap_up"
    NOT_CONSULTING = "not_consulting"
    CONSULTING = "consulting"
    OFFER_NOT_PENDING = "offer_not_pending"
    EXTENSION_EXHAUSTED = "extension_exhausted"
    AGENT_CANNOT_SERVE = "agent_cannot_serve"
    AGENT_HAS_WORK = "agent_has_work"
    STILL_IN_USE = "still_in_use"
    CALLBACK_NOT_TAKEN = "callback_not_taken"
    CALLBACK_PENDING = "callback_pending"
    NO_CALLBACK = "no_callback"
    NO_ATTEMPT = "no_attempt"
    ATTEMPT_RUNNING = "attempt_running"
    DEADLINE_OVERDUE = "deadline_overdue"
    TIME_RAN_BACK = "time_ran_back"
    UNKNOWN_PRESENCE_REASON = "unknown_presence_reason"
    UNKNOWN_EXTERNAL_WORK = "unknown_external_work"
    DUPLICATE_EXTERNAL_WORK = "duplicate_external_work"


class CommandRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The command was refused and nothing changed. `field` names the part of the command at fault, where there is one."""

    def __init__(self, reason: RefusalReason, text: str, field: str = "") -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text
        self.field = field


class InvariantBroken(Exception):  # noqa: N818 - the name says what happened
    """The router contradicts itself: a defect. The process must stop; replaying the journal restores the last good state."""
