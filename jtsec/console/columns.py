"""The columns of a list of events: what each is called and what it shows of a row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jtsec.audit.events import label_of
from jtsec.audit.models import AuditRecord
from jtsec.audit.query.api import (
    DUTIES,
    KINDS,
    OUTCOMES,
    SEVERITIES,
    Choices,
    FilterError,
    Person,
    State,
    data_of,
    directory,
    state_of,
)
from jtsec.core.clock import shown

from .reason_words import reason_text


@dataclass(frozen=True)
class Names:
    """What the rows of one page need beside themselves, asked for once."""

    organisations: Mapping[str, str]
    people: Mapping[str, Person]

    @classmethod
    def for_rows(cls, rows: Iterable[AuditRecord]) -> Names:
        """Return the names of what some rows speak of."""
        uids = {row.actor_uid for row in rows if row.actor_uid}
        known = directory()
        return cls(known.organisations(), known.people_of(uids) if uids else {})


Show = Callable[[AuditRecord, Names], Any]


@dataclass(frozen=True)
class Column:
    """
    One column of a list of events.

    Args:
        label: its head.
        show: what it shows of a row, as text.
        kind: how it is set: "", "name", "long", "mark" or "number".
    """

    label: str | Promise
    show: Show
    kind: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell as a template shows it; `tone` is "", "good", "warn" or "bad"."""

    text: str
    kind: str = ""
    tone: str = ""


def moment_text(row: AuditRecord, names: Names | None = None) -> str:
    """Return when something happened, in the project's zone."""
    return shown(row.at)


def user_text(row: AuditRecord, names: Names) -> str:
    """Return who acted: name with the police number, or else the login name."""
    if row.actor_kind == "anonymous":
        return _("Not logged in")
    if row.actor_kind == "system":
        return _("System: %(task)s") % {"task": row.actor_username or row.actor_name}
    person = names.people.get(row.actor_uid)
    number = person.number if person else row.actor_username
    if row.actor_name and number and row.actor_name != number:
        return f"{row.actor_name} ({number})"
    return str(row.actor_name or row.actor_username)


def organisation_text(row: AuditRecord, names: Names) -> str:
    """Return the name of an office, or its code where it has none."""
    code: str = row.actor_organisation
    return names.organisations.get(code, code)


def choice_text(choices: Choices, value: Any) -> str:
    """Return what one of a list of words is called."""
    return next((str(label) for label, own in choices.values() if own == value), "")


def _police(row: AuditRecord, names: Names) -> str:
    if row.actor_is_police is None:
        return ""
    return _("Police officer") if row.actor_is_police else _("Not a police officer")


def _chosen(choices: Choices, attribute: str) -> Show:
    return lambda row, names: choice_text(choices, getattr(row, attribute))


def _own(attribute: str) -> Show:
    return lambda row, names: getattr(row, attribute)


METHODS: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "password": pgettext_lazy("jtsec login", "Password"),
        "certificate": pgettext_lazy("jtsec login", "Certificate"),
    }
)
"""How somebody logged in, in words."""


def _method(row: AuditRecord, names: Names) -> str:
    word = str(data_of(row).get("method", ""))
    return str(METHODS.get(word, word))


def _session(row: AuditRecord, names: Names) -> str:
    return str(data_of(row).get("session", ""))


def _check(row: AuditRecord, names: Names) -> str:
    return str(state_of(row).label)


COLUMNS: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "at": Column(gettext_lazy("Time"), moment_text, "number"),
        "user": Column(gettext_lazy("User"), user_text, "name"),
        "username": Column(gettext_lazy("User name"), _own("actor_username")),
        "uid": Column(gettext_lazy("User UID"), _own("actor_uid"), "long"),
        "kind": Column(gettext_lazy("Kind of actor"), _chosen(KINDS, "actor_kind")),
        "police": Column(gettext_lazy("Kind of person"), _police),
        "duty": Column(gettext_lazy("Duty"), _chosen(DUTIES, "actor_duty")),
        "organisation": Column(gettext_lazy("Organisation"), organisation_text, "name"),
        "address": Column(
            gettext_lazy("Source address"), _own("source_address"), "number"
        ),
        "terminal": Column(gettext_lazy("Terminal"), _own("source_terminal")),
        "mac": Column(gettext_lazy("MAC address"), _own("source_mac"), "number"),
        "action": Column(
            pgettext_lazy("jtsec audit", "Action"),
            lambda row, names: label_of(row.code),
            "word",
        ),
        "code": Column(gettext_lazy("Code of the action"), _own("code"), "long"),
        "resource": Column(gettext_lazy("Resource"), _own("resource"), "long"),
        "subject": Column(gettext_lazy("User concerned"), _own("subject")),
        "outcome": Column(gettext_lazy("Result"), _chosen(OUTCOMES, "outcome"), "mark"),
        "severity": Column(
            gettext_lazy("Severity"), _chosen(SEVERITIES, "severity"), "mark"
        ),
        "reason": Column(
            gettext_lazy("Reason"), lambda row, names: reason_text(row.reason), "long"
        ),
        "method": Column(gettext_lazy("Way of the login"), _method, "mark"),
        "session": Column(pgettext_lazy("jtsec", "Session"), _session, "long"),
        "request": Column(gettext_lazy("Request number"), _own("request_id"), "number"),
        "check": Column(pgettext_lazy("jtsec", "Check value"), _check, "mark"),
    }
)
"""Every column by its word in the address, in their order."""

USUAL: Final = ("at", "user", "organisation", "address", "action", "outcome", "check")
TONES: Final[Mapping[str, Mapping[Any, str]]] = MappingProxyType(
    {
        "outcome": {"refused": "warn", "failed": "bad"},
        "severity": {30: "warn", 40: "bad"},
    }
)


def chosen_columns(names: Collection[str], usual: tuple[str, ...]) -> tuple[str, ...]:
    """
    Return the columns an address names, in the order of the table.

    Args:
        names: the values of the parameter `column`.
        usual: what is shown when there are none.

    Raises:
        FilterError: one of them is no column.
    """
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or len(names) > len(COLUMNS):
        raise FilterError("column", _("Choose one of the list."))
    return tuple(name for name in COLUMNS if name in names) or usual


def cells_of(row: AuditRecord, columns: Iterable[str], names: Names) -> Iterator[Cell]:
    """Yield the cells of one row."""
    for name in columns:
        if name == "check":
            yield _checked(row)
            continue
        column = COLUMNS[name]
        tone = TONES.get(name, {}).get(getattr(row, name, None), "")
        yield Cell(str(column.show(row, names)), column.kind, tone)


def _checked(row: AuditRecord) -> Cell:
    state = state_of(row)
    tones = {State.WHOLE: "good", State.ALTERED: "bad", State.UNKNOWN: "warn"}
    return Cell(str(state.label), "mark", tones[state])
