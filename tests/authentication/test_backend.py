"""The way in: who is let in, what is refused, charged, recorded and told."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync

from django.contrib.auth import aauthenticate, authenticate, get_user_model
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from jtsec.audit.models import AuditRecord
from jtsec.authentication import backend as backend_module
from jtsec.authentication.backend import IdentityBackend
from jtsec.authentication.hashing_slots import hashing_slot
from jtsec.authentication.models import Block, Counter
from tests.authentication.cheap import CheapHasher
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import (
    OTHER,
    PASSWORD,
    adopted,
    by_sql,
    loaded,
    registered,
    stored_password,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_passwords"),
]


def codes() -> list[str]:
    """Return the codes of what was recorded, in order."""
    return list(AuditRecord.objects.order_by("pk").values_list("code", flat=True))


def refusal(username: Any, password: Any, **kwargs: Any) -> str:
    """Return the exact reason for which a login is refused."""
    request = RequestFactory().post("/login/")
    assert authenticate(request, username=username, password=password, **kwargs) is None
    reason: str = request.jtsec_login_refusal.reason  # type: ignore[attr-defined]
    return reason


def charged() -> dict[str, tuple[int, int]]:
    """Return failures and pending charges by dimension."""
    return {one.dimension: (one.failures, one.pending) for one in Counter.objects.all()}


def test_the_right_password_lets_a_registered_person_in() -> None:
    """The user comes with identity, organisation and account, and costs no charge."""
    registered("li", 1)
    user = authenticate(None, username="li", password=PASSWORD)
    assert user is not None
    with CaptureQueriesContext(connection) as queries:
        assert user.jtsec_identity.organisation.code
        assert user.jtsec_account.pk
    assert not queries.captured_queries
    assert charged() == {"user": (0, 0), "terminal": (0, 0)}


@pytest.mark.clause("A3.2.6")
def test_a_good_login_costs_two_queries_more_than_django() -> None:
    """Bare Django asks for the user; we charge before and settle after."""
    registered("li", 1)
    authenticate(None, username="li", password=PASSWORD)
    with CaptureQueriesContext(connection) as queries:
        authenticate(None, username="li", password=PASSWORD)
    statements = [
        one["sql"]
        for one in queries.captured_queries
        if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    is_in_one = connection.vendor in {"postgresql", "sqlite"}
    assert len(statements) == (3 if is_in_one else 10), statements


@pytest.mark.clause("A3.2.6")
def test_a_wrong_password_is_refused_charged_and_recorded() -> None:
    """The audit knows why; the person reads a general sentence."""
    registered("li", 1)
    before = len(codes())
    assert refusal("li", "wrong") == "wrong"
    assert charged() == {"user": (1, 0), "terminal": (1, 0)}
    assert codes()[before:] == ["authentication:login:refused"]
    assert loaded("li").jtsec_account.failure_count == 1


def test_an_unknown_user_costs_the_same_and_reads_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One hash each, one charge each, one sentence for both."""
    registered("li", 1)
    hashes: list[str] = []
    for name in ("encode", "verify"):
        plain = getattr(CheapHasher, name)

        def counted(self: Any, *args: Any, plain: Any = plain) -> Any:
            hashes.append(plain.__name__)
            return plain(self, *args)

        monkeypatch.setattr(CheapHasher, name, counted)
    sentences = []
    for username in ("li", "nobody"):
        request = RequestFactory().post("/login/")
        assert authenticate(request, username=username, password="wrong") is None
        sentences.append(request.jtsec_login_refusal.sentence)  # type: ignore[attr-defined]
    assert len(hashes) == 2
    assert sentences[0] == sentences[1]
    assert Counter.objects.filter(dimension="user", failures=1).count() == 2


def test_names_nobody_has_are_locked_like_any_other() -> None:
    """A lock that only real users get would tell who is real."""
    assert [refusal("nobody", "wrong") for _ in range(6)] == (
        ["unknown"] * 5 + ["user-locked"]
    )


@pytest.mark.clause("A3.2.6")
def test_the_fifth_failure_locks_and_the_right_password_no_longer_helps() -> None:
    """At the threshold the login process ends, with an alarm and a history row."""
    registered("li", 1)
    assert [refusal("li", "wrong") for _ in range(5)] == ["wrong"] * 5
    assert refusal("li", PASSWORD) == "user-locked"
    block = Block.objects.get()
    assert (block.dimension, block.subject, block.failures) == ("user", "li", 5)
    assert block.until is None
    assert codes().count("authentication:user:locked") == 1


