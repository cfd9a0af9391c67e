"""DER is read strictly: one value has one encoding, and nothing but a typed refusal."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.crypto import der, sm2_encoding
from jtsec.crypto.der import MalformedDer, Reader
from jtsec.crypto.sm2_contract import SealedParts

pytestmark = pytest.mark.clause("A6.3")


@given(st.integers(min_value=0, max_value=1 << 600))
def test_an_integer_goes_there_and_back(value: int) -> None:
    """Every non-negative integer has its encoding."""
    reader = Reader(der.encode_integer(value))
    assert reader.integer() == value
    reader.end()


@given(st.integers(min_value=0, max_value=70_000))
def test_a_length_is_minimal_and_read_back(size: int) -> None:
    """Short and long lengths round-trip."""
    reader = Reader(der.encode(der.OCTET_STRING, bytes(size)))
    assert reader.octets() == bytes(size)
    reader.end()


@pytest.mark.parametrize(
    "data",
    [
        "",
        "02",
        "0200",  # empty
        "0201",
        "020180",  # negative
        "02020001",  # padded
        "02810101",  # long form of a short length
        "0282000101",  # padded length
        "0280010000",  # indefinite
        "0288ffffffffffffffff01",  # beyond any file
        "02890000000000000000010101",
        "0284010000010101",  # longer than the data
        "030101",
    ],
)
def test_a_second_encoding_of_an_integer_is_refused(data: str) -> None:
    """Padded, negative, indefinite, cut: each is refused."""
    with pytest.raises(MalformedDer):
        Reader(bytes.fromhex(data)).integer()


def test_bits_are_of_whole_bytes() -> None:
    """A bit string that leaves bits unused, or has no first byte, is refused."""
    assert Reader(der.encode_bits(b"ab")).bits() == b"ab"
    for content in (b"", b"\x01\x80"):
        with pytest.raises(MalformedDer):
            Reader(der.encode(der.BIT_STRING, content)).bits()


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_or_are_the_one_encoding(data: bytes) -> None:
    """Whatever is read as a signature or ciphertext encodes to the same bytes."""
    with contextlib.suppress(MalformedDer):
        assert (
            sm2_encoding.encode_signature(*sm2_encoding.decode_signature(data)) == data
        )
    with contextlib.suppress(MalformedDer):
        assert sm2_encoding.encode_sealed(sm2_encoding.decode_sealed(data)) == data


@given(
    st.binary(max_size=6),
    st.integers(0, 80),
    st.sampled_from(["cut", "insert", "replace"]),
)
def test_an_altered_signature_never_decodes_to_the_same_numbers(
    noise: bytes, position: int, way: str
) -> None:
    """No second byte string stands for the same r and s."""
    r, s = (1 << 255) + 5, 77
    good = sm2_encoding.encode_signature(r, s)
    tail = position + (0 if way == "insert" else len(noise))
    altered = good[:position] + (b"" if way == "cut" else noise) + good[tail:]
    try:
        decoded = sm2_encoding.decode_signature(altered)
    except MalformedDer:
        return
    assert (decoded == (r, s)) == (altered == good)


@given(
    st.integers(0, (1 << 256) - 1),
    st.integers(0, (1 << 256) - 1),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=1, max_size=300),
    st.booleans(),
)
def test_a_ciphertext_goes_there_and_back_in_every_form(
    x: int, y: int, c3: bytes, c2: bytes, prefix: bool
) -> None:
    """DER, raw with 04 and raw without keep every part, leading zeros too."""
    parts = SealedParts(x, y, c3, c2)
    assert sm2_encoding.decode_sealed(sm2_encoding.encode_sealed(parts)) == parts
    raw = sm2_encoding.encode_sealed_raw(parts, prefix=prefix)
    assert sm2_encoding.decode_sealed_raw(raw, prefix=prefix) == parts


def test_a_ciphertext_without_its_parts_is_refused() -> None:
    """C3 of another length and an empty C2 are no ciphertext."""
    for c3, c2 in ((bytes(31), b"x"), (bytes(32), b"")):
        with pytest.raises(MalformedDer):
            sm2_encoding.decode_sealed(
                sm2_encoding.encode_sealed(SealedParts(1, 1, c3, c2))
            )
    for raw in (b"", b"\x04" + bytes(96), b"\x05" + bytes(97)):
        with pytest.raises(MalformedDer):
            sm2_encoding.decode_sealed_raw(raw, prefix=True)
