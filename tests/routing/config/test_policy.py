"""Policy files, how a policy's name is found, and policies of installed packages."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from routing.config.errors import ConfigError
from routing.config.plugins import register_entry, registry_with_plugins
from routing.config.policy import load_policy, resolve_policy
from routing.model.site import IdleClock, PolicySpec, WeightedScorer
from routing.policy.presets.builtin import FILTERS, LEAST_COST
from routing.policy.registry import default_registry
from tests.routing.config.files import POLICY, changed, headline, written

PLUGIN = """\
from dataclasses import replace

from routing.policy.presets.builtin import BALANCED

CLINIC = replace(BALANCED, name="clinic")
BROKEN = replace(BALANCED, name="broken", assigner="by-hand")
NUMBER = 7


def register(registry):
    registry.add_policy(replace(CLINIC, name="registered"))
"""


def a_policy(folder: Path, text: str = POLICY) -> PolicySpec:
    """The policy of a text, with built-in parts."""
    return load_policy(written(folder, "night.toml", text), default_registry())


def test_a_policy_file_becomes_a_specification(tmp_path: Path) -> None:
    """What the file leaves out has the documented defaults; scorers keep the order of the file."""
    assert a_policy(tmp_path) == PolicySpec(
        name="night",
        version=1,
        filters=FILTERS,
        scorers=(WeightedScorer(name="skill_fit", weight_ms=2_000), WeightedScorer(name="longest_idle", weight_ms=1)),
        assigner="min_cost_flow",
        match_interval_ms=2_000,
        bypass_class_rank=None,
        is_work_conserving=True,
        idle_clock=IdleClock.SINCE_ASSIGNED,
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("skill_fit", "skil_fit", 'line 7, key scorers.skil_fit: "skil_fit" is not the name of a scorer. Did you mean "skill_fit"?'),
        ('"min_cost_flow"', '"min_cost"', 'line 3, key assigner: "min_cost" is not the name of an assigner. Did you mean "min_cost_flow"?'),
        ("[scorers]", 'filters = ["presence", "skils"]\n[scorers]', 'line 6, key filters[1]: "skils" is not the name of a filter.'),
        ("[scorers]", 'filters = ["presence", "channel", "capacity", "skill"]\n[scorers]', 'line 6, key filters: leave out declined.'),
        ("[scorers]", f"filters = {[*FILTERS, 'skill']}\n[scorers]".replace("'", '"'), 'key filters[5]: "skill" is listed twice.'),
        ('"2s"\nlongest', '"2d"\nlongest', 'line 7, key scorers.skill_fit: is more than one day a unit. Write at most "24h".'),
        ("careroute/policy/1", "careroute/site/1", 'line 1, key schema: "careroute/site/1" is not a policy.'),
        ("[scorers]", 'idle_clock = "since_birth"\n[scorers]', '"since_birth" is not one of since_free, since_assigned,'),
    ],
)  # fmt: skip
def test_a_wrong_policy_is_refused_with_place_and_remedy(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each mistake is told with its line, key, value and what to write instead."""
    with pytest.raises(ConfigError) as caught:
        a_policy(tmp_path, changed(POLICY, old, new))
    assert message in headline(caught.value, tmp_path)


