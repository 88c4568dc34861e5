"""Every check finds the one defect that is seeded in a sound file, and nothing in the file before; the reference shows each."""

import re
from pathlib import Path

import pytest

from routing.config.findings import Finding
from routing.config.lint.registry import severities
from routing.config.report import check_policy_file, check_roster_against
from simulation.customers.lint import CUSTOMER_CHECKS
from simulation.lint import SCENARIO_CHECKS
from tests.routing.config.files import ROSTER, SITE, a_site, changed, written
from tests.routing.config.lint.seeds import (
    FIRM,
    HELD,
    NEWCOMER,
    POLICY_DEFECTS,
    PRICE_DEFECTS,
    ROSTER_DEFECTS,
    SITE_DEFECTS,
    SOUND_POLICY,
    STAFFED_DEFECTS,
    WITH_POLICY,
    Edit,
    edited,
)

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "findings.md"
HEADING = re.compile(r"^### `([\w-]+)`: (error|warning|note)\n\n(.+?)\n\n> (.+?)\n$", re.MULTILINE | re.DOTALL)
SECTIONS = HEADING.findall(PAGE.read_text(encoding="utf-8"))
SHOWN = {name: (severity, " ".join(example.split("\n> "))) for name, severity, _, example in SECTIONS}
SCENARIO_SEVERITIES = {check.name: check.severity for checks in (SCENARIO_CHECKS, CUSTOMER_CHECKS) for check in checks}


def expect(name: str, sound: tuple[Finding, ...], found: tuple[Finding, ...]) -> None:
    """Nothing before the last edit, the one finding after it, and the page shows that one."""
    assert [one.text for one in sound] == []
    assert [one.check for one in found] == [name]
    (one,) = found
    assert SHOWN[name] == (one.severity, f"{one.consequence}. {one.remedy}")


@pytest.mark.parametrize("name", SITE_DEFECTS)
def test_a_defect_of_a_site_is_found(name: str, tmp_path: Path) -> None:
    """One edit, one finding, with the line or the place in the file."""
    *before, _ = edits = SITE_DEFECTS[name]
    found = a_site(tmp_path, edited(SITE, edits)).findings
    expect(name, a_site(tmp_path, edited(SITE, tuple(before))).findings, found)
    assert found[0].key is not None
    assert found[0].line is not None


@pytest.mark.parametrize("name", POLICY_DEFECTS)
def test_a_defect_of_a_policy_is_found_where_it_is_in_force(name: str, tmp_path: Path) -> None:
    """The site's key that names the policy is the place."""
    *before, _ = edits = POLICY_DEFECTS[name]
    findings = []
    for made in (tuple(before), edits):
        written(tmp_path, "policy.toml", edited(SOUND_POLICY, made))
        findings.append(a_site(tmp_path, edited(SITE, WITH_POLICY)).findings)
    expect(name, *findings)
    assert findings[1][0].key == "policy"


def test_a_defect_of_a_policy_is_found_in_its_own_file(tmp_path: Path) -> None:
    """What needs no site is told of the policy file, at its key."""
    assert check_policy_file(written(tmp_path, "policy.toml", SOUND_POLICY)).findings == ()
    (found,) = check_policy_file(written(tmp_path, "policy.toml", changed(SOUND_POLICY, 'skill_fit = "2s"', 'skill_fit = "0s"'))).findings
    assert (found.check, found.key, found.line) == ("weightless-scorer", "scorers.skill_fit", 7)


def test_a_policy_that_holds_what_is_never_worth_anything(tmp_path: Path) -> None:
    """It takes a rule without urgency and a policy that need not serve."""
    written(tmp_path, "policy.toml", SOUND_POLICY)
    sound = a_site(tmp_path, edited(SITE, HELD)).findings
    written(tmp_path, "policy.toml", changed(SOUND_POLICY, "[scorers]", "work_conserving = false\n\n[scorers]"))
    expect("held-for-ever", sound, a_site(tmp_path, edited(SITE, HELD)).findings)


@pytest.mark.parametrize("name", PRICE_DEFECTS)
def test_a_price_of_waiting_that_does_not_go_with_the_rules(name: str, tmp_path: Path) -> None:
    """The policy is sound, and the site was until its last edit."""
    price, edits = PRICE_DEFECTS[name]
    written(tmp_path, "policy.toml", changed(SOUND_POLICY, "[scorers]", f'wait_price = "{price}"\n\n[scorers]'))
    sound = a_site(tmp_path, edited(SITE, edits[:-1])).findings
    expect(name, sound, a_site(tmp_path, edited(SITE, edits)).findings)


