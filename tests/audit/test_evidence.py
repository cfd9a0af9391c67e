"""The report says what is so now."""

from __future__ import annotations

import pytest

from django.db import connection

from jtsec.audit import immutability
from jtsec.audit.api import record
from jtsec.audit.catalogue import as_markdown
from jtsec.audit.conf import AuditSettings, audit_settings
from jtsec.audit.evidence import facts
from jtsec.core.conf import load
from jtsec.core.exceptions import ConfigurationError
from tests.audit.declared import PermitRefused

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_sound_audit_proves_every_clause():
    """A5.1, A5.2, A5.8 and A5.9 hold on an ordinary project."""
    record(PermitRefused())
    found = list(facts())
    assert {fact.clause for fact in found} == {"A5.1", "A5.2", "A5.8", "A5.9"}
    assert all(fact.holds for fact in found)


def test_removed_triggers_and_altered_rows_are_gaps():
    """The report does not repeat what the settings promise."""
    record(PermitRefused())
    with immutability.lifted(connection):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE jtsec_auditrecord SET reason = 'altered'")
        gaps = [fact.statement for fact in facts() if fact.holds is False]
    assert len(gaps) == 2


def test_missing_keys_are_a_gap(settings, tmp_path):
    """Without keys nothing can be recorded, and nothing verified."""
    settings.JTSEC_KEYS_FILE = str(tmp_path / "none")
    assert next(fact.holds for fact in facts() if fact.clause == "A5.8") is False


@pytest.mark.clause("A5.9")
def test_a_year_is_the_least(settings):
    """A shorter retention is refused, never quietly raised."""
    assert audit_settings().retention_days == 400
    settings.JTSEC_AUDIT_RETENTION_DAYS = 180
    with pytest.raises(ConfigurationError, match="180"):
        load(AuditSettings)


def test_the_catalogue_names_code_fields_and_what_is_encrypted():
    """The page is made from the declarations."""
    page = as_markdown("tests.audit")
    assert "tests:permit" not in as_markdown()
    page = as_markdown("jtsec")
    assert "### `errors:request:failed`" in page
    assert "`resource`, `reference`, *kind*" in page
