"""A list with a row that SQL altered: the others, and a sentence for that one."""

from __future__ import annotations

from typing import Any

import pytest

from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils.translation import override

from jtsec.audit.coverage.api import audit_query
from jtsec.core.exceptions import ConfigurationError
from jtsec.protection import loading
from jtsec.protection.api import AlteredRow, telling_altered
from tests.authentication.recorded import codes
from tests.plainapp.models import Driver, Ledger, Permit
from tests.protection.tampering import put, refused, stored

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.2")]
ALTERED = "protection:row:altered"
PAGE = Template(
    "{% for one in page %}{% if one.is_altered %}[{{ one }}]{% else %}{{ one.text }} "
    "{% endif %}{% endfor %}"
)


@pytest.fixture
def ledgers() -> list[Ledger]:
    """Return four rows, of which SQL altered the second."""
    rows = [Ledger.objects.create(text=f"row{one}", number=one) for one in range(4)]
    put(rows[1], text="forged")
    return rows


def told(rows: Any) -> list[str]:
    """Return the texts of rows, "" for one that is not shown."""
    return ["" if isinstance(one, AlteredRow) else one.text for one in rows]


def test_the_others_are_shown_and_the_altered_one_is_named(
    ledgers: list[Ledger],
) -> None:
    """In its place and without a value; one event, as of every load."""
    rows: list[Any] = list(telling_altered(Ledger.objects.order_by("pk")))
    assert told(rows) == ["row0", "", "row2", "row3"]
    assert rows[1].resource == f"plainapp.ledger:{ledgers[1].pk}"
    assert "forged" not in f"{rows[1]} {rows[1]!r}"
    assert not hasattr(rows[1], "text")
    assert codes().count(ALTERED) == 1


def test_a_template_says_so_in_words(ledgers: list[Ledger]) -> None:
    """Of a page of a paginator, which counts and slices."""
    pages = Paginator(telling_altered(Ledger.objects.order_by("pk")), 2)
    with override("en"):
        said = PAGE.render(Context({"page": pages.page(1)}))
    assert said.startswith("row0 [This record failed its integrity check")
    assert "forged" not in said
    assert PAGE.render(Context({"page": pages.page(2)})) == "row2 row3 "


def test_without_it_the_list_stops(ledgers: list[Ledger]) -> None:
    """What does not know of altered rows shows none of them, and no list."""
    with refused():
        list(Ledger.objects.order_by("pk"))


def test_with_the_check_removed_the_forged_value_would_be_shown(
    ledgers: list[Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the seal that takes it out of the list, nothing else."""
    monkeypatch.setattr(loading, "_verify", lambda *_args: None)
    rows = telling_altered(Ledger.objects.order_by("pk"))
    assert told(rows) == ["row0", "forged", "row2", "row3"]


def test_an_altered_row_is_not_acted_on(ledgers: list[Ledger]) -> None:
    """Neither by what the list gave, nor through its queryset; it stays as it is."""
    rows = telling_altered(Ledger.objects.order_by("pk"))
    for act in ("save", "delete", "refresh_from_db"):
        assert not hasattr(rows[1], act)
    with refused():
        rows.update(text="row1")
    with refused():
        rows.filter(pk=ledgers[1].pk).update(number=9)
    with refused():
        rows.delete()
    with refused():
        rows.get(pk=ledgers[1].pk)
    assert stored(ledgers[1])["text"] == "forged"
    assert Ledger.objects.count() == 4


def test_an_encrypted_field_that_does_not_open_is_named_with_its_row() -> None:
    """The column alone would not say which."""
    holder = Driver.objects.create(name="张三")
    rows = [
        Permit.objects.create(plate=f"京A{one}", phone="13912345678", holder=holder)
        for one in range(3)
    ]
    put(rows[2], phone="13900000000")
    listed = telling_altered(Permit.objects.select_related("holder").order_by("pk"))
    shown: list[Any] = list(listed[1:3])
    assert (shown[0].plate, shown[0].holder.name) == ("京A1", "张三")
    assert isinstance(shown[1], AlteredRow)
    assert codes().count(ALTERED) == 1


def test_what_was_looked_at_is_recorded_once(ledgers: list[Ledger]) -> None:
    """A list that is audited stays one look, of all its rows."""
    rows = telling_altered(audit_query(Ledger.objects.order_by("pk")))
    assert told(rows) == ["row0", "", "row2", "row3"]
    assert codes().count("audit:records:viewed") == 1


def test_what_is_not_checked_is_not_promised() -> None:
    """Rows of values() are not verified, and rows of other models have no seal."""
    with pytest.raises(ConfigurationError):
        telling_altered(Ledger.objects.values())
    with pytest.raises(Exception, match="seal"):
        telling_altered(Driver.objects.all())
