"""What validation says of itself in the report."""

from __future__ import annotations

import pytest

from jtsec.core.evidence import collect
from jtsec.validation import evidence


@pytest.mark.django_db  # the other controls answer too
@pytest.mark.clause("A8.1")
def test_the_known_answers_hold():
    """And the forms in force are shown without a judgement."""
    facts = collect()["validation"]
    assert {one.clause for one in facts} == {"A8.1"}
    assert {one.holds for one in facts} == {True, None}


def test_a_check_that_takes_anything_is_found_out(monkeypatch: pytest.MonkeyPatch):
    """Remove a check and its fact no longer holds."""
    loose = {"anything": (lambda value, field="": value, "x")}
    monkeypatch.setattr(evidence, "REFUSED", loose)
    assert [one.holds for one in evidence.facts()] == [False, None]
