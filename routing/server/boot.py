"""From a journal and the files of today to a router that may serve."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from routing.config.difference import describe_agents_difference, describe_difference
from routing.config.errors import ConfigError
from routing.core.commands import ApplySite, PutAgents, Tick
from routing.core.errors import CommandRefused
from routing.core.events import Recorded
from routing.engine import Router
from routing.model.agent import Agent
from routing.model.site import Site
from routing.model.time import MINUTE_MS, SECOND_MS, Instant
from routing.policy.registry import PolicyRegistry
from routing.server.clock import Clock, ScaledClock, WallClock, wall_now
from routing.server.feed import Feed
from routing.server.sessions import lose_session_of_everyone
from routing.server.turn import Turn
from routing.store.codec import encode_row, read_events
from routing.store.journal import Journal

_SHOWN_LINES_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The site and the agents that the files of today describe, with the files' paths for messages."""

    site: Site
    site_file: Path
    agents: tuple[Agent, ...]
    roster_file: Path | None


def restore(journal: Journal, registry: PolicyRegistry, feed_events: int) -> tuple[Router, Feed]:
    """The router as its journal leaves it, and the feed of its latest events.

    Raises:
        JournalDamaged, JournalNewer: a row is not what was written, or is of a later version.
        InvariantBroken: the events contradict each other.
    """
    tail: deque[Recorded] = deque(maxlen=feed_events)

    def noted() -> Iterator[Recorded]:
        for recorded in read_events(journal):
            tail.append(recorded)
            yield recorded

    router = Router.restore(registry, noted())
    return router, Feed(feed_events, tail)


def clock_from(last: Instant, speed: float | None) -> Clock:
    """The clock of a router whose last event was at `last` (0 before the first); a `speed` makes it one for demonstrations.

    Raises:
        ConfigError: the journal is ahead of the machine's clock, so that time would stand still.
    """
    if speed is not None:
        return ScaledClock(last or wall_now(), speed)
    ahead_ms = last - wall_now()
    if ahead_ms > MINUTE_MS:
        remedy = "Correct the machine's clock; go on with the journal of a demonstration under --clock-speed, or begin a new directory."
        raise ConfigError(f"the journal's last event lies {ahead_ms // SECOND_MS} s ahead of this machine's clock", remedy=remedy)
    return WallClock(last)


def configure(router: Router, journal: Journal, feed: Feed, configuration: Configuration, now: Instant) -> tuple[str, ...]:
    """Carry out what fell due while nobody served, put the files of today into force, and let the leases of lost desktops begin.

    Agents who are not in the roster stay: they may have been registered by a call. Returns what changed, in lines for people.

    Raises:
        ConfigError: the router refuses the site or the roster as it stands; nothing was written.
        JournalError: the journal could not be written.
    """
    rows: list[tuple[Recorded, ...]] = []
    turn = Turn(router, now, on_recorded=rows.append, afterwards=_at_once)
    turn.carry_out(Tick())
    changes = _apply(turn, configuration)
    lose_session_of_everyone(turn)
    journal.append([encode_row(recorded) for recorded in rows])
    for recorded in rows:
        feed.add(recorded)
    return changes


def _at_once(release: Callable[[], None]) -> None:
    release()


def _apply(turn: Turn, configuration: Configuration) -> tuple[str, ...]:
    """The site first, because new agents may need it; where it does not fit the old agents, the new ones first."""
    site, agents = turn.state.site, {row.agent.id: row.agent for row in turn.state.agents.values()}
    if site is not None and site.id != configuration.site.id:
        problem = f"is not the site of this journal, which is {site.id}"
        remedy = "Name the directory of its own with --data, or a new one; a site keeps its id for life."
        raise ConfigError(problem, file=configuration.site_file, key="id", value=configuration.site.id, remedy=remedy)
    kept = [agent for agent_id, agent in agents.items() if all(agent_id != new.id for new in configuration.agents)]
    site_lines = () if site is None else describe_difference(site, configuration.site)
    agent_lines = () if site is None else describe_agents_difference(agents, (*configuration.agents, *kept))
    put_site, put_agents = ApplySite(site=configuration.site), PutAgents(agents=configuration.agents)
    try:
        turn.carry_out(put_site)
    except CommandRefused as refusal:
        if site is None:
            raise _refused(refusal, configuration.site_file, ()) from refusal
        try:
            turn.carry_out(put_agents)
            turn.carry_out(put_site)
        except CommandRefused:
            raise _refused(refusal, configuration.site_file, site_lines) from refusal
    try:
        turn.carry_out(put_agents)
    except CommandRefused as refusal:
        raise _refused(refusal, configuration.roster_file, agent_lines) from refusal
    return (*site_lines, *agent_lines)


def _refused(refusal: CommandRefused, file: Path | None, lines: tuple[str, ...]) -> ConfigError:
    more = f"\n  and {len(lines) - _SHOWN_LINES_MAX} more" if len(lines) > _SHOWN_LINES_MAX else ""
    shown = "".join(f"\n  {line}" for line in lines[:_SHOWN_LINES_MAX])
    remedy = "Serve with the file as it was until the work in progress has ended, then change it." if lines else None
    changed = f"; what changed:{shown}{more}\n" if lines else ""
    return ConfigError(f"the router refuses it: {refusal.text}{changed}", file=file, remedy=remedy)
