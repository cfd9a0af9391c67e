"""The base of rows that SQL must not quietly change; it has no table of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SealedRow(models.Model):
    """
    Is the base of rows that SQL must not quietly loosen.

    `SEALED` names the columns under the seal, among them what says whose row it is, so
    that a seal is not copied from another one. `api.apply_seal` and `api.check_seal`
    make and check it.
    """

    SEALED: ClassVar[tuple[str, ...]] = ()

    seal = models.BinaryField(editable=False)
    seal_key_id = models.CharField(max_length=32, editable=False)

    class Meta:
        abstract = True
