"""manage.py jtsec_keys_rotate and jtsec_keys: by whom, why, and how it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from django.core.management import CommandError, call_command

from jtsec.audit.models import AuditRecord
from tests import keyring
from tests.authentication.persons import registered
from tests.fields.stored import put
from tests.plainapp.models import Driver

from .stored import drivers

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("ops", "at_once"),
    pytest.mark.clause("A6.3", "A10.3"),
]
WHO = ("--actor", "ops", "--reason", "yearly")


def run(command: str, *arguments: str, error: Any = None) -> str:
    """Run a command and return what it printed."""
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=error or io.StringIO())
    return out.getvalue()


def code(*arguments: str) -> int:
    """Return the exit code of a rotation that fails."""
    with pytest.raises(CommandError) as error:
        run("jtsec_keys_rotate", *arguments)
    return error.value.returncode


def test_a_rotation_says_what_it_did(ring_file: Path) -> None:
    """In words, and as JSON; the list shows state, use and what is stored."""
    drivers(3)
    said = json.loads(run("jtsec_keys_rotate", "field", *WHO, "--json"))
    assert said["activated"] == ["field-2"]
    assert said["retired"] == ["field-1"]
    assert (said["left"], said["failed"]) == (0, [])
    assert said["renewed"]["plainapp.driver.phone"] == 3
    text = run("jtsec_keys_rotate", "index", *WHO)
    assert "Active now: index-2" in text
    assert "Retired: index-1" in text
    listed = json.loads(run("jtsec_keys", "--scan", "--json"))
    rows = {row["id"]: row for row in listed}
    assert rows["field-1"]["state"] == "retired"
    assert rows["field-1"]["stored"] == 0
    assert rows["field-2"]["stored"] == 10  # nine of the drivers, one of who acts
    assert rows["field-2"]["encryptions"] >= 10
    for shown in (run("jtsec_keys"), run("jtsec_keys", "--scan"), json.dumps(listed)):
        assert "field-2" in shown
        assert "material" not in shown
    reasons = AuditRecord.objects.filter(code__startswith="rotation:")
    assert set(reasons.values_list("actor_username", "reason")) == {("ops", "yearly")}


def test_on_a_terminal_it_shows_how_far_it_is() -> None:
    """One line a place, written over; nothing of it where nobody looks."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    drivers(3)
    terminal, plain = Terminal(), io.StringIO()
    run("jtsec_keys_rotate", "field", *WHO, error=terminal)
    assert "plainapp.driver.phone: 3 / 3\n" in terminal.getvalue()
    run("jtsec_keys_rotate", "field", *WHO, error=plain)
    assert plain.getvalue() == ""


def test_prepared_keys_wait_to_be_copied(ring_file: Path) -> None:
    """Machines that get the file know the key before the first one writes with it."""
    said = run("jtsec_keys_rotate", "field", "index", "--prepare", *WHO, "--json")
    assert json.loads(said) == {"prepared": ["field-2", "index-2"]}
    states = {
        row["id"]: row["state"] for row in json.loads(run("jtsec_keys", "--json"))
    }
    assert (states["field-1"], states["field-2"]) == ("active", "coming")
    again = run("jtsec_keys_rotate", "field", "--prepare", *WHO)
    assert "field-2" in again
    done = json.loads(run("jtsec_keys_rotate", *WHO, "--json"))
    assert done["activated"] == ["field-2", "index-2"]


def test_the_error_key_is_entered_and_never_made(
    tmp_path: Path, ring_file: Path
) -> None:
    """Its private half belongs to the developers; what is no key changes nothing."""
    pem = tmp_path / "new.pem"
    pem.write_text(keyring.private_key("new").public.to_pem())
    before = ring_file.read_bytes()
    assert code("error", *WHO) == 2
    assert code("error", "--error-key", str(tmp_path / "none"), *WHO) == 2
    assert code("error", "--error-key", str(ring_file), *WHO) == 2
    assert ring_file.read_bytes() == before
    done = run("jtsec_keys_rotate", "error", "--error-key", str(pem), *WHO, "--json")
    assert json.loads(done)["activated"] == ["error-2"]


def test_values_that_were_left_end_with_one(ring_file: Path) -> None:
    """Each is named; once it is put right, the next run ends with nought."""
    rows = drivers(2)
    put(Driver, rows[0].pk, "address", b"no envelope")
    errors = io.StringIO()
    with pytest.raises(CommandError) as error:
        run("jtsec_keys_rotate", "field", *WHO, error=errors)
    assert error.value.returncode == 1
    assert f"plainapp.driver.address {rows[0].pk}: " in errors.getvalue()
    Driver.objects.filter(pk=rows[0].pk).update(address="put right")
    done = json.loads(run("jtsec_keys_rotate", *WHO, "--json"))
    assert (done["left"], done["failed"]) == (0, [])


def test_nobody_without_name_reason_and_duty(ring_file: Path) -> None:
    """And nothing that is no purpose; the ring is as it was."""
    registered("wang", 2)
    registered("sec", 3, duty="security")
    before = ring_file.read_bytes()
    for actor in ("nobody", "wang", "sec"):
        for more in ((), ("--prepare",)):
            assert code("field", *more, "--actor", actor, "--reason", "x") == 3
    assert code("field", "--actor", "ops", "--reason", " ") == 2
    for arguments in (("field", "--reason", "x"), ("fields", *WHO)):
        with pytest.raises(CommandError):
            run("jtsec_keys_rotate", *arguments)
    assert ring_file.read_bytes() == before


def test_a_ring_that_cannot_be_written_is_told(ring_file: Path) -> None:
    """The file is gone, or open to others: an error of its own, nothing half."""
    drivers(1)
    ring_file.chmod(0o644)
    from jtsec.keys import api as keys

    keys.reload()
    assert code("field", *WHO) in (2, 3)
    with pytest.raises(CommandError) as error:
        run("jtsec_keys")
    assert error.value.returncode == 2
