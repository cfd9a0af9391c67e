"""Nobody else reads or replaces the key file, and it is whole or not there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from django.test import override_settings

from jtsec.crypto import sm2
from jtsec.keys import api, keyfile
from jtsec.keys.exceptions import (
    KeyFileCorrupt,
    KeyFileExists,
    KeyFileExposed,
    KeysUnavailable,
)
from jtsec.keys.format import parse_ring
from tests import keyring

needs_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="needs root, to give a file away"
)


@pytest.mark.clause("A10.3")
@pytest.mark.parametrize("mode", [0o644, 0o440, 0o404, 0o420, 0o402, 0o700 | 0o001])
def test_a_file_others_can_open_is_refused(key_file, use, mode):
    """One bit for group or others, and no key is given out."""
    key_file.chmod(mode)
    use(key_file)
    with pytest.raises(KeyFileExposed, match=f"{mode:04o}"):
        api.active(api.Purpose.FIELD)


@pytest.mark.parametrize("mode", [0o400, 0o600])
def test_a_file_of_ones_own_is_read(key_file, use, mode):
    """Read for the owner is enough, and write for the owner does no harm."""
    key_file.chmod(mode)
    use(key_file)
    assert api.active(api.Purpose.FIELD).secret == keyring.known_ring("other")[0].secret


def test_without_the_look_at_the_mode_it_would_be_read(key_file, use, monkeypatch):
    """With the protection removed, a file open to all is taken."""
    key_file.chmod(0o644)
    use(key_file)
    monkeypatch.setattr(keyfile, "_require_private", lambda path, found: None)
    assert api.active(api.Purpose.FIELD).id == "field-1"


@needs_root
@pytest.mark.clause("A10.3")
def test_somebody_elses_file_is_refused(key_file, use):
    """Who owns the file chooses the keys; only this user and root may."""
    os.chown(key_file, 54321, 54321)
    use(key_file)
    with pytest.raises(KeyFileExposed, match="54321"):
        api.active(api.Purpose.FIELD)


@needs_root
def test_somebody_elses_folder_is_refused(tmp_path, use):
    """Who owns the folder can put another file under the name."""
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o755)
    data = Path(keyring.path()).read_bytes()
    path = keyring.write(folder / "jtsec.keys", data)
    os.chown(folder, 54321, 54321)
    use(path)
    with pytest.raises(KeyFileExposed, match="replaced by others"):
        api.active(api.Purpose.FIELD)


@pytest.mark.clause("A10.3")
def test_a_link_in_a_folder_others_write_is_refused(tmp_path, key_file, use):
    """Who can replace the link chooses the keys, however private the target is."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    link = shared / "jtsec.keys"
    link.symlink_to(key_file)
    use(link)
    with pytest.raises(KeyFileExposed, match="shared"):
        api.active(api.Purpose.FIELD)


def test_a_link_to_a_folder_others_write_is_refused(tmp_path, use):
    """A private link does not make its target private."""
    shared = tmp_path / "shared"
    shared.mkdir()
    target = keyring.write(shared / "k", Path(keyring.path()).read_bytes())
    shared.chmod(0o777)
    link = tmp_path / "jtsec.keys"
    link.symlink_to(target)
    use(link)
    with pytest.raises(KeyFileExposed):
        api.active(api.Purpose.FIELD)


def test_a_private_link_is_followed(tmp_path, key_file, use):
    """A container mounts its secrets as links."""
    link = tmp_path / "link.keys"
    link.symlink_to(key_file)
    use(link)
    assert api.active(api.Purpose.FIELD).id == "field-1"


@pytest.mark.clause("A10.3")
def test_a_ring_behind_a_link_is_changed_where_it_lies(tmp_path, key_file, use):
    """Else who reads the same file by another name goes on with the old keys."""
    link = tmp_path / "link.keys"
    link.symlink_to(key_file)
    use(link)
    made = api.prepare_key(api.Purpose.FIELD)
    assert link.is_symlink()
    assert made.id in {key.id for key in api.read_key_file(key_file)}
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        *sorted({key_file.name, link.name})
    ]