@pytest.mark.clause("A3.2.6")
def test_every_spelling_of_a_name_shares_one_counter() -> None:
    """Case, width, invisible characters and dotless i are the same person."""
    registered("li", 1)
    spellings = ["LI", "ｌｉ", "l\u200bi", "lı", " li "]
    assert [refusal(one, "wrong") for one in spellings] == ["wrong"] * 5
    assert refusal("li", PASSWORD) == "user-locked"
    assert Counter.objects.filter(dimension="user").count() == 1


def test_a_success_forgets_the_failures_of_the_user_but_not_of_the_terminal() -> None:
    """Else an attacker with an account would wipe the terminal's count at will."""
    registered("li", 1)
    refusal("li", "wrong")
    assert authenticate(None, username="li", password=PASSWORD)
    assert Counter.objects.get(dimension="user").failures == 0
    assert (
        sum(one.failures for one in Counter.objects.filter(dimension="terminal")) == 1
    )


@pytest.mark.clause("A3.2.5")
def test_a_value_copied_from_another_account_never_verifies() -> None:
    """The UID is inside; the attempt raises an alarm, with either password."""
    ann, ben = registered("ann", 1), registered("ben", 2)
    by_sql("auth_user", "password", stored_password(ann), id=ben.pk)
    assert refusal("ben", PASSWORD) == "foreign"
    assert "authentication:password:foreign" in codes()
    assert not loaded("ben").check_password(PASSWORD)


@pytest.mark.clause("A3.2.5")
@pytest.mark.parametrize(
    ("column", "value"), [("name", "李四"), ("uid", "0197e9a0000070008000000000000001")]
)
def test_a_changed_uid_or_name_makes_login_fail(column: str, value: str) -> None:
    """The seal and the hash both disagree; an alarm says so."""
    user = registered("li", 1)
    by_sql("jtsec_identity", column, value, user_id=user.pk)
    assert refusal("li", PASSWORD) == "seal-broken"
    assert "identity:seal:broken" in codes()
    assert not loaded("li").check_password(PASSWORD)


def test_without_the_seal_a_changed_name_still_fails_by_the_hash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The two protections do not lean on each other."""
    user = registered("li", 1)
    by_sql("jtsec_identity", "name", "李四", user_id=user.pk)
    monkeypatch.setattr(backend_module, "_seal_fault", lambda identity: "")
    assert refusal("li", PASSWORD) == "wrong"


@pytest.mark.clause("A3.2.5")
def test_a_password_from_before_works_once_and_is_bound() -> None:
    """The noted legacy value lets in; afterwards it is void even if put back."""
    legacy = make_password(PASSWORD, hasher="pbkdf2_sha256")
    user = adopted("li", 1, legacy)
    assert authenticate(None, username="li", password=PASSWORD)
    assert stored_password(user).startswith("jtsec_argon2$1$")
    assert authenticate(None, username="li", password=PASSWORD)
    by_sql("auth_user", "password", legacy, id=user.pk)
    assert refusal("li", PASSWORD) == "not-adopted"


def test_a_weak_password_from_before_must_be_changed() -> None:
    """It lets in, since nobody told its owner yet, and nothing else is allowed."""
    adopted("li", 1, make_password("abc", hasher="pbkdf2_sha256"))
    assert authenticate(None, username="li", password="abc")
    account = loaded("li").jtsec_account
    assert (account.must_change_password, account.must_change_why) == (
        True,
        "below-the-rules",
    )


@pytest.mark.clause("A3.2.5")
@pytest.mark.parametrize("hasher", ["pbkdf2_sha256", "jtsec_argon2"])
def test_a_fresh_hash_written_by_sql_never_verifies(hasher: str) -> None:
    """Neither Django's nor our own unbound one; also not by check_password."""
    user = registered("li", 1)
    by_sql("auth_user", "password", make_password(OTHER, hasher=hasher), id=user.pk)
    assert refusal("li", OTHER) == "not-adopted"
    assert not loaded("li").check_password(OTHER)


