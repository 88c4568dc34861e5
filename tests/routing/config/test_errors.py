"""The one error of bad input, as a person reads it."""

from routing.config.errors import ConfigError, did_you_mean, nearest, shown


def test_a_message_names_place_value_problem_and_remedy() -> None:
    """Everything known about an error stands in one sentence and its remedy."""
    error = ConfigError("has no unit", file="site.toml", line=4, key="queues.sales.target", value=90, remedy='Write "90s".')
    assert str(error) == 'site.toml, line 4, key queues.sales.target: 90 has no unit. Write "90s".'


def test_a_message_without_a_place_is_still_a_sentence() -> None:
    """Nothing stands in for a place that is not known."""
    assert str(ConfigError("no policy is named")) == "no policy is named."


def test_the_other_errors_of_a_file_are_listed() -> None:
    """The first error is the headline and the others follow, one a line."""
    error = ConfigError("is missing", key="zone", others=[ConfigError("is empty", key="name", value="")])
    assert str(error) == 'key zone: is missing.\n  also: key name: "" is empty.'


def test_one_fault_of_a_rule_that_stands_for_many_is_told_once() -> None:
    """Two errors at one place are shown and the rest counted; the same words twice are one error; hundreds of places are counted too."""
    same = [ConfigError(f"asks for level {level}", file="site.toml", line=62) for level in (11, 12, 12, 13, 14)]
    assert str(ConfigError("asks for level 11", file="site.toml", line=62, others=same)).splitlines() == [
        "site.toml, line 62: asks for level 11.",
        "  also: site.toml, line 62: asks for level 12. And 2 more at the same place.",
    ]
    many = [ConfigError("is empty", line=line) for line in range(2, 200)]
    assert str(ConfigError("is empty", line=1, others=many)).splitlines()[-2:] == ["  also: line 20: is empty.", "  and at 179 more places"]


def test_values_are_shown_printable_and_short() -> None:
    """A line break, a colour code or a megabyte in a file cannot disturb the message."""
    assert (shown("a\nb\x1b[0m"), shown(True), shown(("x",))) == ('"a\\nb\\x1b[0m"', "true", "['x']")
    assert shown("y" * 500) == '"' + "y" * 79 + "... (502 characters)"


def test_the_nearest_names_ignore_case_and_come_best_first() -> None:
    """A misspelt name finds what was meant; one that is like nothing finds nothing."""
    known = ["billing", "building", "sales"]
    assert (nearest("Biling", known), nearest("qqq", known)) == (("billing", "building"), ())


def test_a_remedy_lists_known_names_when_none_is_near() -> None:
    """Without a likely meaning, the first known names are told, and how many more there are."""
    assert did_you_mean("qqq", []) == "None is defined."
    assert did_you_mean("qqq", ["b", "a"]) == "Known: a, b."
    assert did_you_mean("qqq", list("abcdefgh")) == "Known: a, b, c, d, e, f and 2 more."
    assert did_you_mean("sale", ["sales", "scales"]) == 'Did you mean "sales" or "scales"?'
