"""A log to seal, and an independent opinion on whether it was sealed rightly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import checkpoints_after, hash_of, leaf_of, members_of
from jtsec.crypto import merkle
from jtsec.keys import api as keys
from tests.audit.declared import PermitGranted


def grant(count: int = 1) -> list[int]:
    """Record some events, and return the ids of the newest as many records."""
    for number in range(count):
        record(PermitGranted(resource=str(number), owner="张三"))
    newest = AuditRecord.objects.order_by("-id").values_list("id", flat=True)[:count]
    return sorted(newest)


def sealed_ids() -> list[int]:
    """Return every id that a checkpoint names, in the order of the checkpoints."""
    return [one for row in checkpoints_after(0) for one in row.parsed().members()]


def require_whole(*, everything: bool = True) -> None:
    """
    Hold every checkpoint against the rows; nothing of the sealer's state is used.

    Args:
        everything: whether every row has to be sealed.
    """
    previous, last = bytes(32), 0
    seen: set[int] = set()
    for number, checkpoint in enumerate(checkpoints_after(0), 1):
        body = checkpoint.parsed()
        assert body.number == number
        assert body.first == last + 1
        assert body.previous == previous
        signer = keys.signing_key_of(body.key).public
        signer.verify(bytes(checkpoint.body), bytes(checkpoint.signature))
        rows = list(members_of(checkpoint))
        ids = [row.pk for row in rows]
        assert ids == list(body.members())
        assert not seen & set(ids), "a record is sealed twice"
        seen.update(ids)
        leaves = [
            leaf_of(row.pk, row.mac_key_id, bytes(row.mac), bytes(row.payload))
            for row in rows
        ]
        assert body.root == merkle.root(leaves)
        previous = hash_of(bytes(checkpoint.body), bytes(checkpoint.signature))
        last = body.last
    if everything:
        assert seen == set(AuditRecord.objects.values_list("id", flat=True))


@contextmanager
def open_transaction(count: int = 1) -> Iterator[Callable[[str], None]]:
    """Record events in a transaction of its own; yields what commits or rolls back."""
    written, may_end = threading.Event(), threading.Event()
    how: list[str] = []
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with transaction.atomic():
                grant(count)
                written.set()
                may_end.wait(60)
                transaction.set_rollback("commit" not in how)
        except BaseException as error:
            failures.append(error)
        finally:
            written.set()
            connection.close()

    thread = threading.Thread(target=work)

    def end(by: str) -> None:
        how.append(by)
        may_end.set()
        thread.join(60)
        assert not thread.is_alive()

    thread.start()
    assert written.wait(60)
    assert failures == []
    try:
        yield end
    finally:
        if thread.is_alive():
            end("rollback")
    assert failures == []
