"""How a waiting interaction leaves without an agent: unserved by the router's own rules, or over its overflow at the end of its stay."""

from collections.abc import Iterator

from routing.core.decide.admission import Turned, divert
from routing.core.decide.legs import before_leaving
from routing.core.decide.lookup import site_of
from routing.core.decide.withdraw import withdraw_all_of_interaction
from routing.core.events import Event, InteractionEnded, RequirementRelaxed, StepCause, WithdrawCause
from routing.core.ladder import step_taken_early
from routing.core.state import InteractionRow, State
from routing.model.diversion import DiversionCause
from routing.model.interaction import EndCause
from routing.model.record import replace
from routing.model.route import Route
from routing.model.stay import AfterStay
from routing.model.time import Instant


def unserved(state: State, row: InteractionRow, now: Instant, reason: StepCause) -> Iterator[Event]:
    """The router gives up an interaction that no offer rings of any more."""
    yield from before_leaving(state, row, now)
    yield InteractionEnded(
        interaction_id=row.interaction.id,
        agent_id=None,
        cause=EndCause.UNSERVED,
        forget_before=now - site_of(state).retention_ms,
        reason=reason,
    )


def overflow(state: State, row: InteractionRow, route: Route, now: Instant, cause: StepCause) -> list[Event]:
    """The steps of `route` up to its next overflow or diversion, taken at once; none where neither is left. Nothing rings any more."""
    taken: list[Event] = []
    for step in route.steps:
        if step.relaxation.divert_to is not None and row.is_on_line:
            turned = Turned(DiversionCause.ROUTE_STEP, step.relaxation.divert_to, route.steps[0].due_at)
            return [*taken, *divert(state, row, turned, now, has_offers=False)]
        # The route's own first step: those before may have brought it forward.
        due_at, route = route.steps[0].due_at, step_taken_early(route, 0, now)
        taken.append(
            RequirementRelaxed(interaction_id=row.interaction.id, due_at=due_at, route=route, cause=cause, relaxation=step.relaxation)
        )
        if step.relaxation.overflow_to is not None:
            return taken
    return []


def end_stay(state: State, row: InteractionRow, now: Instant) -> Iterator[Event]:
    """Nobody took it within its limit of stay: it takes its overflow, or ends. Offers that ring are taken back; nobody missed them."""
    stay, steps = row.route.stay, list[Event]()
    if stay is not None and stay.then is AfterStay.OVERFLOW:
        steps = overflow(state, row, replace(row.route, stay=None), now, StepCause.STAY_LIMIT)
    yield from withdraw_all_of_interaction(row, WithdrawCause.ROUTE_CHANGED if steps else WithdrawCause.INTERACTION_ENDED)
    yield from steps
    if not steps:
        yield from unserved(state, row, now, StepCause.STAY_LIMIT)
