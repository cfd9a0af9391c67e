"""The key file in shares: cut up by a person, put back by enough of the holders."""

from __future__ import annotations

import io
import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from django.core.management import CommandError, call_command

from jtsec.audit.models import AuditRecord
from jtsec.keys import share_file
from jtsec.keys.api import ShareUnreadable, open_share, put_back
from tests import keyring
from tests.authentication.persons import registered

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("A10.3"),
    pytest.mark.usefixtures("ops"),
]
PASSWORDS = {"zhang": "Zhang-keeps-1-share", "li": "Li-keeps-another-1"}
WHO = ("--actor", "ops", "--reason", "yearly drill")
Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a verb that runs the command with lines as its input."""

    def with_lines(*arguments: str, lines: tuple[str, ...] = ()) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines) + "\n"))
        out = io.StringIO()
        call_command("jtsec_keys_escrow", *arguments, stdout=out)
        return out.getvalue()

    return with_lines


@pytest.fixture
def cut(run: Run, tmp_path: Path) -> list[Path]:
    """Cut the key file up: two passwords and one public key, two are needed."""
    public, private = tmp_path / "wang.pub.pem", tmp_path / "wang.pem"
    key = keyring.private_key("wang")
    public.write_text(key.public.to_pem())
    private.write_text(key.to_pem())
    holders = ("--holder", "zhang", "--holder", "li", "--holder", f"wang={public}")
    said = run(
        *(*holders, "--needed", "2", "--to", str(tmp_path / "out"), *WHO, "--json"),
        lines=(PASSWORDS["zhang"], PASSWORDS["li"]),
    )
    return [Path(one) for one in json.loads(said)["shares"]]


def test_any_two_holders_give_the_key_file_back(
    run: Run, cut: list[Path], tmp_path: Path, ring_file: Path
) -> None:
    """Password with password, and password with private key; byte for byte."""
    key = str(tmp_path / "wang.pem")
    given = {
        "both": (["--share", str(cut[0]), "--share", str(cut[1])], PASSWORDS.values()),
        "key": (
            ["--share", f"{cut[2]}={key}", "--share", str(cut[1])],
            [PASSWORDS["li"]],
        ),
    }
    for name, (arguments, lines) in given.items():
        restored = tmp_path / "back" / name
        run("--restore", str(restored), *arguments, lines=tuple(lines))
        assert restored.read_bytes() == ring_file.read_bytes()
        assert stat.S_IMODE(restored.stat().st_mode) == 0o400


def test_it_is_on_record_and_no_share_stands_in_clear(
    cut: list[Path], ring_file: Path
) -> None:
    """Who, why and for whom; the files are their owner's alone."""
    (event,) = AuditRecord.objects.filter(code="rotation:file:escrowed")
    assert (event.actor_username, event.reason) == ("ops", "yearly drill")
    for name in (b"zhang", b"li", b"wang"):
        assert name in bytes(event.payload)
    for path in cut:
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
        assert b"material" not in path.read_bytes()
        assert "material" not in repr(share_file.read_facts(path.read_bytes()))


def opened(cut: list[Path]) -> list[share_file.Share]:
    """Open all three shares."""
    keys: list[Any] = [*PASSWORDS.values(), keyring.private_key("wang")]
    return [open_share(p.read_bytes(), k) for p, k in zip(cut, keys, strict=True)]


def test_too_few_or_mixed_shares_write_nothing(cut: list[Path], tmp_path: Path) -> None:
    """One alone, one twice, one of another cut, one whose bytes are another's."""
    first, second, _third = opened(cut)
    other = second._replace(facts=second.facts._replace(set="0" * 16))
    moved = second._replace(data=first.data)
    for given, says in (
        ([], "not all of one set"),
        ([first], "2 are needed"),
        ([first, first], "2 are needed"),
        ([first, other], "not all of one set"),
        ([first, moved], "no key file"),
    ):
        with pytest.raises(ShareUnreadable, match=says):
            put_back(given, tmp_path / "new.keys")
    assert not (tmp_path / "new.keys").exists()


