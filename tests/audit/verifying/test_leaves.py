"""Leaves that are read fast are the leaves that were sealed."""

from __future__ import annotations

import pytest

from django.db import DatabaseError, connection, transaction

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import leaf_of
from jtsec.audit.verifying import copying, leaves
from jtsec.audit.verifying.folding import root_of
from jtsec.audit.verifying.piece import NO_LEAF
from jtsec.crypto import merkle, sm3, sm3_bulk
from tests.audit.sealing.log import grant
from tests.audit.verifying import attacks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]


def read(low: int = -(2**63), high: int = 2**63 - 1) -> list[tuple[int, bytes]]:
    """Return ids and leaves."""
    return [
        pair
        for piece in leaves.read(connection, low, high)
        for pair in zip(piece.ids, piece.leaves, strict=True)
    ]


def expected() -> list[tuple[int, bytes]]:
    """Return the same, one by one, as the format says."""
    return [
        (row.pk, leaf_of(row.pk, row.mac_key_id, bytes(row.mac), bytes(row.payload)))
        for row in AuditRecord.objects.order_by("id")
    ]


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_rows_are_read_as_they_were_sealed(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Whatever the size of the pieces, and also inside of a transaction."""
    monkeypatch.setattr(copying, "ROWS", size)
    monkeypatch.setattr(leaves, "PAGE", size)
    assert read() == []
    ids = grant(7)
    assert read() == expected()
    assert read(ids[1], ids[3]) == expected()[1:4]
    assert read(ids[-1] + 1, ids[-1] + 9) == []
    with transaction.atomic():
        grant(1)
        assert read() == expected()
        assert AuditRecord.objects.count() == 8


def test_a_row_of_another_form_has_no_leaf_and_hides_no_other() -> None:
    """A check value of another length, or a key's name that is none."""
    ids = grant(6)
    attacks.change(ids[2], "mac", b"short")
    attacks.change(ids[4], "mac", b"x" * 33)
    found = dict(read())
    assert list(found) == ids
    assert {one for one, leaf in found.items() if leaf == NO_LEAF} == {ids[2], ids[4]}


def test_a_connection_serves_the_next_statement_after_a_reading_broke_off() -> None:
    """Rows that nobody took are taken off the line."""
    grant(5)
    reading = leaves.read(connection, 1, 2**63 - 1)
    next(reading)
    reading.close()
    assert AuditRecord.objects.count() == 5


def test_a_server_that_fails_on_the_way_is_no_end_of_the_log() -> None:
    """Rows that were not sent are not called missing."""
    if connection.vendor != "postgresql":
        pytest.skip("COPY is PostgreSQL's")
    grant(3)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '300ms'")
    try:
        statement = copying._statement(1, 2**62).replace(
            "COPY (SELECT", "COPY (SELECT ''::bytea || pg_sleep(0.2)::text::bytea ||"
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(copying, "_statement", lambda low, high: statement)
            with pytest.raises(DatabaseError, match="timeout"):
                read()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
    assert read() == expected()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 7, 8, 9, 33, 100])
def test_folding_gives_the_root_of_the_tree(count: int) -> None:
    """Level by level or leaf by leaf, RFC 6962 has one root."""
    made = [sm3.digest(bytes([one])) for one in range(count)]
    kept = list(made)
    assert root_of(made) == merkle.root(kept)
    assert made == kept


def test_every_way_to_hash_in_bulk_is_the_standards_hash() -> None:
    """The published example, and what the other library says."""
    abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    for digest in (sm3_bulk.digest(), sm3_bulk.by_copying()):
        assert digest(b"abc").hex() == abc
        assert digest(b"") == sm3.digest(b"")


def test_a_library_that_hashes_wrongly_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is held against another one before it is believed."""

    class Wrong:
        @staticmethod
        def sm3_hash(data: bytes) -> bytes:
            return bytes(32)

    monkeypatch.setattr(sm3_bulk, "gmssl_pyx", Wrong)
    sm3_bulk.digest.cache_clear()
    try:
        assert sm3_bulk.digest()(b"abc") == sm3.digest(b"abc")
    finally:
        sm3_bulk.digest.cache_clear()
