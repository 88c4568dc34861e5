"""An explanation as sentences for a supervisor: who could take the interaction, who not, what is due anyway, and what would change it."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import TypeAlias

from routing.core.canonical import plain
from routing.model.time import SECOND_MS, Instant
from routing.policy.coming import Coming
from routing.policy.explain import Explanation, Standing
from routing.policy.levers import IDLE_TIME, Lever
from routing.policy.moments import seconds, with_times

Shown: TypeAlias = Callable[[Instant], str]
"""Writes an instant as a time of day."""

COMING_SHOWN_MAX = 8
NAMES_SHOWN_MAX = 5


def told(explanation: Explanation, shown: Shown) -> Iterator[str]:
    """The lines of an explanation, without indentation but for what belongs to the line above."""
    yield f"{with_times(explanation.summary, shown)}; it has waited {seconds(explanation.waited_ms)}"
    could = [standing for standing in explanation.standings if not standing.excluded_by]
    could_not = [standing for standing in explanation.standings if standing.excluded_by]
    if could:
        yield "could take it, best first:"
        yield from (line for standing in could for line in _eligible(standing, could[0]))
    if could_not:
        yield "could not:"
        yield from (f"  {_excluded(standing, len(could), shown)}" for standing in could_not)
    if explanation.coming:
        yield "due anyway, if nothing happens before:"
        yield from (f"  {_coming(change, shown)}" for change in explanation.coming[:COMING_SHOWN_MAX])
        more = len(explanation.coming) - COMING_SHOWN_MAX
        if more > 0:
            yield f"  and {more} more, the last at {shown(explanation.coming[-1].at)}"


def told_as_json(explanation: Explanation) -> dict[str, object]:
    """The whole explanation as JSON types; instants, also those in sentences, are ms since 1970 UTC."""
    return {field.name: _completed(plain(getattr(explanation, field.name))) for field in fields(explanation)}


def _completed(content: object) -> object:
    match content:
        case dict():
            return {key: _completed(value) for key, value in content.items()}
        case list():
            return [_completed(value) for value in content]
        case str():
            return with_times(content, str)
        case _:
            return content


def _eligible(standing: Standing, first: Standing) -> Iterator[str]:
    behind = "" if standing is first else f", {_behind(standing, first)}"
    yield f"  {standing.place}. {standing.agent_id}{behind}{_terms(standing)}"
    yield from (f"       would be first {_lever(lever, standing)}" for lever in standing.levers)


def _behind(standing: Standing, first: Standing) -> str:
    gap = (first.net or 0) - (standing.net or 0)
    return f"worth {seconds(gap)} of waiting less than {first.agent_id}" if gap else f"worth as much as {first.agent_id}"


def _terms(standing: Standing) -> str:
    costs = [f"{_spaced(name)} {seconds(value)}" for name, value in standing.terms]
    return f" (cost: {', '.join(costs)})" if costs else ""


def _lever(lever: Lever, standing: Standing) -> str:
    whose, needed, by = lever.agent_id, lever.needed, lever.now - lever.needed
    is_own = whose == standing.agent_id
    match lever.part:
        case _ if lever.part == IDLE_TIME:
            return f"had {whose} been idle {seconds(needed - lever.now)} longer: that breaks the tie"
        case "longest_idle":
            return f"had {whose} been idle {abs(by)} s {'longer' if is_own else 'less'}"
        case "load_ratio":
            bound = "less" if is_own else "more"
            return f"with {_percent(needed)} of {whose}'s capacity in use or {bound}, instead of {_percent(lever.now)}"
        case "skill_fit":
            return f"were {whose} {_counted(by, 'level')} better in what is asked for"
        case "fewest_skills":
            return f"had {whose} {_counted(by, 'skill')} fewer"
        case "unmet_preferences":
            return f"if {whose} missed {_percent(needed)} of what is preferred or less, instead of {_percent(lever.now)}"
        case "fewest_calls":
            return f"had {whose} accepted {_counted(by, 'offer')} fewer"
        case "least_talk":
            return f"had {whose} talked {seconds(by * SECOND_MS)} less"
        case "preferred_agent":
            return f"were {whose} preferred with a score of {-needed} or more, instead of {-lever.now}"
        case _:
            return f"if {_spaced(lever.part)} counted {needed:,} for {whose} or less, instead of {lever.now:,}"


def _excluded(standing: Standing, eligible: int, shown: Shown) -> str:
    text = f"{standing.agent_id}: {with_times(standing.remedy, shown)} ({_spaced(standing.excluded_by)})"
    if standing.also_out_by:
        return f"{text}; also out by {', '.join(map(_spaced, standing.also_out_by))}"
    among = f", {_ordinal(standing.place or 1)} of {eligible + 1}" if eligible else ""
    return f"{text}; without that could take it{among}"


def _coming(change: Coming, shown: Shown) -> str:
    opens = change.opens
    if not opens:
        return f"{shown(change.at)}: {change.text}"
    more = f" and {len(opens) - NAMES_SHOWN_MAX} more" if len(opens) > NAMES_SHOWN_MAX else ""
    return f"{shown(change.at)}: {change.text}; then {', '.join(opens[:NAMES_SHOWN_MAX])}{more} could take it"


def _percent(per_mille: int) -> str:
    return f"{per_mille / 10:g} %"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _ordinal(place: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(place, f"number {place}")


def _spaced(name: str) -> str:
    return name.replace("_", " ")
