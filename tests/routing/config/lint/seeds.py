"""One defect for each check: edits of a sound file, of which the last seeds the defect."""

from typing import NamedTuple

from tests.routing.config.files import POLICY, ROSTER, SITE, changed


class Edit(NamedTuple):
    """One place of a text, and what stands there instead."""

    old: str
    new: str


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """The text with every edit made, in order."""
    for edit in edits:
        text = changed(text, *edit)
    return text


_PHONE = "phone = { live = true }"
_SALES = 'name = "sales"\nwhen = { channel = "phone" }'
_REST = 'name = "rest"\nqueue = "post"'
_TARGET = 'service_level.target = "30s"'
_STEP = 'steps = [{ after = "1min", drop = "all" }]'
_EXPIRING = 'expiring = ["billing >= 5"]'
_ID = 'id = "desk"'
_CAP = 'urgency.cap = "20s"\n'
_WITH_HOURS = (
    Edit(
        _CAP,
        f'{_CAP}\n[calendars.office]\nzone = "Europe/Berlin"\nvalid_from = 2026-01-01\nvalid_until = 2026-12-31\n'
        'weekly = { mon = ["08:00-18:00"] }\n',
    ),
    Edit("calls = {}", 'calls = { hours = { calendar = "office" } }'),
)

SITE_DEFECTS: dict[str, tuple[Edit, ...]] = {
    "unreachable-rule": (Edit('{ channel = "phone", topic = ["billing", "refund"] }', '{ channel = "phone" }'),),
    "shadowed-value": (Edit(_SALES, 'name = "sales"\nwhen = { channel = "phone", topic = ["refund", "order"] }'),),
    "unmatched-channel": (
        Edit(_REST, 'name = "rest"\nwhen.channel = "email"\nqueue = "post"'),
        Edit(_PHONE, f"{_PHONE}\nchat = {{ live = true }}"),
    ),
    "unmatched-interactions": (Edit(_REST, 'name = "rest"\nwhen = { channel = "email", language = "en" }\nqueue = "post"'),),
    "unused-queue": (Edit("calls = {}", "calls = {}\nspare = {}"),),
    "unused-skill": (Edit('["billing", "sales"]', '["billing", "sales", "law"]'),),
    "frozen-routes": (Edit(_ID, f'{_ID}\nwaiting_routes = "keep"'),),
    "mutual-interruption": (
        Edit("capacity_cost = 10", 'capacity_cost = 10, interruptible_by = ["phone"]'),
        Edit(_PHONE, 'phone = { live = true, interruptible_by = ["email"] }'),
    ),
    "shared-limit": (
        Edit('post = { service_level = { target = "4h" } }\n', ""),
        Edit('queue = "post"', 'queue = "calls"'),
        Edit("calls = {}", "calls = { admission = { waiting = 50 } }"),
        Edit("waiting = 50", "waiting = 50, shared = true"),
    ),
    "never-open": (*_WITH_HOURS, Edit('weekly = { mon = ["08:00-18:00"] }', "weekly = {}")),
    "short-calendar": (*_WITH_HOURS, Edit("2026-12-31", "2026-01-28")),
    "unfelt-shifts": (
        Edit(_TARGET, f'{_TARGET}\nexpected_handling = "4min"'),
        Edit(_CAP, f'{_CAP}\n[shifts]\ntolerance = "1min"\n'),
        Edit('expected_handling = "4min"', ""),
    ),
    "idle-promise-class": (
        Edit("[queues]", "[rule_defaults]\nclass = 1\n\n[queues]"),
        Edit("calls = {}", "calls = { callback = { promise_class = 2 } }"),
        Edit("promise_class = 2", "promise_class = 1"),
    ),
    "contradictory-requirements": (Edit(_CAP, f'{_CAP}must = ["language == en", "language == es"]\n'),),
    "repeated-requirement": (Edit(_CAP, f'{_CAP}must = ["sales >= 5", "sales >= 3"]\n'),),
    "firm-expiring": (Edit('drop = "all"', 'raise = "1min"'),),
    "idle-step": (Edit('drop = "all" }', 'drop = "all" }, { after = "2min", lower = 3 }'),),
    "cut-step": (
        Edit(_STEP, 'steps = [{ after = "1min", lower = 4 }]'),
        Edit(_EXPIRING, 'must = ["billing >= 4"]\nexpiring = ["billing >= 5"]'),
        Edit("lower = 4", "lower = 3"),
    ),
    "dropped-licence": (
        Edit(_EXPIRING, 'must = ["law_licence == yes"]\nexpiring = ["billing >= 5"]'),
        Edit('must = ["law_licence == yes"]\nexpiring = ["billing >= 5"]', 'expiring = ["billing >= 5", "law_licence == yes"]'),
    ),
    "starving-class": (Edit("[queues]", "[rule_defaults]\nclass = 1\n\n[queues]"), Edit(_CAP, f"{_CAP}class = 0\n")),
    "starving-urgency": (Edit('queue = "calls"\nprefer', 'queue = "calls"\nurgency.base = "1min"\nprefer'),),
    "newest-first": (
        Edit(_CAP, 'urgency = { cap = "20s", slope = 0 }\n'),
        Edit('urgency = { cap = "20s", slope = 0 }\n', 'urgency = { cap = "20s", preset = "last-in-first-out" }\n'),
    ),
    "strict-priority": (Edit(_CAP, 'urgency = { cap = "20s", preset = "strict" }\n'),),
    "written-before-live": (Edit(_CAP, ""),),
    "offer-loop": (Edit("calls = {}", 'calls = { reoffer_after = { declined = "0s", busy = "5s" } }'),),
    "never-asked-again": (Edit("calls = {}", 'calls = { reoffer_scope = "presence" }'),),
    "overflow-to-nowhere": (Edit("post = { service_level", 'post = { everyone_declined = "overflow", service_level'),),
    "absent-agent-kept": (Edit("calls = {}", "calls = { missed_offers = 0 }"),),
    "offer-outlasts-target": (Edit(_TARGET, 'service_level.target = "20s"'),),
    "step-within-offer": (Edit(_STEP, 'steps = [{ after = "1min", lower = 3 }, { after = "70s", drop = "all" }]'),),
    "step-after-stay": (Edit("calls = {}", 'calls = { stay.limit = "1min" }'),),
    "sticky-outlasts-target": (Edit('prefer = ["sales >= 2"]', 'prefer = ["sales >= 2"]\nsticky.hold = "1min"'),),
    "lost-at-once": (Edit(_ID, f'{_ID}\nsession_lease = "0s"'), Edit(_ID, f'{_ID}\nhandling_grace = "0s"')),
    "load-blind": (Edit(_ID, f'{_ID}\npolicy = "longest-idle"'),),
}
"""By the name of the check; the edits are of `SITE`."""

