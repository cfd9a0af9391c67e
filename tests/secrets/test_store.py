"""The store: whole or not changed, nobody else's, and nothing opens it but its key."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jtsec.core.exceptions import ConfigurationError, InputError
from jtsec.crypto import sm4
from jtsec.crypto.envelope import read_header, seal_symmetric
from jtsec.keys import keyfile
from jtsec.secrets import api, secret
from jtsec.secrets.key import StoreKey, dump_key, parse_key, read_key
from jtsec.secrets.store import Entry, open_store, read_store, seal_store
from tests.secrets.conftest import Places

pytestmark = pytest.mark.clause("A10.3")

MOMENT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"
ROOT = Path(__file__).parents[2]
VALUE = "Kept-in-the-store-1!"


def test_a_secret_kept_is_the_secret_given(places: Places) -> None:
    """Key and store are made with the first, private, and say nothing in clear."""
    assert api.keep("db.password", VALUE, at=MOMENT) is True
    assert secret("db.password") == VALUE
    assert api.keep("db.password", "另一个 口令", at=MOMENT) is False
    assert secret("db.password") == "另一个 口令"
    assert api.secret_status() == [api.SecretStatus("db.password", MOMENT)]
    for path in places:
        assert path.stat().st_mode & 0o777 == 0o400
    data = places.store.read_bytes()
    assert b"password" not in data
    assert VALUE.encode() not in data
    assert sorted(places.store.parent.iterdir()) == [places.store]
    api.remove("db.password")
    assert api.secret_status() == []
    with pytest.raises(api.UnknownSecret, match=r"db\.password"):
        secret("db.password")


def test_without_a_store_there_is_no_value_at_all(places: Places) -> None:
    """No default stands in: it would be the plaintext in the settings again."""
    with pytest.raises(api.SecretsUnavailable):
        secret("db.password")
    with pytest.raises(TypeError):
        secret("db.password", "fallback")  # type: ignore[call-arg]  # there is none


@pytest.mark.parametrize("which", ["store", "key"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_what_others_can_open_is_refused(places: Places, which: str, mode: int) -> None:
    """One bit for group or others, on either file, and nothing is given out."""
    api.keep("a", VALUE, at=MOMENT)
    getattr(places, which).chmod(mode)
    with pytest.raises(api.SecretsExposed, match=f"{mode:04o}"):
        secret("a")
    with pytest.raises(api.SecretsExposed):
        api.keep("b", VALUE, at=MOMENT)


def test_without_the_look_at_the_mode_it_would_be_given(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the protection removed, a store open to all is used."""
    api.keep("a", VALUE, at=MOMENT)
    places.store.chmod(0o644)
    monkeypatch.setattr(keyfile, "_require_private", lambda path, found: None)
    assert secret("a") == VALUE


def test_a_store_in_the_project_is_refused(
    tmp_path: Path, places: Places, settings: object
) -> None:
    """It would be committed, copied and packed with it."""
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]  # of the fixture
    with pytest.raises(api.SecretsExposed, match="in the project"):
        api.keep("a", VALUE, at=MOMENT)
    assert not places.store.parent.exists()
    assert not places.key.parent.exists()


def test_every_altered_byte_is_found(places: Places) -> None:
    """One flipped bit anywhere, or a cut anywhere, and the store is refused whole."""
    api.keep("a", VALUE, at=MOMENT)
    key, whole = read_key(places.key), places.store.read_bytes()
    for index in range(len(whole)):
        altered = bytearray(whole)
        altered[index] ^= 1
        with pytest.raises(api.SecretsCorrupt):
            open_store(bytes(altered), key)
        with pytest.raises(api.SecretsCorrupt):
            open_store(whole[:index], key)


def test_another_key_or_another_kind_of_data_does_not_open() -> None:
    """Nor does an envelope of the same key that was sealed for something else."""
    key, other = StoreKey("secrets-1", sm4.Gcm(b"k" * 16)), sm4.Gcm(b"o" * 16)
    data = seal_store({"a": Entry(VALUE, MOMENT)}, key)
    assert open_store(data, key) == {"a": Entry(VALUE, MOMENT)}
    with pytest.raises(api.SecretsCorrupt):
        open_store(data, StoreKey("secrets-1", other))
    with pytest.raises(api.SecretsCorrupt, match="secrets-1"):
        open_store(data, StoreKey("secrets-2", key.gcm))
    strange = seal_symmetric("secrets-1", key.gcm, b'{"format": "x"}', b"other")
    with pytest.raises(api.SecretsCorrupt):
        open_store(strange, key)


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", '{"format": "jtsec.secrets/2", "secrets": {}}',
     '{"format": "jtsec.secrets/1", "secrets": {"a": {"value": 7}}}',
     '{"format": "jtsec.secrets/1", "secrets": []}', "\ufeff"],
)  # fmt: skip
def test_a_form_that_is_not_known_is_refused(content: str) -> None:
    """With an error of ours, whatever stands in it."""
    key = StoreKey("secrets-1", sm4.Gcm(b"k" * 16))
    data = seal_symmetric(key.id, key.gcm, content.encode(), b"jtsec.secrets/1")
    with pytest.raises(api.SecretsCorrupt):
        open_store(data, key)


def test_a_lost_key_is_never_replaced(places: Places) -> None:
    """A new one would hide that what is kept can no longer be read."""
    api.keep("a", VALUE, at=MOMENT)
    before = places.store.read_bytes()
    places.key.unlink()
    with pytest.raises(api.SecretsUnavailable):
        api.keep("b", VALUE, at=MOMENT)
    assert not places.key.exists()
    assert places.store.read_bytes() == before


