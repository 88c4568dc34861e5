"""What agents have on their desks: work in progress, which goes slower beside other work, lies aside, and may be taken away."""

from dataclasses import dataclass

from simpy.events import Event as Wake

from routing.core import events
from routing.model.ids import AgentId, ChannelId, InteractionId
from routing.model.time import Duration
from simulation.agents.parallel import Bench, Parallel, work_of
from simulation.scenario import ShiftEnd
from simulation.world.clock import Rank
from simulation.world.driver import Driver, Setting


@dataclass(slots=True, kw_only=True, eq=False)
class _Desk:
    """One agent's work that goes at one pace. `alarm` counts the changes: a wake-up of an earlier one is over."""

    bench: Bench
    alarm: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class _Task:
    """One interaction at work: `total_ms` of it when it began, `later_ms` that follow; `aside` is what is left while it lies aside."""

    desk: _Desk
    done: Wake
    total_ms: Duration
    later_ms: Duration
    aside: tuple[int, int] | None = None


class Desks:
    """Does the work of all agents. Where nothing can slow, interrupt or end it, work is a time to wait for and nothing more.

    Interactions of channels that share a pace count while they are worked on: not while on hold, set aside or wrapped up.
    """

    def __init__(self, driver: Driver, setting: Setting) -> None:
        self._driver = driver
        self._parallel: dict[ChannelId, Parallel] = {}
        for one in setting.scenario.behaviour.parallel:
            for channel in one.channels:
                self._parallel.setdefault(channel, one)
        channels = setting.scenario.site.channels.values()
        self._is_simple = not (
            self._parallel or any(channel.interruptible_by for channel in channels) or setting.scenario.at_shift_end is ShiftEnd.HAND_BACK
        )
        self._tasks: dict[InteractionId, _Task] = {}
        self._desks: dict[tuple[AgentId, ChannelId | None], _Desk] = {}
        self._on_hold: dict[InteractionId, float] = {}
        self._left: dict[InteractionId, float] = {}
        if not self._is_simple:
            driver.on(
                {
                    events.HandlingInterrupted: self._set_aside,
                    events.InterruptionEnded: self._take_up,
                    events.HandlingReturned: self._take_away,
                }
            )

    def work(self, interaction_id: InteractionId, agent_id: AgentId, work_ms: Duration, *, later_ms: Duration = 0) -> Wake:
        """Begin to work on an interaction, for `work_ms` if nothing else is at hand; `later_ms` will follow.

        The event comes when the work is over; its value is whether it was done: if not, somebody took it away.
        """
        if self._is_simple:
            return self._driver.after(work_ms, Rank.FINISH)
        desk = self._desk_of(interaction_id, agent_id)
        task = _Task(desk=desk, done=self._driver.env.event(), total_ms=work_ms + later_ms, later_ms=later_ms)
        self._tasks[interaction_id] = task
        desk.bench.add(interaction_id, work_of(work_ms), self._driver.now)
        self._set_alarm(desk)
        return task.done

    def share_left(self, interaction_id: InteractionId) -> float:
        """The share of an interaction's work that an agent who had it taken away has left for the next one; 1 for what is new."""
        return self._left.get(interaction_id, 1.0) if self._left else 1.0

    def put_on_hold(self, interaction_id: InteractionId, share: float) -> None:
        """The customer is on hold, and that share of the work is still to do."""
        self._on_hold[interaction_id] = share

    def take_off_hold(self, interaction_id: InteractionId) -> bool:
        """The hold is over; whether the customer is still there, and was not taken away meanwhile."""
        return self._on_hold.pop(interaction_id, None) is not None

    def _desk_of(self, interaction_id: InteractionId, agent_id: AgentId) -> _Desk:
        channel = self._driver.state.interactions[interaction_id].interaction.channel
        parallel = self._parallel.get(channel)
        key = (agent_id, None if parallel is None else parallel.channels[0])
        desk = self._desks.get(key)
        if desk is None:
            bench = Bench(None if parallel is None else parallel.total_rates, self._driver.now)
            desk = self._desks[key] = _Desk(bench=bench)
        return desk

    def _set_alarm(self, desk: _Desk) -> None:
        """Wake when the first work of a desk is done; what was said before counts no more."""
        desk.alarm += 1
        due_at = desk.bench.due_at()
        if due_at is not None:
            number = desk.alarm
            self._driver.until(due_at, Rank.FINISH).callbacks.append(lambda _: self._finish(desk, number))

    def _finish(self, desk: _Desk, number: int) -> None:
        if desk.alarm != number:
            return
        for interaction_id in desk.bench.take_done(self._driver.now):
            self._tasks.pop(interaction_id).done.succeed(True)
        self._set_alarm(desk)

    def _set_aside(self, event: events.HandlingInterrupted) -> None:
        task = self._tasks.get(event.interaction_id)
        if task is not None:  # otherwise its agent is done with the work and talks with another one
            task.aside = task.desk.bench.take(event.interaction_id, self._driver.now)
            self._set_alarm(task.desk)

    def _take_up(self, event: events.InterruptionEnded) -> None:
        task = self._tasks.get(event.interaction_id)
        if task is not None and task.aside is not None:
            task.desk.bench.add(event.interaction_id, task.aside, self._driver.now)
            task.aside = None
            self._set_alarm(task.desk)

    def _take_away(self, event: events.HandlingReturned) -> None:
        on_hold = self._on_hold.pop(event.interaction_id, None)
        if on_hold is not None:
            self._leave(event.interaction_id, on_hold)
        task = self._tasks.pop(event.interaction_id, None)
        if task is None:
            return
        parts, scale = task.desk.bench.take(event.interaction_id, self._driver.now) if task.aside is None else task.aside
        left_ms = parts / scale + task.later_ms
        self._leave(event.interaction_id, min(1.0, left_ms / task.total_ms) if task.total_ms else 0.0)
        self._set_alarm(task.desk)
        task.done.succeed(False)

    def _leave(self, interaction_id: InteractionId, share: float) -> None:
        """The interaction was taken away with that share of its agent's work still to do."""
        self._left[interaction_id] = self.share_left(interaction_id) * share
