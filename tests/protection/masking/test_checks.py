"""What a model declares wrongly, or forgot, is said before it is shown to anybody."""

from __future__ import annotations

from typing import Any

import pytest

from jtsec.core.exceptions import ConfigurationError
from jtsec.protection.masking import evidence
from jtsec.protection.masking.api import Masking, masking_of
from jtsec.protection.masking.checks import check_declarations, check_forgotten
from tests.plainapp.masked import Owner

pytestmark = pytest.mark.clause("T7.2")


def test_a_sound_declaration_has_no_finding() -> None:
    """The model of the tests is declared as it should be."""
    assert check_declarations(None) == check_forgotten(None) == []


@pytest.mark.parametrize(
    ("masking", "finding"),
    [
        (Masking(fields={"nam": "name"}), "nam"),
        (Masking(fields={"name": "nick"}), "nick"),
        (Masking(fields={}, core=("stat",)), "stat"),
        ({"name": "name"}, "MASKING"),
    ],
)
def test_a_wrong_declaration_is_an_error(
    masking: Any, finding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A misspelt field would be shown in full."""
    monkeypatch.setattr(Owner, "MASKING", masking)
    found = check_declarations(None)
    assert [one.id for one in found] == ["jtsec.E128"]
    assert finding in found[0].msg


def test_what_is_encrypted_and_not_masked_is_a_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is worth encrypting is worth masking."""
    monkeypatch.setattr(Owner, "MASKING", Masking(fields={"phone": "phone"}))
    (found,) = check_forgotten(None)
    assert found.id == "jtsec.W238"
    assert "id_number" in found.msg


def test_what_is_no_declaration_is_refused_where_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A check may be silenced; nothing is shown all the same."""
    monkeypatch.setattr(Owner, "MASKING", {"name": "name"})
    with pytest.raises(ConfigurationError):
        masking_of(Owner)


def test_the_evidence_says_what_is_masked() -> None:
    """Declared models, a log line tried, the number of an hour."""
    facts = list(evidence.facts())
    assert [fact.holds for fact in facts] == [True, True, True]
    assert "plainapp.Owner" in facts[0].value  # type: ignore[operator]  # a mapping
