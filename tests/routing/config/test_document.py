"""Files into checked models, and every refusal on the way."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from routing.config.document import FileModel, key_text, load, read_toml
from routing.config.errors import ConfigError
from routing.config.values import DurationMs, Identifier, PositiveDurationMs, Share, ZoneName


class AnAdd(FileModel):
    """A step told apart by its kind."""

    kind: Literal["add"]
    amount: int


class ADrop(FileModel):
    """The other kind of step."""

    kind: Literal["drop"]
    share: Share


class AQueue(FileModel):
    """A table of the sample."""

    id: Identifier
    target: DurationMs = 0
    works: Literal["live", "deferrable"] = "live"
    steps: tuple[Annotated[AnAdd | ADrop, Field(discriminator="kind")], ...] = ()


class ASample(FileModel):
    """A document with what users' files have: tables, arrays of tables and named tables."""

    zone: ZoneName
    every: PositiveDurationMs = 1_000
    queues: tuple[AQueue, ...] = ()
    named: dict[str, AQueue] = Field(default_factory=dict)


SCHEMA = "careroute/sample/1"
QUEUE = 'zone = "UTC"\n[[queues]]\nid = "a"\n'
AT = "F, line 5, key queues[0]."


def loaded(folder: Path, text: str) -> ASample:
    """The sample as read from a file with this text after its schema, which is line 1."""
    path = folder / "sample.toml"
    path.write_text(f'schema = "{SCHEMA}"\n{text}', encoding="utf-8")
    return load(path, SCHEMA, ASample)[1]


TOML_REMEDY = "Each line is a [table], key = value or a # comment; dates are written 2015-08-11."


def refusal(folder: Path, text: str) -> list[str]:
    """The lines of the refusal, without the path of the file."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text)
    return str(caught.value).replace(str(folder / "sample.toml"), "F").splitlines()


def test_a_file_becomes_a_model_with_tuples_and_milliseconds(tmp_path: Path) -> None:
    """Arrays arrive as tuples, durations as milliseconds, and the schema's line is no part of the model."""
    sample = loaded(tmp_path, QUEUE + 'target = "20s"\nsteps = [{kind = "add", amount = 2}]\n')
    assert sample == ASample(zone="UTC", queues=(AQueue.model_construct(id="a", target=20_000, steps=(AnAdd(kind="add", amount=2),)),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('zone = "UTC"\nevery = 5', 'F, line 3, key every: 5 has no unit. Write the unit: "5s", "5min", "5h", "5d" or "5ms".'),
        ('zone = "UTC"\nevery = "0s"', 'F, line 3, key every: "0s" is no time at all. Write a duration longer than zero.'),
        ('zone = "UTC"\nevry = "5s"', 'F, line 3, key evry: is not a key that can stand here. Did you mean "every"?'),
        ("", "F, key zone: is missing. Add zone = ..."),
        (
            'zone = "UTC"\n[named.a]\nid = "a"\ntaget = "1s"',
            'F, line 5, key named.a.taget: is not a key that can stand here. Did you mean "target"?',
        ),
        ('zone = "UTC"\nqueues = [\n{id = "a"},\n{},\n]', "F, line 5, key queues[1].id: is missing. Add id = ..."),
        (QUEUE + 'works = "deferable"', AT + 'works: "deferable" is not one of live, deferrable. Did you mean "deferrable"?'),
        (QUEUE + "works = 3", AT + "works: 3 is not one of live, deferrable. Write one of live, deferrable."),
        (QUEUE + 'steps = [{kind = "ad"}]', AT + 'steps[0].kind: "ad" is not one of add, drop. Did you mean "add"?'),
        (QUEUE + "steps = [{amount = 1}]", AT + "steps[0].kind: is missing. Add kind = ..."),
        (
            QUEUE + 'steps = [{kind = "add", amount = "1"}]',
            AT + 'steps[0].amount: "1" is not a whole number. Write digits only, without quotes.',
        ),
        (
            QUEUE + 'steps = [{kind = "drop", share = 1.5}]',
            AT + "steps[0].share: 1.5 is too large. Write 1 or less.",
        ),
        ('zone = "UTC"\nqueues = 3', "F, line 3, key queues: 3 is not a list. Write it in square brackets, separated by commas."),
        ('zone = "UTC"\nnamed = 3', "F, line 3, key named: 3 is not a table. Write it as key = value pairs."),
        ("zone = UTC", 'F, line 2: "zone = UTC" is not TOML: invalid value. Texts stand in quotes, as in name = "value".'),
        ('zone = "UTC"\nzone = "UTC"', 'F, line 3: "zone = "UTC"" is not TOML: cannot overwrite a value. Write each key once.'),
        ("[open", "F, line 2: \"[open\" is not TOML: expected ']' at the end of a table declaration. " + TOML_REMEDY),
    ],
)
def test_a_refusal_names_line_key_value_and_remedy(tmp_path: Path, text: str, expected: str) -> None:
    """Each way of writing a file wrongly has one clear message."""
    assert refusal(tmp_path, text) == [expected]


def test_all_errors_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    """Nobody mends a file one error a run."""
    lines = refusal(tmp_path, 'zone = "Mars"\nevery = "1"\ncolour = 1')
    assert [line.strip().split(":")[0] for line in lines] == ["F, line 2, key zone", "also", "also"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"x = 1", "the file does not say what it is: it has no key schema"),
        (b"# nothing but a comment", "is empty"),
        (b"schema = 1", "is not a schema name"),
        (b'schema = "careroute/sampel/1"', "is not a sample"),
        (b'schema = "\xff"', "the text is not UTF-8"),
        (b"x = " + b"[" * 50_000, "its lists or tables are nested too deeply"),
        (b"x = " + b"9" * 5_000, "is not TOML: exceeds the limit (4300 digits) for integer string conversion"),
    ],
)
def test_a_file_must_say_what_it_is(tmp_path: Path, content: bytes, expected: str) -> None:
    """The first key names the schema, and only the schemas asked for are taken."""
    path = tmp_path / "sample.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(path, SCHEMA, ASample)
    assert caught.value.problem.partition(": value has")[0] == expected


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    """What the operating system does not give is refused with its reason."""
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read"):
            read_toml(path)


def test_a_document_places_errors_of_other_checks(tmp_path: Path) -> None:
    """A check that no model can make still names the line, by the nearest table that the file writes."""
    path = tmp_path / "sample.toml"
    path.write_bytes(b"[a]\r\nb = 1\r\n")
    document = read_toml(path)
    assert str(document.error(("a", "b"), "is not defined", value="x")) == f'{path}, line 2, key a.b: "x" is not defined.'
    assert (document.line(("a", "c", 1)), document.line(("z",)), key_text(("a", 1, "b")), key_text(())) == (1, None, "a[1].b", None)
    assert document.beside("other.csv") == tmp_path / "other.csv"
