"""The middleware looks at refused answers, and at no others."""

from __future__ import annotations

import pytest

from django.test import AsyncClient, Client

from jtsec.audit.coverage import attacks
from jtsec.audit.models import AuditRecord
from tests.audit.site import run

pytestmark = [pytest.mark.django_db, pytest.mark.clause("T6.3", "A4.13")]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Count anew."""
    attacks.forget()


def told() -> list[tuple[str, str, str]]:
    """Return code, reason and source of the attacks that were recorded."""
    found = AuditRecord.objects.filter(code__startswith="audit:attack:")
    return list(found.values_list("code", "reason", "source_address"))


def test_a_scan_is_told_with_its_source() -> None:
    """A scanner's address that nobody serves."""
    answer = Client(REMOTE_ADDR="203.0.113.9").get("/wp-login.php")
    assert answer.status_code == 404
    assert [(code, source) for code, _reason, source in told()] == [
        ("audit:attack:scan", "203.0.113.9")
    ]


def test_a_page_that_is_just_not_there_is_no_attack() -> None:
    """Whoever mistypes an address is left in peace."""
    assert Client().get("/no-such-page/").status_code == 404
    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_an_asynchronous_stack_tells_too() -> None:
    """The same, on an event loop."""
    answer = run(AsyncClient().get("/wp-login.php"))
    assert answer.status_code == 404
    assert [code for code, _reason, _source in told()] == ["audit:attack:scan"]
