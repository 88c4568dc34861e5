"""Policies that live in other people's packages: found through an entry-point group, so that this one never has to name them."""

from importlib.metadata import EntryPoint, entry_points

from routing.config.errors import ConfigError
from routing.config.presets import preset_specs
from routing.model.site import PolicySpec
from routing.policy.registry import PolicyRegistry, default_registry

POLICY_GROUP = "careroute.policies"


def registry_with_plugins() -> PolicyRegistry:
    """The built-in policies and parts, the presets, and what every installed package has, in the order of the entries' names.

    An entry of the group `careroute.policies` is a function that takes the registry and registers filters, scorers, assigners or policies
    with it, or simply a `PolicySpec` made of known parts.

    Raises:
        ConfigError: an entry cannot be loaded, or is neither.
    """
    registry = default_registry()
    for preset in preset_specs():
        registry.add_policy(preset)
    for entry in sorted(entry_points(group=POLICY_GROUP), key=lambda entry: (entry.name, entry.value)):
        register_entry(entry, registry)
    return registry


def register_entry(entry: EntryPoint, registry: PolicyRegistry) -> None:
    """Registers what one entry of the group points at.

    Raises:
        ConfigError: it cannot be loaded, or is neither a function nor a policy.
    """
    try:
        target = entry.load()
    except (ImportError, AttributeError) as error:
        remedy = "Mend or uninstall the package that declares it."
        raise ConfigError(f"the policy package cannot be loaded ({error})", key=entry.name, value=entry.value, remedy=remedy) from error
    if isinstance(target, PolicySpec):
        registry.add_policy(target)
    elif callable(target):
        target(registry)
    else:
        remedy = "Point it at a function that takes the registry, or at a PolicySpec."
        raise ConfigError("is neither a function nor a policy", key=entry.name, value=entry.value, remedy=remedy)
