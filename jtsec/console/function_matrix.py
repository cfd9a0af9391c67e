"""Functions drawn as a table: a line for what they are about, a column an operation."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from jtsec.access.api import Function

from .function_marks import Mark, marks_of

StrOrPromise = str | Promise

OPERATIONS: Final[tuple[tuple[StrOrPromise, frozenset[str]], ...]] = (
    (
        pgettext_lazy("jtsec operation", "Query"),
        frozenset({"query", "view", "list", "search", "show", "read", "print"}),
    ),
    (
        pgettext_lazy("jtsec operation", "Add"),
        frozenset(
            {
                "add",
                "create",
                "file",
                "apply",
                "request",
                "submit",
                "register",
                "upload",
            }
        ),
    ),
    (
        pgettext_lazy("jtsec operation", "Change"),
        frozenset({"change", "edit", "update", "correct", "set", "extend"}),
    ),
    (
        pgettext_lazy("jtsec operation", "Delete"),
        frozenset({"delete", "remove", "cancel", "withdraw", "revoke"}),
    ),
    (
        pgettext_lazy("jtsec operation", "Approve"),
        frozenset({"approve", "check", "review", "reject", "audit", "confirm"}),
    ),
    (
        pgettext_lazy("jtsec operation", "Export"),
        frozenset({"export", "download", "send"}),
    ),
)
OTHER: Final = pgettext_lazy("jtsec operation", "Other")
HEAD: Final[tuple[StrOrPromise, ...]] = (*(name for name, _words in OPERATIONS), OTHER)


@dataclass(frozen=True)
class Box:
    """
    One function in the table.

    Args:
        right: its permission name.
        title: what people call it.
        marks: what it demands.
        is_chosen: whether its box is ticked.
        is_inherited: whether a role built on gives it anyway.
    """

    right: str
    title: StrOrPromise
    marks: tuple[Mark, ...] = ()
    is_chosen: bool = False
    is_inherited: bool = False


@dataclass
class Line:
    """What functions are about, and the functions in each column."""

    thing: StrOrPromise
    columns: list[list[Box]] = field(default_factory=lambda: [[] for _column in HEAD])


def matrix_of(
    functions: Iterable[Function],
    *,
    chosen: Collection[str] = (),
    inherited: Collection[str] = (),
) -> list[Line]:
    """
    Return the table of some functions.

    Args:
        functions: which.
        chosen: the rights whose boxes are ticked.
        inherited: the rights that come with roles built on.
    """
    lines: dict[tuple[str, str], Line] = {}
    for one in functions:
        app, _dot, name = one.right.partition(".")
        operation, _line, thing = name.partition("_")
        label = _thing(app, thing)
        # Functions about no model share a line: their own titles say what they do.
        place, label = ((app, thing), label) if label else ((app, ""), _others(app))
        line = lines.setdefault(place, Line(label))
        line.columns[_column(operation)].append(
            Box(
                one.right,
                one.title or name,
                tuple(marks_of(one)),
                one.right in chosen,
                one.right in inherited,
            )
        )
    return [
        lines[key] for key in sorted(lines, key=lambda key: (key[0], not key[1], key))
    ]


def _column(operation: str) -> int:
    for number, (_name, words) in enumerate(OPERATIONS):
        if operation in words:
            return number
    return len(OPERATIONS)


def _thing(app: str, thing: str) -> StrOrPromise:
    """Return what the model calls itself that a function is about, "" without one."""
    try:
        label: StrOrPromise = apps.get_model(app, thing)._meta.verbose_name
    except (LookupError, ValueError):
        return ""
    return label


def _others(app: str) -> str:
    return pgettext("jtsec functions", "%(application)s: others") % {
        "application": _app(app)
    }


def _app(app: str) -> StrOrPromise:
    try:
        label: StrOrPromise = apps.get_app_config(app).verbose_name
    except LookupError:
        return app
    return label
