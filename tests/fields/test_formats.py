"""The formats page says what is stored: its vectors are computed here."""

from __future__ import annotations

import hmac
import json
import re
import unicodedata
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest

from django.core.files.storage import FileSystemStorage

from jtsec import fields
from jtsec.crypto import shares, sm3, sm4
from jtsec.fields import (
    EncryptedCharField,
    EncryptedStorage,
    blind_index,
    sealing,
)
from jtsec.keys import api as keys
from jtsec.keys.format import dump_ring, parse_ring
from jtsec.keys.ring import Ring
from tests import keyring
from tests.plainapp.models import Informant, Witness

pytestmark = pytest.mark.clause("A6.3", "A10.3")
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"


def vector(name: str) -> dict[str, Any]:
    """Return the vector of that name on the page."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    found: dict[str, Any] = {one["vector"]: one for one in map(json.loads, blocks)}
    case: dict[str, Any] = found[name]
    return case


def ring() -> Ring:
    """Return the ring on the page."""
    return parse_ring(vector("key-ring")["file"].encode())


def test_the_key_file_is_as_written():
    """It parses, its digest is computed as the page says, and it is written so."""
    text = vector("key-ring")["file"]
    assert dump_ring(ring(), keyring.CREATED).decode() == text
    content = json.loads(text)
    digest = content.pop("digest")
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"))
    assert hmac.compare_digest(digest, sm3.hexdigest(plain.encode()))


def test_the_share_of_a_key_file_is_as_written():
    """The password opens it, and with two more the secret is there."""
    case = vector("key-share")
    share = keys.open_share(case["file"].encode(), case["password"])
    assert share.facts.number == case["number"]
    assert share.data.hex() == case["data"]
    others = {int(x): bytes.fromhex(one) for x, one in case["others"].items()}
    given = {**others, share.facts.number: share.data}
    assert shares.combine(given).hex() == case["secret"]


def test_the_encrypted_field_is_as_written():
    """Given key and nonce every byte follows, and the code opens it."""
    case, key = vector("encrypted-field"), ring().get("field-1")
    stored, head = bytes.fromhex(case["stored"]), b"\xb1\x01\x07field-1"
    sealed = sm4.encrypt_with_nonce(
        key.secret,
        bytes.fromhex(case["nonce"]),
        case["text"].encode(),
        aad=head + case["label"].encode(),
    )
    assert stored == head + sealed
    assert sealing.open_sealed(case["label"], stored) == case["text"]
    assert sealing.converter(case["label"])(stored, None, None) == case["text"]


def test_the_encrypted_record_is_as_written():
    """Its row and its parts come back, and are written so again."""
    case = vector("encrypted-record")
    stored, head = bytes.fromhex(case["stored"]), b"\xb1\x01\x07field-1"
    sealed = sm4.encrypt_with_nonce(
        ring().get("field-1").secret,
        bytes.fromhex(case["nonce"]),
        case["text"].encode(),
        aad=head + case["label"].encode(),
    )
    assert stored == head + sealed
    field: Any = Informant._meta.get_field("details")
    found = field.from_db_value(stored, None, None)
    row = Informant(uid=UUID(found.row))
    row.details = found
    assert field.to_data(field.pre_save(row, add=True)).decode() == case["text"]


def test_the_encrypted_file_is_as_written(tmp_path):
    """Given the keys every byte follows, and the code opens it."""
    case, key = vector("encrypted-file"), ring().get("field-1")
    file_id, file_key = (bytes.fromhex(case[one]) for one in ("file_id", "file_key"))
    front = b"\xb1\x03\x07field-1\x10" + file_id
    place = b"\0".join([case["context"].encode(), case["name"].encode()])
    sealed_key = sm4.encrypt_with_nonce(
        key.secret,
        bytes.fromhex(case["nonce"]),
        file_key,
        aad=b"jtsec.file/1\0" + front + place,
    )
    only = sm4.encrypt_with_nonce(
        file_key, bytes(12), case["text"].encode(), aad=file_id + bytes(8) + b"\1"
    )
    stored = bytes.fromhex(case["stored"])
    assert stored == (front + sealed_key).ljust(128, b"\0") + only[12:]
    path = tmp_path / case["name"]
    path.parent.mkdir()
    path.write_bytes(stored)
    storage = EncryptedStorage(case["context"], FileSystemStorage(tmp_path))
    with storage.open(case["name"]) as file:
        assert file.read().decode() == case["text"]


def test_the_blind_index_is_as_written():
    """Given the key every byte follows, and the code makes the same."""
    case, key = vector("blind-index"), ring().get("index-1")
    text = unicodedata.normalize("NFC", case["text"])
    message = b"\0".join([b"jtsec.index/1", case["label"].encode(), text.encode()])
    data = EncryptedCharField(max_length=9).index_data(case["text"])
    expected = b"\x01\x07index-1" + sm3.hmac(key.secret, message)
    assert bytes.fromhex(case["index"]) == expected
    assert blind_index.index_of(case["label"], data) == expected


def test_the_index_of_an_end_is_as_written():
    """By the text's own characters, and by none where it has too few."""
    case = vector("end-index")
    names = ("phone_first3", "phone_last4")
    first, last = (cast("Any", Witness._meta.get_field(one)) for one in names)
    assert first.index_of(case["text"]).hex() == case["first3"]
    assert last.index_of(case["text"]).hex() == case["last4"]
    assert last.index_of(case["short"]).hex() == case["last4_of_short"]
    key = ring().get("index-1").secret
    message = f"jtsec.index/1\0{case['label']}[-4:]\x005678".encode()
    assert case["last4"] == "0107" + b"index-1".hex() + sm3.hmac(key, message).hex()


def test_every_kind_is_as_written():
    """What stands in the envelope and in the index; the value comes back from it."""
    for case in vector("encrypted-kinds")["cases"]:
        places = (
            {"max_digits": 8, "decimal_places": 2} if "Dec" in case["field"] else {}
        )
        field = getattr(fields, case["field"])(**places)
        value = field.get_prep_value(field.to_python(case["value"]))
        kept = field.as_stored(value)
        data = bytes.fromhex(case["data"])
        assert field.to_data(kept) == data, case
        assert field.from_data(data) == kept
        if case["index"] is not None:
            assert field.index_data(value) == bytes.fromhex(case["index"])
        assert field.has_equality is (case["index"] is not None)


def test_the_ring_of_the_tests_is_that_of_the_page():
    """So that anybody can check the vectors against what runs."""
    for key_id in ("field-1", "index-1"):
        assert hmac.compare_digest(ring().get(key_id).secret, keys.get(key_id).secret)
