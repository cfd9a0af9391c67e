"""An envelope opens with its key and context alone, and refuses in a typed way."""

from __future__ import annotations

import contextlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.crypto import envelope, sm2
from jtsec.crypto.envelope import read_header
from jtsec.crypto.exceptions import (
    CryptoError,
    DecryptionFailed,
    InvalidInput,
    UnknownFormat,
)
from jtsec.crypto.sm2 import PrivateKey
from jtsec.crypto.sm2_contract import Sm2Provider
from jtsec.crypto.sm4 import Gcm

pytestmark = pytest.mark.clause("A6.3")
GCM = Gcm(bytes(range(16)))
KEY = PrivateKey(0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8)
AAD = b"app.model.field"


@given(
    st.from_regex(r"\A[A-Za-z0-9._-]{1,64}\Z"),
    st.binary(max_size=600),
    st.binary(max_size=60),
)
def test_what_is_sealed_opens_and_names_its_key(
    key_id: str, plaintext: bytes, aad: bytes
) -> None:
    """The header tells the key, and the key opens."""
    blob = envelope.seal_symmetric(key_id, GCM, plaintext, aad)
    header = read_header(blob)
    assert header == (envelope.VERSION, envelope.SM4_GCM, key_id, 3 + len(key_id))
    assert envelope.open_symmetric(blob, GCM, aad) == plaintext


def test_one_after_another_is_as_one_by_one() -> None:
    """Bound once for many values, the same envelopes are sealed and opened."""
    blob = envelope.sealer("field-1", GCM, AAD)(b"value")
    assert envelope.open_symmetric(blob, GCM, AAD) == b"value"
    open_blob = envelope.opener(read_header(blob), GCM, AAD)
    assert open_blob(blob) == b"value"
    with pytest.raises(DecryptionFailed):
        open_blob(envelope.seal_symmetric("field-2", GCM, b"value", AAD))
    with pytest.raises(UnknownFormat):
        envelope.opener(read_header(blob)._replace(algorithm=2), GCM, AAD)


@pytest.mark.parametrize("key_id", ["", "a" * 65, "a b", "键", "a\n", "a/b", "é"])
def test_a_key_id_of_another_form_is_refused(key_id: str) -> None:
    """Nothing that needs quoting, and nothing too long."""
    with pytest.raises(InvalidInput):
        envelope.seal_symmetric(key_id, GCM, b"", b"")


def test_every_altered_bit_of_an_envelope_is_refused() -> None:
    """Head and body are both covered by the tag."""
    blob = envelope.seal_symmetric("field-1", GCM, b"value", AAD)
    for position in range(len(blob)):
        for bit in range(8):
            altered = bytearray(blob)
            altered[position] ^= 1 << bit
            with pytest.raises((DecryptionFailed, UnknownFormat)):
                envelope.open_symmetric(bytes(altered), GCM, AAD)


def test_every_cut_of_an_envelope_is_refused() -> None:
    """No prefix opens, and nothing may follow."""
    blob = envelope.seal_symmetric("field-1", GCM, b"value", AAD)
    for wrong in [blob[:cut] for cut in range(len(blob))] + [blob + b"\0"]:
        with pytest.raises((DecryptionFailed, UnknownFormat)):
            envelope.open_symmetric(wrong, GCM, AAD)


def test_a_ciphertext_moved_to_another_field_does_not_open() -> None:
    """The field's name, or a key id that took bytes of it, is not exchangeable."""
    blob = envelope.seal_symmetric("k", GCM, b"value", b"aad")
    for aad in (b"", b"aa", b"app.model.other"):
        with pytest.raises(DecryptionFailed):
            envelope.open_symmetric(blob, GCM, aad)
    with pytest.raises(DecryptionFailed):
        envelope.open_symmetric(blob, Gcm(bytes(16)), b"aad")
    longer = envelope.seal_symmetric("ka", GCM, b"", b"ad")[:5] + blob[4:]
    with pytest.raises(DecryptionFailed):
        envelope.open_symmetric(longer, GCM, b"ad")


