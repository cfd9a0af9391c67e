"""The parts of an encrypted record are masked as columns are."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from django.db import models
from django.test.utils import isolate_apps

from jtsec.core.context import Context, enter, leave
from jtsec.core.scrubbing import scrub
from jtsec.fields import EncryptedRecordField
from jtsec.fields.record.parts import StoredRecord
from jtsec.protection.masking import checks
from jtsec.protection.masking.api import Masking, shown
from jtsec.protection.masking.models import MaskedModel

pytestmark = pytest.mark.clause("T7.2")
PLAIN = {"called": "欧阳三丰", "phone": "13912345678"}
BY_PART = Masking(fields={"called": "name", "phone": "phone"})


def model_with(masking: Masking) -> Any:
    """Return a model with a record, its rows masked in this way."""
    parts = {name: models.CharField(max_length=20) for name in PLAIN}
    body = {
        "__module__": __name__,
        "Meta": type("Meta", (), {"app_label": "plainapp"}),
        "MASKING": masking,
        "uid": models.UUIDField(primary_key=True, default=uuid4),
        "details": EncryptedRecordField(bound_to="uid", parts=parts),
    }
    with isolate_apps("tests.plainapp"):
        return type("Informer", (MaskedModel,), body)


def findings(model: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what the checks say of it."""
    monkeypatch.setattr(checks, "masked_models", lambda: [model])
    found = [*checks.check_declarations(None), *checks.check_forgotten(None)]
    return [f"{one.id} {one.msg}" for one in found]


def test_a_part_is_declared_and_masked_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No check refuses it; the record behind it hands nothing out."""
    model = model_with(BY_PART)
    assert findings(model, monkeypatch) == []
    seen = shown(model(**PLAIN), None)
    assert (seen.called, seen.phone) == ("欧***", "139****5678")
    with pytest.raises(AttributeError):
        _ = seen.details


def test_a_part_is_masked_with_its_record() -> None:
    """Whoever names the record alone masks all of it."""
    seen = shown(model_with(Masking(fields={"details": "whole"}))(**PLAIN), None)
    assert (seen.called, seen.phone) == ("****", "*" * 11)


def test_a_part_that_was_forgotten_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name under which a page would show it."""
    model = model_with(Masking(fields={"called": "name"}))
    (found,) = findings(model, monkeypatch)
    assert found.startswith("jtsec.W238")
    assert "phone" in found


def test_a_part_that_is_not_of_the_core_is_withheld() -> None:
    """From who is no police officer, as a column would be."""
    seen = shown(model_with(Masking(fields={}, core=("called",)))(**PLAIN), None)
    assert (seen.called, seen.phone) == (PLAIN["called"], "—")


def test_the_parts_of_a_row_that_was_loaded_are_kept_out_of_logs() -> None:
    """A name is known word for word; nothing tells it from other text."""
    stored = StoredRecord(str(UUID(int=1)), dict(PLAIN))
    token = enter(Context())
    try:
        model = model_with(BY_PART)
        model.from_db("default", ["uid", "details"], [UUID(int=1), stored])
        assert scrub(f"no {PLAIN['called']} there") == "no 欧*** there"
    finally:
        leave(token)
