"""What is drawn from the platform: as declared, and never what is forbidden."""

from __future__ import annotations

from typing import Any

import pytest

from django.db import models
from django.test.utils import isolate_apps

from jtsec.audit.models import AuditRecord
from jtsec.core.exceptions import ConfigurationError
from jtsec.protection.extraction import api, checks, evidence
from jtsec.protection.extraction.api import (
    Extraction,
    ExtractionRefused,
    draw,
    draw_all,
    wanted_names,
)
from jtsec.protection.extraction.forbidden import forbidden_kind
from tests.plainapp.masked import Owner
from tests.plainapp.models import Plain

pytestmark = [pytest.mark.django_db, pytest.mark.clause("R16")]
DRAWS = Extraction(
    interface="02C01",
    purpose="核对车辆状态",
    fields={"plate": "hphm", "state": "zt"},
    dropped=("clsbdh",),
)
ANSWER = {"hphm": "苏A12345", "zt": "A", "clsbdh": "LSV1234567890"}


@pytest.fixture
def vehicle(monkeypatch: pytest.MonkeyPatch) -> type[models.Model]:
    """Return a model that draws plates and states."""
    monkeypatch.setattr(Owner, "EXTRACTION", DRAWS, raising=False)
    return Owner


def test_declared_fields_are_drawn_and_nothing_else(vehicle: Any) -> None:
    """By the model's names; what is dropped reaches nobody; the drawing is recorded."""
    assert wanted_names(vehicle) == ("hphm", "zt")
    assert draw(vehicle, ANSWER) == {"plate": "苏A12345", "state": "A"}
    assert draw(vehicle, {"hphm": "苏A12345"}) == {"plate": "苏A12345"}
    event = AuditRecord.objects.filter(code="protection:extraction:drawn").first()
    assert event is not None
    assert event.resource == "plainapp.owner"
    text = bytes(event.payload).decode()
    assert "02C01" in text
    assert "12345" not in text


def test_what_nobody_declared_is_refused(vehicle: Any) -> None:
    """All or nothing; the event names the fields and holds no value."""
    with pytest.raises(ExtractionRefused) as refused:
        draw_all(vehicle, [ANSWER, {**ANSWER, "sjhm": "13912345678"}])
    assert (refused.value.reason, refused.value.names) == ("undeclared", ("sjhm",))
    (event,) = AuditRecord.objects.filter(code="protection:extraction:refused")
    assert "sjhm" in bytes(event.payload).decode()
    assert "13912345678" not in bytes(event.payload).decode()
    assert not AuditRecord.objects.filter(code="protection:extraction:drawn").exists()


@pytest.mark.parametrize(
    ("name", "source", "kind"),
    [
        ("phone", "x", "phone"),
        ("address", "x", "address"),
        ("note", "SJHM", "phone"),
        ("note", "lxdh", "phone"),
        ("note", "zsxxdz", "address"),
        ("note", "home_address", "address"),
        ("note", "gcxx", "track"),
        ("note", "gps_lat", "track"),
        ("plate", "hphm", ""),
        ("state", "zt", ""),
        ("note", "latest", ""),
        ("note", "hotel", ""),
    ],
)
def test_what_is_forbidden_is_known(name: str, source: str, kind: str) -> None:
    """By how it is masked, by its names, by the platform's names."""
    assert forbidden_kind(Owner, name, source) == kind


@isolate_apps("tests.plainapp")
def test_a_chinese_name_is_known_too() -> None:
    """Whatever the field is called in code."""

    class Drawn(models.Model):
        where = models.CharField("现住址", max_length=9)
        when = models.CharField("行驶轨迹", max_length=9)

        class Meta:
            app_label = "plainapp"

    assert forbidden_kind(Drawn, "where", "x") == "address"
    assert forbidden_kind(Drawn, "when", "x") == "track"


def test_a_forbidden_declaration_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check may be silenced; the drawing is refused all the same."""
    draws = Extraction("02C01", "通知", {"phone": "x"})
    monkeypatch.setattr(Owner, "EXTRACTION", draws, raising=False)
    for attempt in (
        lambda: wanted_names(Owner),
        lambda: draw(Owner, {"x": "13912345678"}),
    ):
        with pytest.raises(ExtractionRefused) as refused:
            attempt()
        assert refused.value.reason == "phone"
    assert AuditRecord.objects.filter(code="protection:extraction:refused").count() == 2


@pytest.mark.parametrize(
    ("draws", "finding"),
    [
        (Extraction("02C01", "通知", {"phone": "x"}), "phone"),
        (Extraction("02C01", "通知", {"address": "x"}), "address"),
        (Extraction("02C01", "通知", {"note": "gcxx"}), "track"),
        (Extraction("02C01", "通知", {"nothing": "x"}), "nothing"),
        (Extraction("02C01", " ", {"plate": "x"}), "EXTRACTION"),
        ({"plate": "x"}, "EXTRACTION"),
    ],
)
def test_a_wrong_declaration_is_an_error(
    draws: Any, finding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a project goes live with it."""
    monkeypatch.setattr(Owner, "EXTRACTION", draws, raising=False)
    found = checks.check_forbidden(None)
    assert [one.id for one in found] == ["jtsec.E129"]
    assert finding in found[0].msg
    assert not list(evidence.facts())[1].holds


def test_columns_for_what_is_forbidden_are_a_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Such a column is filled sooner or later."""
    draws = Extraction("02C01", "核对", {"name": "xm"})
    monkeypatch.setattr(Plain, "EXTRACTION", draws, raising=False)
    found = checks.check_columns(None)
    assert [one.id for one in found] == ["jtsec.W239", "jtsec.W239"]
    assert checks.check_forbidden(None) == []


def test_who_declares_nothing_draws_nothing() -> None:
    """A model that nobody thought about is not filled from the platform."""
    with pytest.raises(ConfigurationError):
        draw(Plain, {"hphm": "x"})
    assert [fact.holds for fact in evidence.facts()][1]


def test_a_record_that_cannot_be_written_hands_out_nothing(
    vehicle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn unseen is what the clause is against."""

    def fail(event: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(api, "record", fail)
    with pytest.raises(RuntimeError):
        draw(vehicle, ANSWER)
