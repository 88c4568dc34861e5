"""Checks on requirements."""

from routing.core.validate.values import ATTRIBUTES_MAX, check_id, check_value, check_values, refuse_value
from routing.model.requirement import Operator, Requirement


def check_requirements(field: str, requirements: tuple[Requirement, ...]) -> None:
    """Refuse requirements that can never be compared.

    Raises:
        CommandRefused: naming the requirement.
    """
    if len(requirements) > ATTRIBUTES_MAX:
        refuse_value(field, f"{len(requirements)} requirements; at most {ATTRIBUTES_MAX} are allowed")
    for index, requirement in enumerate(requirements):
        check_id(f"{field}[{index}].attribute", requirement.attribute)
        check_value(f"{field}[{index}].value", requirement.value)
        if isinstance(requirement.value, str) and requirement.operator in (Operator.AT_LEAST, Operator.AT_MOST):
            refuse_value(f"{field}[{index}]", f"{requirement.operator} needs a number, got {requirement.value!r}")
        if requirement.alternatives:
            _check_alternatives(f"{field}[{index}]", requirement)


def _check_alternatives(field: str, requirement: Requirement) -> None:
    if requirement.operator is not Operator.EQUAL:
        refuse_value(field, f"{requirement.operator} takes one value; only {Operator.EQUAL} has alternatives")
    check_values(f"{field}.alternatives", requirement.alternatives)