def test_a_scorer_takes_parameters_beside_its_weight(tmp_path: Path) -> None:
    """As a table instead of a bare duration; the order in which they stand makes no other policy."""
    table = '[scorers.attribute_order]\nweight = "20min"\norder_by = "penalty.{queue} asc"\nhighest = 9\n'
    head = 'wait_price = "strict"\ninteraction_first = true\n[scorers]'
    text = changed(changed(POLICY, 'assigner = "min_cost_flow"\n', ""), "[scorers]", head) + table
    policy = a_policy(tmp_path, text)
    expected = WeightedScorer(name="attribute_order", weight_ms=1_200_000, parameters={"highest": 9, "order_by": "penalty.{queue} asc"})
    assert ("strict", True, expected) == (policy.wait_price, policy.is_interaction_first, policy.scorers[-1])
    lines = table.splitlines()
    assert policy == a_policy(tmp_path, text.replace(table, "\n".join([lines[0], lines[3], lines[2], lines[1], ""])))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[scorers.random_order]\nweight = "1ms"\nseed = 1.5', "has the parameter seed, which is neither a whole number nor a text"),
        ('[scorers.random_order]\nweight = "1ms"\nseed = true', "has the parameter seed, which is neither a whole number nor a text"),
        ("[scorers.random_order]\nseed = 1", "key scorers.random_order.weight: is missing"),
        ('[scorers.random_order]\nweight = "1ms"\nsed = 1', "scorer 'random_order' has a parameter 'sed'; it takes seed"),
        ('[scorers.load_ratio]\nweight = "1ms"\nseed = 1', "scorer 'load_ratio' has a parameter 'seed'; it takes no parameters"),
    ],
)
def test_a_wrong_parameter_is_told(tmp_path: Path, table: str, message: str) -> None:
    """Its kind by the file's reader, its name by the scorer."""
    with pytest.raises(ConfigError) as caught:
        a_policy(tmp_path, POLICY + table + "\n")
    assert message in headline(caught.value, tmp_path)


def test_an_unknown_price_of_waiting_lists_the_nearest(tmp_path: Path) -> None:
    """With its line."""
    with pytest.raises(ConfigError) as caught:
        a_policy(tmp_path, changed(POLICY, "[scorers]", 'wait_price = "strikt"\n[scorers]'))
    expected = 'line 6, key wait_price: "strikt" is not the name of a price of waiting. Did you mean "strict"'
    assert expected in headline(caught.value, tmp_path)


def test_a_policy_is_found_as_path_then_in_the_site_then_in_the_registry(tmp_path: Path) -> None:
    """A path is a file beside the one that names it; the site's own names come before the registry's."""
    own, registry = a_policy(tmp_path), default_registry()

    def found(name: str) -> PolicySpec:
        return resolve_policy(name, folder=tmp_path, site_policies={"late": own}, registry=registry)

    assert [found(name) for name in ("night.toml", "./night.toml", "late", "least-cost")] == [own, own, own, LEAST_COST]


def test_an_unknown_policy_lists_the_nearest(tmp_path: Path) -> None:
    """The site's names count as known too."""
    with pytest.raises(ConfigError, match='Did you mean "longest-idle"'):
        resolve_policy("longest-idel", folder=tmp_path, site_policies={}, registry=default_registry())


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an importable module with policies, as an installed package would have."""
    written(tmp_path, "clinic_policies.py", PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "clinic_policies", raising=False)
    return "clinic_policies"


def test_a_package_brings_policies(plugin: str) -> None:
    """An entry is a function that registers parts, or a policy made of known parts."""
    registry = default_registry()
    for target in ("register", "CLINIC"):
        register_entry(EntryPoint(name="clinic", value=f"{plugin}:{target}", group="careroute.policies"), registry)
    assert [name for name in registry.names() if name not in default_registry().names()] == ["clinic", "registered"]
    assert set(default_registry().names()) <= set(registry_with_plugins().names())


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("clinic_policies:NUMBER", "is neither a function nor a policy"),
        ("clinic_policies:NOTHING", "the policy package cannot be loaded"),
        ("no_such_package:register", "the policy package cannot be loaded"),
    ],
)
@pytest.mark.usefixtures("plugin")
def test_a_package_that_brings_none_is_refused(target: str, message: str) -> None:
    """The entry and its target are named."""
    with pytest.raises(ConfigError, match=message):
        register_entry(EntryPoint(name="clinic", value=target, group="careroute.policies"), default_registry())


def test_a_packages_policy_of_unknown_parts_is_refused_when_chosen(plugin: str, tmp_path: Path) -> None:
    """Others stay usable; only choosing the broken one is an error."""
    registry = default_registry()
    register_entry(EntryPoint(name="clinic", value=f"{plugin}:BROKEN", group="careroute.policies"), registry)
    with pytest.raises(ConfigError, match="cannot be used: assigner 'by-hand' is not one of"):
        resolve_policy("broken", folder=tmp_path, site_policies={}, registry=registry)
