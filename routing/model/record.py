"""Records: immutable values with named fields, of which every decision and every event makes a handful.

To a type checker a record is a frozen dataclass, and so it is to `dataclasses.fields`, `replace` and `asdict`. At run time it is a struct
of msgspec, which is made, compared and hashed in C: a frozen dataclass sets each field by a call of its own and takes ten times as long.
The `replace` here does the same as that of dataclasses, for records alone and in C.

A row is made the same way and may change: what the state holds of an interaction is made as often as events are.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

__all__ = ["record", "replace", "row"]

T = TypeVar("T")

_OF_PLAIN_CLASSES = frozenset({"__dict__", "__weakref__"})


def _struct(*, frozen: bool, slots: bool, kw_only: bool) -> Callable[[type[T]], type[T]]:
    """Make the decorated class a struct. The arguments are those of `dataclass`, and a struct is no other than all three.

    Raises:
        TypeError: it should be something else, or inherits from another class.
    """

    def made(plain: type[T]) -> type[T]:
        if not (frozen and slots and kw_only) or plain.__bases__ != (object,):
            raise TypeError(f"{plain.__name__} is no record: one is frozen, slotted, made by keywords and inherits nothing")
        return _made_in_c(plain, is_frozen=True)

    return made


def _changing_struct(*, slots: bool, kw_only: bool) -> Callable[[type[T]], type[T]]:
    """Make the decorated class a struct whose fields may be set.

    Raises:
        TypeError: it should be something else, or inherits from another class.
    """

    def made(plain: type[T]) -> type[T]:
        if not (slots and kw_only) or plain.__bases__ != (object,):
            raise TypeError(f"{plain.__name__} is no row: one is slotted, made by keywords and inherits nothing")
        return _made_in_c(plain, is_frozen=False)

    return made


def _made_in_c(plain: type[T], *, is_frozen: bool) -> type[T]:
    described = fields(dataclass(frozen=True, kw_only=True)(type(plain.__name__, (), _namespace(plain))))
    namespace = {**_namespace(plain), **{field.name: _struct_field(field) for field in described}}
    struct: Any = msgspec.StructMeta(plain.__name__, (msgspec.Struct,), namespace, frozen=is_frozen, kw_only=True)
    struct.__dataclass_fields__ = {field.name: field for field in described}
    made_in_c: type[T] = struct
    return made_in_c


def _namespace(plain: type[object]) -> dict[str, object]:
    return {name: value for name, value in vars(plain).items() if name not in _OF_PLAIN_CLASSES}


def _struct_field(field: Field[object]) -> object:
    if field.default_factory is not MISSING:
        return msgspec.field(default_factory=field.default_factory)
    return msgspec.field() if field.default is MISSING else msgspec.field(default=field.default)


if TYPE_CHECKING:
    from dataclasses import dataclass as record
    from dataclasses import dataclass as row
    from dataclasses import replace
else:
    from msgspec.structs import replace

    record = _struct
    row = _changing_struct
