"""What an address may say: nothing but a number reaches the database."""

from __future__ import annotations

from django.urls.converters import StringConverter


class PermitNumber(StringConverter):
    """The number of an application, as `<permit:number>`."""

    regex = "TX[0-9]{16}"
