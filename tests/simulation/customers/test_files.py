"""What customers do, as files state it: the reference page is read, and what can come to nothing is refused with its place."""

from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from simulation.behaviour import Behaviour
from simulation.behaviour_file import load_behaviour
from simulation.customers.balking import Balking
from simulation.customers.coming_again import Loss, Redial, Return
from simulation.customers.lines import LineGroup
from simulation.laws import Exponential
from tests.simulation.customers.desk import loaded


def page_blocks() -> tuple[str, str]:
    """The scenario and the behaviour that the reference page shows."""
    scenario, behaviour = [part for part in Path("docs/reference/customers.md").read_text().split("```") if part.startswith("toml")]
    return scenario.removeprefix("toml\n"), behaviour.removeprefix("toml\n")


def behaviour_of(folder: Path, text: str) -> Behaviour:
    """A behaviour file as read."""
    (folder / "behaviour.toml").write_text(text)
    return load_behaviour(folder / "behaviour.toml")


def test_the_reference_page_is_read_as_it_says(tmp_path: Path) -> None:
    """Every key of the page arrives in its record."""
    scenario, text = page_blocks()
    behaviour = behaviour_of(tmp_path, text)
    sources = behaviour.sources()
    assert behaviour.balking == (
        Balking(
            when={"channel": ("phone",)},
            after_ms=4_000,
            share=0.05,
            steps=((60_000, 0.1), (300_000, 0.3)),
            leave_beyond=1.0,
            patience=1.2,
            source="assumption: long announcements send callers away, and the others wait a fifth longer",
        ),
    )
    assert behaviour.redial == (
        Redial(
            when={"channel": ("phone",)},
            after=(Loss.ABANDONED, Loss.BALKED, Loss.BLOCKED),
            share=0.5,
            delay=Exponential(mean_ms=600_000),
            attempts_max=4,
            shape=Return(attributes={}),
            source="assumption: half of them call again within the hour",
        ),
    )
    assert [(rule.agent, rule.resolved, rule.returns, rule.contacts_max) for rule in behaviour.resolution] == [
        ({"language": ("es",)}, 0.85, 1.0, 3),
        ({}, 0.7, 0.8, 3),
    ]
    said = (
        "finding nobody free (channel phone)",
        "trying again after abandoned, balked, blocked",
        "resolving (channel phone; language es)",
        "resolving:",
    )
    assert [words for words in said if not any(line.startswith(words) for line in sources)] == []
    lines = scenario[scenario.index("[lines.") : scenario.index("[[demand")]
    assert loaded(tmp_path, scenario=lines).lines == (LineGroup(name="trunks", channels=("phone",), count=30),)


BALK = '[[balking]]\nsource = "assumption: a test"\n'
REDIAL = '[[redial]]\nshare = 1.0\nattempts = 2\ndelay = { law = "constant", value = "1min" }\nsource = "assumption: a test"\n'
RESOLVE = '[[resolution]]\nresolved = 0.5\ncontacts = 2\ndelay = { law = "constant", value = "1min" }\nsource = "assumption: a test"\n'


@pytest.mark.parametrize(
    ("addition", "words"),
    [
        (BALK + "told = [{ wait = '2min', share = 0.1 }, { wait = '1min', share = 0.2 }]", ["balking[0]", "rising order"]),
        (BALK + "share = 1.5", ["balking[0].share"]),
        (BALK + "leave_beyond = 0.0", ["balking[0].leave_beyond"]),
        (BALK + "patience = 1.5", ["balking[0]", "no queue of the scenario's site tells any", "estimated_wait"]),
        (BALK + BALK, ["balking[1]", "is never reached"]),
        (BALK + "when = { channel = ['fax'] }", ["balking[0].when.channel", "fax", "not a channel"]),
        (REDIAL.replace("attempts = 2", "attempts = 1"), ["redial[0].attempts"]),
        (REDIAL + "after = ['forgotten']", ["redial[0].after"]),
        (REDIAL + "channel = 'phon'", ["redial[0].channel", "phon", "phone"]),
        (REDIAL + "channel = 'mail'", ["scenario.toml", "how long it takes", "mail"]),
        (RESOLVE + "when = { channel = ['fax'] }", ["resolution[0].when.channel", "fax"]),
        (RESOLVE + RESOLVE, ["resolution[1]", "is never reached"]),
        (RESOLVE.replace("0.5", "-0.5"), ["resolution[0].resolved"]),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, addition: str, words: list[str]) -> None:
    """Each fault of the behaviour file is told by its key, its value or what is missing for it."""
    with pytest.raises(ConfigError) as refusal:
        loaded(tmp_path, behaviour=addition)
    text = str(refusal.value)
    assert [word for word in words if word not in text] == [], text


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("[lines.a]\nchannels = ['fax']\ncount = 3", ["lines.a.channels[0]", "fax", "is not a channel"]),
        ("[lines.a]\nchannels = ['mail']\ncount = 3", ["lines.a.channels[0]", "deferrable"]),
        (
            "[lines.a]\nchannels = ['phone']\ncount = 3\n[lines.b]\nchannels = ['chat', 'phone']\ncount = 3",
            ["b.channels[1]", "group a"],
        ),
        ("[lines.a]\nchannels = ['phone']\ncount = 0", ["lines.a.count"]),
        ("[lines.a]\nchannels = []\ncount = 1", ["lines.a.channels"]),
    ],
)
def test_lines_stand_on_live_channels_once(tmp_path: Path, lines: str, words: list[str]) -> None:
    """Each fault of the groups is told with its place in the scenario."""
    with pytest.raises(ConfigError) as refusal:
        loaded(tmp_path, scenario=lines)
    text = str(refusal.value)
    assert [word for word in words if word not in text] == [], text