def test_a_damaged_key_is_told_without_quoting_it(places: Places) -> None:
    """Cut, altered or of another format."""
    whole = dump_key("secrets-1", b"0123456789abcdef")
    assert parse_key(whole).id == "secrets-1"
    bad = [whole[:40], b"[]", whole.replace(b"secrets-1", b"secrets-2"), b"\xff"]
    bad.append(b"[" * 100_000)
    bad += [dump_key("secrets-1", b"short"), dump_key("Not an id", b"k" * 16)]
    for data in bad:
        with pytest.raises(api.SecretsCorrupt) as error:
            parse_key(data)
        assert error.value.__cause__ is None
        assert str(error.value) == "the key of the secrets is damaged"


@pytest.mark.parametrize("name", ["", "A", "a b", "../a", "a" * 65, ".a", "密码"])
def test_a_malformed_name_changes_nothing(places: Places, name: str) -> None:
    """It says what a name is; no key and no store is made."""
    with pytest.raises(InputError) as error:
        api.keep(name, VALUE, at=MOMENT)
    assert error.value.field == "name"
    assert not places.key.exists()


@pytest.mark.parametrize("value", ["", "  \n", "a\0b", "x" * 65_537])
def test_a_malformed_value_changes_nothing(places: Places, value: str) -> None:
    """Blank, binary and huge ones are refused."""
    with pytest.raises(InputError) as error:
        api.keep("a", value, at=MOMENT)
    assert error.value.field == "value"
    assert not places.key.exists()


def test_a_full_store_stays_as_it_is(places: Places) -> None:
    """What could not be read again is not written."""
    before = b""
    with pytest.raises(api.SecretsUnavailable, match="full"):
        for number in range(40):
            api.keep(f"n{number}", f"{number}" + "x" * 60_000, at=MOMENT)
            before = places.store.read_bytes()
    assert places.store.read_bytes() == before


def test_a_write_that_fails_leaves_the_old_store(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no draft beside it."""
    api.keep("a", VALUE, at=MOMENT)

    def full(draft: Path, path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keyfile, "_take_name", full)
    with pytest.raises(api.SecretsUnavailable):
        api.keep("a", "another", at=MOMENT)
    assert secret("a") == VALUE
    assert sorted(places.store.parent.iterdir()) == [places.store]


WRITER = """
import sys
from datetime import UTC, datetime
from jtsec.secrets.api import keep
moment = datetime(2026, 1, 1, tzinfo=UTC)
for number in range(6):
    keep(f"{sys.argv[1]}.{number}", f"value {number}", at=moment)
"""


@pytest.mark.concurrency
def test_writers_at_the_same_time_lose_nothing(places: Places) -> None:
    """Four processes keep six secrets each; all are there."""
    api.keep("first", VALUE, at=MOMENT)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, f"w{number}"], cwd=ROOT)
        for number in range(4)
    ]
    assert [one.wait(60) for one in writers] == [0] * 4
    assert len(api.secret_status()) == 25


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from jtsec.keys import keyfile
from jtsec.secrets.api import keep
plain = getattr(keyfile, sys.argv[1])
def die(*arguments):
    if sys.argv[2] == "after":
        plain(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(keyfile, sys.argv[1], die)
keep("a", "new", at=datetime(2026, 1, 1, tzinfo=UTC))
"""


@pytest.mark.concurrency
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize(
    ("where", "when", "expected"),
    [("_write_draft", "after", VALUE), ("_take_name", "before", VALUE),
     ("_take_name", "after", "new")],
)  # fmt: skip
def test_a_kill_leaves_the_old_or_the_new_store(
    places: Places, where: str, when: str, expected: str
) -> None:
    """Never a half one; and the next writer is not kept waiting."""
    api.keep("a", VALUE, at=MOMENT)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, where, when], cwd=ROOT, check=False
    )
    assert ended.returncode == -9
    assert secret("a") == expected
    api.keep("b", "next", at=MOMENT)
    assert secret("b") == "next"


def test_nothing_shows_a_value_by_accident() -> None:
    """An entry in a trace or a log says when, and not what."""
    assert VALUE not in repr(Entry(VALUE, MOMENT))
    assert VALUE not in f"{[Entry(VALUE, MOMENT)]}"


def test_the_page_of_formats_says_what_is_written(tmp_path: Path) -> None:
    """The vector's store opens with the vector's key file, byte for byte."""
    blocks = re.findall(r"^```json\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    found = [json.loads(block) for block in blocks]
    (case,) = [one for one in found if one.get("vector") == "secrets-store"]
    material, nonce = bytes.fromhex(case["key"]), bytes.fromhex(case["nonce"])
    assert dump_key(case["key_id"], material).decode() == case["key_file"]
    key, data = parse_key(case["key_file"].encode()), bytes.fromhex(case["store"])
    entries = open_store(data, key)
    assert {name: one.value for name, one in entries.items()} == case["secrets"]
    head = data[: read_header(data).length]
    aad = head + case["aad"].encode()
    sealed = sm4.encrypt_with_nonce(
        material, nonce, case["plaintext"].encode(), aad=aad
    )
    assert data == head + sealed
    path = tmp_path / "store"
    path.write_bytes(data)
    path.chmod(0o400)
    assert read_store(path, key) == entries


def test_the_errors_hang_on_the_tree() -> None:
    """Whoever catches a fault of the configuration catches these."""
    for kind in (api.SecretsUnavailable, api.SecretsExposed, api.SecretsCorrupt):
        assert issubclass(kind, ConfigurationError)
    assert issubclass(api.UnknownSecret, api.SecretsUnavailable)
