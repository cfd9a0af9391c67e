"""Each condition that should be answered by an index is, on the database of the run."""

from __future__ import annotations

import pytest

from django.db import connection
from django.http import QueryDict

from jtsec.audit.models import AuditRecord
from jtsec.audit.query.api import Filter
from jtsec.audit.query.distinct import values_of
from jtsec.audit.query.leads import MANY, beginning_of, search_of
from tests.audit.query.rows import add, minutes, row

pytestmark = pytest.mark.django_db

UID = "0198c1f0-0000-7000-8000-000000000001"
ANSWERED = {
    f"uid={UID}": "jtsec_audit_actor",
    "username=zhang": "jtsec_audit_username",
    "user=nobody": "jtsec_audit_username",
    "code=a:b:c": "jtsec_audit_code",
    "address=10.1.1.1": "jtsec_audit_address",
    "organisation=110000000000": "jtsec_audit_org",
    "request=r1": "jtsec_audit_request",
    "resource=x.y:1": "jtsec_audit_resource",
    "subject=li": "jtsec_audit_subject",
    "reason=wrong": "jtsec_audit_reason",
    "terminal=T-1": "jtsec_audit_terminal",
    "mac=aa": "jtsec_audit_mac",
    "outcome=refused": "jtsec_audit_outcome",
    "severity=alarm": "jtsec_audit_severity",
    "kind=system": "jtsec_audit_kind",
    "duty=security": "jtsec_audit_duty",
    "": "jtsec_audit_at",
}


def asked(text: str) -> Filter:
    """Return the filter of an address, over the whole time."""
    return Filter.from_query(QueryDict(f"period=all&{text}"))


@pytest.mark.clause("A5.10")
@pytest.mark.skipif(
    connection.vendor == "mysql", reason="it has no indexes of a part of the rows"
)
@pytest.mark.parametrize(("text", "index"), ANSWERED.items())
def test_an_index_answers(text: str, index: str) -> None:
    """The plan of each lead names the index that is made for it."""
    add(row(minutes(0)))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A table of one row is read whole, whatever indexes it has.
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"
            )
    (lead,) = search_of(asked(text)).leads
    rows = AuditRecord.objects.filter(lead).order_by("-at").values_list("at", flat=True)
    assert index in rows[:1].explain()


def test_the_most_telling_condition_leads() -> None:
    """A user before an action, an action before a result; the others are looked at."""
    search = search_of(asked(f"outcome=refused&code=a:b:c&uid={UID}"))
    assert "actor_uid" in str(search.leads[0])
    assert len(search.rest.children) == 2


def test_what_no_index_answers_goes_along_the_time() -> None:
    """One lead, all rows; the condition is held against each."""
    search = search_of(asked("police=no"))
    assert len(search.leads) == 1
    assert not search.leads[0]
    assert search.rest


@pytest.mark.parametrize(
    ("code", "beginning"),
    [
        ("110000000000", "11"),
        ("110105000000", "110105"),
        ("110105010000", "11010501"),
        ("110000000001", "110000000001"),
        ("000000000000", "00"),
        ("110", "110"),
    ],
)
def test_the_zeros_of_a_code_stand_for_what_is_below(code: str, beginning: str) -> None:
    """Pair by pair, from the end."""
    assert beginning_of(code) == beginning


def test_the_values_of_a_column_are_found_one_by_one() -> None:
    """In their order, each once; only for columns that have an index for it."""
    add(*(row(minutes(n), code=f"a:b:{n % 3}") for n in range(30)))
    assert values_of("code") == ["a:b:0", "a:b:1", "a:b:2"]
    with pytest.raises(ValueError, match="not indexed"):
        values_of("payload")


def test_a_province_is_not_asked_office_by_office() -> None:
    """More leads than a page has rows would cost more than going along the time."""
    add(
        *(
            row(minutes(n), actor_organisation=f"11{n:04}000000")
            for n in range(MANY + 5)
        )
    )
    search = search_of(asked("organisation=110000000000"))
    assert len(search.leads) == 1
    assert search.rest
