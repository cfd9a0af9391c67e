"""What the system checks say of the way to a token."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from django.test import override_settings

from jtsec.keys.checks import check_ring
from jtsec.pkcs11 import checks
from jtsec.pkcs11.conf import PROVIDER
from tests.pkcs11.conftest import PIN, close, set_pin


def ids(*messages):
    """Return the ids of check messages."""
    return [one.id for one in messages]


def test_a_project_without_a_token_is_told_nothing():
    """Nor is PKCS#11 imported for it."""
    assert checks.check_way_to_token(None) == []
    program = (
        "import sys, jtsec.pkcs11.wiring, jtsec.keys.api, jtsec.keys.checks;"
        "sys.exit('pkcs11' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False
    )
    assert done.returncode == 0


@override_settings(JTSEC_KEYS_PROVIDER=PROVIDER)
def test_each_thing_that_is_missing_is_named(monkeypatch):
    """Library, label and package, each with what to write or install."""
    monkeypatch.setattr(checks, "find_spec", lambda name: name)
    library, label = checks.check_way_to_token(None)
    assert ids(library, label) == ["jtsec.E036", "jtsec.E036"]
    assert "JTSEC_PKCS11_MODULE =" in str(library.hint)
    assert "list-token-slots" in str(label.hint)
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    package = checks.check_way_to_token(None)[0]
    assert "jtsec[pkcs11]" in str(package.hint)


@pytest.mark.clause("A10.3")
def test_a_token_that_cannot_be_used_is_an_error_with_its_own_hint(locked):
    """The way is there and the ring is not: the hint is of the token, not of files."""
    assert checks.check_way_to_token(None) == []
    assert check_ring(None) == []
    close()
    set_pin("wrong-one")
    from jtsec.keys import api as keys

    keys.reload()
    (refused,) = check_ring(None)
    assert refused.id == "jtsec.E030"
    assert "PIN" in refused.msg
    assert "python -m jtsec.secrets set pkcs11.pin-2" in str(refused.hint)
    assert "wrong-one" not in f"{refused.msg}{refused.hint}"
    set_pin(PIN)
    locked.take_away()
    keys.reload()
    (gone,) = check_ring(None)
    assert "list-objects" in str(gone.hint)
    locked.put_back()
