"""The developers open a code with a project and without, and learn what is wrong."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from django.core.management import CommandError, call_command

from jtsec.crypto import sm2
from jtsec.errors.api import capture
from jtsec.errors.open import main
from jtsec.errors.opening import Exit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A10.1")]


@pytest.fixture
def made():
    """Return the diagnosis of a real exception."""
    try:
        raise ValueError("what only the developers read")
    except ValueError as error:
        return capture(error, None)


@pytest.fixture
def code_file(tmp_path, made):
    """Return the path of a file with the text from the page."""
    path = tmp_path / "code.txt"
    path.write_text(made.text)
    return path


def run(*arguments, **options):
    """Run the command and return what it printed."""
    out = io.StringIO()
    call_command("jtsec_error", *arguments, stdout=out, **options)
    return out.getvalue()


def exit_code(*arguments, **options):
    """Run the command, which must fail, and return its exit code."""
    with pytest.raises(CommandError) as found:
        run(*arguments, **options)
    return found.value.returncode


def test_a_reference_is_enough(made, key_file):
    """Read out on the telephone, opened from the database."""
    text = run(made.reference.lower(), key=key_file)
    assert "ValueError: what only the developers read" in text
    assert json.loads(run(made.reference, key=key_file, json=True))["kind"]


def test_a_pasted_code_is_enough(code_file, key_file, monkeypatch):
    """From a file, and from standard input."""
    assert "what only" in run(file=str(code_file), key=key_file)
    monkeypatch.setattr(sys, "stdin", io.StringIO(code_file.read_text()))
    assert "what only" in run("-", key=key_file)


def test_each_mistake_has_its_exit_code(made, code_file, key_file, tmp_path):
    """Scripts rely on them."""
    other = tmp_path / "other.pem"
    other.write_text(sm2.generate().to_pem())
    broken = tmp_path / "broken.txt"
    broken.write_text(code_file.read_text()[:-8] + "AAAAAAA=")
    assert exit_code(key=key_file) == Exit.USAGE
    assert exit_code("JT-0000-0000", key=key_file) == Exit.UNKNOWN_REFERENCE
    assert exit_code(made.reference, key=str(other)) == Exit.WRONG_KEY
    assert exit_code(file=str(broken), key=key_file) == Exit.ALTERED
    assert exit_code("no reference!", key=key_file) == Exit.MALFORMED
    assert exit_code(file=str(tmp_path / "none"), key=key_file) == Exit.MALFORMED
    assert exit_code(made.reference, key=str(broken)) == Exit.UNUSABLE_KEY
    assert exit_code(made.reference, key=str(tmp_path)) == Exit.UNUSABLE_KEY


def test_a_wrong_key_is_said_in_words(made, tmp_path):
    """The developer learns which key is needed."""
    other = tmp_path / "other.pem"
    other.write_text(sm2.generate().to_pem())
    with pytest.raises(CommandError, match="sealed to the key"):
        run(made.reference, key=str(other))


def test_an_encrypted_key_file_asks_for_its_password(made, key, tmp_path, monkeypatch):
    """The private key may be kept under a password."""
    path = tmp_path / "locked.pem"
    path.write_text(key.to_pem(b"correct horse"))
    monkeypatch.setattr("getpass.getpass", lambda *args: "correct horse")
    assert "what only" in run(made.reference, key=str(path), password=True)
    monkeypatch.setattr("getpass.getpass", lambda *args: "wrong")
    with pytest.raises(CommandError) as found:
        run(made.reference, key=str(path), password=True)
    assert found.value.returncode == Exit.UNUSABLE_KEY


def test_a_code_is_opened_without_a_project(code_file, key_file):
    """On a machine with neither settings nor database, nor Django."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name != "DJANGO_SETTINGS_MODULE"
    }
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from jtsec.errors.open import main\n"
        f"sys.exit(main([{str(code_file)!r}, '--key', {key_file!r}]))"
    )
    for command in (
        ["-c", code],
        ["-m", "jtsec.errors.open", str(code_file), "--key", key_file],
    ):
        done = subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        assert done.returncode == 0, done.stderr
        assert "what only the developers read" in done.stdout


def test_the_standalone_command_says_what_is_wrong(
    code_file, tmp_path, key_file, capsys
):
    """The same words and exit codes."""
    other = tmp_path / "other.pem"
    other.write_text(sm2.generate().to_pem())
    assert main([str(code_file), "--key", str(other)]) == Exit.WRONG_KEY
    assert "sealed to the key" in capsys.readouterr().err
    assert main([str(other), "--key", key_file]) == Exit.MALFORMED
    assert main([str(tmp_path / "none"), "--key", key_file]) == Exit.MALFORMED
    assert main([str(code_file), "--key", str(code_file)]) == Exit.UNUSABLE_KEY
    assert main([str(code_file), "--key", key_file, "--json"]) == Exit.OPENED
    assert json.loads(capsys.readouterr().out)["kind"] == "builtins.ValueError"
