"""
Attacks that the application can see, recorded with their source and kind (T6.3).

Asked about answers of status 400 to 499 only, so a page that works pays one
comparison. Nothing is refused here. What one source keeps doing is told at once and
then in sums (`tally`), so that nobody fills the log.

* unknown host, form without its token, request of a form that attacks have: Django
  refused it, and left why on the request (`refusals`);
* unauthorised interface call: a program was answered 401 or 403 (A4.13);
* scan, injection: the address shows it (`patterns`);
* flood: more refused requests of one source in a minute than anybody honest makes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jtsec.audit.api import record
from jtsec.audit.entry import UNKNOWN
from jtsec.audit.events import Event
from jtsec.core.clock import elapsed
from jtsec.core.context import Actor, current
from jtsec.core.source import Source

from . import refusals
from .conf import attack_settings
from .events import (
    Flood,
    ForgedForm,
    Injection,
    Scan,
    SuspiciousRequest,
    UnauthorisedInterface,
    UnknownHost,
)
from .patterns import finding_in
from .tally import Tally, Window

MANY: Final = "many-sources"
LENGTH: Final = 200
HARMLESS: Final = frozenset(
    {
        "absolute",
        "by-administrator",
        "by-owner",
        "deactivated",
        "idle",
        "logged-out",
        "not-permitted",
        "out-of-hours",
        "password-changed",
        "password-due",
        "replaced",
        "session-ended",
    }
)
"""Codes of the answers to who is, or was until now, logged in."""

Attack = type[
    UnknownHost
    | ForgedForm
    | SuspiciousRequest
    | UnauthorisedInterface
    | Scan
    | Injection
    | Flood
]


@dataclass(frozen=True)
class Sighting:
    """One attack as it was seen: what, where, from where."""

    attack: Attack
    resource: str
    reason: str
    detail: str
    source: Source


_sums = Tally()
_sources = Window()
_answers = Window()


def watch_answer(request: HttpRequest, response: HttpResponseBase) -> None:
    """
    Record what attack a refused request was part of, if any (clauses A4.13, T6.3).

    Args:
        request: the request, whose context is in force.
        response: its answer; of a status below 400 or above 499 nothing is asked.

    Raises:
        AuditUnavailable: it could not be recorded; the answer must not leave.
    """
    status = response.status_code
    if not 400 <= status <= 499:
        return
    at = elapsed()
    found = _attack_in(request, response)
    if found is not None:
        _tell(request, *found, at)
    if _answers.count(current().source.key, at) >= attack_settings().flood:
        _tell(request, Flood, "refused-requests", str(status), at)
    for sighting, count in _sums.overdue(at):
        # Of an earlier request, perhaps of several people's: nobody is named.
        _record(sighting, count, UNKNOWN)


def forget() -> None:
    """Begin to count anew; for tests."""
    _sums.clear()
    _sources.clear()
    _answers.clear()


def _attack_in(
    request: HttpRequest, response: HttpResponseBase
) -> tuple[Attack, str, str] | None:
    """Return kind, reason and detail of an attack."""
    refusal = refusals.of(request)
    if isinstance(refusal, DisallowedHost):
        return UnknownHost, "unknown-host", str(request.META.get("HTTP_HOST", ""))
    if isinstance(refusal, str):
        return ForgedForm, "csrf", refusal
    found = finding_in(request.method or "", request.META)
    if found is not None:
        attack = Injection if found.kind == "injection" else Scan
        return attack, found.reason, found.snippet
    if isinstance(refusal, SuspiciousOperation) and not refusals.is_an_end(refusal):
        return SuspiciousRequest, type(refusal).__name__, ""
    if response.status_code in (401, 403) and _is_for_a_program(response):
        return UnauthorisedInterface, f"status-{response.status_code}", ""
    return None


def _is_for_a_program(response: Any) -> bool:
    """
    Answer whether a program called an interface that it may not call.

    Somebody whose session has just ended is no attacker; the answer says which it is,
    and only a session that was there once has ended.
    """
    kind = response.headers.get("Content-Type", "")
    if "json" not in kind or response.streaming:
        return False
    try:
        told = json.loads(response.content)
    # An answer that a view has not rendered yet, or no JSON after all.
    except Exception:
        return True
    return not isinstance(told, dict) or told.get("code") not in HARMLESS


def _tell(
    request: HttpRequest, attack: Attack, reason: str, detail: str, at: float
) -> None:
    chosen = attack_settings()
    context = current()
    source = context.source.key
    code = attack.declaration.code
    sighting = Sighting(
        attack,
        f"{request.method} {request.path}"[:LENGTH],
        reason,
        detail[:LENGTH],
        context.source,
    )
    key = (code, reason, source)
    if not _sums.knows(key) and _sources.count(code, at) > chosen.sources:
        key = (code, MANY, "")
    if count := _sums.take(key, sighting, at, float(chosen.seconds)):
        _record(sighting, count)


def _record(sighting: Sighting, count: int, actor: Actor | None = None) -> None:
    made: Event = sighting.attack(
        resource=sighting.resource,
        reason=sighting.reason,
        count=count,
        detail=sighting.detail,
    )
    record(made, actor=actor, source=sighting.source)
