"""An entry says what the event says, in the platform's words and lengths."""

from __future__ import annotations

from uuid import UUID

import pytest

from jtsec.audit.export import subjects
from jtsec.audit.export.log_entry import LIMITS, LogEntry, log_entries
from jtsec.audit.export.operations import Type
from tests.audit.export.made import entry, payload

pytestmark = pytest.mark.clause("A5.11", "T9.1")


@pytest.fixture
def directory(monkeypatch):
    """Let the identity control know 张三 and his organisation."""
    asked: list[frozenset[str]] = []

    def resident_ids(uids):
        asked.append(uids)
        return {payload()["actor"]["uid"]: "330102199003070012"}

    monkeypatch.setattr(subjects, "_subjects", resident_ids)
    monkeypatch.setattr(
        subjects, "_organisations", lambda codes: {"330100000000": "杭州市公安局"}
    )
    return asked


def test_the_number_is_the_events_own_and_fits():
    """32 digits, the same at every export, so that nothing is taken twice."""
    one = payload()
    (first,), (again,) = log_entries([one]), log_entries([one])
    assert first.number == again.number == UUID(one["id"]).hex
    assert len(first.number) == 32


def test_a_person_is_named_by_resident_id_and_the_organisation_by_name(directory):
    """What the identity control knows, asked once for many rows."""
    made = list(log_entries([payload(), payload()]))
    assert {one.user_id for one in made} == {"330102199003070012"}
    assert {one.organisation for one in made} == {"杭州市公安局"}
    assert {one.organisation_id for one in made} == {"330100000000"}
    assert len(directory) == 1


def test_somebody_unknown_is_named_by_what_the_row_holds(monkeypatch):
    """Without a directory: the user name; of a refused login, the name typed."""
    monkeypatch.setattr(subjects, "_subjects", lambda uids: {})
    assert entry().user_id == "zhang"
    nobody = {"kind": "anonymous", "uid": "", "username": "", "name": ""}
    assert entry(actor=nobody, subject="typed").user_id == "typed"
    assert entry(actor=nobody).user_id == "anonymous"


def test_a_login_tells_its_method():
    """The form the platform's manual gives for it."""
    one = entry(code="authentication:login:succeeded", data={"method": "数字证书"})
    assert one.type == Type.LOGIN
    assert "数字证书" in one.condition


def test_a_refused_login_has_its_code():
    """0 and 3004: the name and password do not fit."""
    one = entry(code="authentication:login:refused", outcome="refused", reason="wrong")
    assert (one.type, one.result, one.error_code) == (Type.LOGIN, 0, "3004")


def test_no_text_is_longer_than_the_platform_takes():
    """Lengths are counted in characters, and a cut is visible."""
    long = "长" * 9000
    one = entry(
        actor={"name": long, "username": long, "organisation": long},
        source={"address": long, "terminal": "", "mac": ""},
        resource=long,
        data={"before": {"a": long}, "requester": long},
    )
    for field, limit in LIMITS.items():
        assert len(getattr(one, field)) <= limit, field
    assert len(one.name) <= 30
    assert one.condition.endswith("…")
    assert len(one.condition) == 5000


def test_what_changed_is_shown_and_conditions_are_quoted():
    """Before and after go to display; a quote cannot end a value."""
    one = entry(data={"before": {"a": 1}, "after": {"a": 2}, "plate": "浙A'1", "n": 3})
    assert one.display == '{"after":{"a":2},"before":{"a":1}}'
    assert "plate='浙A''1'" in one.condition
    assert "n='3'" in one.condition


def test_encrypted_details_never_leave():
    """The platform learns only that personal data was touched."""
    one = entry(sealed="c2VhbGVk")
    assert one.level == 2
    assert "c2VhbGVk" not in str(vars(one))


def test_an_event_that_is_left_out_gives_no_entry(settings):
    """The project decides what is handed over; nothing is by default."""
    settings.JTSEC_AUDIT_EXPORT_LEAVE_OUT = ["tests:*"]
    assert list(log_entries([payload()])) == []


def test_every_field_of_an_entry_is_exported_in_one_form():
    """A field that no form writes would be computed for nobody."""
    from jtsec.audit.export import json_v2

    written = {of for table in json_v2.FIELDS.values() for _name, of in table}
    assert set(LogEntry.__dataclass_fields__) - written == {"kind"}
