"""Data drawn for one use: encrypted, of one session or business, gone with it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory

from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.keys import api as keys
from jtsec.protection.transient import api, removal, sealing
from jtsec.protection.transient.models import TransientBusiness, TransientEntry
from jtsec.sessions.api import EndReason, end, own_session
from tests.protection.transient.conftest import Login

pytestmark = [pytest.mark.django_db, pytest.mark.clause("T7.4")]
DRAWN = {"姓名": "欧阳锦绣", "phone": "13912345678", "points": [3, 6]}
PERMIT = "permits.permit:17"


def stored() -> bytes:
    """Return all that the tables hold."""
    rows = [bytes(one.content) for one in TransientEntry.objects.all()]
    return b"".join(rows + [bytes(x.secret) for x in TransientBusiness.objects.all()])


@pytest.mark.parametrize("business", ["", PERMIT])
@pytest.mark.parametrize("value", [DRAWN, b"\x00scan", "text", None, []])
def test_what_is_put_is_got(signed_in: Login, business: str, value: Any) -> None:
    """By the session that put it, until it ends; a second put replaces the first."""
    _client, request = signed_in()
    api.put(request, "driver", "before", business=business)
    api.put(request, "driver", value, business=business)
    assert api.get(request, "driver", business=business) == value
    assert TransientEntry.objects.count() == 1
    api.drop(request, "driver", business=business)
    assert api.get(request, "driver", business=business) is None


def test_the_database_holds_no_word_of_it(signed_in: Login) -> None:
    """Neither plain nor under the ring's key alone."""
    _client, request = signed_in()
    api.put(request, "driver", DRAWN, business=PERMIT)
    assert "欧阳锦绣".encode() not in stored()
    row = TransientEntry.objects.get()
    label = sealing.label_of(row.session, row.business, row.name, row.ends_at)
    # Who has database and key ring, but not the cookie, opens the outer layer alone.
    secret = bytes(TransientBusiness.objects.get().secret)
    known = sealing.open_secret(PERMIT, secret)
    with pytest.raises(api.TransientAltered):
        sealing.open_sealed(known, bytes(row.salt), label, bytes(row.content))


def test_another_session_of_the_same_person_sees_nothing(
    signed_in: Login, settings: Any
) -> None:
    """It was drawn at that terminal, for what is done there."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    (_a, first), (_b, second) = signed_in(), signed_in()
    api.put(first, "driver", DRAWN)
    assert api.get(second, "driver") is None


@pytest.mark.clause("A6.4")
@pytest.mark.parametrize("how", ["logout", "administrator", "replaced"])
def test_it_goes_when_its_session_ends(
    signed_in: Login, how: str, settings: Any
) -> None:
    """However the session ends; what is of a business alone stays."""
    settings.ROOT_URLCONF = "tests.urls"
    client, request = signed_in()
    api.put(request, "driver", DRAWN)
    api.put(request, "driver", DRAWN, business=PERMIT)
    api.put(None, "driver", DRAWN, business=PERMIT)
    if how == "logout":
        client.post("/accounts/logout/")
    elif how == "administrator":
        row = own_session(request)
        assert row is not None
        assert end(row.pk, why=EndReason.BY_ADMINISTRATOR)
    else:
        signed_in()
    assert [one.session for one in TransientEntry.objects.all()] == [""]
    assert api.get(None, "driver", business=PERMIT) == DRAWN


def test_it_goes_when_its_business_ends(signed_in: Login) -> None:
    """For every session; other business stays, and the end is written down."""
    _client, request = signed_in()
    api.put(request, "driver", DRAWN, business=PERMIT)
    api.put(None, "plate", "苏A12345", business=PERMIT)
    api.put(request, "driver", DRAWN, business="permits.permit:18")
    kept = TransientEntry.objects.filter(business=PERMIT).values().first()
    assert api.end_business(PERMIT) == 2
    assert api.get(request, "driver", business=PERMIT) is None
    assert api.get(request, "driver", business="permits.permit:18") == DRAWN
    (event,) = AuditRecord.objects.filter(code="protection:transient:ended")
    assert event.resource == PERMIT
    assert api.end_business(PERMIT) == 0
    # Back from a backup, it has no secret any more; nor does a new business open it.
    assert kept is not None
    TransientEntry.objects.create(**kept)
    assert api.get(request, "driver", business=PERMIT) is None
    api.put(None, "other", 1, business=PERMIT)
    with pytest.raises(api.TransientAltered):
        api.get(request, "driver", business=PERMIT)


def test_it_goes_with_its_time(
    signed_in: Login, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the minute that was asked for, or at the setting's; swept by who puts next."""
    settings.JTSEC_TRANSIENT_MINUTES = 10
    _client, request = signed_in()
    api.put(request, "short", 1, minutes=2)
    api.put(request, "long", 1, minutes=600)
    for minutes, left in ((3, "long"), (11, None)):
        later = now() + timedelta(minutes=minutes)
        monkeypatch.setattr(api, "now", lambda at=later: at)
        assert api.get(request, "short") is None
        assert (api.get(request, "long") is None) == (left is None)
    monkeypatch.setattr(removal, "now", lambda: later)
    monkeypatch.setattr(removal, "_last", [])
    api.put(request, "new", 1, business=PERMIT)
    assert [one.name for one in TransientEntry.objects.all()] == ["new"]


