"""Interactions arrive, change and leave."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from routing.core import commands
from tests.builders import an_interaction, some_needs
from tests.routing.machine.door import Door
from tests.routing.machine.draws import WAITING, durations, needs, numbers, request_ids
from tests.routing.machine.sites import CHANNELS, INTERACTION_IDS


class InteractionRules(Door):
    """Interactions arrive, change and leave."""

    @precondition(lambda self: not self.is_crowded)
    @rule(
        name=st.sampled_from(("", "", "", *INTERACTION_IDS)),
        medium=st.tuples(st.sampled_from(CHANNELS), st.sampled_from(("sales", "sales", "urgent", "other"))),
        needed=needs,
        favour=st.tuples(st.sampled_from(("", "a1:100 a2:40", "nobody:9")), st.sampled_from((0, 0, 30_000))),
        request_id=request_ids,
    )
    def somebody_arrives(self, name: str, medium: tuple[str, str], needed: str, favour: tuple[str, int], request_id: str | None) -> None:
        """An interaction of any kind."""
        channel, kind = medium
        preferred, credit_ms = favour
        arrival = an_interaction(name, channel=channel, type=kind, needs=needed, preferred=preferred, credit_ms=credit_ms)
        self.send(commands.EnqueueInteraction(interaction=arrival, request_id=request_id))

    @precondition(lambda self: not self.is_crowded)
    @rule(channels=st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=3))
    def several_arrive(self, channels: list[str]) -> None:
        """Interactions without demands, at one instant."""
        for channel in channels:
            self.send(commands.EnqueueInteraction(interaction=an_interaction("", channel=channel)))

    @precondition(lambda self: self.has(WAITING))
    @rule(number=numbers, needed=st.none() | needs, version=st.sampled_from((None, 1, 2)), overwrite=st.booleans(), credit_ms=durations)
    def one_changes(self, number: int, needed: str | None, version: int | None, overwrite: bool, credit_ms: int) -> None:
        """A waiting interaction says something new, and somebody asks why it waits."""
        interaction_id = self.in_phase(number, WAITING)
        command = commands.UpdateInteraction(
            interaction_id=interaction_id,
            requirements=None if needed is None else some_needs(needed),
            attributes={"note": number},
            credit_ms=credit_ms,
            expected_version=version,
            overwrite=overwrite,
        )
        self.send(command)
        if interaction_id in self.router.state.interactions:
            self.router.explain(interaction_id, self.now)

    @precondition(lambda self: self.has(WAITING))
    @rule(number=numbers, request_id=request_ids, is_cancelled=st.booleans())
    def one_leaves(self, number: int, request_id: str | None, is_cancelled: bool) -> None:
        """A waiting interaction is abandoned or cancelled."""
        interaction_id = self.in_phase(number, WAITING)
        if is_cancelled:
            self.send(commands.CancelInteraction(interaction_id=interaction_id, reason="gone", request_id=request_id))
        else:
            self.send(commands.AbandonInteraction(interaction_id=interaction_id, request_id=request_id))
