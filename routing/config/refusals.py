"""Turns what pydantic found wrong with a file into the words of the person who wrote it."""

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from routing.config.errors import NO_VALUE, did_you_mean
from routing.config.toml_lines import KeyPath

_KINDS = {
    "string_type": ("is not a text", "Write it in quotes."),
    "int_type": ("is not a whole number", "Write digits only, without quotes."),
    "int_from_float": ("is not a whole number", "Write digits only, without a point."),
    "float_type": ("is not a number", "Write it without quotes."),
    "bool_type": ("is neither true nor false", "Write true or false, without quotes."),
    "tuple_type": ("is not a list", "Write it in square brackets, separated by commas."),
    "dict_type": ("is not a table", "Write it as key = value pairs."),
    "model_type": ("is not a table", "Write it as key = value pairs."),
    "model_attributes_type": ("is not a table", "Write it as key = value pairs."),
    "finite_number": ("is not a finite number", "Write an ordinary number."),
}
_LIMITS = {
    "greater_than_equal": ("is too small", "Write {ge} or more."),
    "greater_than": ("is too small", "Write more than {gt}."),
    "less_than_equal": ("is too large", "Write {le} or less."),
    "less_than": ("is too large", "Write less than {lt}."),
    "too_short": ("has too few entries", "Write at least {min_length}."),
    "too_long": ("has too many entries", "Write at most {max_length}."),
    "string_too_short": ("is too short", "Write at least {min_length} characters."),
    "string_too_long": ("is too long", "Write at most {max_length} characters."),
}


class Refusal(NamedTuple):
    """One thing wrong with a file: where, what, the value (or `NO_VALUE`) and what to write instead."""

    key: KeyPath
    problem: str
    value: object
    remedy: str | None


def refusals(error: ValidationError, model: type[BaseModel], content: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """Every refusal in a validation error, without repetitions, in pydantic's order (the order of the model's fields)."""
    found = [_refusal(detail, model, content) for detail in error.errors(include_url=False)]
    return tuple(refusal for index, refusal in enumerate(found) if refusal not in found[:index])


def _refusal(detail: ErrorDetails, model: type[BaseModel], content: Mapping[str, Any]) -> Refusal:
    # A check of a whole table has that table as its value: its key says enough.
    kind, value = detail["type"], NO_VALUE if isinstance(detail["input"], dict) else detail["input"]
    context: dict[str, Any] = detail.get("ctx", {})
    key, known = _walk(detail["loc"], model, content)
    match kind:
        case "extra_forbidden":
            return Refusal(key, "is not a key that can stand here", NO_VALUE, did_you_mean(str(key[-1]), known))
        case "missing":
            missing = (*key, *detail["loc"][-1:])
            return Refusal(missing, "is missing", NO_VALUE, f"Add {detail['loc'][-1]} = ...")
        case "careroute":
            return Refusal(key, str(context["problem"]), value, str(context["remedy"]))
        case "value_error":
            return Refusal(key, str(context["error"]), NO_VALUE, None)
        case "literal_error" | "union_tag_invalid":
            return _not_one_of(key, value, context)
        case "union_tag_not_found":
            discriminator = str(context["discriminator"]).strip("'")
            return Refusal((*key, discriminator), "is missing", NO_VALUE, f"Add {discriminator} = ...")
        case _ if kind in _KINDS:
            problem, remedy = _KINDS[kind]
            return Refusal(key, problem, value, remedy)
        case _ if kind in _LIMITS:
            problem, remedy = _LIMITS[kind]
            limits = {name: int(limit) if isinstance(limit, float) and limit.is_integer() else limit for name, limit in context.items()}
            return Refusal(key, problem, value, remedy.format(**limits))
        case _:
            message = detail["msg"]
            return Refusal(key, f"is refused: {message[:1].lower()}{message[1:]}", value, None)


def _not_one_of(key: KeyPath, value: object, context: Mapping[str, Any]) -> Refusal:
    if "tag" in context:  # a union told apart by a key: the value at fault is the tag, the input is the whole table
        discriminator = str(context["discriminator"]).strip("'")
        key, value = (*key, discriminator), context["tag"]
    listed = str(context.get("expected") or context.get("expected_tags"))
    known = [name for name in listed.replace(" or ", ", ").replace("'", "").split(", ") if name]
    remedy = did_you_mean(value, known) if isinstance(value, str) else f"Write one of {', '.join(known)}."
    return Refusal(key, f"is not one of {', '.join(known)}", value, remedy)


def _walk(loc: tuple[int | str, ...], model: type[BaseModel], content: Mapping[str, Any]) -> tuple[KeyPath, tuple[str, ...]]:
    """The part of an error's location that exists in the file, and the keys known at its last table.

    Pydantic's locations also hold names of union members and validators; the file knows nothing of them, so they fall out here.
    """
    here: Any = content
    key: KeyPath = ()
    at: tuple[Any, ...] = (model,)
    table: tuple[Any, ...] = ()
    for part in loc:
        match here:
            case dict() if part in here:
                here = here[part]
            case tuple() if isinstance(part, int) and part < len(here):
                here = here[part]
            case _:
                continue
        key = (*key, part)
        table = at
        at = tuple(_below(at, part))
    return key, tuple(sorted({name for entry in table for name in _fields(entry)}))


def _below(entries: tuple[Any, ...], part: str | int) -> Iterator[Any]:
    for entry in entries:
        for candidate in _members(entry):
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                fields = {field.alias or name: field.annotation for name, field in candidate.model_fields.items()}
                if part in fields:
                    yield fields[str(part)]
            else:
                yield from (argument for argument in get_args(candidate) if argument is not Ellipsis)


def _fields(entry: Any) -> Iterator[str]:
    for candidate in _members(entry):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            yield from (field.alias or name for name, field in candidate.model_fields.items())


def _members(annotation: Any) -> Iterator[Any]:
    """The alternatives behind an annotation: unions and annotated types are opened, containers stay closed."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _members(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for argument in get_args(annotation):
            yield from _members(argument)
    else:
        yield annotation
