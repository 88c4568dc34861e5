"""The registry: every measure there is, in the order in which results list them. A new measure is its file and its line here."""

from simulation.kpis import (
    abandonment,
    callbacks,
    counts,
    customers,
    estimates,
    fairness,
    handle_time,
    legs,
    load_ratio,
    occupancy,
    penalty,
    service_level,
    visits,
    waits,
)
from simulation.kpis.measure import AgentMeasure, AnyMeasure, Measure, QueueMeasure

INTERACTION_MEASURES: tuple[Measure, ...] = (
    counts.OFFERED,
    *counts.ENDS,
    service_level.SERVICE_LEVEL,
    service_level.ANSWERED,
    service_level.ANSWERED_PLUS_LATE_ABANDONS,
    service_level.ABANDONS_WITHIN_TARGET_GOOD,
    waits.ASA,
    waits.WAIT_MEAN,
    waits.WAIT_P50,
    waits.WAIT_P90,
    waits.WAIT_P99,
    abandonment.ABANDONMENT,
    abandonment.ABANDONMENT_WITHOUT_SHORT,
    abandonment.SHORT_ABANDONS,
    handle_time.HANDLE_TIME,
    handle_time.TALK_TIME,
    handle_time.HOLD_TIME,
    handle_time.WRAP_UP_TIME,
    estimates.BIAS,
    estimates.ERROR,
    customers.BALKED,
    customers.REDIALS,
    customers.REPEATS,
    customers.FINALLY_LOST,
    customers.LOST_SHARE,
    customers.REPEAT_SHARE,
    customers.FIRST_CONTACT_RESOLUTION,
    callbacks.CALLBACKS,
    callbacks.ATTEMPTS,
    callbacks.REACHED,
    callbacks.CALLBACK_WAIT,
    callbacks.PROMISES_KEPT,
    legs.LEGS,
    legs.LEGS_ABANDONED,
    legs.LEG_SERVICE_LEVEL,
    legs.LEG_ASA,
)
"""Measured overall, by queue and by channel."""

PRICED_MEASURES: tuple[Measure, ...] = (penalty.PENALTY,)
"""Measured as the above, where the scenario states what going wrong costs."""

AGENT_MEASURES: tuple[AgentMeasure, ...] = (
    occupancy.OCCUPANCY,
    load_ratio.LOAD_RATIO,
    fairness.FAIRNESS_GINI,
    occupancy.STAFFING,
    occupancy.BUSY_AGENTS,
    occupancy.GHOSTS,
    occupancy.EXTERNAL,
    occupancy.WORKING_TIME,
)
"""Measured overall."""

QUEUE_MEASURES: tuple[QueueMeasure, ...] = (visits.ENTRIES, visits.MOVED_OUT)
"""Measured by queue."""

INTERVAL_MEASURES: tuple[Measure | AgentMeasure, ...] = (
    counts.OFFERED,
    *counts.ENDS,
    service_level.SERVICE_LEVEL,
    waits.ASA,
    waits.WAIT_MEAN,
    abandonment.ABANDONMENT,
    occupancy.OCCUPANCY,
    occupancy.STAFFING,
    occupancy.BUSY_AGENTS,
)
"""Measured by half hour: interactions by their arrival, agents by the clock."""

_ALL: tuple[AnyMeasure, ...] = (*INTERACTION_MEASURES, *PRICED_MEASURES, *AGENT_MEASURES, *QUEUE_MEASURES)
MEASURES: dict[str, AnyMeasure] = {measure.name: measure for measure in _ALL}
"""Every measure by its name."""
