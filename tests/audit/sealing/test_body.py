"""The body of a checkpoint: one form, read back as it was written, or refused."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.audit.canonical import canonical
from jtsec.audit.sealing.body import (
    CheckpointBody,
    MalformedBody,
    NextKey,
    hash_of,
    parse_body,
)
from jtsec.audit.sealing.gaps import Gap, merged, missing_between, only, split, without
from jtsec.audit.sealing.leaf import leaf_data
from jtsec.crypto import merkle, sm3

pytestmark = pytest.mark.clause("A5.8")

BODY = CheckpointBody(
    log="0123456789abcdef" * 2,
    number=7,
    first=101,
    last=110,
    count=8,
    gaps=((103, 104), (107, 108)),
    late=(40, 97),
    root=bytes(range(32)),
    previous=bytes(range(32, 64)),
    at="2026-03-01T00:00:00.000001Z",
    key="audit-signature-1",
    public="ab" * 32,
)

ids = st.sets(st.integers(min_value=1, max_value=60), min_size=1)


def changed(**values: Any) -> bytes:
    """Return the bytes of the body with other values."""
    return canonical({**json.loads(BODY.to_bytes()), **values})


def test_what_was_written_is_read_back():
    """Byte for byte, with and without the announcement of a key."""
    assert parse_body(BODY.to_bytes()) == BODY
    announcing = replace(BODY, next_key=NextKey("audit-signature-2", "PEM"))
    assert parse_body(announcing.to_bytes()) == announcing


def test_every_id_belongs_or_does_not():
    """The range without its gaps, and the late ones."""
    members = [40, 97, 101, 102, 105, 106, 109, 110]
    assert list(BODY.members()) == members
    assert [one for one in range(200) if BODY.has_member(one)] == members
    assert list(BODY.runs()) == [(101, 102), (105, 106), (109, 110)]


@given(ids, ids)
def test_members_and_gaps_are_told_apart(first: set[int], late: set[int]):
    """Whatever was there and was not."""
    present = sorted(one + 100 for one in first)
    body = replace(
        BODY,
        last=present[-1],
        gaps=missing_between(101, present[-1], present),
        late=tuple(sorted(late)),
        count=len(present) + len(late),
    )
    assert parse_body(body.to_bytes()) == body
    assert list(body.members()) == [*sorted(late), *present]
    for one in range(1, 170):
        assert body.has_member(one) == (one in late or one in present)


@pytest.mark.parametrize(
    "values",
    [
        {"v": 2},
        {"v": "1"},
        {"log": "0123"},
        {"log": "0123456789ABCDEF" * 2},
        {"number": 0},
        {"number": True},
        {"number": 1.0},
        {"number": "7"},
        {"first": 0},
        {"last": 99},
        {"last": 2**63},
        {"count": 9},
        {"count": -1},
        {"gaps": [[104, 103], [107, 108]]},
        {"gaps": [[107, 108], [103, 104]]},
        {"gaps": [[103, 103], [104, 104], [107, 108]]},
        {"gaps": [[100, 101], [107, 108]]},
        {"gaps": [[103, 104], [107, 111]]},
        {"gaps": [[103, 104, 105], [107, 108]]},
        {"gaps": {}},
        {"late": [97, 40]},
        {"late": [40, 40]},
        {"late": [40, 101]},
        {"late": [40, None]},
        {"root": "00"},
        {"root": None},
        {"previous": "zz" * 32},
        {"at": "2026-03-01T00:00:00Z"},
        {"at": "2026-03-01T08:00:00.000001+08:00"},
        {"key": ""},
        {"public": "AB" * 32},
        {"next_key": {"id": "x"}},
        {"next_key": {"id": "x", "public_pem": "y", "more": 1}},
        {"next_key": None},
        {"extra": 1},
    ],
)
def test_what_contradicts_itself_is_refused(values: dict[str, Any]):
    """Also where a signature would hold: nobody signs such a thing."""
    with pytest.raises(MalformedBody):
        parse_body(changed(**values))


@pytest.mark.parametrize(
    "data",
    [b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"v":1}'],
)
def test_what_is_no_body_is_refused(data: bytes):
    """Without an error of another kind."""
    with pytest.raises(MalformedBody):
        parse_body(data)


def test_the_same_in_other_bytes_is_refused():
    """A space more is another checkpoint, which nobody signed."""
    text = BODY.to_bytes()
    for other in (text.replace(b",", b", "), text + b"\n", text[:-1] + b',"v":1}'):
        with pytest.raises(MalformedBody):
            parse_body(other)


def test_no_members_have_the_root_of_nothing():
    """A checkpoint that only announces a key."""
    empty = replace(BODY, last=100, gaps=(), late=(), count=0)
    with pytest.raises(MalformedBody):
        parse_body(empty.to_bytes())
    right = replace(empty, root=merkle.EMPTY_ROOT)
    assert parse_body(right.to_bytes()) == right


def test_the_hash_covers_body_and_signature():
    """So that the next checkpoint fixes both."""
    assert hash_of(b"body", b"signature") == sm3.digest(b"bodysignature")


def test_no_byte_moves_between_the_fields_of_a_leaf():
    """Key, check value and content keep their places."""
    mac = bytes(32)
    assert leaf_data(1, "a", mac, b"b") != leaf_data(1, "ab", mac, b"")
    with pytest.raises(ValueError, match="32 bytes"):
        leaf_data(1, "a", mac[:-1], b"bb")
    for number in (-1, 2**64):
        with pytest.raises(OverflowError):
            leaf_data(number, "a", mac, b"")


@given(ids, ids)
def test_gaps_shrink_to_what_is_left(missing: set[int], found: set[int]):
    """What turned up is taken out; what did not stays."""
    gaps = [Gap(low, high, "") for low, high in merged(sorted(missing))]
    left = list(without(gaps, sorted(found)))
    assert split([(gap.low, gap.high) for gap in left]) == sorted(missing - found)
    kept = list(only(gaps, sorted(found)))
    assert [gap.low for gap in kept] == sorted(missing & found)


def test_a_body_is_read_without_django():
    """Whoever verifies a proof has neither Django nor a database."""
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from jtsec.audit.sealing import body, leaf"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
