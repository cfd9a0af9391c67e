"""The first command of an installation: keys, and the first administrators."""

from __future__ import annotations

import json
import os
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils.translation import override

from jtsec.access.models import AccessProfile
from jtsec.audit.models import AuditRecord
from jtsec.authentication.api import account_of, matches
from jtsec.crypto import sm2
from jtsec.identity.api import identity_of, verify
from jtsec.identity.models import Identity, Organization
from jtsec.keys import api as keys
from jtsec.keys.key import Purpose
from jtsec.management import first_administrators
from tests.identity import people

ORGANISATION = "110000000000"


def init(*arguments: str) -> str:
    """Run the command and return what it printed."""
    out = StringIO()
    call_command("jtsec_init", *arguments, stdout=out)
    return out.getvalue()


def told(*arguments: str) -> Any:
    """Run the command and return its JSON."""
    return json.loads(init(*arguments, "--json"))


def administrator(username: str, which: int, duty: str, **other: str) -> list[str]:
    """Return the options of an administrator."""
    given = {
        "admin": username,
        "duty": duty,
        "name": "王小明",
        "resident-id": people.resident_id(which),
        "number": f"A{which:05}",
        "organisation": ORGANISATION,
        **other,
    }
    return [part for name, value in given.items() for part in (f"--{name}", value)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return where the keys shall go; the folder is not there yet."""
    return tmp_path / "keys" / "jtsec.keys"


@pytest.mark.clause("A10.3")
def test_it_makes_a_ring_and_an_error_key(place):
    """One key for each purpose, all files 0400; the private half stays out of it."""
    said = told("--keys", str(place))
    assert said["keys"]["state"] == said["error_key"]["state"] == "created"
    error_path = Path(said["error_key"]["path"])
    for path in (place, error_path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    with override_settings(JTSEC_KEYS_FILE=str(place)):
        assert keys.missing_purposes() == []
        assert keys.active(Purpose.AUDIT_SIGNATURE).algorithm == "SM2"
        private = sm2.PrivateKey.from_pem(error_path.read_text())
        assert keys.error_public_key() == private.public
        assert error_path.read_text() not in place.read_text()


def test_two_installations_have_no_key_in_common(tmp_path):
    """Every key comes from the system's randomness."""
    secrets = []
    for name in ("a", "b"):
        path = tmp_path / name / "jtsec.keys"
        init("--keys", str(path))
        with override_settings(JTSEC_KEYS_FILE=str(path)):
            secrets += [keys.active(purpose).secret for purpose in Purpose]
    assert len(set(secrets)) == 2 * len(Purpose)


@pytest.mark.clause("A10.3")
def test_a_second_run_changes_nothing(place):
    """It says what is there and ends well; the error key may be gone by then."""
    first = told("--keys", str(place))
    before = {p: (p.read_bytes(), p.stat().st_ino) for p in place.parent.iterdir()}
    second = told("--keys", str(place))
    assert second["keys"]["state"] == second["error_key"]["state"] == "exists"
    assert second["keys"]["ids"] == first["keys"]["ids"]
    now = {p: (p.read_bytes(), p.stat().st_ino) for p in place.parent.iterdir()}
    assert now == before
    Path(first["error_key"]["path"]).unlink()
    assert told("--keys", str(place))["error_key"]["state"] == "taken away"
    assert not Path(first["error_key"]["path"]).exists()
    with override("en"):
        assert "left as it is" in init("--keys", str(place))


def test_a_run_cut_off_between_the_files_is_finished(place, monkeypatch):
    """The error key is there, the ring is not: the next run uses the first."""

    def cut(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keys, "create_key_file", cut)
        with pytest.raises(KeyboardInterrupt):
            init("--keys", str(place))
    said = told("--keys", str(place))
    assert (said["keys"]["state"], said["error_key"]["state"]) == ("created", "exists")
    with override_settings(JTSEC_KEYS_FILE=str(place)):
        private = sm2.PrivateKey.from_pem(Path(said["error_key"]["path"]).read_text())
        assert keys.error_public_key() == private.public


@pytest.mark.parametrize("where", ["inside", "open"])
def test_a_place_others_can_reach_is_refused(tmp_path, where):
    """Inside the project, or in a folder others can write: exit 2 and no file."""
    folder = tmp_path / where
    folder.mkdir()
    if where == "open":
        folder.chmod(0o777)
    with (
        override_settings(BASE_DIR=folder if where == "inside" else None),
        pytest.raises(CommandError) as caught,
    ):
        init("--keys", str(folder / "deeper" / "jtsec.keys"))
    assert caught.value.returncode == 2
    assert not list(folder.rglob("*.keys"))
    assert not list(folder.rglob("*.pem"))


def test_a_corrupt_ring_is_reported_and_left(place):
    """Nothing is made in its place: data sealed with it would be lost for good."""
    place.parent.mkdir(mode=0o700)
    place.write_bytes(b"{}")
    place.chmod(0o400)
    with pytest.raises(CommandError, match=r"jtsec\.keys") as caught:
        init("--keys", str(place))
    assert caught.value.returncode == 2
    assert place.read_bytes() == b"{}"


def test_without_a_place_it_says_how_to_name_one(monkeypatch):
    """No option and no setting: exit 2 with the option to add."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with override_settings(JTSEC_KEYS_FILE=""), pytest.raises(CommandError) as caught:
        init()
    assert caught.value.returncode == 2
    assert "--keys /etc/jtsec/keys/jtsec.keys" in str(caught.value)


def test_it_prints_the_next_step_and_no_key(place):
    """What to put into the settings, then what to run; never material."""
    text = init("--keys", str(place))
    assert f'JTSEC_KEYS_FILE = "{place}"' in text
    with override_settings(JTSEC_KEYS_FILE=str(place)):
        assert "manage.py jtsec_init --admin" in init("--keys", str(place))
        for purpose in Purpose:
            secret = keys.active(purpose).secret
            assert secret.hex() not in text
            assert secret.decode("latin-1") not in text


@override_settings(JTSEC_KEYS_PROVIDER="tests.keys.card.CardProvider")
def test_hardware_keeps_its_own_keys():
    """Where a card holds the keys, no file is made beside it."""
    said = told()
    assert said["keys"]["state"] == "exists"
    assert len(said["keys"]["ids"]) == len(Purpose)


def test_a_password_locks_the_private_error_key(place, monkeypatch):
    """Asked for twice; the two must agree."""
    answers = iter(["correct horse", "correct horse", "one", "other"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    said = told("--keys", str(place), "--error-key-password")
    pem = Path(said["error_key"]["path"]).read_text()
    assert "ENCRYPTED" in pem
    sm2.PrivateKey.from_pem(pem, b"correct horse")
    other = place.with_name("other.keys")
    with pytest.raises(CommandError):
        init("--keys", str(other), "--error-key-password")
    assert not other.exists()


@pytest.mark.django_db
@pytest.mark.clause("A3.1.2", "A3.2.9", "A4.5", "P38")
def test_it_makes_three_administrators_with_one_duty_each():
    """Registered, sealed, no superuser, a random password that is due for a change."""
    said = told(
        *administrator("sysadmin", 1, "system", **{"organisation-name": "市局"}),
        *administrator("secadmin", 2, "security"),
        *administrator("auditor", 3, "audit"),
    )
    made = {one["username"]: one for one in said["administrators"]}
    assert len({one["initial_password"] for one in made.values()}) == 3
    for username, duty in (
        ("sysadmin", "system"),
        ("secadmin", "security"),
        ("auditor", "audit"),
    ):
        user = get_user_model().objects.get(username=username)
        identity = identity_of(user)
        assert identity is not None
        verify(identity)
        assert identity.duty == duty
        assert not user.is_superuser
        assert matches(user, made[username]["initial_password"]).is_right
        account = account_of(user)
        assert account is not None
        assert account.must_change_password
    stored = [bytes(one.payload).decode() for one in AuditRecord.objects.all()]
    assert sum("identity:person:registered" in one for one in stored) == 3
    for one in made.values():
        assert not any(one["initial_password"] in text for text in stored)


@pytest.mark.django_db
@pytest.mark.clause("A4.5", "P38")
def test_the_first_technical_administrator_is_initial_and_told_what_comes_next():
    """One of those made, and the way to end it is printed; later ones are not."""
    options = [
        *administrator("secadmin", 2, "security", **{"organisation-name": "市局"}),
        *administrator("sysadmin", 1, "system"),
        *administrator("sysadmin2", 3, "system"),
    ]
    with override("en"):
        text = init(*options)
    assert "manage.py jtsec_init --finish --actor" in text
    flags = {one.identity.login_name: one for one in AccessProfile.objects.all()}
    assert list(flags) == ["sysadmin"]
    assert flags["sysadmin"].is_initial
    said = told(*administrator("sysadmin4", 4, "system"))
    assert [one["is_initial"] for one in said["administrators"]] == [False]
    assert not any("--finish" in step for step in said["next"])


@pytest.mark.django_db
def test_administrators_who_are_there_are_left_as_they_are():
    """A second run tells no password and sets none."""
    options = administrator("sysadmin", 1, "system", **{"organisation-name": "市局"})
    first = told(*options)["administrators"][0]["initial_password"]
    again = told(*options)["administrators"][0]
    assert (again["state"], again["initial_password"]) == ("exists", "")
    user = get_user_model().objects.get(username="sysadmin")
    assert matches(user, first).is_right
    assert "check --deploy" in init(*options)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "wrong",
    [
        {"resident-id": "110105194912310020"},
        {"organisation": "12"},
        {"name": "a\u200bb"},
        {"admin": "sysadmin\u0000"},
        {"number": ""},
    ],
    ids=str,
)
def test_bad_particulars_make_nobody(wrong):
    """All administrators or none, and no organisation either; exit 1."""
    with pytest.raises(CommandError) as caught:
        init(
            *administrator("secadmin", 2, "security", **{"organisation-name": "市局"}),
            *administrator("sysadmin", 1, "system", **wrong),
        )
    assert caught.value.returncode == 1
    assert not Identity.objects.exists()
    assert not get_user_model().objects.exists()
    assert not Organization.objects.exists()


@pytest.mark.django_db
def test_what_is_missing_is_asked_for_or_named(monkeypatch):
    """Without a terminal the missing particular is named; with one it is asked."""
    options = ["--admin", "sysadmin", "--duty", "system", "--name", "王小明"]
    with pytest.raises(CommandError, match="resident_id") as caught:
        init(*options)
    assert caught.value.returncode == 1
    answers = iter([people.resident_id(1), "A00001", ORGANISATION])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    text = init(*options, "--organisation-name", "市局")
    assert Identity.objects.get().login_name == "sysadmin"
    assert people.resident_id(1) not in text


@pytest.mark.django_db
def test_a_user_without_identity_is_not_taken_over():
    """Whoever knew that user's password would be an administrator."""
    get_user_model().objects.create_user("sysadmin", password="known")
    options = administrator("sysadmin", 1, "system", **{"organisation-name": "市局"})
    with override("en"), pytest.raises(CommandError, match="without an identity"):
        init(*options)
    assert not Identity.objects.exists()


def test_particulars_belong_to_an_administrator():
    """An option before --admin is a mistake, and business is no first duty."""
    with pytest.raises(CommandError, match="--admin"):
        init("--name", "a")
    with pytest.raises(CommandError, match="business"):
        init("--admin", "a", "--duty", "business")


@pytest.mark.django_db
def test_administrators_need_the_ring_that_is_in_force(place):
    """Sealed with another ring than the project's, they could never log in."""
    with pytest.raises(CommandError, match="JTSEC_KEYS_FILE") as caught:
        init("--keys", str(place), *administrator("sysadmin", 1, "system"))
    assert caught.value.returncode == 1
    assert place.exists()
    assert not Identity.objects.exists()


@pytest.mark.skipif(os.name != "posix", reason="an operating system's user")
def test_the_password_is_in_no_repr():
    """What is logged by accident names a person, not their password or ID number."""
    made = first_administrators.Made("a", "system", "secret-1")
    assert "secret-1" not in repr(made)