def test_without_the_look_at_the_whole_a_wrong_file_would_be_written(
    cut: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection removed: shares that do not fit make a file of noise."""
    from jtsec.keys import escrow

    first, second, _third = opened(cut)
    monkeypatch.setattr(escrow, "parse_ring", lambda data: None)
    put_back([first, second._replace(data=first.data)], tmp_path / "new.keys")
    assert b"jtsec.keys" not in (tmp_path / "new.keys").read_bytes()


CHANGES: tuple[Callable[[Any], Any], ...] = (
    lambda c: c.update(number=3),
    lambda c: c.update(set="0" * 16),
    lambda c: c.update(holder="li"),
    lambda c: c.update(needed=1),
    lambda c: c.update(sealed=c["sealed"][:-8] + "AAAAAAA="),
    lambda c: c.update(format="jtsec.share/2"),
    lambda c: c.pop("total"),
    lambda c: c.update(needed="2"),
    lambda c: c["password"].update(salt="AAAA"),
    lambda c: c["password"].update(passes=10**9),
    lambda c: c["password"].update(memory=1),
    lambda c: c.update(password=7),
)


def test_an_altered_share_does_not_open(cut: list[Path]) -> None:
    """Whatever stands beside the sealed part is sealed with it."""
    for change in CHANGES:
        content = json.loads(cut[0].read_bytes())
        change(content)
        with pytest.raises(ShareUnreadable):
            open_share(json.dumps(content).encode(), PASSWORDS["zhang"])


def test_the_wrong_password_key_or_file_does_not_open(cut: list[Path]) -> None:
    """Each is told as one sentence that names the share and nothing else."""
    for path, key in (
        (cut[0], PASSWORDS["li"]),
        (cut[0], keyring.private_key("wang")),
        (cut[2], PASSWORDS["zhang"]),
        (cut[2], keyring.private_key("other")),
    ):
        with pytest.raises(ShareUnreadable, match=r"share [13] was altered"):
            open_share(path.read_bytes(), key)
    for data in (b"not json", b"[" * 100_000):
        with pytest.raises(ShareUnreadable, match="no share"):
            open_share(data, "x")


def test_bad_calls_change_nothing(run: Run, tmp_path: Path) -> None:
    """Numbers, passwords, names, duty: a code of the end, and no file."""
    registered("wang", 2)
    out = ("--to", str(tmp_path / "out"))
    two = ("--holder", "a", "--holder", "b")
    good = (*two, "--needed", "2", *out)
    for code, arguments in (
        (2, (*two, "--needed", "3", *out, *WHO)),
        (2, (*two, "--needed", "1", *out, *WHO)),
        (2, ("--holder", "a", "--needed", "2", *out, *WHO)),
        (2, (*two, *out, *WHO)),
        (2, (*good, "--actor", "ops")),
        (2, ("--holder", "a=/none.pem", "--holder", "b", "--needed", "2", *out, *WHO)),
        (3, (*good, "--actor", "wang", "--reason", "x")),
        (3, (*good, "--actor", "nobody", "--reason", "x")),
        (2, ("--restore", str(tmp_path / "k"))),
        (2, ("--restore", str(tmp_path / "k"), "--share", str(tmp_path / "none"))),
    ):
        with pytest.raises(CommandError) as error:
            run(*arguments, lines=("A-long-password-1", "A-long-password-2"))
        assert error.value.returncode == code, arguments
    with pytest.raises(CommandError, match="less than 12"):
        run(*good, *WHO, lines=("short", "A-long-password-2"))
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "k").exists()


def test_a_file_that_is_there_is_never_overwritten(
    run: Run, cut: list[Path], ring_file: Path
) -> None:
    """Neither the key file in use nor a share of before."""
    before = ring_file.read_bytes()
    shares = ("--share", str(cut[0]), "--share", str(cut[1]))
    with pytest.raises(CommandError, match="there already"):
        run("--restore", str(ring_file), *shares, lines=tuple(PASSWORDS.values()))
    assert ring_file.read_bytes() == before


def test_shares_that_are_on_no_record_do_not_stay(run: Run, tmp_path: Path) -> None:
    """The last one cannot be written: the event is taken back, the others go too."""
    folder = tmp_path / "out"
    folder.mkdir(mode=0o700)
    (folder / "jtsec-2-li.share").write_text("of before")
    holders = ("--holder", "zhang", "--holder", "li", "--needed", "2")
    with pytest.raises(CommandError, match="there already"):
        run(*holders, "--to", str(folder), *WHO, lines=tuple(PASSWORDS.values()))
    assert [one.read_text() for one in folder.iterdir()] == ["of before"]
    assert not AuditRecord.objects.filter(code="rotation:file:escrowed").exists()
