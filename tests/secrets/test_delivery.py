"""New passwords reach the database administrator, and nobody else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from jtsec.core.exceptions import InputError
from jtsec.crypto import sm2
from jtsec.secrets.__main__ import main
from jtsec.secrets.delivery import (
    Delivery,
    open_delivery,
    read_recipient,
    seal_delivery,
    write_delivery,
)
from jtsec.secrets.exceptions import SecretsCorrupt, SecretsUnavailable
from tests.secrets.page_of_formats import vector

pytestmark = pytest.mark.clause("P44.2")

KEY = sm2.generate()
MADE = "2026-03-01T08:00:00+00:00"
DELIVERY = Delivery("db.accounts", "permits", MADE, {"permits_a": "Secret-1"})


def test_the_form_is_the_documented_one() -> None:
    """What was handed over is opened by every later release."""
    case = vector("database-delivery")
    key = sm2.PrivateKey(int(case["d"], 16))
    assert open_delivery(case["file"], key) == Delivery(**case["delivery"])


def test_only_the_administrator_opens_it(tmp_path: Path) -> None:
    """Altered, cut, or with another key: an error that tells nothing."""
    text = seal_delivery(DELIVERY, KEY.public)
    assert open_delivery(text, KEY) == DELIVERY
    assert "Secret-1" not in text
    lines = text.splitlines()
    altered = ("\n".join([lines[0], lines[1][::-1], *lines[2:]]), lines[0], "", "长")
    for key, broken in ((sm2.generate(), text), *((KEY, one) for one in altered)):
        with pytest.raises(SecretsCorrupt) as caught:
            open_delivery(broken, key)
        assert "Secret" not in str(caught.value)


def test_a_delivery_is_not_overwritten(tmp_path: Path) -> None:
    """It may be the only copy of what is in force; others cannot read it."""
    path = tmp_path / "delivered"
    write_delivery(path, "first\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    with pytest.raises(InputError):
        write_delivery(path, "second\n")
    assert path.read_text() == "first\n"
    with pytest.raises(SecretsUnavailable):
        write_delivery(tmp_path / "nowhere" / "delivered", "x")


def test_a_recipient_is_a_public_sm2_key(tmp_path: Path) -> None:
    """Nothing is sealed to what is none."""
    path = tmp_path / "dba.pem"
    for content in (KEY.to_pem(), "nothing", KEY.public.to_pem()[:60]):
        path.write_text(content)
        with pytest.raises(SecretsUnavailable):
            read_recipient(path)
    path.write_text(KEY.public.to_pem())
    assert read_recipient(path) == KEY.public
    with pytest.raises(SecretsUnavailable):
        read_recipient(tmp_path / "missing.pem")


def test_the_administrator_needs_no_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Makes a key pair, gives the public half away, and opens what comes."""
    private, sealed = tmp_path / "own" / "dba-private.pem", tmp_path / "delivered"
    assert main(["dba-key", str(private)]) == 0
    public = sm2.PublicKey.from_pem(capsys.readouterr().out)
    write_delivery(sealed, seal_delivery(DELIVERY, public))
    assert main(["delivered", str(sealed), "--key", str(private)]) == 0
    assert '"permits_a": "Secret-1"' in capsys.readouterr().out
    # Never over an older key, with which older files are opened.
    assert main(["dba-key", str(private)]) == 2
    for wrong in ([str(private), "--key", str(private)], ["no", "--key", str(private)]):
        assert main(["delivered", *wrong]) == 2
    assert "Secret-1" not in capsys.readouterr().out
