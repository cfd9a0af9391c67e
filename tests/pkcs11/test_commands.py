"""The commands of the keys, where a token locks the ring (SoftHSM)."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from django.core.management import CommandError, call_command
from django.test import override_settings

from jtsec.keys import api as keys
from jtsec.keys.format import dump_ring
from jtsec.rotation import api as rotation
from tests import keyring
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered
from tests.rotation.stored import drivers


def run(*arguments: str) -> Any:
    """Run a command and return its JSON."""
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


@pytest.mark.clause("A10.3")
def test_jtsec_init_makes_a_locked_ring(token):
    """Key in the token, ring locked under it, error key beside; again: left as is."""
    said = run("jtsec_init")
    assert said["keys"]["path"] == str(token.file)
    assert said["keys"]["state"] == said["error_key"]["state"] == "created"
    assert json.loads(token.file.read_bytes())["format"] == "jtsec.locked-keys/1"
    assert keys.missing_purposes() == []
    before = token.file.read_bytes()
    assert run("jtsec_init")["keys"]["state"] == "exists"
    assert token.file.read_bytes() == before


def test_jtsec_init_takes_over_a_key_file_in_clear(token, tmp_path):
    """An installation moves into the token with the keys that its data is under."""
    ring = keyring.known_ring()
    clear = keyring.write(tmp_path / "clear", dump_ring(ring, keyring.CREATED))
    said = run("jtsec_init", "--take-over", str(clear))
    assert said["keys"]["ids"] == [key.id for key in ring]
    assert said["error_key"]["state"] == "taken away"
    assert keys.active(keys.Purpose.FIELD).secret == ring[0].secret
    with pytest.raises(CommandError) as refused:
        run("jtsec_init", "--take-over", str(clear))
    assert refused.value.returncode == 2


@override_settings(JTSEC_KEYS_PROVIDER="tests.keys.card.CardProvider")
def test_a_card_takes_no_key_file_over(tmp_path):
    """Where the keys themselves are in hardware, there is no file to write."""
    clear = tmp_path / "clear"
    with pytest.raises(CommandError) as refused:
        run("jtsec_init", "--take-over", str(clear))
    assert refused.value.returncode == 2


def test_jtsec_init_makes_nothing_where_the_token_is_gone(token):
    """Exit 2, and neither a ring nor one in clear in its place."""
    token.take_away()
    with pytest.raises(CommandError) as refused:
        run("jtsec_init")
    assert refused.value.returncode == 2
    assert not token.file.exists()
    token.put_back()


@pytest.mark.django_db
@pytest.mark.clause("A6.3", "A10.3")
@pytest.mark.usefixtures("cheap_passwords")
def test_jtsec_keys_rotate_works_with_a_token(token, tmp_path, monkeypatch):
    """New key, stored data put under it, the old one retired, all in what is locked."""
    monkeypatch.setattr(rotation, "settle", lambda: None)
    ring = dump_ring(keyring.known_ring(), keyring.CREATED)
    keys.take_over_key_file(token.file, keyring.write(tmp_path / "clear", ring))
    registered("ops", 1, duty="system")
    drivers(2)
    who = ("--actor", "ops", "--reason", "yearly")
    said = run("jtsec_keys_rotate", "field", *who)
    assert (said["activated"], said["left"]) == (["field-2"], 0)
    token.take_away()
    keys.reload()
    with pytest.raises(CommandError) as stopped:
        run("jtsec_keys_rotate", "field", *who)
    assert stopped.value.returncode == 2
    token.put_back()
    keys.reload()
    assert keys.active(keys.Purpose.FIELD).id == "field-2"
