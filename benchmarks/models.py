"""The one table of the compared projects."""

from __future__ import annotations

from django.db import models


class Vehicle(models.Model):
    """A made-up vehicle."""

    plate = models.CharField(max_length=16)
    owner = models.CharField(max_length=80)
