"""What the linter of sites finds, and that it finds nothing in a sound one."""

from pathlib import Path

import pytest

from tests.routing.config.files import SITE, a_site, changed


def test_a_sound_site_has_no_findings(tmp_path: Path) -> None:
    """The small site of the tests is clean, so that every other test sees its own change."""
    assert a_site(tmp_path).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "key", "consequence"),
    [
        (
            'name = "billing"\nwhen = { channel = "phone", topic = ["billing", "refund"] }',
            'name = "billing"\nwhen = { channel = "phone" }',
            "rules[1]",
            "rule sales never decides: billing before it takes everything it would match",
        ),
        ('name = "rest"', 'name = "rest"\nwhen.channel = "phone"', "channels.email", None),
        ('name = "rest"', 'name = "rest"\nwhen.channel = "email"', "rules", None),
        ("calls = {}", "calls = {}\nspare = {}", "queues.spare", "nothing leads to queue spare"),
        ('["billing", "sales"]', '["billing", "sales", "law"]', "skills[2]", "no rule asks for skill law"),
        (
            'drop = "all"',
            'raise = "1min"',
            "rules[0]",
            "rule billing calls billing expiring, but none of its steps relaxes it",
        ),
        ('name = "sales"', 'name = "sales"\nclass = 1', "rules[0]", None),
    ],
)  # fmt: skip
def test_a_surprising_site_is_found_out(tmp_path: Path, old: str, new: str, key: str, consequence: str | None) -> None:
    """Each kind of finding names its key and what follows from it."""
    findings = a_site(tmp_path, changed(SITE, old, new)).findings
    found = next(finding for finding in findings if finding.key == key)
    assert found.line is not None
    if consequence is not None:
        assert found.consequence == consequence


def test_a_class_that_starves_is_found_unless_a_step_raises_it(tmp_path: Path) -> None:
    """Classes are strict: only a step that reaches the highest one ends the waiting."""
    text = changed(SITE, 'name = "sales"', 'name = "sales"\nclass = 1')
    assert [finding.key for finding in a_site(tmp_path, text).findings] == ["rules[0]", "rules[2]"]
    raised = changed(changed(text, 'drop = "all" }', 'drop = "all", class = 1 }'), 'queue = "post"', 'queue = "post"\nclass = 1')
    assert a_site(tmp_path, raised).findings == ()
