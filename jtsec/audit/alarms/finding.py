"""What a rule found, in values that every database can store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypedDict

from jtsec.audit.events import Severity
from jtsec.audit.payload import plain
from jtsec.core.clock import now
from jtsec.crypto import sm3

from .models import Level

COLLECTIVE: Final = "*"
"""The key under which a rule's alarms are counted when too many are open."""

KEY_LENGTH: Final = 255


class Details(TypedDict, total=False):
    """
    What else a rule can say of what it found.

    Args:
        subject: the login name of the user it is about.
        subject_uid: that user's uid.
        resource: what was touched, as in an event.
        source: the address it came from.
        params: figures for the rule's sentence, JSON-able.
        events: the ids of the events that show it, oldest first.
        at: when it happened; now by default.
        concerned: uids and login names of further persons it is about; none of
            them may close it.
    """

    subject: str
    subject_uid: str
    resource: str
    source: str
    params: Mapping[str, Any] | None
    events: Sequence[str]
    at: datetime | None
    concerned: Sequence[str]


class Finding:
    """
    What a rule found.

    Raises:
        TypeError: a figure has no JSON form.
    """

    def __init__(self, rule: str, severity: int, key: str, details: Details) -> None:
        subject, uid = details.get("subject", ""), details.get("subject_uid", "")
        persons = (uid, subject, *details.get("concerned", ()))
        self.rule = rule
        self.key = _key(key)
        self.level = _level(severity)
        self.at = details.get("at") or now()
        self.events = [str(one) for one in details.get("events", ())]
        self.concerned = [storable(one) for one in persons if one]
        self.columns: dict[str, Any] = {
            "subject": storable(subject)[:254],
            "resource": storable(details.get("resource", ""))[:255],
            "source": details.get("source", "")[:45],
            "params": _storable_tree(plain(dict(details.get("params") or {}))),
        }

    def fingerprint(self) -> str:
        """Return what stands for rule and key while their alarm is open."""
        return fingerprint_of(self.rule, self.key)

    def become_collective(self) -> None:
        """Speak of the rule alone from now on."""
        self.key = COLLECTIVE
        self.columns |= {"subject": "", "resource": "", "source": "", "params": {}}


def fingerprint_of(rule: str, key: str) -> str:
    """Return what stands for a rule and a key while their alarm is open."""
    return sm3.hexdigest(f"{rule}\x00{key}".encode())


def storable(text: str) -> str:
    """Return a text every database takes: PostgreSQL refuses NUL, all half pairs."""
    visible = text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace")
    return visible.decode("utf-8")


def _storable_tree(value: Any) -> Any:
    match value:
        case str():
            return storable(value)
        case dict():
            return {storable(key): _storable_tree(one) for key, one in value.items()}
        case list():
            return [_storable_tree(one) for one in value]
    return value


def _level(severity: int) -> Level:
    wanted = max(int(severity), int(Severity.NOTICE))
    return max(level for level in Level if level <= wanted)


def _key(key: str) -> str:
    """Return a key as long as its column; a cut one stays different from others."""
    text = storable(key)
    if len(text) <= KEY_LENGTH:
        return text
    digest = sm3.hexdigest(text.encode())
    return f"{text[: KEY_LENGTH - len(digest) - 1]}…{digest}"
