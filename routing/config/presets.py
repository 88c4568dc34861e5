"""The policies of other systems that Careroute ships as files, and the groups in which a comparison can name them."""

from functools import cache
from pathlib import Path

from routing.config.policy import load_policy
from routing.model.site import PolicySpec
from routing.policy import presets
from routing.policy.presets.builtin import BUILTIN
from routing.policy.registry import default_registry

FOLDER = Path(presets.__file__).parent
"""Where the files of the presets are."""

EVERY_POLICY = "all"
"""The group of every policy there is."""

BUILTIN_GROUP = "builtin"
"""The group of Careroute's own policies."""


@cache
def preset_specs() -> tuple[PolicySpec, ...]:
    """Every preset, in the order of names; read once a process.

    Raises:
        ConfigError: a file of the installation is damaged.
    """
    registry = default_registry()
    return tuple(load_policy(path, registry) for path in sorted(FOLDER.glob("*.toml")))


def group_names() -> tuple[str, ...]:
    """The names that stand for several policies: all of them, Careroute's own, and those of each system."""
    systems = dict.fromkeys(spec.name.partition("-")[0] for spec in preset_specs())
    return (EVERY_POLICY, BUILTIN_GROUP, *systems)


def members_of(group: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The policies of a group; `known` are all that the site and the registry know. Careroute's own come first, the rest by name."""
    own = tuple(spec.name for spec in BUILTIN)
    if group == BUILTIN_GROUP:
        return own
    if group == EVERY_POLICY:
        return (*own, *sorted(name for name in known if name not in own))
    return tuple(spec.name for spec in preset_specs() if spec.name == group or spec.name.startswith(f"{group}-"))
