"""The model whose saving is measured."""

from __future__ import annotations

from django.db import models


class Item(models.Model):
    """Something with a text, two numbers and a longer text."""

    name = models.CharField(max_length=80)
    qty = models.IntegerField()
    note = models.CharField(max_length=200)
    price = models.DecimalField(max_digits=10, decimal_places=2)
