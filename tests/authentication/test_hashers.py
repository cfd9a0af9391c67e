"""The stored password: bound to its owner, within the column, at a published cost."""

from __future__ import annotations

import os
import sys
import threading
import time
import uuid
from contextlib import nullcontext
from typing import Any

import pytest

from django.contrib.auth.hashers import (
    check_password,
    get_hashers,
    identify_hasher,
    make_password,
)
from django.contrib.auth.models import User

from jtsec.authentication import hashing_slots
from jtsec.authentication.argon2_profiles import (
    OWASP_MINIMUM,
    PROFILES,
    RFC_9106_LOW_MEMORY,
    Argon2Profile,
)
from jtsec.authentication.binding import Owner, framed, hash_for, parse
from jtsec.authentication.exceptions import Overloaded
from jtsec.authentication.hashers import JtsecArgon2Hasher, our_hasher
from jtsec.core.exceptions import InputError
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import (
    OTHER,
    PASSWORD,
    by_sql,
    loaded,
    registered,
    stored_password,
)

UID = uuid.UUID("0197e9a0-0000-7000-8000-0000000000aa")
LI = Owner(UID, "李四")
SALT = "AbCdEfGhIjKlMnOpQrStUv"
HASHER = "jtsec.authentication.hashers.JtsecArgon2Hasher"

VECTOR = (
    "jtsec_argon2$1$pepper-1$AZfpoAAAcACAAAAAAAAAqg$19456,2,1"
    "$AbCdEfGhIjKlMnOpQrStUv$-BPAiDWty-PHWmnJOomZOYbV-r7FAMfHTQLp9j7E9Xc"
)


@pytest.mark.clause("A3.2.5")
def test_the_stored_form_has_not_changed() -> None:
    """Another vector than the one of the documentation: through the key ring."""
    with hash_for(LI):
        encoded = JtsecArgon2Hasher().encode(PASSWORD, SALT)
    assert encoded == VECTOR
    with hash_for(LI):
        assert JtsecArgon2Hasher().verify(PASSWORD, VECTOR)


@pytest.mark.clause("A3.2.5")
@pytest.mark.parametrize(
    "owner", [Owner(uuid.UUID(int=7), "李四"), Owner(UID, "李五"), Owner(UID, "")]
)
def test_another_uid_or_name_never_verifies(owner: Owner) -> None:
    """The same password for anybody else is another password."""
    with hash_for(owner):
        assert not JtsecArgon2Hasher().verify(PASSWORD, VECTOR)


def test_two_ways_of_joining_name_and_password_are_not_one() -> None:
    """Lengths keep a character from wandering from the name to the password."""
    assert framed(b"ab", b"c") != framed(b"a", b"bc")


def test_every_profile_fits_the_column() -> None:
    """Also with a pepper that was rotated a thousand times."""
    for profile in PROFILES.values():
        text = VECTOR.replace("19456,2,1", str(profile)).replace(
            "pepper-1", "pepper-9999"
        )
        assert len(text) <= 128
        assert parse(text).profile == profile


def test_profiles_cannot_be_weakened_in_place() -> None:
    """A number without its source is a number nobody may change."""
    with pytest.raises(AttributeError):
        OWASP_MINIMUM.memory = 8  # type: ignore[misc]  # what the test is about


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "jtsec_argon2$",
        "jtsec_argon2$2" + VECTOR[14:],
        VECTOR[:-1],
        VECTOR + "A",
        VECTOR[:-1] + "l",
        VECTOR.replace("19456,2,1", "4000000,2,1"),
        VECTOR.replace("19456,2,1", "8,1,1"),
        VECTOR.replace("$AZfp", "$AZf+"),
        "jtsec_argon2$1$张$-$19456,2,1$x$y",
    ],
)
def test_a_malformed_value_is_wrong_and_no_error(encoded: str) -> None:
    """Also one that names four gigabytes, or a cost nobody published."""
    with hash_for(LI):
        assert not JtsecArgon2Hasher().verify(PASSWORD, encoded)
        assert JtsecArgon2Hasher().must_update(encoded)


def test_an_overlong_password_is_not_hashed() -> None:
    """Ten megabytes are refused at once when set, and wrong at once when tried."""
    hasher = JtsecArgon2Hasher()
    started = time.monotonic()
    with pytest.raises(InputError):
        hasher.encode("x" * 10_000_000, SALT)
    assert not hasher.verify("x" * 10_000_000, VECTOR)
    assert time.monotonic() - started < 0.5


def test_djangos_contract_is_kept(settings: Any) -> None:
    """What Django's own functions expect of a hasher."""
    settings.PASSWORD_HASHERS = [HASHER]
    encoded = make_password(PASSWORD)
    assert identify_hasher(encoded).algorithm == "jtsec_argon2"
    assert check_password(PASSWORD, encoded)
    assert not check_password(OTHER, encoded)
    hasher = get_hashers()[0]
    assert hasher.decode(encoded)["memory_cost"] == OWASP_MINIMUM.memory
    summary = hasher.safe_summary(encoded)
    assert hasher.decode(encoded)["hash"] not in summary.values()
    with pytest.raises(TypeError):
        JtsecArgon2Hasher().encode(None, SALT)
    with pytest.raises(ValueError, match="salt"):
        hasher.encode(PASSWORD, "")
    with pytest.raises(ValueError, match="stored"):
        hasher.encode(PASSWORD, "salt+with+signs")