@pytest.mark.parametrize("password", ["x" * 10_000_000, "\ud800" * 20, "a\0b"])
def test_a_monstrous_password_is_wrong_charged_and_never_hashed(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten megabytes cost what an empty password costs."""
    registered("li", 1)
    if password != "a\0b":
        monkeypatch.setattr("jtsec.authentication.binding.hash_secret_raw", None)
    assert refusal("li", password) == "wrong"
    assert charged()["user"] == (1, 0)


def test_what_is_no_text_is_refused_without_a_look() -> None:
    """JSON brings numbers and lists."""
    assert refusal(5, ["a"]) == "malformed"
    assert not Counter.objects.exists()


def test_missing_credentials_are_somebody_elses() -> None:
    """A certificate's backend may follow; nothing is charged."""
    assert authenticate(None, token="x") is None
    assert IdentityBackend().authenticate(None, username="li") is None
    assert not Counter.objects.exists()


def test_refusals_that_are_not_about_the_password_are_not_charged() -> None:
    """The password was right: an inactive person must not be locked on top."""
    user = registered("li", 1)
    type(user)._base_manager.filter(pk=user.pk).update(is_active=False)
    assert refusal("li", PASSWORD) == "inactive"
    assert charged() == {"user": (0, 0), "terminal": (0, 0)}


def test_a_superuser_cannot_log_in() -> None:
    """Nobody holds all duties at once."""
    user = registered("li", 1)
    type(user)._base_manager.filter(pk=user.pk).update(is_superuser=True)
    assert refusal("li", PASSWORD) == "superuser"
    assert IdentityBackend().get_user(user.pk) is None


def test_a_user_without_identity_is_unknown() -> None:
    """Whoever has no identity is nobody, even with a good password."""
    get_user_model()._default_manager.create_user("ghost", password=PASSWORD)
    assert refusal("ghost", PASSWORD) == "unknown"


def test_overload_refuses_and_is_not_charged(settings: Any) -> None:
    """Without a slot for hashing nothing is known, so nobody passes or pays."""
    registered("li", 1)
    settings.JTSEC_AUTHENTICATION_HASHING_SLOTS = 1
    settings.JTSEC_AUTHENTICATION_HASHING_WAIT_SECONDS = 1
    with hashing_slot():
        assert refusal("li", PASSWORD) == "overloaded"
    assert charged() == {"user": (0, 0), "terminal": (0, 0)}


def test_a_database_error_lets_nobody_in_and_gives_the_charge_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The error goes on; there is no user and no half-made login."""
    registered("li", 1)

    def gone(*args: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(backend_module, "user_by_login_name", gone)
    with pytest.raises(DatabaseError):
        authenticate(None, username="li", password=PASSWORD)
    assert charged() == {"user": (0, 0), "terminal": (0, 0)}


def test_when_nothing_can_be_charged_no_password_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counters that cannot be written close the door."""
    registered("li", 1)

    def full(*args: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr("jtsec.authentication.counters.charge", full)
    monkeypatch.setattr("jtsec.authentication.binding.hash_secret_raw", None)
    with pytest.raises(DatabaseError):
        authenticate(None, username="li", password=PASSWORD)


def test_another_backend_is_never_asked_after_a_refusal(settings: Any) -> None:
    """Else Django's own would look at the password of a locked user."""
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS,
        "django.contrib.auth.backends.ModelBackend",
    ]
    registered("li", 1)
    for _ in range(5):
        refusal("li", "wrong")
    assert refusal("li", PASSWORD) == "user-locked"
    with pytest.raises(PermissionDenied):
        IdentityBackend().authenticate(None, username="li", password=PASSWORD)


def test_the_user_of_a_session_comes_in_one_query() -> None:
    """Identity, organisation and account are joined."""
    user = registered("li", 1)
    with CaptureQueriesContext(connection) as queries:
        found = IdentityBackend().get_user(user.pk)
        assert found.jtsec_identity.organisation.code
        assert found.jtsec_account.pk
    assert len(queries) == 1


def test_the_session_of_an_inactive_person_has_no_user() -> None:
    """Deactivation ends it with the next request, by identity or by user."""
    user = registered("li", 1)
    by_sql("jtsec_identity", "is_active", False, user_id=user.pk)
    assert IdentityBackend().get_user(user.pk) is None


@pytest.mark.django_db(transaction=True)
def test_the_asynchronous_way_is_the_same_way() -> None:
    """Django's own coroutine would compare the password by itself, uncounted."""
    registered("li", 1)

    async def tries() -> list[Any]:
        wrong = [
            await aauthenticate(None, username="li", password="x") for _ in "12345"
        ]
        return [*wrong, await aauthenticate(None, username="li", password=PASSWORD)]

    assert async_to_sync(tries)() == [None] * 6
    assert Block.objects.count() == 1


def test_the_way_in_is_defined_for_every_name_django_calls() -> None:
    """A method that Django adds or inherits must not look at passwords by itself."""
    for name in ("authenticate", "aauthenticate", "get_user", "aget_user"):
        assert name in vars(IdentityBackend)
