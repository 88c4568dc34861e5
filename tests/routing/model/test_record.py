"""Records: to everybody who asks they are frozen dataclasses, and they refuse to be anything else."""

import pickle
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, field, fields, is_dataclass, replace

import pytest

from routing.core.canonical import plain
from routing.model.later import LATER
from routing.model.record import record, row


@record(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A record with a default, a default that is made, and a field that was added later."""

    name: str
    weight: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = field(default=None, metadata=LATER)

    @property
    def title(self) -> str:
        """What is said of it."""
        return f"{self.name} x {self.weight}"


def test_a_record_is_a_dataclass_to_whoever_asks() -> None:
    """Its fields, a changed copy, its parts, and what was added later are found as with any dataclass."""
    parcel = Parcel(name="a")
    assert is_dataclass(parcel)
    assert ["name", "weight", "labels", "owner"] == [one.name for one in fields(parcel)]
    assert Parcel(name="a", weight=7) == replace(parcel, weight=7)
    assert {"name": "a", "weight": 1, "labels": {}, "owner": None} == asdict(parcel) == plain(parcel)
    assert {"name": "a", "weight": 1, "labels": {}} == plain(parcel, is_whole=False)
    assert "a x 1" == parcel.title


def test_a_record_is_a_value() -> None:
    """Equal content is equal and has the same hash, copies and pickles are equal, and each has its own default."""
    assert Parcel(name="a") == Parcel(name="a") != Parcel(name="b")
    assert hash(Parcel(name="a", labels=())) == hash(Parcel(name="a", labels=()))  # type: ignore[arg-type]  # a mapping has no hash
    assert deepcopy(Parcel(name="a")) == pickle.loads(pickle.dumps(Parcel(name="a"))) == Parcel(name="a")
    assert Parcel(name="a").labels is not Parcel(name="a").labels


def test_a_record_cannot_be_changed() -> None:
    """Neither by setting a field nor by adding one; every argument is named."""
    parcel = Parcel(name="a")
    with pytest.raises(AttributeError):
        parcel.name = "b"  # type: ignore[misc]  # that is what is refused
    with pytest.raises(AttributeError):
        parcel.colour = "red"  # type: ignore[attr-defined]  # that is what is refused
    with pytest.raises(TypeError):
        Parcel("a")  # type: ignore[call-arg]  # that is what is refused
    assert "Parcel(name='a', weight=1, labels={}, owner=None)" == repr(parcel)


@row(slots=True, kw_only=True)
class Shelf:
    """A row with a default that is made."""

    parcels: list[str] = field(default_factory=list)
    place: int = 0


def test_a_row_may_change() -> None:
    """Its fields may be set and none be added; it has no hash, and otherwise is what a record is."""
    shelf, other = Shelf(), Shelf(place=2)
    shelf.place = 2
    assert (True, ["parcels", "place"]) == (shelf == other, [one.name for one in fields(shelf)])
    assert shelf.parcels is not other.parcels
    with pytest.raises(AttributeError):
        shelf.colour = "red"  # type: ignore[attr-defined]  # that is what is refused
    with pytest.raises(TypeError):
        hash(shelf)
    with pytest.raises(TypeError, match="Heap is no row"):

        @row(slots=False, kw_only=True)
        class Heap:
            name: str


def test_a_record_is_all_that_it_says() -> None:
    """A class that is not frozen, slotted and made by keywords is none, and neither is one that inherits."""
    with pytest.raises(TypeError, match="Loose is no record"):

        @record(frozen=False, slots=True, kw_only=True)
        class Loose:
            name: str

    with pytest.raises(TypeError, match="Heir is no record"):

        @record(frozen=True, slots=True, kw_only=True)
        class Heir(Parcel):
            more: str
