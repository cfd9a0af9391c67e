"""
What can be recorded: events, each a declared class with a unique code.

    @event("permits:permit:granted", Outcome.DONE, clause="A5.1")
    class PermitGranted(Event):
        "A permit was granted."

        resource: str
        owner: Sensitive[str]

    record(PermitGranted(resource="permits.permit:7", owner="…"))

The decorator makes a frozen dataclass whose fields are given by name, so that a
missing or misspelt one is found by mypy and not by the auditor. The docstring is what
the reference says about the event. A field that is `Sensitive` is encrypted in the row
and never logged.

Four names mean the same in every event: `resource` (what was touched, as
"app.model:pk" or another subject), `subject_username` (whom it was done to, where that
is not who did it), `reason` (why it was refused or done), `before` and `after`
(mappings of what changed).

This module needs no Django setup, so events may be declared and imported anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import (
    Annotated,
    Any,
    ClassVar,
    TypeVar,
    dataclass_transform,
    get_origin,
    get_type_hints,
)

from django.utils.functional import Promise

CODE = re.compile(r"[a-z0-9_]+(:[a-z0-9_-]+){2}")
CODE_LENGTH = 100
StrOrPromise = str | Promise


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    """It happened; the record commits with the change or not at all."""

    REFUSED = "refused"
    """A control said no; the record survives the rollback that follows."""

    FAILED = "failed"
    """It was allowed and did not work; the record survives the rollback."""


class Severity(IntEnum):
    """How much somebody should care; numbers leave room, and are stored."""

    INFO = 10
    NOTICE = 20
    WARNING = 30
    ALARM = 40
    """Somebody must look at it now; also logged as an error."""


class _SensitiveMark:
    """Marks a field; there is one instance."""


_MARK = _SensitiveMark()
_METADATA = "jtsec.sensitive"
T = TypeVar("T")

Sensitive = Annotated[T, _MARK]
"""A field whose value is encrypted in the row and left out of the log."""


def sensitive(**options: Any) -> Any:
    """Declare a sensitive field with a default; takes what `dataclasses.field` does."""
    return field(metadata={_METADATA: True}, **options)


@dataclass(frozen=True)
class Declaration:
    """
    What an event class says about all its events.

    Args:
        code: "control:subject:what", unique.
        outcome: how it ended.
        severity: how much somebody should care.
        core: whether it belongs to a function declared core (A5.5).
        clause: the clause it serves, "" when none.
        label: a few words for lists and reports, translated when shown.
        names: its fields in order.
        sensitive: those of them that are encrypted.
    """

    code: str
    outcome: Outcome
    severity: Severity
    core: bool
    clause: str
    label: StrOrPromise
    names: tuple[str, ...]
    sensitive: frozenset[str]


class Event:
    """Is the base of every event; the decorator does the work."""

    declaration: ClassVar[Declaration]


E = TypeVar("E", bound=Event)
_declared: dict[str, type[Event]] = {}


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(field, sensitive)
)
def event(
    code: str,
    outcome: Outcome,
    severity: Severity = Severity.INFO,
    *,
    core: bool = False,
    clause: str = "",
    label: StrOrPromise = "",
) -> Callable[[type[E]], type[E]]:
    """
    Declare an event class.

    Args:
        code: "control:subject:what", lower case, at most 100 characters, unique.
        outcome: how it ended.
        severity: how much somebody should care.
        core: whether it belongs to a function declared core (A5.5).
        clause: the clause it serves.
        label: a few words for lists, translatable; else the docstring's beginning.

    Raises:
        TypeError: the code is malformed or taken, the docstring is missing, or an
            annotation, and so whether a field is sensitive, cannot be resolved.
    """

    def declare(cls: type[E]) -> type[E]:
        _require_declarable(code, cls)
        made = dataclass(frozen=True, kw_only=True)(cls)
        about = (code, outcome, severity, core, clause, label or _first_sentence(cls))
        sensitive_names = frozenset(_sensitive_names(made))
        made.declaration = Declaration(*about, _names(made), sensitive_names)
        _declared[code] = made
        return made

    return declare


def _names(made: type[Event]) -> tuple[str, ...]:
    """Return the names of an event's fields, in order of their declaration."""
    return tuple(item.name for item in fields(made))  # type: ignore[arg-type]  # the decorator has just made it a dataclass


def declared_events() -> MappingProxyType[str, type[Event]]:
    """Return every declared event class by its code, in order of the codes."""
    return MappingProxyType(dict(sorted(_declared.items())))


def label_of(code: str) -> str:
    """
    Return what an event is called in lists, or its code where none is declared.

    Rows outlive the declarations of the software that wrote them.
    """
    found = _declared.get(code)
    return code if found is None else str(found.declaration.label)


def _first_sentence(cls: type[Event]) -> str:
    return " ".join((cls.__doc__ or "").split(".")[0].split())


def _require_declarable(code: str, cls: type[Event]) -> None:
    if not CODE.fullmatch(code) or len(code) > CODE_LENGTH:
        raise TypeError(f"{code!r} is not of the form control:subject:what")
    # A base class's text would describe another event.
    if not (cls.__dict__.get("__doc__") or "").strip():
        raise TypeError(f"{cls.__qualname__} needs a docstring; it is the reference")
    known = _declared.get(code)
    # A reloaded module declares the same class again.
    if known is not None and _place(known) != _place(cls):
        raise TypeError(f"{code} is declared by {known.__module__} already")


def _place(cls: type[Event]) -> tuple[str, str]:
    return cls.__module__, cls.__qualname__


def _sensitive_names(cls: type[Event]) -> Iterator[str]:
    try:
        hints = get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise TypeError(
            f"{cls.__qualname__}: {error}; import what the fields are annotated "
            "with outside of TYPE_CHECKING"
        ) from error
    for item in fields(cls):  # type: ignore[arg-type]  # a dataclass by now
        if item.metadata.get(_METADATA) or _is_marked(hints[item.name]):
            yield item.name


def _is_marked(hint: Any) -> bool:
    """Answer whether a type is `Sensitive[…]`, or a union that contains one."""
    if get_origin(hint) is Annotated:
        return _MARK in hint.__metadata__
    return any(_is_marked(part) for part in getattr(hint, "__args__", ()))
