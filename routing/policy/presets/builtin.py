"""The policies every installation has."""

from routing.model.site import IdleClock, PolicySpec, WeightedScorer
from routing.model.time import HOUR_MS, SECOND_MS

FILTERS = ("presence", "channel", "capacity", "skill", "declined")
"""The filters every policy needs: without them an agent would be offered what they cannot or must not take."""

ALWAYS = ("reserved", "paused", "rate", "shift")
"""Filters that every policy has without naming them, after its own. They exclude nobody where nothing asks for them, and are counted in a
decision only when they did: what a site may state must hold under every policy, also under those of earlier releases.
"""

BALANCED = PolicySpec(
    name="balanced",
    version=1,
    filters=FILTERS,
    scorers=(
        WeightedScorer(name="load_ratio", weight_ms=60),
        WeightedScorer(name="skill_fit", weight_ms=1 * SECOND_MS),
        WeightedScorer(name="preferred_agent", weight_ms=1 * SECOND_MS),
    ),
    assigner="greedy",
    match_interval_ms=0,
    bypass_class_rank=None,
    is_work_conserving=True,
    idle_clock=IdleClock.SINCE_ASSIGNED,
)
"""The default: the less loaded agent, then the fitter, then the one who has waited longest since the last assignment."""

LONGEST_IDLE = PolicySpec(
    name="longest-idle",
    version=1,
    filters=FILTERS,
    scorers=(),
    assigner="greedy",
    match_interval_ms=0,
    bypass_class_rank=None,
    is_work_conserving=True,
    idle_clock=IdleClock.SINCE_FREE,
)
"""First come, first served: an arrival goes to the agent idle longest, a freed agent takes the most urgent interaction they can."""

SKILLS_PRIORITY = PolicySpec(
    name="skills-priority",
    version=1,
    filters=FILTERS,
    scorers=(WeightedScorer(name="skill_fit", weight_ms=10 * HOUR_MS),),
    assigner="greedy",
    match_interval_ms=0,
    bypass_class_rank=None,
    is_work_conserving=True,
    idle_clock=IdleClock.SINCE_FREE,
)
"""Priority lists: the most proficient agent first, and a freed agent serves what they are best at; one level outweighs ten hours of wait.
"""

LEAST_COST = PolicySpec(
    name="least-cost",
    version=1,
    filters=FILTERS,
    scorers=(
        WeightedScorer(name="fewest_skills", weight_ms=20 * SECOND_MS),
        WeightedScorer(name="skill_fit", weight_ms=2 * SECOND_MS),
        WeightedScorer(name="load_ratio", weight_ms=60),
        WeightedScorer(name="longest_idle", weight_ms=1),
    ),
    assigner="min_cost_flow",
    match_interval_ms=1 * SECOND_MS,
    bypass_class_rank=None,
    is_work_conserving=True,
    idle_clock=IdleClock.SINCE_FREE,
)
"""Joint assignment: every change opens a window of one second, after which all that waits is matched at least total cost."""

BUILTIN = (BALANCED, LEAST_COST, LONGEST_IDLE, SKILLS_PRIORITY)
