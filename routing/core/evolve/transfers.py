"""Applying facts about legs: how an interaction hangs together with the one that came out of it."""

from routing.core import events
from routing.core.evolve.marks import dirty_agent
from routing.core.evolve.parts import advance
from routing.core.state import State
from routing.model.leg import Tie
from routing.model.time import Instant


def transferred(state: State, at: Instant, event: events.InteractionTransferred) -> None:
    """The customer is on the leg from now on."""
    row = advance(state, event.interaction_id, event)
    row.leg_id, row.tie = event.leg_id, Tie.TRANSFERRED


def consult_started(state: State, at: Instant, event: events.ConsultStarted) -> None:
    """The customer is on hold, and a leg is out."""
    row = advance(state, event.interaction_id, event)
    row.leg_id, row.tie = event.leg_id, Tie.CONSULT
    if state.site is not None and state.site.channels[row.interaction.channel].interruptible_by:
        state.marks.stale_agents[event.agent_id] = None  # a consultation yields to nothing: there is less room than before


def consult_ended(state: State, at: Instant, event: events.ConsultEnded) -> None:
    """The customer is back, and the leg goes its own way."""
    row = advance(state, event.interaction_id, event)
    row.leg_id, row.tie = None, None
    if state.site is not None and state.site.channels[row.interaction.channel].interruptible_by:
        dirty_agent(state, at, event.agent_id)  # it is no consultation any longer, and may be interrupted again


def conference_started(state: State, at: Instant, event: events.ConferenceStarted) -> None:
    """All are together."""
    advance(state, event.interaction_id, event).tie = Tie.CONFERENCE


def conference_ended(state: State, at: Instant, event: events.ConferenceEnded) -> None:
    """The leg is a consultation again."""
    advance(state, event.interaction_id, event).tie = Tie.CONSULT
