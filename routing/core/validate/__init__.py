"""Checks on records that come from outside, before any of them is acted on."""

from routing.core.validate.agents import check_agent
from routing.core.validate.interactions import check_interaction
from routing.core.validate.requirements import check_requirements
from routing.core.validate.sites import check_site
from routing.core.validate.values import (
    ATTRIBUTE_VALUE_MAX,
    ATTRIBUTES_MAX,
    CAPACITY_MAX,
    CLASS_RANK_MAX,
    DURATION_MS_MAX,
    ID_LENGTH_MAX,
    INSTANT_MAX,
    INTERACTION_VALUE_MAX,
    LIVE_OFFERS_MAX,
    OPAQUE_LENGTH_MAX,
    PREFERENCE_MAX,
    RESERVED_PREFIX,
    SLOPE_PER_MILLE_MAX,
    TEXT_LENGTH_MAX,
    check_attributes,
    check_id,
    check_text,
    check_value,
    check_within,
    refuse_value,
)

__all__ = [
    "ATTRIBUTES_MAX",
    "ATTRIBUTE_VALUE_MAX",
    "CAPACITY_MAX",
    "CLASS_RANK_MAX",
    "DURATION_MS_MAX",
    "ID_LENGTH_MAX",
    "INSTANT_MAX",
    "INTERACTION_VALUE_MAX",
    "LIVE_OFFERS_MAX",
    "OPAQUE_LENGTH_MAX",
    "PREFERENCE_MAX",
    "RESERVED_PREFIX",
    "SLOPE_PER_MILLE_MAX",
    "TEXT_LENGTH_MAX",
    "check_agent",
    "check_attributes",
    "check_id",
    "check_interaction",
    "check_requirements",
    "check_site",
    "check_text",
    "check_value",
    "check_within",
    "refuse_value",
]
