"""The page of retention and archive tells, and changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from django.urls import reverse
from django.utils import timezone

from jtsec.audit.archive.api import archive, drop
from jtsec.core.context import acting_as
from tests.audit.archive.made import AUDITOR, REASON, past, present

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.9")]
ADDRESS = "jtsec-console:archive"


@pytest.fixture
def kept_since_long(db: None) -> None:
    """Seal events of two months long past, before anybody logs in."""
    past(500)
    past(400)
    present()


def test_the_auditor_reads_what_is_kept_where(
    kept_since_long, auditor, settings, tmp_path
):
    """Months, events, place, digest, and the day they may go."""
    settings.JTSEC_AUDIT_ARCHIVE_DIRECTORY = str(tmp_path)
    (old, younger) = archive(until=timezone.now() - timedelta(days=390))
    with acting_as(AUDITOR):
        drop(reason=REASON, until=timezone.now() - timedelta(days=450))
    page = auditor.get(reverse(ADDRESS)).content.decode()
    assert bytes(old.digest).hex() in page
    assert younger.name in page
    month = timezone.localtime(timezone.now() - timedelta(days=500))
    assert f"{month:%Y-%m}" in page
    assert (
        "<form"
        not in page.partition('class="jtsec-console-page"')[2].partition("</table>")[0]
    )
    assert auditor.post(reverse(ADDRESS)).status_code == 405


def test_nobody_else_reads_it(outsider):
    """No page is shared by two duties."""
    assert outsider.get(reverse(ADDRESS)).status_code == 403
