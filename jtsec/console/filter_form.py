"""
The form of a filter: fields that send what `Filter.from_query` reads.

It is no Django form: the filter reads the address, which people keep, send on and write
by hand, and a form would be a second reader that may disagree. This shows its words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.apps import apps
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jtsec.audit.events import declared_events
from jtsec.audit.query.api import (
    PARAMETERS,
    PERIODS,
    Choices,
    Filter,
    FilterError,
    directory,
)

FIRST: Final = ("period", "since", "until", "user", "organisation", "code", "outcome")
"""Conditions that stand open; the others are one click away."""

MORE: Final = (
    *("address", "least", "text", "resource", "subject", "reason"),
    *("police", "duty", "kind", "terminal", "mac", "request"),
    *("username", "name", "uid", "event", "severity"),
)
HINTS: Final = {
    "since": "2026-07-01 08:30",
    "until": "2026-07-01 18:00",
    "address": "10.1.2.*",
    "resource": "permits.permit:7",
}
MODULES: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "access": gettext_lazy("Access"),
        "accounts": gettext_lazy("Accounts"),
        "approvals": gettext_lazy("Applications and approvals"),
        "audit": gettext_lazy("Audit"),
        "authentication": gettext_lazy("Login and passwords"),
        "console": gettext_lazy("Console"),
        "errors": gettext_lazy("Errors"),
        "keys": gettext_lazy("Keys"),
        "monitoring": gettext_lazy("Supervision of the system"),
        "protection": gettext_lazy("Important data"),
        "rest": gettext_lazy("Interfaces"),
        "rotation": gettext_lazy("Change of keys"),
        "secrets": gettext_lazy("Secrets of the system"),
        "identity": gettext_lazy("Users and organisations"),
        "sessions": gettext_lazy("Sessions"),
    }
)
"""What jtsec's own modules are called; a project's tell their own names."""


@dataclass(frozen=True)
class Option:
    """One word of a list; with further ones below it where it is a group's name."""

    value: str
    label: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Field:
    """
    One field as the template shows it.

    Args:
        name: the parameter.
        label: above it.
        text: what stands in it.
        options: its list, where it has one.
        hint: an example inside of it while it is empty.
        error: what is wrong with it.
        suggestions: the id of a list of suggestions, "" for none.
    """

    name: str
    label: str
    text: str
    options: tuple[Option, ...] = ()
    hint: str = ""
    error: str = ""
    suggestions: str = ""


@dataclass(frozen=True)
class FilterForm:
    """
    The form of a filter.

    Args:
        first: the fields that stand open.
        more: those behind a click.
        is_open: whether one of those is in use.
        offices: organisations to suggest, code and name.
    """

    first: tuple[Field, ...]
    more: tuple[Field, ...]
    is_open: bool
    offices: Mapping[str, str]


def form_of(filter: Filter, *, without: Collection[str] = ()) -> FilterForm:
    """Return the form that shows a filter; conditions a page fixes are left out."""
    return _form(filter.as_texts(), without)


def form_with_error(
    query: QueryDict, error: FilterError, *, without: Collection[str] = ()
) -> FilterForm:
    """Return the form as it was sent, with the sentence beside its field."""
    known = {*PARAMETERS, "period", "since", "until"}
    texts = {name: str(text)[:300] for name, text in query.items() if name in known}
    return _form(texts, without, error)


def _form(
    texts: Mapping[str, str],
    without: Collection[str],
    error: FilterError | None = None,
) -> FilterForm:
    def fields(names: Collection[str]) -> tuple[Field, ...]:
        return tuple(_field(n, texts, error) for n in names if n not in without)

    more = fields(MORE)
    is_open = any(field.text or field.error for field in more)
    return FilterForm(fields(FIRST), more, is_open, directory().organisations())


def _field(name: str, texts: Mapping[str, str], error: FilterError | None) -> Field:
    wrong = error.sentence if error is not None and error.field == name else ""
    text = texts.get(name, "")
    match name:
        case "period":
            times = [Option(word, str(label)) for word, (label, _) in PERIODS.items()]
            if "since" in texts or "until" in texts:
                times.insert(0, Option("", _("As given beside")))
            return Field(
                name,
                pgettext("jtsec filter", "Period"),
                text,
                tuple(times),
                error=wrong,
            )
        case "since":
            return Field(name, _("From"), text, hint=HINTS[name], error=wrong)
        case "until":
            return Field(name, _("To"), text, hint=HINTS[name], error=wrong)
    parameter = PARAMETERS[name]
    return Field(
        name,
        str(parameter.label),
        text,
        options=_options(name, parameter.choices, text),
        hint=_("Name, police number or UID") if name == "user" else HINTS.get(name, ""),
        error=wrong,
        suggestions="jtsec-offices" if name == "organisation" else "",
    )


def _options(name: str, choices: Choices | None, text: str) -> tuple[Option, ...]:
    if name == "code":
        return (Option("", _("All")), *_actions(text))
    if choices is None:
        return ()
    listed = (Option(word, str(label)) for word, (label, _own) in choices.items())
    return (Option("", _("All")), *listed)


def _application(label: str) -> str:
    """Return what a project's application calls itself."""
    found = apps.app_configs.get(label)
    return str(found.verbose_name) if found is not None else label


def _actions(text: str) -> Iterator[Option]:
    """Yield the modules with their actions; what nobody declares any more stays."""
    groups: dict[str, list[Option]] = {}
    for code, event in declared_events().items():
        label = str(event.declaration.label)
        groups.setdefault(code.split(":")[0], []).append(Option(code, label))
    known = {f"{module}:*" for module in groups}
    known |= {option.value for listed in groups.values() for option in listed}
    if text and text not in known:
        yield Option(text, text)
    for module, listed in sorted(groups.items()):
        name = str(MODULES.get(module) or _application(module))
        every = Option(f"{module}:*", _("%(module)s: all") % {"module": name})
        listed.sort(key=lambda option: option.label)
        yield Option("", name, (every, *listed))
