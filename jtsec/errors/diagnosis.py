"""
From an exception to a diagnosis: a reference and a sealed code.

Nothing here may fail: it runs when something has already, with the database, the
keys, the user or the exception itself possibly broken. What cannot be had is left out.
"""

from __future__ import annotations

import logging
import os
import platform
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

import django
from django.http import HttpRequest

import jtsec
from jtsec.core import conf
from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.core.scrubbing import scrub
from jtsec.crypto import sm3
from jtsec.keys import api as keys

from .reference import new_reference
from .report import Report
from .sealing import seal_report, to_text

logger = logging.getLogger("jtsec.errors")
_MARK = "_jtsec_diagnosis"
_FRAMES = 3


@dataclass(frozen=True)
class Diagnosis:
    """
    What may leave the server about an error.

    Args:
        reference: such as JT-7F3K-92QA.
        sealed: the sealed code; b"" when the key was not at hand.
        request_id: the id of the request.
        kind: the exception's class; not for the visitor.
        fingerprint: the same for errors from the same place in the code.
    """

    reference: str
    sealed: bytes
    request_id: str
    kind: str
    fingerprint: str

    @property
    def text(self) -> str:
        """The sealed code to copy, "" when there is none."""
        return to_text(self.sealed) if self.sealed else ""


def known_diagnosis(error: BaseException) -> Diagnosis | None:
    """Return what was already made of this exception in this request."""
    found = getattr(error, _MARK, None)
    # One exception object may be raised for two visitors (a module's constant).
    if isinstance(found, Diagnosis) and found.request_id == current().request_id:
        return found
    return None


def diagnose(error: BaseException, request: HttpRequest | None) -> Diagnosis:
    """Return a fresh diagnosis, and leave it on the exception."""
    reference = new_reference()
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    report = Report(
        reference=reference,
        at=now().isoformat(),
        kind=kind,
        trace=_or_blank(lambda: scrub("".join(traceback.format_exception(error)))),
        request_id=current().request_id,
        method=(request.method or "") if request else "",
        path=_or_blank(lambda: scrub(request.path)) if request else "",
        user=_or_blank(_user),
        profile=_or_blank(conf.profile),
        settings=os.environ.get("DJANGO_SETTINGS_MODULE", ""),
        versions=f"Python {platform.python_version()}, "
        f"Django {django.__version__}, jtsec {jtsec.__version__}",
    )
    made = Diagnosis(
        reference, _seal(report), report.request_id, kind, _fingerprint(error)
    )
    try:
        setattr(error, _MARK, made)
    # An exception may refuse attributes; then it gets a second reference.
    except Exception:
        logger.debug("no diagnosis can be left on %s", kind)
    return made


def _seal(report: Report) -> bytes:
    try:
        return seal_report(report, keys.error_public_key())
    # No key, an altered key, no SM2: the visitor gets a page and nothing leaks.
    except Exception as error:
        logger.critical(
            "error %s could not be sealed: %s", report.reference, type(error).__name__
        )
        return b""


def _user() -> str:
    actor = current().actor
    return actor.uid or actor.username


def _or_blank(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except Exception as error:
        return f"<{type(error).__name__}>"


def _fingerprint(error: BaseException) -> str:
    """Return a digest of where the error comes from; not of what it says."""
    places = [type(error).__qualname__]
    trace: TracebackType | None = error.__traceback__
    frames: list[str] = []
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return sm3.hexdigest("\n".join(places + frames[-_FRAMES:]).encode())[:32]
