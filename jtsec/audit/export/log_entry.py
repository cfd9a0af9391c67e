"""
One event as the police log has it: fourteen fields, none longer than allowed.

Made from the payload, which the check value covers, and never from the columns beside
it. Details that are encrypted in the row stay there: of them the platform learns only
that the data was a person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jtsec.audit.payload import canonical

from .conf import export_settings
from .operations import (
    Level,
    Operation,
    Type,
    failure_of,
    is_interface,
    is_left_out,
    operation_of,
)
from .subjects import organisations_of, subjects_of

LANGUAGE: Final = "zh-hans"
"""The platform's language, whatever that of the project."""


class Kind(StrEnum):
    """Which of the two logs an entry belongs to."""

    USER = "user"
    INTERFACE = "interface"


@dataclass(frozen=True)
class LogEntry:
    """
    One line of the police log; every text within the length the platform allows.

    Args:
        number: 32 hexadecimal digits, those of the event: the same at every export.
        at: YYYYMMDDhhmmss in the project's time zone.
        result: 1 done, 0 refused or failed.
    """

    kind: Kind
    number: str
    user_id: str
    organisation: str
    organisation_id: str
    user_name: str
    terminal_id: str
    at: str
    type: int
    result: int
    error_code: str
    name: str
    condition: str
    display: str
    level: int
    requester: str


LIMITS: Final[Mapping[str, int]] = {
    "user_id": 40,
    "organisation": 100,
    "organisation_id": 18,
    "user_name": 30,
    "terminal_id": 50,
    "error_code": 4,
    "condition": 5000,
    "display": 5000,
    "requester": 50,
}
NAME_LIMITS: Final[Mapping[Kind, int]] = {Kind.USER: 30, Kind.INTERFACE: 50}


def log_entries(payloads: Iterable[Mapping[str, Any]]) -> Iterator[LogEntry]:
    """
    Yield the entries of events in their order; those the project keeps are left out.

    Args:
        payloads: verified payloads, as many as may be looked up at once.
    """
    wanted = [one for one in payloads if not is_left_out(one["code"])]
    subjects = subjects_of(frozenset(_actors(wanted, "uid")))
    names = organisations_of(frozenset(_actors(wanted, "organisation")))
    with translation.override(LANGUAGE):
        for payload in wanted:
            yield _entry(payload, subjects, names)


def _actors(payloads: list[Mapping[str, Any]], field: str) -> Iterator[str]:
    return (found for one in payloads if (found := one["actor"][field]))


def _entry(
    payload: Mapping[str, Any], subjects: Mapping[str, str], names: Mapping[str, str]
) -> LogEntry:
    actor, source = payload["actor"], payload["source"]
    code, data = payload["code"], payload["data"]
    kind = Kind.INTERFACE if is_interface(code) else Kind.USER
    what = operation_of(code)
    is_done = payload["outcome"] == "done"
    settings = export_settings()
    interface = str(data.get("interface") or what.name)
    texts = {
        "user_id": subjects.get(actor["uid"]) or _nearest(payload),
        "organisation": names.get(actor["organisation"]) or actor["organisation"],
        "organisation_id": actor["organisation"],
        "user_name": actor["name"] or _nearest(payload),
        "terminal_id": source["address"] or source["terminal"],
        "error_code": "" if is_done else failure_of(code, payload["reason"]),
        "condition": _condition(payload, what, is_done=is_done),
        "display": _display(data),
        "requester": str(data.get("requester") or "")
        or settings.requester
        or settings.system_id,
    }
    return LogEntry(
        kind=kind,
        number=UUID(payload["id"]).hex,
        at=_moment(payload["at"]),
        type=what.type,
        result=1 if is_done else 0,
        name=cut(interface if kind is Kind.INTERFACE else what.name, NAME_LIMITS[kind]),
        level=_level(what, payload),
        **{field: cut(text, LIMITS[field]) for field, text in texts.items()},
    )


def cut(text: str, limit: int) -> str:
    """
    Return a text of at most so many characters; a cut one ends with an ellipsis.

    Half a surrogate pair, which a client can send in JSON, is made visible: it has a
    form in neither of the two encodings.
    """
    visible = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return visible if len(visible) <= limit else visible[: limit - 1] + "…"


def _nearest(payload: Mapping[str, Any]) -> str:
    """Return a name for who acts: of a refused login only the typed one is known."""
    actor = payload["actor"]
    known = (actor["username"], payload["subject"], actor["uid"], actor["kind"])
    return next(str(name) for name in known if name)


def _moment(text: str) -> str:
    local = timezone.localtime(datetime.fromisoformat(text))
    return f"{local:%Y%m%d%H%M%S}"


def _level(what: Operation, payload: Mapping[str, Any]) -> int:
    if what.level is not None:
        return int(what.level)
    return Level.PERSONAL if payload.get("sealed") else Level.ORDINARY


def _condition(payload: Mapping[str, Any], what: Operation, *, is_done: bool) -> str:
    """Return on what the operation was done, in the platform's SQL-like words."""
    if what.type == Type.LOGIN and is_done:
        method = str(payload["data"].get("method") or _("name and password"))
        return _("Logged in to the system by [%(method)s].") % {"method": method}
    parts = {
        "resource": payload["resource"],
        "subject": payload["subject"],
        "reason": payload["reason"],
        **{key: value for key, value in payload["data"].items() if key not in SHOWN},
    }
    return " AND ".join(
        f"{key}='{_quoted(value)}'"
        for key, value in parts.items()
        if value not in ("", None, [], {})
    )


SHOWN: Final = ("before", "after")
"""Fields that tell what was returned or changed, and not on which condition."""


def _display(data: Mapping[str, Any]) -> str:
    shown = {key: data[key] for key in SHOWN if data.get(key)}
    return canonical(shown).decode("utf-8") if shown else ""


def _quoted(value: Any) -> str:
    if not isinstance(value, str):
        value = canonical({"": value}).decode("utf-8")[4:-1]
    return str(value).replace("'", "''")
