"""A frame that was left out, repeated, exchanged or moved does not open."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.audit.archive.frames import (
    END,
    PIECE,
    BrokenFrames,
    FrameWriter,
    read_frames,
    skip_frames,
)
from jtsec.crypto.sm4 import Gcm

pytestmark = pytest.mark.clause("A5.9")
KEY = Gcm(bytes(range(16)))
HEAD = b"a head"


def written(items: list[bytes], head: bytes = HEAD, gcm: Gcm = KEY) -> bytes:
    """Return a stream of frames without its head."""
    file = io.BytesIO()
    writer = FrameWriter(file, head, gcm)
    for item in items:
        writer.add(item)
    writer.close()
    assert writer.size == len(file.getvalue())
    return file.getvalue()[len(head) :]


def read(stream: bytes, head: bytes = HEAD, gcm: Gcm = KEY) -> bytes:
    """Return the plaintext of a stream."""
    return b"".join(read_frames(io.BytesIO(stream), head, gcm))


def frames_of(stream: bytes) -> list[bytes]:
    """Return each frame with its length before it, without the end."""
    found = []
    place = 0
    while size := int.from_bytes(stream[place : place + 4], "big"):
        found.append(stream[place : place + 4 + size])
        place += 4 + size
    return found


BIG = [bytes([number]) * PIECE for number in range(4)]


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_what_was_written_is_read(items):
    """Any items, none at all included."""
    assert read(written(items)) == b"".join(items)


def test_frames_keep_their_place():
    """Left out, repeated, exchanged, or cut off at the end: refused."""
    stream = written(BIG)
    one, two, three, four, last = frames_of(stream)
    assert read(one + two + three + four + last + END) == b"".join(BIG)
    for tampered in (
        [two, three, four, last],
        [one, three, four, last],
        [one, one, two, three, four, last],
        [two, one, three, four, last],
        [one, two, three, four],
        [one],
        [],
    ):
        with pytest.raises(BrokenFrames):
            read(b"".join(tampered) + END)


def test_a_stream_that_is_cut_anywhere_is_refused():
    """At every length, with and without a made-up end."""
    stream = written([b"x" * 50])
    for size in range(len(stream) - len(END)):
        with pytest.raises(BrokenFrames):
            read(stream[:size])
        with pytest.raises(BrokenFrames):
            read(stream[:size] + END)


def test_a_frame_belongs_to_its_file():
    """Another head, another key: it does not open."""
    stream = written([b"x"])
    with pytest.raises(BrokenFrames):
        read(stream, head=b"another head")
    with pytest.raises(BrokenFrames):
        read(stream, gcm=Gcm(bytes(16)))


def test_every_flipped_bit_is_found():
    """In lengths, nonces, ciphertexts and tags."""
    stream = written([b"an event"])
    for place in range(len(stream)):
        altered = bytearray(stream)
        altered[place] ^= 0x10
        with pytest.raises(BrokenFrames):
            read(bytes(altered))


def test_frames_are_passed_over_without_a_key():
    """What a public key alone can prove needs no more."""
    file = io.BytesIO(written(BIG) + b"behind")
    skip_frames(file)
    assert file.read() == b"behind"
    with pytest.raises(BrokenFrames):
        skip_frames(io.BytesIO(b"\xff\xff\xff\xff"))
