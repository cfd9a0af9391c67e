"""A model that is not sealed, and the same one sealed."""

from __future__ import annotations

from django.db import models

from jtsec.protection.models import SealedModel


class Columns(models.Model):
    """Two texts, a number and an amount."""

    name = models.CharField(max_length=80)
    plate = models.CharField(max_length=20)
    number = models.IntegerField()
    price = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        abstract = True


class Paper(Columns):
    """Is not sealed."""


class SealedPaper(SealedModel, Columns):
    """Is sealed over all of its columns."""

    sealed_fields = ("name", "plate", "number", "price")