def test_a_header_bound_to_nothing_would_let_key_ids_be_swapped() -> None:
    """Without the head in the authenticated data, a renamed envelope would open."""
    head = envelope.seal_symmetric("new", GCM, b"", AAD)[:6]
    renamed = head + GCM.encrypt(b"value", aad=AAD)
    with pytest.raises(DecryptionFailed):
        envelope.open_symmetric(renamed, GCM, AAD)
    assert GCM.decrypt(renamed[6:], aad=AAD) == b"value"


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\xb1",
        b"\xb1\x01",
        b"\xb1\x01\x00",
        b"\xb1\x01\x05abc",
        b"\xb2\x01\x01a" + bytes(40),
        b"\xb1\x03\x01a" + bytes(40),
        b"\xb1\x01\x01 " + bytes(40),
        "明文".encode() * 20,
        b"0" * 60,
    ],
)
def test_what_is_no_envelope_is_an_unknown_format(blob: bytes) -> None:
    """Plain text, another version, another algorithm, a cut head."""
    with pytest.raises(UnknownFormat):
        read_header(blob)


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_typed_refusals(data: bytes) -> None:
    """Whatever is in the column, the error is ours."""
    for blob in (data, b"\xb1\x01\x01a" + data, b"\xb1\x02\x01a" + data):
        with contextlib.suppress(UnknownFormat):
            read_header(blob)
        with pytest.raises(CryptoError):
            envelope.open_symmetric(blob, GCM, b"")
        with pytest.raises(CryptoError):
            envelope.open_with(KEY, blob, context=b"")


@given(st.binary(max_size=150))
def test_random_bodies_to_our_own_key_are_refused(data: bytes) -> None:
    """A right head does not help a wrong body."""
    head = envelope.seal_to(KEY.public, b"", context=b"")[:19]
    with pytest.raises(DecryptionFailed):
        envelope.open_with(KEY, head + data, context=b"")


@pytest.mark.parametrize("size", [0, 1, 100, 50_000])
def test_what_is_sealed_to_a_key_opens_with_it(
    size: int, provider: Sm2Provider
) -> None:
    """Any length goes to the holder of the private key."""
    plaintext = os.urandom(size)
    blob = envelope.seal_to(KEY.public, plaintext, context=b"error")
    header = read_header(blob)
    assert header.algorithm == envelope.SM2_SM4_GCM
    assert header.key_id == KEY.public.fingerprint()[:16]
    assert envelope.open_with(KEY, blob, context=b"error") == plaintext
    assert envelope.seal_to(KEY.public, plaintext, context=b"error") != blob


def test_another_private_key_or_context_is_refused(provider: Sm2Provider) -> None:
    """A wrong key is named as such; a wrong context is refused."""
    blob = envelope.seal_to(KEY.public, b"trace", context=b"error")
    with pytest.raises(DecryptionFailed, match="sealed to another key"):
        envelope.open_with(sm2.generate(), blob, context=b"error")
    with pytest.raises(DecryptionFailed):
        envelope.open_with(KEY, blob, context=b"other")


def test_every_altered_byte_of_a_sealed_error_is_refused() -> None:
    """Head, wrapped key and body are all covered."""
    blob = envelope.seal_to(KEY.public, b"trace", context=b"error")
    for position in range(len(blob)):
        altered = bytearray(blob)
        altered[position] ^= 1 << position % 8
        with pytest.raises((DecryptionFailed, UnknownFormat)):
            envelope.open_with(KEY, bytes(altered), context=b"error")
    for cut in range(0, len(blob)):
        with pytest.raises((DecryptionFailed, UnknownFormat)):
            envelope.open_with(KEY, blob[:cut], context=b"error")


def test_a_wrapped_key_of_another_length_is_refused() -> None:
    """Whoever seals 15 bytes as the key gets a refusal, not a key of our choosing."""
    wrapped = KEY.public.encrypt(bytes(15))
    head = envelope.seal_to(KEY.public, b"", context=b"")[:19]
    blob = head + len(wrapped).to_bytes(2, "big") + wrapped + bytes(28)
    with pytest.raises(DecryptionFailed):
        envelope.open_with(KEY, blob, context=b"")


def test_the_two_kinds_are_not_mistaken_for_each_other() -> None:
    """Opening with the wrong kind of key says so."""
    symmetric = envelope.seal_symmetric("a", GCM, b"", b"")
    hybrid = envelope.seal_to(KEY.public, b"", context=b"")
    with pytest.raises(UnknownFormat):
        envelope.open_with(KEY, symmetric, context=b"")
    with pytest.raises(UnknownFormat):
        envelope.open_symmetric(hybrid, GCM, b"")