def test_an_unbound_value_or_another_cost_is_to_be_renewed(settings: Any) -> None:
    """Both happen at the next good login."""
    settings.PASSWORD_HASHERS = [HASHER]
    assert get_hashers()[0].must_update(make_password(PASSWORD))
    with hash_for(LI):
        bound = make_password(PASSWORD)
    assert not get_hashers()[0].must_update(bound)
    settings.JTSEC_AUTHENTICATION_ARGON2_PROFILE = "rfc9106-low-memory"
    assert get_hashers()[0].must_update(bound)
    assert our_hasher().profile() == RFC_9106_LOW_MEMORY


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_passwords")
def test_outside_of_a_login_a_value_is_good_only_where_it_belongs() -> None:
    """`check_password(raw, encoded)` knows no user; the value names its own."""
    user = registered("li", 1)
    encoded = stored_password(user)
    assert check_password(PASSWORD, encoded)
    assert not check_password(OTHER, encoded)
    by_sql("auth_user", "password", "!", id=user.pk)
    assert not check_password(PASSWORD, encoded)


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_passwords")
def test_without_the_wrapped_user_model_a_copied_value_would_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection taken away: why `user.check_password` has to know its user."""
    ann, ben = registered("ann", 1), registered("ben", 2)
    by_sql("auth_user", "password", stored_password(ann), id=ben.pk)
    assert not loaded("ben").check_password(PASSWORD)
    plain = User.check_password.__wrapped__  # type: ignore[attr-defined]
    assert plain(loaded("ben"), PASSWORD)


@pytest.mark.concurrency
def test_no_more_hashes_run_at_once_than_there_are_slots(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty logins in one instant take the memory of two."""
    settings.JTSEC_AUTHENTICATION_HASHING_SLOTS = 2
    running, most = [], []

    def hashed(*args: Any, **kwargs: Any) -> bytes:
        running.append(1)
        most.append(len(running))
        time.sleep(0.005)
        running.pop()
        return bytes(32)

    monkeypatch.setattr("jtsec.authentication.binding.hash_secret_raw", hashed)
    threads = [
        threading.Thread(target=JtsecArgon2Hasher().encode, args=("x", SALT))
        for _ in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 40
    assert max(most) == 2


@pytest.mark.concurrency
def test_hashes_are_computed_by_the_threads_of_the_slots(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many threads a server has, two of them keep the memory of a hash."""
    settings.JTSEC_AUTHENTICATION_HASHING_SLOTS = 2
    computing: set[int] = set()

    def hashed(*args: Any, **kwargs: Any) -> bytes:
        computing.add(threading.get_ident())
        time.sleep(0.002)
        return bytes(32)

    monkeypatch.setattr("jtsec.authentication.binding.hash_secret_raw", hashed)
    asking = [
        threading.Thread(target=JtsecArgon2Hasher().encode, args=("x", SALT))
        for _ in range(20)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(computing) == 2
    assert computing.isdisjoint(thread.ident for thread in asking)
    computing.clear()
    for _ in range(5):
        JtsecArgon2Hasher().encode("x", SALT)
    assert len(computing) == 1, "one after another need the memory of one"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("is_taken", [False, True])
def test_a_forked_child_hashes_with_threads_of_its_own(
    settings: Any, is_taken: bool
) -> None:
    """The parent's are not there, nor is a slot taken that it had taken (preload)."""
    settings.JTSEC_AUTHENTICATION_HASHING_SLOTS = 1
    settings.JTSEC_AUTHENTICATION_HASHING_WAIT_SECONDS = 5
    encoded = JtsecArgon2Hasher().encode(PASSWORD, SALT)
    with hashing_slots.hashing_slot() if is_taken else nullcontext():
        child = os.fork()
        if child == 0:
            is_right = False
            try:
                is_right = JtsecArgon2Hasher().verify(PASSWORD, encoded)
            finally:
                os._exit(0 if is_right else 1)
        _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_a_thread_that_ended_is_replaced() -> None:
    """Nobody waits for an answer that cannot come."""
    slot = hashing_slots.Slot()
    with pytest.raises(SystemExit):
        slot.run(sys.exit)
    assert slot.run(lambda: "still there") == "still there"
    ended = threading.Thread(target=int)
    ended.start()
    ended.join()
    slot._thread = ended
    assert slot.run(lambda: "there again") == "there again"


def test_waiting_for_a_slot_ends_in_a_refusal(settings: Any) -> None:
    """An overload is never a pass, and never waits for ever."""
    settings.JTSEC_AUTHENTICATION_HASHING_SLOTS = 1
    settings.JTSEC_AUTHENTICATION_HASHING_WAIT_SECONDS = 1
    with hashing_slots.hashing_slot(), pytest.raises(Overloaded):
        JtsecArgon2Hasher().encode(PASSWORD, SALT)


def test_an_interrupted_hash_gives_its_slot_back(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors must not use the slots up one by one."""
    settings.JTSEC_AUTHENTICATION_HASHING_SLOTS = 1
    settings.JTSEC_AUTHENTICATION_HASHING_WAIT_SECONDS = 1

    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("jtsec.authentication.binding.hash_secret_raw", broken)
        for _ in range(3):
            with pytest.raises(MemoryError):
                JtsecArgon2Hasher().encode(PASSWORD, SALT)
    assert JtsecArgon2Hasher().encode(PASSWORD, SALT)


def test_the_profiles_are_as_published() -> None:
    """OWASP's minimum and RFC 9106's second option."""
    assert Argon2Profile(19456, 2, 1) == OWASP_MINIMUM
    assert Argon2Profile(65536, 3, 4) == RFC_9106_LOW_MEMORY
