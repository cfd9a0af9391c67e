"""What is set is held against what sending needs."""

from __future__ import annotations

import pytest

from jtsec.audit.export.checks import check_configured
from jtsec.audit.export.evidence import facts
from jtsec.audit.export.posting import endpoint

pytestmark = pytest.mark.clause("A5.11")


def test_nothing_set_is_nothing_wrong(settings):
    """Files need no address."""
    settings.JTSEC_AUDIT_EXPORT_SYSTEM_ID = ""
    assert check_configured(None) == []
    assert [fact.holds for fact in facts()] == [True, True]


@pytest.mark.parametrize(
    "change",
    [
        {"JTSEC_AUDIT_EXPORT_SYSTEM_ID": ""},
        {"JTSEC_AUDIT_EXPORT_RECEIVERS": []},
        {"JTSEC_AUDIT_EXPORT_URL": "ftp://10.0.0.1/"},
        {"JTSEC_AUDIT_EXPORT_SENDER": "no.such.Sender"},
        {"JTSEC_AUDIT_EXPORT_OPERATIONS": {"a:*": {"kind": 1}}},
        {"JTSEC_AUDIT_EXPORT_OPERATIONS": {"a:*": {"type": "1"}}},
        {"JTSEC_AUDIT_EXPORT_ERROR_CODES": {"wrong": "30044"}},
    ],
)
def test_what_sending_lacks_is_said(settings, change):
    """Before the first batch waits for it."""
    settings.JTSEC_AUDIT_EXPORT_URL = "http://10.0.0.1:8080/x"
    settings.JTSEC_AUDIT_EXPORT_RECEIVERS = ["10.0.0.1:8080"]
    assert check_configured(None) == []
    for name, value in change.items():
        setattr(settings, name, value)
    assert [message.id for message in check_configured(None)] == ["jtsec.E099"]


def test_an_address_is_compared_with_its_port():
    """The port of the scheme where none is written; IPv6 in brackets."""
    assert endpoint("https://audit.police/x", ("audit.police:443",)).path == "/x"
    assert endpoint("http://[fd00::1]:81/", ("[fd00::1]:81",)).port == 81
