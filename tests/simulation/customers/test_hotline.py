"""The synthetic hotline, on which everything happens that customers do: no findings, and everybody is accounted for."""

from collections import Counter
from pathlib import Path

from routing.core import events
from routing.core.events import Recorded
from routing.model.interaction import EndCause, Interaction
from routing.model.time import Instant
from simulation.births import births_of
from simulation.checks import check_scenario_file
from simulation.customers.facts import Balked, Blocked, CameAgain, CustomerFact
from simulation.kpis.facts import facts_of
from simulation.kpis.ledger import Ledger
from simulation.kpis.measure import Ratio
from simulation.kpis.tabulate import Row, tabulate
from simulation.run import run_replication
from simulation.scenario_file import load_scenario
from tests.simulation.worlds import an_arm

SCENARIO = Path(__file__).parents[3] / "examples" / "hotline" / "scenario.toml"
ENDS = ("handled", "abandoned", "refused", "diverted", "unserved", "cancelled", "unreached", "transferred", "blocked", "in_progress")


class Books:
    """A second pair of books: who came, by channel and type, and how each of them ended; legs do not occur on the hotline."""

    def __init__(self) -> None:
        self.kind: dict[str, tuple[str, str]] = {}
        self.end: dict[str, str] = {}
        self.again: dict[str, CameAgain] = {}
        self.balked: set[str] = set()

    def come(self, interaction: Interaction) -> None:
        """Somebody comes, and nobody twice."""
        assert interaction.id not in self.kind
        self.kind[interaction.id] = interaction.channel, interaction.type

    def observe(self, recorded: Recorded) -> None:
        """The next event."""
        match recorded.event:
            case events.InteractionQueued(interaction=interaction):
                self.come(interaction)
            case events.InteractionEnded(interaction_id=key, cause=cause):
                assert key not in self.end
                self.end[key] = cause.value
            case _:
                pass

    def witness(self, at: Instant, fact: CustomerFact) -> None:
        """The next fact."""
        match fact:
            case Blocked(interaction=interaction):
                self.come(interaction)
                self.end[interaction.id] = "blocked"
            case CameAgain():
                self.again[fact.interaction_id] = fact
            case Balked(interaction_id=key):
                self.balked.add(key)
            case _:
                pass


def number(row: Row, name: str) -> int:
    """A count."""
    tally = row[name]
    assert isinstance(tally, Ratio)
    return tally.numerator


def test_the_hotline_has_no_findings() -> None:
    """Neither its site, nor its rosters, nor its customers."""
    assert check_scenario_file(SCENARIO).findings == ()


def test_everybody_is_accounted_for_by_channel_type_and_half_hour() -> None:
    """Offered is all that were born or came again, and each of them ended once, in the measures as in a second pair of books."""
    scenario = load_scenario(SCENARIO)
    books, ledger, births = Books(), Ledger(), births_of(scenario, 0)
    summary = run_replication(
        scenario, an_arm(scenario), 0, [books.observe, ledger], witnesses=[books.witness, ledger.witness], births=births
    )
    born = {birth.interaction.id for birth in births.births}
    assert set(books.kind) == born | set(books.again)
    assert (summary.redials + summary.repeats, summary.offered) == (len(books.again), len(books.kind))
    assert all(fact.after_id in books.kind for fact in books.again.values())
    table = tabulate(facts_of(ledger, starts_at=scenario.starts_at, ends_at=scenario.ends_at))
    for row in (table.overall, *table.by_channel.values(), *table.by_queue.values(), *table.by_interval):
        assert number(row, "offered") == sum(number(row, name) for name in ENDS)
    ends = Counter((channel, books.end.get(key, "in_progress")) for key, (channel, _) in books.kind.items())
    for channel, row in table.by_channel.items():
        assert {name: number(row, name) for name in ENDS} == {name: ends[channel, name] for name in ENDS}
    born_by_type = Counter(birth.interaction.type for birth in births.births)
    again_by_type = Counter(books.kind[key][1] for key in books.again)
    assert born_by_type + again_by_type == Counter(type_ for _, type_ in books.kind.values())
    assert number(table.overall, "balked") == len(books.balked) == sum(1 for key in books.balked if books.end[key] == EndCause.ABANDONED)
    lost = {key for key, end in books.end.items() if end in {"abandoned", "blocked", "unreached"}} - {
        fact.after_id for fact in books.again.values()
    }
    assert number(table.overall, "finally_lost") == len(lost)
    assert min(summary.blocked, summary.redials, summary.repeats, len(books.balked), number(table.overall, "callbacks")) > 0
