"""A file in chunks opens as it was sealed, and refuses every other arrangement."""

from __future__ import annotations

import pytest

from jtsec.crypto import chunks
from jtsec.crypto.chunks import HEAD_SIZE, SEALED_SIZE, chunks_in, key_id_of, open_head
from jtsec.crypto.exceptions import CryptoError, DecryptionFailed, InvalidInput
from jtsec.crypto.sm4 import TAG_SIZE, Gcm

pytestmark = pytest.mark.clause("A6.3")
GCM = Gcm(bytes(range(16)))
PLACE = b"app.model.field\0a.pdf"


def test_a_chunk_opens_at_its_own_number_and_end_only():
    """Exchanged, repeated, made the last or not the last: nothing opens."""
    head, cipher = chunks.new_head("field-1", GCM, PLACE)
    sealed = cipher.seal(3, b"data", last=False)
    opened = open_head(head, GCM, PLACE)
    assert opened.open(3, sealed, last=False) == b"data"
    for number, last in ((2, False), (4, False), (3, True)):
        with pytest.raises(DecryptionFailed):
            opened.open(number, sealed, last=last)
    with pytest.raises(DecryptionFailed):
        opened.open(3, sealed[: TAG_SIZE - 1], last=False)


def test_two_files_of_one_content_have_nothing_in_common():
    """Each has a key and an id of its own; chunks of one do not open in the other."""
    (one, first), (two, second) = (
        chunks.new_head("field-1", GCM, PLACE) for _ in range(2)
    )
    assert one != two
    sealed = first.seal(0, b"data", last=True)
    assert sealed != second.seal(0, b"data", last=True)
    with pytest.raises(DecryptionFailed):
        open_head(two, GCM, PLACE).open(0, sealed, last=True)


@pytest.mark.parametrize("key_id", ["f", "field-1", "k" * 64])
def test_no_byte_of_the_head_can_be_changed(key_id):
    """All are under the tag, or must be what they are."""
    head, _ = chunks.new_head(key_id, GCM, PLACE)
    assert len(head) == HEAD_SIZE
    assert key_id_of(head) == key_id
    for place in range(HEAD_SIZE):
        altered = bytearray(head)
        altered[place] ^= 1
        with pytest.raises(CryptoError):
            open_head(bytes(altered), GCM, PLACE)
    for other in (b"", PLACE + b"x", b"app.model.field\0b.pdf"):
        with pytest.raises(DecryptionFailed):
            open_head(head, GCM, other)
    for cut in (head[:-1], head + b"\0", b""):
        with pytest.raises(CryptoError):
            key_id_of(cut)


def test_a_value_of_a_column_is_not_taken_for_the_key_of_a_file():
    """The same key seals both; what is under the tags never begins alike."""
    head, _ = chunks.new_head("field-1", GCM, PLACE)
    front = HEAD_SIZE - 64 - 44 + len("field-1")
    blob = GCM.encrypt(bytes(16), aad=head[:front] + PLACE)
    moved = (head[:front] + blob).ljust(HEAD_SIZE, b"\0")
    with pytest.raises(DecryptionFailed):
        open_head(moved, GCM, PLACE)


def test_only_lengths_that_occur_are_files():
    """An empty last chunk stands in an empty file only."""
    least = HEAD_SIZE + TAG_SIZE
    assert chunks_in(least) == 1
    assert chunks_in(HEAD_SIZE + SEALED_SIZE) == 1
    assert chunks_in(HEAD_SIZE + SEALED_SIZE + TAG_SIZE + 1) == 2
    for none in (
        0,
        HEAD_SIZE,
        least - 1,
        HEAD_SIZE + SEALED_SIZE + 1,
        HEAD_SIZE + SEALED_SIZE + TAG_SIZE,
    ):
        with pytest.raises(DecryptionFailed):
            chunks_in(none)


def test_a_key_id_that_does_not_fit_makes_no_head():
    """Nothing is sealed that could not be opened."""
    for name in ("", "k" * 65, "鍵"):
        with pytest.raises(InvalidInput):
            chunks.new_head(name, GCM, PLACE)
