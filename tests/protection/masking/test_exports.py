"""Rows as a file: masked as on the page, limited, recorded, free of formulas."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from jtsec.audit.exceptions import AuditUnavailable
from jtsec.audit.models import AuditRecord
from jtsec.core.exceptions import InputError
from jtsec.crypto import sm3
from jtsec.protection.masking import exports
from jtsec.protection.masking.api import export
from tests.plainapp.masked import Owner
from tests.protection.masking.conftest import MASKED, PLAIN

pytestmark = [pytest.mark.django_db, pytest.mark.clause("T7.2")]
NAMES = (
    "name",
    "phone",
    "plate",
    "get_state_display",
    "note",
    "parent.name",
    "contact",
)


def text_of(content: bytes, form: str) -> str:
    """Return all text of a file, unpacked."""
    if form in ("csv", "html"):
        return content.decode("utf-8-sig")
    with ZipFile(BytesIO(content)) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace")
                       for name in packed.namelist())  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "html", "xlsx", "docx"])
def test_a_file_holds_masks(owner: Any, police: Any, form: str) -> None:
    """In every form, with who made it and the digest that the audit keeps."""
    made = export(Owner.objects.all(), NAMES, user=police, form=form, conditions="全部")
    text = text_of(made.content, form)
    assert MASKED["name"] in text
    assert "待办" in text
    assert "全部" in text
    assert not [value for value in PLAIN.values() if value in text]
    (event,) = AuditRecord.objects.filter(code="protection:export:made")
    assert sm3.hexdigest(made.content) in bytes(event.payload).decode()
    answer = made.response("owners")
    assert answer["Content-Disposition"] == f'attachment; filename="owners.{form}"'
    assert answer["Cache-Control"] == "no-store"


def test_a_file_of_who_is_no_police_officer_holds_the_core(
    owner: Any, civilian: Any
) -> None:
    """As the page does."""
    made = export(Owner.objects.all(), NAMES, user=civilian, form="csv")
    text = text_of(made.content, "csv")
    assert MASKED["plate"] in text
    assert MASKED["name"] not in text


def test_no_cell_is_a_formula(owner: Any, police: Any) -> None:
    """What somebody typed is calculated by nobody."""
    Owner.objects.update(note="=HYPERLINK(1)")
    made = export(Owner.objects.all(), ("note",), user=police, form="csv")
    assert "'=HYPERLINK(1)" in text_of(made.content, "csv")
    Owner.objects.update(note="\uff1dHYPERLINK(1)")
    wide = export(Owner.objects.all(), ("note",), user=police, form="csv")
    assert "'\uff1dHYPERLINK(1)" in text_of(wide.content, "csv")


def test_too_many_rows_are_refused(owner: Any, police: Any, settings: Any) -> None:
    """Before anything is written, and without an event of success."""
    settings.JTSEC_MASKING_EXPORT_ROWS = 1
    Owner.objects.create(**PLAIN)
    with pytest.raises(InputError) as refused:
        export(Owner.objects.all(), NAMES, user=police, form="csv")
    assert refused.value.code == "too-many"
    assert not AuditRecord.objects.filter(code="protection:export:made").exists()


def test_an_unknown_form_is_refused(police: Any) -> None:
    """A form from an address must not choose a module."""
    with pytest.raises(InputError):
        export(Owner.objects.all(), NAMES, user=police, form="pdf")


def test_without_a_record_there_is_no_file(
    owner: Any, police: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who takes data away unseen is what the audit is for."""

    def fail(event: Any) -> None:
        raise AuditUnavailable("down")

    monkeypatch.setattr(exports, "record", fail)
    with pytest.raises(AuditUnavailable):
        export(Owner.objects.all(), NAMES, user=police, form="csv")
