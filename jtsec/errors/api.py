"""
The verbs of the errors.

An exception nobody expected becomes a reference and a sealed code, once, wherever it
is caught: in the handler of status 500, in the REST handler, in the middleware.
"""

from __future__ import annotations

import logging
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from jtsec.audit.api import after_rollback, record
from jtsec.core.exceptions import Refused
from jtsec.crypto.sm2 import PrivateKey

from . import storage
from .answers import Answer, to_response, unexpected, wants_json
from .diagnosis import Diagnosis, diagnose, known_diagnosis
from .events import RequestFailed
from .exceptions import CodeNotOpened, MalformedCode, UnknownReference
from .models import SealedError
from .opening import (
    Exit,
    UnusableKey,
    exit_for,
    open_text,
    read_private_key,
    sentence,
    shown,
)
from .reference import parse_reference
from .report import Report
from .sealing import open_code

__all__ = [
    "CodeNotOpened",
    "Diagnosis",
    "Exit",
    "MalformedCode",
    "Report",
    "UnknownReference",
    "UnusableKey",
    "answer_failure",
    "capture",
    "exit_for",
    "open_reference",
    "open_text",
    "read_private_key",
    "refusal_response",
    "resource_of",
    "sentence",
    "shown",
    "wants_json",
]

logger = logging.getLogger("jtsec.errors")


def capture(error: BaseException, request: HttpRequest | None) -> Diagnosis:
    """
    Return the diagnosis of an exception (clause A10.1).

    The first call for an exception in a request seals it, stores it where no rollback
    takes it and records the event; a second one returns the same. Never raises.

    Args:
        error: the exception.
        request: the request in which it happened, None outside of one.
    """
    known = known_diagnosis(error)
    if known is not None:
        return known
    made = diagnose(error, request)
    after_rollback(partial(storage.store, made))
    try:
        record(
            RequestFailed(
                resource=resource_of(request), reference=made.reference, kind=made.kind
            )
        )
    # The request has failed already, and the audit may be what failed.
    except Exception as failure:
        logger.critical(
            "the event of error %s was not written: %s",
            made.reference,
            type(failure).__name__,
        )
    return made


def answer_failure(request: HttpRequest, error: BaseException) -> HttpResponse:
    """
    Return the answer to an error nobody expected: a page or JSON, status 500.

    It shows a sentence, the reference and the sealed code, and nothing else. Never
    raises.
    """
    return to_response(unexpected(capture(error, request)), request)


def refusal_response(
    request: HttpRequest, refused: Refused, status: int = 403
) -> HttpResponse:
    """Return the answer to what a control refused: its sentence, never its reason."""
    sentence = refused.sentence or _("You are not allowed to do this.")
    return to_response(Answer(status, "refused", _("Refused"), sentence), request)


def open_reference(reference: str, key: PrivateKey) -> Report:
    """
    Return the report that is kept under a reference.

    Args:
        reference: as it was read out; case, spaces and dashes do not matter.
        key: the developers' private key.

    Raises:
        MalformedCode: it has not the form of a reference.
        UnknownReference: nothing is kept under it.
        CodeNotOpened: sealed to another key, or altered.
    """
    found = SealedError.objects.filter(reference=parse_reference(reference)).first()
    if found is None:
        raise UnknownReference("No error is kept under this reference.")
    return open_code(bytes(found.sealed), key)


def resource_of(request: HttpRequest | None) -> str:
    """Return what an event says about the place of a request."""
    return f"{request.method} {request.path}" if request else ""