def test_links_in_a_circle_are_no_file(tmp_path):
    """Said as any other file that cannot be opened, for reading and for writing."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(KeysUnavailable):
        keyfile.read(one)
    with pytest.raises(KeysUnavailable):
        keyfile.replace(one, b"x")
    with pytest.raises(KeysUnavailable), keyfile.one_writer(one / "k"):
        pass


@pytest.mark.clause("A10.3")
def test_a_file_inside_the_project_is_refused(tmp_path, key_file, use):
    """BASE_DIR, the folder of the settings module, and any git work tree."""
    use(key_file)
    with override_settings(BASE_DIR=tmp_path):
        api.reload()
        with pytest.raises(KeyFileExposed, match="in the project"):
            api.active(api.Purpose.FIELD)
    (tmp_path / ".git").mkdir()
    api.reload()
    with pytest.raises(KeyFileExposed, match="git tree"):
        api.active(api.Purpose.FIELD)
    with pytest.raises(KeyFileExposed):
        keyfile.read(Path(__file__).parent.parent / "jtsec.keys")


def test_a_relative_path_is_refused():
    """What it means would depend on where the process was started."""
    with pytest.raises(KeyFileExposed, match="absolute"):
        keyfile.read(Path("jtsec.keys"))


def test_what_is_not_a_file_is_refused(tmp_path, use):
    """A folder or a pipe under the name gives an error, not a wait."""
    with pytest.raises((KeyFileExposed, KeysUnavailable)):
        keyfile.read(tmp_path)
    with pytest.raises(KeysUnavailable):
        keyfile.read(tmp_path / "nothing")
    os.mkfifo(tmp_path / "pipe", 0o400)
    with pytest.raises(KeyFileExposed, match="regular"):
        keyfile.read(tmp_path / "pipe")


def test_a_file_is_never_overwritten(key_file):
    """A second writer leaves what is there, and no draft beside it."""
    before = key_file.read_bytes()
    with pytest.raises(KeyFileExists):
        keyfile.write_new(key_file, b"other")
    assert key_file.read_bytes() == before
    assert list(key_file.parent.iterdir()) == [key_file]


def test_a_new_file_is_private_from_its_first_byte(tmp_path):
    """Mode 0400 at creation, whatever the umask."""
    old = os.umask(0)
    try:
        keyfile.write_new(tmp_path / "new", b"x")
    finally:
        os.umask(old)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o400


@pytest.mark.concurrency
def test_one_of_several_writers_wins(tmp_path):
    """Eight at the same instant: one ring is made, seven are told so."""
    path, start = tmp_path / "jtsec.keys", threading.Barrier(8)
    public = keyring.error_private_key().public
    outcomes: list[object] = []

    def create() -> None:
        start.wait()
        try:
            outcomes.append(api.create_key_file(path, public))
        except KeyFileExists as error:
            outcomes.append(error)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, list) for one in outcomes) == 1
    assert len(outcomes) == 8
    api.read_key_file(path)


KILLED = """
import os, signal, sys
from pathlib import Path
from django.conf import settings
settings.configure(JTSEC_PROFILE="plugin")
from jtsec.crypto import sm2
from jtsec.keys import api

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(os, sys.argv[2], die)
api.create_key_file(Path(sys.argv[1]), sm2.PrivateKey(7).public)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.parametrize("moment", ["fsync", "link"])
def test_a_kill_during_the_write_leaves_no_half_file(tmp_path, moment):
    """Before the data is safe, or before it has its name: the name is not there."""
    path = tmp_path / "jtsec.keys"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), moment],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert not path.exists()
    for left in tmp_path.iterdir():
        assert left.stat().st_mode & 0o077 == 0
    api.create_key_file(path, keyring.error_private_key().public)
    assert len(api.read_key_file(path)) == len(api.Purpose)


@pytest.mark.clause("A10.3")
def test_a_truncated_or_altered_file_is_corrupt(key_file, use):
    """Wherever it is cut or a byte is changed, no key is given out."""
    whole = key_file.read_bytes()
    use(key_file)
    key_file.chmod(0o600)
    damaged = [whole[:cut] for cut in range(0, len(whole) - 1, 97)]
    for at in range(0, len(whole), 89):
        changed = bytearray(whole)
        changed[at] ^= 1
        damaged.append(bytes(changed))
    for data in damaged:
        if data.split() == whole.split():
            continue
        key_file.write_bytes(data)
        api.reload()
        with pytest.raises(KeyFileCorrupt):
            api.active(api.Purpose.FIELD)


@pytest.mark.parametrize("text", [r'"\ud800"', "é", "[" * 100_000, "7"])
def test_json_that_no_writer_makes_is_corrupt(text):
    """A digest that has no encoding, a nest without an end: still a damaged file."""
    for data in (text, '{"format": "jtsec.keys/1", "digest": ' + text + "}"):
        with pytest.raises(KeyFileCorrupt):
            parse_ring(data.encode())


def test_a_huge_file_is_not_read_whole(tmp_path):
    """Something else under the name does not fill the memory."""
    path = keyring.write(tmp_path / "k", b" " * (keyfile.LARGEST + 2))
    with pytest.raises(KeyFileCorrupt, match="too large"):
        keyfile.read(path)


def test_the_error_keys_private_half_is_written_apart(tmp_path):
    """The pair fits, the file is private, and a password locks it."""
    public = api.create_error_key(tmp_path / "plain.pem")
    assert (
        sm2.PrivateKey.from_pem((tmp_path / "plain.pem").read_text()).public == public
    )
    public = api.create_error_key(tmp_path / "locked.pem", b"correct horse")
    text = (tmp_path / "locked.pem").read_text()
    assert "ENCRYPTED" in text
    assert sm2.PrivateKey.from_pem(text, b"correct horse").public == public
    assert (tmp_path / "plain.pem").stat().st_mode & 0o777 == 0o400
