"""Every rule is declared whole: words, thresholds, settings, alarms, proof."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from benchmarks import history_writing
from jtsec.audit.alarms.api import known_rules
from jtsec.audit.policies.rule_terms import terms_of
from jtsec.audit.rules import checks
from jtsec.audit.rules import evidence as proof
from jtsec.audit.rules.api import RULES, defaults_of, options_of
from jtsec.audit.rules.rule import code_of
from jtsec.core.exceptions import ConfigurationError
from tests.audit.rules.events import look, row_of, seal_all


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_has_words_for_all_that_it_has(rule):
    """For each threshold and each thing it says; alarms and policies know it."""
    assert set(rule.titles) == set(options_of(rule)) == set(defaults_of(rule))
    assert all(item.spec.clause == rule.clause for item in options_of(rule).values())
    assert {code_of(rule.name, one) for one in rule.sentences} <= set(known_rules())
    assert terms_of(rule.name)
    assert len({one.place for one in RULES.values()}) == len(RULES)


@pytest.mark.clause("A5.7")
def test_a_year_is_the_longest_sleep(settings):
    """A setting above the clause's year is refused."""
    settings.JTSEC_AUDIT_RULES_DORMANT_ACCOUNT_DAYS = 366
    with pytest.raises(ConfigurationError):
        defaults_of(RULES["dormant-account"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OUT_OF_HOURS_TIMES", ["8-18"]),
        ("OUT_OF_HOURS_TIMES", ["25:00-26:00"]),
        ("OUT_OF_HOURS_WEEKDAYS", [0]),
        ("HOLIDAYS", ["2026-02-30"]),
        ("HOLIDAYS", ["20261001"]),
        ("FAILED_INTEGRITY_CODES", ["Not A Code"]),
    ],
)
def test_a_setting_that_cannot_be_is_refused(settings, name, value):
    """When it is read, with its name."""
    setattr(settings, f"JTSEC_AUDIT_RULES_{name}", value)
    with pytest.raises(ConfigurationError, match=name):
        defaults_of(RULES["out-of-hours"])


@pytest.mark.clause("A5.7")
@pytest.mark.django_db(transaction=True)
def test_rules_that_do_not_follow_are_reported(monkeypatch):
    """By the check after an hour, by the report at once."""
    look(row_of(3, 60))
    assert checks.check_rules(None, ["default"]) == []
    assert checks.check_rules(None, []) == []
    assert all(fact.holds for fact in proof.facts())
    history_writing.write(row_of(1, 1))
    seal_all()
    assert checks.check_rules(None, ["default"]) == []
    monkeypatch.setattr(checks, "LATE", timedelta(seconds=0.2))
    time.sleep(0.3)
    history_writing.write(row_of(1, 1))
    # The log goes on being sealed, which makes the newest seal no older.
    seal_all()
    assert [one.id for one in checks.check_rules(None, ["default"])] == ["jtsec.E096"]
    monkeypatch.setattr(proof, "lag", lambda: 4711)
    assert any(fact.holds is False for fact in proof.facts())
