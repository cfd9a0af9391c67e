"""Every event has one type of operation, and a project may say another."""

from __future__ import annotations

import pytest

from jtsec.audit.catalogue import as_markdown
from jtsec.audit.events import declared_events
from jtsec.audit.export.operations import Type, failure_of, operation_of

pytestmark = pytest.mark.clause("A5.11")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("authentication:login:succeeded", Type.LOGIN),
        ("authentication:login:left", Type.LOGOUT),
        ("sessions:session:ended", Type.LOGOUT),
        ("audit:record:viewed", Type.QUERY),
        ("access:function:refused", Type.QUERY),
        ("access:role:assigned", Type.CREATE),
        ("access:role:changed", Type.CHANGE),
        ("access:role:revoked", Type.DELETE),
        ("identity:person:registered", Type.CREATE),
        ("identity:person:changed", Type.CHANGE),
        ("identity:person:deleted", Type.DELETE),
        ("audit:log:exported", Type.EXPORT),
        ("no:longer:declared", Type.CHANGE),
    ],
)
def test_a_code_has_its_type(code, kind):
    """Login 0, query 1, create 2, change 3, delete 4, as everywhere."""
    assert operation_of(code).type == kind


def test_every_declared_event_has_a_name_for_people():
    """No event reaches the platform as a code."""
    as_markdown()
    for code in declared_events():
        assert operation_of(code).name not in ("", code)


def test_a_projects_own_words_come_first(settings):
    """Patterns; what they do not say stays as it is."""
    settings.JTSEC_AUDIT_EXPORT_OPERATIONS = {
        "permits:*": {"type": 7, "name": "比对", "level": 3}
    }
    settings.JTSEC_AUDIT_EXPORT_ERROR_CODES = {"full": "9001", "permits:*": "9002"}
    what = operation_of("permits:permit:compared")
    assert (what.type, what.name, what.level) == (7, "比对", 3)
    assert operation_of("identity:person:deleted").type == Type.DELETE
    assert failure_of("permits:permit:refused", "full") == "9001"
    assert failure_of("permits:permit:refused", "?") == "9002"


def test_failures_have_the_platforms_codes():
    """By reason first, then by the event; an unknown one has none."""
    assert failure_of("authentication:login:refused", "wrong") == "3004"
    assert failure_of("authentication:login:refused", "network-not-allowed") == "3001"
    assert failure_of("access:function:refused", "no right") == "3007"
    assert failure_of("tests:permit:refused", "whatever") == ""
