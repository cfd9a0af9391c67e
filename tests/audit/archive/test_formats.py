"""The segment on the formats page opens with the keys on the page."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest

from jtsec.audit.archive.api import SegmentAltered
from jtsec.audit.archive.items import ArchivedCheckpoint, ArchivedRecord
from jtsec.audit.archive.proving import prove, read_items
from jtsec.audit.payload import parse
from jtsec.crypto import sm2, sm3
from jtsec.keys import api as keys
from tests.audit.test_formats import vector

pytestmark = pytest.mark.clause("A5.9")


@pytest.fixture
def case():
    """Return the vector, once its keys are those of the test run's ring."""
    case = vector("audit-segment")
    for name, purpose in (("detail_key", keys.Purpose.AUDIT_DETAIL),
                          ("mac_key", keys.Purpose.AUDIT_MAC)):  # fmt: skip
        assert keys.active(purpose).secret.hex() == case[name]
    return case


def test_a_segment_is_as_written(case, tmp_path):
    """Digest, statement, checkpoint and record, with nothing but the page."""
    path = tmp_path / case["name"]
    path.write_bytes(b64decode(case["file"]))
    public = sm2.PublicKey.from_pem(case["public_pem"])
    manifest = prove(path, case["name"], deep=True, trusted=[public]).manifest
    assert manifest.digest == case["digest"]
    assert sm3.hexdigest(path.read_bytes()[: manifest.size]) == case["digest"]
    checkpoint, record = read_items(path, case["name"])
    assert isinstance(checkpoint, ArchivedCheckpoint)
    assert isinstance(record, ArchivedRecord)
    assert (checkpoint.number, record.id) == (1, 1)
    assert parse(record.payload)["resource"] == case["resource"]


def test_every_flipped_byte_of_it_is_found(case, tmp_path):
    """Wherever it lies, shallow or deep."""
    content = b64decode(case["file"])
    path = tmp_path / case["name"]
    public = sm2.PublicKey.from_pem(case["public_pem"])
    for place in range(0, len(content), 7):
        altered = bytearray(content)
        altered[place] ^= 1
        path.write_bytes(altered)
        with pytest.raises(SegmentAltered):
            prove(path, case["name"], deep=False, trusted=[public])


def test_another_key_is_not_believed(case, tmp_path):
    """A segment that somebody else signed proves nothing."""
    path = tmp_path / case["name"]
    path.write_bytes(b64decode(case["file"]))
    with pytest.raises(SegmentAltered, match="another key"):
        prove(path, case["name"], deep=False, trusted=[sm2.generate().public])
    with pytest.raises(SegmentAltered, match="this is the segment"):
        prove(path, "another name", deep=False)
    assert b64encode(path.read_bytes()).decode() == case["file"]