@pytest.mark.parametrize(
    ("name", "site", "roster"),
    [
        *((name, (), edits) for name, edits in ROSTER_DEFECTS.items()),
        *((name, edits, ()) for name, edits in STAFFED_DEFECTS.items()),
        ("agent-without-work", FIRM, NEWCOMER),
    ],
)
def test_a_defect_that_takes_a_roster_is_found(name: str, site: tuple[Edit, ...], roster: tuple[Edit, ...], tmp_path: Path) -> None:
    """A sound roster with a sound site has no findings, and each defect its own."""
    sound_site = written(tmp_path, "site.toml", edited(SITE, site if roster else ()))
    sound = check_roster_against(written(tmp_path, "staff.toml", ROSTER), sound_site).findings
    site_path = written(tmp_path, "site.toml", edited(SITE, site))
    found = check_roster_against(written(tmp_path, "staff.toml", edited(ROSTER, roster)), site_path).findings
    expect(name, sound, found)


def test_the_page_shows_every_check_and_no_other() -> None:
    """Those of sites, policies, rosters and scenarios, each with its severity."""
    known = severities() | SCENARIO_SEVERITIES
    assert {name: severity for name, (severity, _) in SHOWN.items()} == known
    tables = (SITE_DEFECTS, POLICY_DEFECTS, PRICE_DEFECTS, ROSTER_DEFECTS, STAFFED_DEFECTS)
    seeded = {*(name for table in tables for name in table), "held-for-ever", "agent-without-work", *SCENARIO_SEVERITIES}
    assert seeded == set(known)


def test_a_defect_among_the_defaults_is_told_there(tmp_path: Path) -> None:
    """A number that a queue takes from `[queue_defaults]`, or a rule from `[rule_defaults]`, stands at its place in the file."""
    site = changed(SITE, 'service_level.target = "30s"', 'service_level.target = "30s"\noffer_timeout = "40s"')
    assert [one.key for one in a_site(tmp_path, site).findings] == ["queue_defaults.offer_timeout"]
    steps = 'steps = [{ after = "1min", lower = 3 }, { after = "70s", drop = "all" }]'
    site = changed(SITE, 'steps = [{ after = "1min", drop = "all" }]', "")
    site = changed(site, "[queues]", f"[rule_defaults]\n{steps}\n\n[queues]")
    places = {one.key for one in a_site(tmp_path, site).findings if one.check == "step-within-offer"}
    assert places == {"rule_defaults.steps[1]"}


def test_what_looks_alike_and_is_meant_is_not_found(tmp_path: Path) -> None:
    """An empty ring that is skipped at once, an overflow at the limit of stay, and a hold that a step releases in time."""
    early = changed(SITE, 'expiring = ["billing >= 5"]', 'expiring = ["billing >= 8"]')
    early = changed(early, 'drop = "all" }', 'drop = "all", early_if_nobody = "registered" }')
    staff = written(tmp_path, "staff.toml", ROSTER)
    assert check_roster_against(staff, written(tmp_path, "site.toml", early)).findings == ()
    leads_on = changed(SITE, "calls = {}", 'calls = { stay = { limit = "30s", then = "overflow" } }')
    leads_on = changed(leads_on, 'drop = "all" }]', 'drop = "all" }, { after = "2min", overflow = "post" }]')
    leads_on = changed(leads_on, 'prefer = ["sales >= 2"]', 'steps = [{ after = "2min", overflow = "post" }]\nprefer = ["sales >= 2"]')
    assert [one.check for one in a_site(tmp_path, leads_on).findings] == []
    released = changed(
        SITE, 'prefer = ["sales >= 2"]', 'steps = [{ after = "10s", release = true }]\nprefer = ["sales >= 2"]\nsticky.hold = "1min"'
    )
    assert a_site(tmp_path, released).findings == ()


def test_a_step_that_ends_the_wait_is_not_idle(tmp_path: Path) -> None:
    """It leaves the route as it was, and the interaction elsewhere."""
    diverting = changed(SITE, 'prefer = ["sales >= 2"]', 'prefer = ["sales >= 2"]\nsteps = [{ after = "10min", divert = "voicemail" }]')
    assert a_site(tmp_path, diverting).findings == ()