WITH_POLICY: tuple[Edit, ...] = (Edit(_ID, f'{_ID}\npolicy = "policy.toml"'),)
SOUND_POLICY = changed(POLICY, 'skill_fit = "2s"', 'skill_fit = "2s"\nload_ratio = "60ms"')

POLICY_DEFECTS: dict[str, tuple[Edit, ...]] = {
    "weightless-scorer": (Edit('skill_fit = "2s"', 'skill_fit = "0s"'),),
    "bypass-without-window": (
        Edit('assigner = "min_cost_flow"\nmatch_interval = "2s"', 'assigner = "greedy"'),
        Edit('assigner = "greedy"', 'assigner = "greedy"\nbypass_class = 0'),
    ),
    "joint-without-window": (Edit('match_interval = "2s"\n', ""),),
    "gate-filter": (
        Edit('assigner = "min_cost_flow"\nmatch_interval = "2s"', 'assigner = "greedy"'),
        Edit('assigner = "greedy"', 'filters = ["presence", "channel", "capacity", "skill", "declined", "queue_head"]'),
    ),
    "bypass-of-everything": (Edit('match_interval = "2s"', 'match_interval = "2s"\nbypass_class = 0'),),
    "bypass-of-nothing": (Edit('match_interval = "2s"', 'match_interval = "2s"\nbypass_class = 1'),),
    "window-outlasts-target": (Edit('match_interval = "2s"', 'match_interval = "30s"'),),
}
"""The edits are of `SOUND_POLICY`, in force at `SITE`."""

HELD: tuple[Edit, ...] = (*WITH_POLICY, Edit(_CAP, "urgency.slope = 0\n"))
"""`held-for-ever` takes two files: these edits of `SITE`, and `work_conserving = false` in the policy."""

_URGENT = Edit('queue = "calls"\nprefer', 'queue = "calls"\nclass = 1\nprefer')
PRICE_DEFECTS: dict[str, tuple[str, tuple[Edit, ...]]] = {
    "waiting-counts-for-nothing": ("strict", (*WITH_POLICY, Edit(_CAP, 'urgency.base = "1min"\n'))),
    "classes-ignored": ("arrival_order", (*WITH_POLICY, _URGENT)),
}
"""The price of waiting of the policy, and the edits of `SITE` that do not go with it."""

ROSTER_DEFECTS: dict[str, tuple[Edit, ...]] = {
    "skill-nobody-has": (Edit("skills = { sales = 5 }", "skills = { billing = 5 }"),),
    "channel-nobody-serves": (Edit('channels = ["phone", "email"]', 'channels = ["phone"]'),),
    "maximum-beyond-capacity": (Edit('id = "ana"', 'id = "ana"\nchannels = { phone = 2, email = 3 }'),),
}
"""The edits are of `ROSTER`, read against `SITE`."""

STAFFED_DEFECTS: dict[str, tuple[Edit, ...]] = {
    "work-nobody-can-take": (Edit(_CAP, f'{_CAP}must = ["language == fr"]\n'),),
    "ring-without-agents": (Edit(_EXPIRING, 'expiring = ["billing >= 8"]'),),
    "ring-all-clears-floor": (Edit("calls = {}", "calls = { live_offers = 50 }"),),
}
"""The edits are of `SITE`, staffed by `ROSTER`."""

FIRM: tuple[Edit, ...] = (
    Edit(_STEP, 'steps = [{ after = "1min", lower = 3 }]'),
    Edit('prefer = ["sales >= 2"]', 'must = ["sales >= 2"]'),
)
NEWCOMER: tuple[Edit, ...] = (Edit("[[groups]]", '[[agents]]\nid = "bo"\nchannels = ["phone"]\n\n[[groups]]'),)
"""`agent-without-work` takes two files: `FIRM` of `SITE`, and `NEWCOMER` of `ROSTER`."""

__all__ = [
    "FIRM",
    "HELD",
    "NEWCOMER",
    "POLICY_DEFECTS",
    "PRICE_DEFECTS",
    "ROSTER",
    "ROSTER_DEFECTS",
    "SITE",
    "SITE_DEFECTS",
    "SOUND_POLICY",
    "STAFFED_DEFECTS",
    "WITH_POLICY",
    "Edit",
    "edited",
]
