"""Requirements as a person writes them: "billing >= 5", "language == es", "team in a, b", or "billing" for any proficiency."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator

from routing.config.values import refused
from routing.model.requirement import AttributeValue, Operator, Requirement

SKILL_LEVEL_MIN: Final = 1
SKILL_LEVEL_MAX: Final = 10

_COMPARISON = re.compile(r"(?P<attribute>[^<>=!]+?)\s*(?P<operator>>=|<=|==|!=)\s*(?P<value>[^<>=!]+)")
_CHOICE = re.compile(r"(?P<attribute>\S+)\s+in\s+(?P<values>[^<>=!]+)")
_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
_EXAMPLE = 'Write an attribute, one of >= <= == != and a value, such as "billing >= 5", "language == es" or "team in red, blue".'


def requirement(value: object) -> Requirement:
    """The comparison a text states, of kind must until its list says otherwise; a name alone asks for any level of that skill."""
    if isinstance(value, Requirement):
        return value
    if not isinstance(value, str):
        raise refused("is not a requirement", _EXAMPLE)
    text = value.strip()
    if (choice := _CHOICE.fullmatch(text)) is not None:
        return _chosen(choice["attribute"], [_value(part.strip()) for part in choice["values"].split(",")])
    if text and not re.search("[<>=!]", text):
        return Requirement(attribute=text, operator=Operator.AT_LEAST, value=SKILL_LEVEL_MIN)
    match = _COMPARISON.fullmatch(text)
    if match is None:
        raise refused("is not a requirement", _EXAMPLE)
    operator, required = Operator(match["operator"]), _value(match["value"].strip())
    if isinstance(required, str) and operator in (Operator.AT_LEAST, Operator.AT_MOST):
        raise refused(f"compares by {operator}, which needs a whole number", "Symbols compare by == and != only.")
    return Requirement(attribute=match["attribute"], operator=operator, value=required)


def requirement_text(stated: Requirement) -> str:
    """A requirement as a file writes it; the reverse of `requirement`."""
    if stated.alternatives:
        return f"{stated.attribute} in {', '.join(map(str, (stated.value, *stated.alternatives)))}"
    return f"{stated.attribute} {stated.operator.value} {stated.value}"


def _chosen(attribute: str, values: list[AttributeValue]) -> Requirement:
    if "" in values:
        raise refused("lists a value that is empty", 'Separate the values by single commas, such as "team in red, blue".')
    return Requirement(attribute=attribute, operator=Operator.EQUAL, value=values[0], alternatives=tuple(dict.fromkeys(values[1:])))


def _value(text: str) -> AttributeValue:
    if _NUMBER.fullmatch(text):
        return int(text)
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


RequirementText = Annotated[Requirement, BeforeValidator(requirement)]
"""A comparison written as text."""
