"""Each thing that is held catches what nothing else does: taken away, it shows."""

from __future__ import annotations

import pytest

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.audit.verifying import copying, leaves, walking
from jtsec.audit.verifying.api import verify
from jtsec.audit.verifying.chain import Chain
from jtsec.audit.verifying.piece import LEAF
from jtsec.audit.verifying.rows import Examiner
from jtsec.audit.verifying.tail import Tail
from jtsec.crypto import sm2, sm3_bulk
from jtsec.keys import api as keys
from tests.audit.verifying import attacks
from tests.audit.verifying.conftest import Log
from tests.audit.verifying.test_attacks import found, without_unique_event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]


def test_without_the_signatures_a_log_rewritten_by_anybody_passes(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashes alone are computed again by whoever changes what they are over."""
    attacks.rewrite(log.ids[5], resource="forged")
    attacks.reseal(sm2.generate())
    assert found(verify(anchors=False)) != []
    monkeypatch.setattr(Chain, "_hold_signature", lambda *args: True)
    assert found(verify(anchors=False)) == []


def test_without_the_links_a_replaced_checkpoint_passes(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed well by the key in force, and not what its successor was built on."""
    attacks.rewrite(log.ids[1], resource="forged")
    second = AuditCheckpoint.objects.get(number=2)
    third = AuditCheckpoint.objects.get(number=3)
    attacks.reseal(keys.signing_key()[1])
    attacks.delete_checkpoints(2, 3)
    AuditCheckpoint.objects.bulk_create([second, third])
    assert found(verify(anchors=False)) == [("chain-broken", 2, None)]
    monkeypatch.setattr(Chain, "_hold_links", lambda *args: None)
    assert found(verify(anchors=False)) == []


def test_without_the_check_values_a_row_that_waits_can_be_changed(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sealed over it yet."""
    attacks.delete_checkpoints(3)
    row = AuditRecord.objects.get(pk=log.ids[-1])
    payload = bytes(row.payload).replace(b'"count":0', b'"count":7')
    attacks.change(row.pk, "payload", payload)
    assert ("mac-wrong", None, row.pk) in found(verify(anchors=False))
    monkeypatch.setattr(Examiner, "_mac_fault", lambda *args: None)
    assert ("mac-wrong", None, row.pk) not in found(verify(anchors=False))


def test_without_the_length_a_byte_can_be_moved_between_fields(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes that are hashed are the same; what they mean is not."""
    row = AuditRecord.objects.get(pk=log.ids[5])
    mac, payload = bytes(row.mac), bytes(row.payload)
    attacks.change(row.pk, "mac", mac[:-1])
    attacks.change(row.pk, "payload", mac[-1:] + payload)
    assert found(verify(deep=False)) != []

    def careless(record_id: int, key: str, mac: bytes, payload: bytes) -> bytes:
        name = key.encode()
        number = record_id.to_bytes(8, "big")
        parts = (LEAF, number, bytes((len(name),)), name, bytes(mac), bytes(payload))
        return sm3_bulk.digest()(b"".join(parts))

    monkeypatch.setattr(leaves, "leaf_of", careless)
    monkeypatch.setattr(copying, "is_possible", lambda connection: False)
    assert found(verify(deep=False)) == []


def test_without_a_look_at_gaps_a_thief_of_the_mac_key_writes_into_the_past(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No root changes by a row that no checkpoint names."""
    row = attacks.forged(AuditRecord.objects.get(pk=log.ids[0]))
    with without_unique_event():
        attacks.insert(row, -7)
        assert ("added", None, -7) in found(verify(deep=False))
        monkeypatch.setattr(walking, "Stray", lambda *args, **kwargs: None)
        monkeypatch.setattr(Tail, "strays", lambda *args: 0)
        assert found(verify(deep=False)) == []
        attacks.delete(-7)