def test_what_a_session_left_that_sql_removed_is_swept(signed_in: Login) -> None:
    """Nobody ended it by the book; its entries go with the next sweep."""
    _client, request = signed_in()
    api.put(request, "driver", DRAWN)
    row = own_session(request)
    assert row is not None
    type(row)._base_manager.filter(pk=row.pk).delete()
    assert api.sweep() == 1
    assert not TransientEntry.objects.exists()


@pytest.mark.clause("A5.6")
@pytest.mark.parametrize("what", ["content", "salt", "name", "ends_at", "blank"])
def test_an_altered_entry_is_refused_with_an_alarm(signed_in: Login, what: str) -> None:
    """Its bytes, its place, its end: it is what was put, there and for so long."""
    _client, request = signed_in()
    api.put(request, "driver", DRAWN)
    row = TransientEntry.objects.get()
    every: dict[str, dict[str, Any]] = {
        "content": {"content": bytes(row.content)[:-1] + bytes([row.content[-1] ^ 1])},
        "salt": {"salt": bytes(16)},
        "name": {"name": "other"},
        "ends_at": {"ends_at": row.ends_at + timedelta(days=365)},
        "blank": {"content": b""},
    }
    changed = every[what]
    TransientEntry.objects.update(**changed)
    with pytest.raises(api.TransientAltered):
        api.get(request, changed.get("name", "driver"))
    assert AuditRecord.objects.filter(code="protection:transient:altered").exists()


def test_a_missing_key_is_told_from_an_altered_entry(
    signed_in: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is known then, so nothing is said of tampering."""
    _client, request = signed_in()
    api.put(request, "driver", DRAWN)

    def missing(key_id: str) -> Any:
        raise keys.UnknownKey(key_id)

    monkeypatch.setattr(keys, "gcm", missing)
    with pytest.raises(api.TransientUnreadable):
        api.get(request, "driver")
    assert not AuditRecord.objects.filter(code="protection:transient:altered").exists()


def test_who_is_not_logged_in_keeps_nothing() -> None:
    """There is no session whose end would remove it."""
    request: Any = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), None
    with pytest.raises(api.NoSession):
        api.put(request, "driver", DRAWN)


@pytest.mark.parametrize(
    ("name", "value", "business"),
    [
        ("", 1, PERMIT),
        ("n" * 101, 1, PERMIT),
        ("driver", 1, "b" * 101),
        ("driver", 1, ""),
        ("driver", {1, 2}, PERMIT),
        ("driver", "x" * 50, PERMIT),
    ],
)
def test_bad_input_is_refused_and_nothing_kept(
    name: str, value: Any, business: str, settings: Any
) -> None:
    """A name too long, nothing it belongs to, no JSON, too large."""
    settings.JTSEC_TRANSIENT_LARGEST_BYTES = 40
    with pytest.raises(InputError):
        api.put(None, name, value, business=business)
    assert not TransientEntry.objects.exists()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_all_at_once_put_what_can_be_got() -> None:
    """Eight threads begin one business: one secret, and every entry opens."""
    start = threading.Barrier(8)
    faults: list[BaseException] = []

    def put(which: int) -> None:
        try:
            start.wait()
            api.put(None, f"name{which % 4}", which % 4, business=PERMIT)
        except BaseException as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=(one,)) for one in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    assert [api.get(None, f"name{n}", business=PERMIT) for n in range(4)] == [*range(4)]
