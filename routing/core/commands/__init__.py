"""Commands: what the outside asks of the router. Imperative, and refusable without a trace."""

from dataclasses import dataclass
from typing import TypeAlias

from routing.core.commands.agents import LoseSession, OpenSession, PutAgents, RemoveAgents, SetPresence
from routing.core.commands.callbacks import CancelCallback, ReportCallbackAttempt, RequestCallback, ScheduleCallback
from routing.core.commands.duty import (
    EndExternalWork,
    PauseAgent,
    PutCommitments,
    ReleaseHandling,
    ReleaseOutcome,
    StartExternalWork,
    UnpauseAgent,
)
from routing.core.commands.handling import EndHandling, EndWrapUp, FailConnect, HoldHandling, ResumeHandling
from routing.core.commands.interactions import AbandonInteraction, CancelInteraction, EnqueueInteraction, UpdateInteraction
from routing.core.commands.offers import AcceptOffer, DeclineOffer, DeclineReason, ExtendOffer, WithdrawOffer
from routing.core.commands.request import Request
from routing.core.commands.site import ApplySite
from routing.core.commands.transfers import CancelConsult, CompleteConsult, NextLeg, StartConference, StartConsult, TransferInteraction

__all__ = [
    "AbandonInteraction",
    "AcceptOffer",
    "ApplySite",
    "CancelCallback",
    "CancelConsult",
    "CancelInteraction",
    "Command",
    "CompleteConsult",
    "DeclineOffer",
    "DeclineReason",
    "EndExternalWork",
    "EndHandling",
    "EndWrapUp",
    "EnqueueInteraction",
    "ExtendOffer",
    "FailConnect",
    "HoldHandling",
    "LoseSession",
    "Mutation",
    "NextLeg",
    "OpenSession",
    "PauseAgent",
    "PutAgents",
    "PutCommitments",
    "ReleaseHandling",
    "ReleaseOutcome",
    "RemoveAgents",
    "ReportCallbackAttempt",
    "Request",
    "RequestCallback",
    "ResumeHandling",
    "ScheduleCallback",
    "SetPresence",
    "StartConference",
    "StartConsult",
    "StartExternalWork",
    "Tick",
    "TransferInteraction",
    "UnpauseAgent",
    "UpdateInteraction",
    "WithdrawOffer",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time passed: carry out every deadline that is due."""


Mutation: TypeAlias = (
    EnqueueInteraction
    | UpdateInteraction
    | AbandonInteraction
    | CancelInteraction
    | AcceptOffer
    | DeclineOffer
    | ExtendOffer
    | WithdrawOffer
    | FailConnect
    | HoldHandling
    | ResumeHandling
    | EndHandling
    | EndWrapUp
    | TransferInteraction
    | StartConsult
    | CompleteConsult
    | CancelConsult
    | StartConference
    | RequestCallback
    | ScheduleCallback
    | CancelCallback
    | ReportCallbackAttempt
    | SetPresence
    | OpenSession
    | LoseSession
    | PutAgents
    | RemoveAgents
    | PauseAgent
    | UnpauseAgent
    | PutCommitments
    | StartExternalWork
    | EndExternalWork
    | ReleaseHandling
    | ApplySite
)
Command: TypeAlias = Mutation | Tick
