"""What changed between two sites, or between the agents a router holds and those a roster names, in lines a person can read."""

from collections.abc import Iterable, Iterator, Mapping

from routing.core.canonical import plain
from routing.model.agent import Agent
from routing.model.ids import AgentId
from routing.model.site import Site

_SHOWN_CHARS_MAX = 60


def describe_difference(old: Site, new: Site) -> tuple[str, ...]:
    """One line for each part that was added, removed or changed, by its place in the site; none where the sites are equal.

    Rules are compared by name, so that one more in the middle is one line; a change of their order is a line of its own.
    """
    lines = list(_changes("site", _by_name(old), _by_name(new)))
    old_names, new_names = [rule.name for rule in old.rules], [rule.name for rule in new.rules]
    kept = [name for name in old_names if name in new_names]
    if kept != [name for name in new_names if name in old_names]:
        lines.append("site.rules: the order changed, and the first rule that matches decides")
    return tuple(lines)


def describe_agents_difference(old: Mapping[AgentId, Agent], new: Iterable[Agent]) -> tuple[str, ...]:
    """One line for each part of an agent that was added, removed or changed, agents by id; none where they are equal."""
    after = {agent.id: agent for agent in new}
    lines: list[str] = []
    for agent_id in sorted({*old, *after}):
        if agent_id not in after:
            lines.append(f"agent {agent_id}: removed")
        elif agent_id not in old:
            lines.append(f"agent {agent_id}: added")
        else:
            lines.extend(_changes(f"agent {agent_id}", plain(old[agent_id]), plain(after[agent_id])))
    return tuple(lines)


def _by_name(site: Site) -> object:
    content = plain(site)
    if not isinstance(content, dict):
        raise TypeError("a site is a record")
    return {**content, "rules": {rule.name: plain(rule) for rule in site.rules}}


def _changes(place: str, old: object, new: object) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in (*old, *(key for key in new if key not in old)):
            if key not in new:
                yield f"{place}.{key}: removed"
            elif key not in old:
                yield f"{place}.{key}: added{_scalar(new[key])}"
            else:
                yield from _changes(f"{place}.{key}", old[key], new[key])
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new) and not _are_scalars(old):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _changes(f"{place}[{index}]", before, after)
    elif old != new:
        yield f"{place}: {_shown(old)} -> {_shown(new)}"


def _are_scalars(items: list[object]) -> bool:
    return not any(isinstance(item, dict | list) for item in items)


def _scalar(value: object) -> str:
    return "" if isinstance(value, dict | list) else f", {_shown(value)}"


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case list() if _are_scalars(value):
            text = ", ".join(str(item) for item in value) or "none"
        case dict() | list():
            text = "1 entry" if len(value) == 1 else f"{len(value)} entries"
        case _:
            text = str(value)
    return text if len(text) <= _SHOWN_CHARS_MAX else f"{text[:_SHOWN_CHARS_MAX]}... ({len(text)} characters)"
