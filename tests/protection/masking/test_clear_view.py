"""Seeing in clear: a right, a number an hour, an event each."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from django.db import connection, transaction
from django.http import HttpRequest
from django.test import RequestFactory

from jtsec.audit.api import boundary
from jtsec.audit.events import Severity
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import Context, enter, leave
from jtsec.core.exceptions import Refused
from jtsec.core.headers import is_kept_nowhere
from jtsec.protection.masking import allowance, clear_judge
from jtsec.protection.masking.api import in_clear, set_clear_judge, shown
from jtsec.protection.masking.models import ClearViews
from tests.plainapp.masked import CLEAR, Owner
from tests.plainapp.models import Driver
from tests.protection.masking.conftest import PLAIN

pytestmark = [pytest.mark.django_db, pytest.mark.clause("T7.2")]


def request_of(user: Any) -> HttpRequest:
    """Return a request of a user."""
    request = RequestFactory().get("/owner/")
    request.user = user
    return request


def see(user: Any, row: Any, *names: str, reason: str = "") -> dict[str, Any]:
    """See a row as within a request, its events written when it ends."""
    request = request_of(user)
    token = enter(Context(request))
    try:
        with boundary():
            seen = in_clear(request, row, *names, reason=reason)
        assert is_kept_nowhere(request)
        return seen
    finally:
        leave(token)


def events(code: str) -> list[AuditRecord]:
    """Return the events of a code."""
    return list(AuditRecord.objects.filter(code=code))


def test_who_has_the_right_sees_and_it_is_written_down(
    owner: Any, police: Any, right: None
) -> None:
    """All declared fields, or those that are asked for; the page is kept nowhere."""
    assert see(police, owner) == PLAIN
    assert see(police, shown(owner, police), "phone", reason="核实") == {
        "phone": PLAIN["phone"]
    }
    _whole, one = events("protection:clear:seen")
    assert one.resource == f"plainapp.owner:{owner.pk}"
    assert one.actor_username == "police"
    assert PLAIN["phone"] not in str(bytes(one.payload))


def test_who_lacks_the_right_sees_nothing(
    owner: Any, civilian: Any, right: None
) -> None:
    """The refusal is written down with the exact reason."""
    with pytest.raises(Refused) as refused:
        see(civilian, owner)
    assert refused.value.reason == "police-only"
    (event,) = events("protection:clear:refused")
    assert event.reason == "police-only"
    assert not events("protection:clear:seen")


def test_a_model_without_a_right_is_seen_by_nobody(
    owner: Any, police: Any, right: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is in clear by default."""
    from jtsec.protection.masking.api import Masking

    monkeypatch.setattr(Owner, "MASKING", Masking(fields={"name": "name"}))
    with pytest.raises(Refused) as refused:
        see(police, owner)
    assert refused.value.reason == "clear-not-declared"


def test_only_declared_fields_are_asked_for(
    owner: Any, police: Any, right: None
) -> None:
    """A name from an address must not become an attribute."""
    with pytest.raises(ValueError, match="note"):
        see(police, owner, "note")
    with pytest.raises(ValueError, match="declares"):
        see(police, Driver(pk=1))


def test_without_anybody_who_decides_nobody_sees(
    owner: Any, police: Any, right: None
) -> None:
    """The protection removed: without access, everything stays masked."""
    judge = clear_judge._judge
    set_clear_judge(clear_judge._refuse)
    try:
        with pytest.raises(Refused) as refused:
            see(police, owner)
    finally:
        set_clear_judge(judge)
    assert refused.value.reason == "nobody-decides"


def test_the_hours_number_is_exact_and_comes_back(
    owner: Any,
    police: Any,
    right: None,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The one beyond it is refused with an alarm; the next hour begins anew."""
    settings.JTSEC_MASKING_CLEAR_VIEWS_PER_HOUR = 3
    for _ in range(3):
        see(police, owner)
    with pytest.raises(Refused) as refused:
        see(police, owner)
    assert refused.value.reason == "clear-views-exhausted"
    (event,) = events("protection:clear:too-many")
    assert event.severity == Severity.ALARM
    later = now() + timedelta(hours=1)
    monkeypatch.setattr(allowance, "now", lambda: later)
    assert see(police, owner) == PLAIN
    assert ClearViews.objects.get().count == 1


def test_somebody_who_is_nobody_sees_nothing(owner: Any, right: None) -> None:
    """A visitor has no right and no number."""
    from django.contrib.auth.models import AnonymousUser

    with pytest.raises(Refused):
        see(AnonymousUser(), owner)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_the_number_is_exact_with_all_at_once() -> None:
    """Eight threads of one person ask 32 times for ten places: ten get one."""
    start = threading.Barrier(8)
    taken: list[bool] = []

    def many() -> None:
        try:
            start.wait()
            for _ in range(4):
                taken.append(allowance.take("somebody", 10))
        finally:
            connection.close()

    threads = [threading.Thread(target=many) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(taken), sum(taken)) == (32, 10)
    assert ClearViews.objects.get().count == 10


@pytest.mark.django_db(transaction=True)
def test_a_page_that_fails_afterwards_has_used_its_place() -> None:
    """Outside of SQLite's one writer, a rollback gives no place back."""
    with pytest.raises(RuntimeError), transaction.atomic():
        assert allowance.take("somebody", 10)
        raise RuntimeError
    kept = 0 if connection.vendor == "sqlite" else 1
    assert ClearViews.objects.filter(count=1).count() == kept


def test_the_right_is_the_one_the_model_names() -> None:
    """The declaration is what the decision is asked for."""
    assert Owner.MASKING.clear == CLEAR
