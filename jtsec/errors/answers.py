"""
The answers to what went wrong: a page for a person, JSON for a program.

Neither holds what the error said. The page is drawn without the request, so without
session, user and context processors; where even the template fails, a page that is
written here is sent.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from .diagnosis import Diagnosis

logger = logging.getLogger("jtsec.errors")

LAST_RESORT = """\
<!DOCTYPE html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>{reference}</title></head>
<body><h1>{sentence}</h1><p>{reference}</p>{details}</body></html>
"""
LAST_SENTENCE = "系统未能完成该操作。The system could not do this."


@dataclass(frozen=True)
class Answer:
    """
    What a visitor is told.

    Args:
        status: the HTTP status.
        code: a stable word for programs and tests.
        title: a few words.
        sentence: what happened and what to do, without the exact rule.
        diagnosis: for an unexpected error, its reference and sealed code.
    """

    status: int
    code: str
    title: str | Promise
    sentence: str | Promise
    diagnosis: Diagnosis | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it for a program."""
        told = {"detail": _plain(self.sentence), "code": self.code}
        if self.diagnosis is not None:
            told["reference"] = self.diagnosis.reference
            if self.diagnosis.sealed:
                told["sealed"] = self.diagnosis.text
        return told


def wants_json(request: HttpRequest) -> bool:
    """
    Answer whether the client prefers JSON.

    One that says nothing gets a page, unless it called an interface.
    """
    try:
        preferred = request.get_preferred_type(["text/html", "application/json"])
    # A header that cannot be parsed must not break the answer to it.
    except Exception:
        return False
    if request.headers.get("accept", "*/*").strip() in {"", "*/*"}:
        is_interface = getattr(request, "jtsec_is_interface", False)
        return is_interface or request.content_type == "application/json"
    return preferred == "application/json"


def to_response(answer: Answer, request: HttpRequest) -> HttpResponse:
    """Return the response; it is never kept by a cache."""
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse(answer.as_dict(), status=answer.status)
    else:
        response = HttpResponse(_page(answer), status=answer.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(answer: Answer) -> str:
    try:
        told = {"answer": answer, "home": get_script_prefix()}
        return render_to_string("jtsec/errors/error.html", told)
    # A template of the project, a missing manifest of static files, a full disk.
    except Exception as error:
        logger.critical("the error page cannot be drawn: %s", type(error).__name__)
        return _last_resort(answer)


def _last_resort(answer: Answer) -> str:
    """Return a page that needs no template, no static file and no translation."""
    diagnosis = answer.diagnosis
    sealed = diagnosis.text if diagnosis else ""
    return LAST_RESORT.format(
        sentence=LAST_SENTENCE,
        reference=diagnosis.reference if diagnosis else answer.status,
        details=(
            f"<details><summary>…</summary><pre>{escape(sealed)}</pre></details>"
            if sealed
            else ""
        ),
    )


def unexpected(diagnosis: Diagnosis) -> Answer:
    """Return the answer to an error nobody expected."""
    return Answer(
        500,
        "server-error",
        _("Something went wrong"),
        _(
            "The system could not do this. Please give the error number to your "
            "administrator."
        ),
        diagnosis,
    )


def _plain(sentence: str | Promise) -> str:
    try:
        return str(sentence)
    # The translation may be what is broken.
    except Exception:
        return LAST_SENTENCE
