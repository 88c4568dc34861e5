"""The reference page of policy parts names what the registry knows, no more and no less."""

import re

import pytest

from routing.policy.presets.builtin import BUILTIN
from routing.policy.registry import default_registry
from tests.source_tree import ROOT

PAGE = (ROOT / "docs/reference/policy-parts.md").read_text()


def rows_of(heading: str) -> dict[str, str]:
    """The table under a heading: the name in the first column, and the rest of its row."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([\w-]+)` \|(.*)\|$", section.split("\n| parameter |")[0], re.MULTILINE))


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Filters", default_registry().filter_names()),
        ("Scorers", default_registry().scorer_names()),
        ("Assigners", default_registry().assigner_names()),
        ("The price of waiting", default_registry().wait_price_names()),
        ("Built-in policies", default_registry().names()),
    ],
)
def test_it_names_every_part(heading: str, names: tuple[str, ...]) -> None:
    """A part without a row, or a row without a part, is out of date."""
    assert set(names) == set(rows_of(heading))


@pytest.mark.parametrize("spec", BUILTIN, ids=lambda spec: spec.name)
def test_it_states_the_weights_of_the_built_in_policies(spec: object) -> None:
    """Scorers in their order with their weights, the window and the idle clock."""
    (policy,) = [known for known in BUILTIN if known is spec]
    units = {"ms": 1, "s": 1_000, "h": 3_600_000}
    scorers, decides, clock = (cell.strip() for cell in rows_of("Built-in policies")[policy.name].split("|"))
    stated = [(name, int(number) * units[unit]) for name, number, unit in re.findall(r"`(\w+)` (\d+) (ms|s|h)", scorers)]
    assert [(item.name, item.weight_ms) for item in policy.scorers] == stated
    assert ("at once, greedily" if not policy.match_interval_ms else "jointly, 1 s after the first change") == decides
    assert policy.idle_clock.value.replace("_", " ") == clock
