"""A real SoftHSM token of each test's own, and a key ring locked under its key."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from django.test import override_settings
from django.utils.translation import override

from jtsec.keys import api as keys
from jtsec.secrets.api import keep
from jtsec.secrets.places import KEY_VARIABLE, STORE_VARIABLE
from tests import keyring

LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
)
PIN = "271828"


class SoftHsm(NamedTuple):
    """A token: where it lies, its label, and the file it locks."""

    module: str
    folder: Path
    label: str
    file: Path

    def take_away(self) -> None:
        """Pull the token out."""
        self.folder.rename(self.folder.with_name("pulled"))
        self.folder.mkdir()

    def put_back(self) -> None:
        """Put it in again."""
        self.folder.rmdir()
        self.folder.with_name("pulled").rename(self.folder)


def set_pin(pin: str) -> None:
    """Keep another PIN in the store of secrets."""
    keep("pkcs11.pin", pin, at=datetime.now(UTC))


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Say in the words of the sources what is wrong."""
    with override("en"):
        yield


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftHsm]:
    """Make a token, keep its PIN as a secret, and name both in the settings."""
    pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
    module = next((one for one in LIBRARIES if Path(one).exists()), "")
    if not module or not shutil.which("softhsm2-util"):
        pytest.skip("SoftHSM is not installed")
    made = SoftHsm(
        module, tmp_path / "tokens", f"token of {tmp_path.name}"[:32], tmp_path / "k"
    )
    made.folder.mkdir()
    monkeypatch.setattr("jtsec.pkcs11.token.ASK_AGAIN_AFTER", 0.0)
    # A child that goes on with its parent's state is refused, as hardware does it.
    (tmp_path / "softhsm2.conf").write_text(
        f"directories.tokendir = {made.folder}\nobjectstore.backend = file\n"
        "log.level = ERROR\nlibrary.reset_on_fork = true\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "secrets" / "s.secrets"))
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "secret keys" / "s.key"))
    subprocess.run(
        [
            *("softhsm2-util", "--init-token", "--free", "--label", made.label),
            *("--pin", PIN, "--so-pin", "31415926"),
        ],
        check=True,
        capture_output=True,
    )
    set_pin(PIN)
    with override_settings(
        JTSEC_KEYS_PROVIDER="jtsec.pkcs11.provider.Pkcs11KeyProvider",
        JTSEC_KEYS_FILE=str(made.file),
        JTSEC_PKCS11_MODULE=module,
        JTSEC_PKCS11_TOKEN=made.label,
    ):
        keys.reload()
        yield made
        close()
    keys.reload()


def close() -> None:
    """Let go of the token as before a fork: the next use opens it anew."""
    from jtsec.pkcs11.token import TOKEN

    TOKEN.before_fork()
    TOKEN.after_fork()


@pytest.fixture
def locked(token: SoftHsm) -> SoftHsm:
    """Return a token that locks the ring in force."""
    keys.create_key_file(token.file, keyring.error_private_key().public)
    return token
