"""What the errors can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError

from jtsec.core.evidence import Fact
from jtsec.core.exceptions import JtsecError
from jtsec.crypto.envelope import recipient_id
from jtsec.keys import api as keys

from .checks import check_handlers, check_rest_handler
from .models import SealedError


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    yield Fact("A10.1", "DEBUG is off", not settings.DEBUG, settings.DEBUG)
    yield _key()
    faults = [*check_handlers(None), *check_rest_handler(None)]
    yield Fact(
        "A10.1",
        "Error pages and REST answers show a sentence and a reference",
        not faults,
        [message.msg for message in faults],
    )
    yield _kept()


def _key() -> Fact:
    statement = "Errors are sealed to this public key"
    try:
        return Fact("A10.1", statement, True, recipient_id(keys.error_public_key()))
    except JtsecError as error:
        return Fact("A10.1", statement, False, str(error))


def _kept() -> Fact:
    statement = "Sealed errors that are kept"
    try:
        return Fact("A10.1", statement, True, SealedError.objects.count())
    except DatabaseError as error:
        return Fact("A10.1", statement, None, str(error))
