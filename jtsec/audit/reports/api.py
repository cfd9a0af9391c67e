"""
The verbs of the reports.

    document = make("security", period_of("security", "2026-10"), maker="沈某")
    with open("report.docx", "wb") as file:
        write(document, "docx", file)

Kinds: `daily` and `monthly` tell of use (A5.10, P43), `security` of a month's attacks
and their handling (P47). Forms: `html` a page in one file, `docx`, `xlsx`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import IO, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.audit.api import record
from jtsec.core.clock import now, shown
from jtsec.core.exceptions import InputError

from .document import Cell, Document, Facts, Section, Table
from .events import ReportMade
from .exceptions import LibraryMissing
from .incident import incident_document
from .page import chapters
from .period import Period, between, day_of, last_month, month_of, today
from .security import security_sections
from .usage import usage_sections

__all__ = [
    "FORMS",
    "KINDS",
    "Document",
    "Facts",
    "LibraryMissing",
    "Period",
    "Section",
    "Table",
    "between",
    "chapters",
    "incident_document",
    "last_month",
    "make",
    "period_of",
    "today",
    "write",
]


class Kind(NamedTuple):
    """
    One kind of report.

    Args:
        title: its name.
        period: reads the period it is about, such as "2026-10".
        sections: its chapters.
        signatures: places to sign.
    """

    title: str | Promise
    period: Callable[[str], Period]
    sections: Callable[[Period], Iterator[Section]]
    signatures: tuple[str | Promise, ...]


class Form(NamedTuple):
    """
    One form in which a report leaves.

    Args:
        module: what writes it.
        function: the function in it: (document, file).
        library: the name of the library it needs, "" for none.
        content_type: its media type.
    """

    module: str
    function: str
    library: str
    content_type: str


_SIGNED: Final = (
    gettext_lazy("Prepared by"),
    gettext_lazy("Checked by"),
    gettext_lazy("Date"),
)
KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "daily": Kind(gettext_lazy("Daily report of use"), day_of, usage_sections, ()),
        "monthly": Kind(
            gettext_lazy("Monthly report of use"), month_of, usage_sections, _SIGNED
        ),
        "security": Kind(
            gettext_lazy("Monthly report of security"),
            month_of,
            security_sections,
            _SIGNED,
        ),
    }
)
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "html": Form("page", "write_page", "", "text/html; charset=utf-8"),
        "docx": Form(
            "word",
            "write_word",
            "python-docx",
            f"{_OFFICE}.wordprocessingml.document",
        ),
        "xlsx": Form(
            "workbook",
            "write_workbook",
            "XlsxWriter",
            f"{_OFFICE}.spreadsheetml.sheet",
        ),
    }
)


def period_of(kind: str, text: str) -> Period:
    """
    Return the period that a kind of report is about.

    Args:
        kind: of `KINDS`.
        text: "2026-11-22" for a day, "2026-11" for a month.

    Raises:
        InputError: no such kind; no such period, or one that has not begun.
    """
    return _kind(kind).period(text)


def make(
    kind: str,
    period: Period,
    *,
    maker: str,
    system: str = "",
    organisation: str = "",
    form: str = "",
) -> Document:
    """
    Make a report, and record that it was made (clauses A5.10, P43, P47).

    Args:
        kind: of `KINDS`.
        period: what it is about.
        maker: who makes it, as it stands in its head.
        system: the name of the system.
        organisation: who runs it.
        form: how it leaves, for the record.

    Raises:
        InputError: no such kind.
        AuditUnavailable: it could not be recorded.
    """
    chosen = _kind(kind)
    facts: list[tuple[str, Cell]] = [
        (_("System"), system or "–"),
        (_("Organisation"), organisation or "–"),
        (_("Made by"), maker),
        *_time_facts(period),
    ]
    document = Document(
        title=str(chosen.title),
        facts=facts,
        sections=list(chosen.sections(period)),
        signatures=[str(one) for one in chosen.signatures],
    )
    record(ReportMade(resource=f"report:{kind}", period=str(period), form=form))
    return document


def _time_facts(period: Period) -> Iterator[tuple[str, Cell]]:
    yield _("Period"), str(period)
    yield _("Made at"), shown(now())
    if not period.is_over:
        yield _("Note"), _("Preliminary: the period is not over.")


def write(document: Document, form: str, file: IO[bytes]) -> None:
    """
    Write a report in one of the `FORMS`.

    Args:
        document: the report.
        form: "html", "docx" or "xlsx".
        file: open for writing bytes.

    Raises:
        InputError: no such form.
        LibraryMissing: its library is not installed; says what to install.
    """
    chosen = FORMS.get(form)
    if chosen is None:
        known = ", ".join(FORMS)
        raise InputError(
            _("A report has one of the forms %(known)s.") % {"known": known},
            field="form",
            code="unknown",
        )
    try:
        module = import_module(f".{chosen.module}", __package__)
    except ImportError as error:
        message = _('Missing %(name)s: pip install "jtsec[report]" (html needs none).')
        raise LibraryMissing(message % {"name": chosen.library}) from error
    getattr(module, chosen.function)(document, file)


def _kind(kind: str) -> Kind:
    found = KINDS.get(kind)
    if found is None:
        known = ", ".join(KINDS)
        raise InputError(
            _("A report is of one of the kinds %(known)s.") % {"known": known},
            field="kind",
            code="unknown",
        )
    return found
