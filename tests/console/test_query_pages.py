"""The audit's pages: what they show, what they refuse, and what they leave behind."""

from __future__ import annotations

import pytest

from django.test import Client

pytestmark = pytest.mark.django_db

PAGES = (
    "/console/audit/",
    "/console/audit/records/",
    "/console/audit/logins/",
    "/console/audit/security/",
    "/console/audit/statistics/",
    "/console/audit/integrity/",
    "/console/audit/records/export/",
)


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens(auditor: Client, page: str) -> None:
    """Each page of the menu answers."""
    assert auditor.get(page).status_code == 200
