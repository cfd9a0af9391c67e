"""
Rows as a file to take away: masked as on the page, with who took them and when.

    file = export(permits, ("number", "owner_name"), user=request.user, form="xlsx")
    return file.response("permits")
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.reports.api import FORMS, Document, Section, Table, write
from jtsec.core.clock import now
from jtsec.core.clock import shown as shown_time
from jtsec.core.context import current
from jtsec.core.exceptions import InputError
from jtsec.core.table_cells import csv_line
from jtsec.crypto import sm3

from .conf import masking_settings
from .events import MaskedExported
from .shown import shown

CSV_TYPE: Final = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class ExportedFile:
    """
    A file with masked rows.

    Args:
        content: its bytes.
        form: "xlsx", "docx", "csv" or "html".
        rows: how many rows it holds.
        digest: its SM3, as the audit has it.
    """

    content: bytes
    form: str
    rows: int
    digest: str

    def response(self, name: str) -> HttpResponse:
        """Return the answer that hands it out as a download under a name."""
        kind = CSV_TYPE if self.form == "csv" else FORMS[self.form].content_type
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.{self.form}"',
            "Cache-Control": "no-store",
        }
        return HttpResponse(self.content, content_type=kind, headers=headers)


def export(
    rows: QuerySet[Any],
    names: Sequence[str],
    *,
    user: Any,
    form: str,
    title: str = "",
    conditions: str = "",
) -> ExportedFile:
    """
    Write rows to a file as the user sees them, and record it (clause T7.2).

    Args:
        rows: of one model; the caller has cut them to what the user may see.
        names: the columns, names of fields or methods; "organisation.name" follows a
            relation.
        user: who takes it away.
        form: "xlsx", "docx", "html" or "csv".
        title: what stands above; the model's name by default.
        conditions: how the rows were chosen, without personal values.

    Raises:
        InputError: an unknown form, or more rows than one export may hold.
        LibraryMissing: the form's library is not installed.
        AuditUnavailable: it could not be recorded; nothing is handed out.
    """
    if form != "csv" and form not in FORMS:
        raise InputError(_("There is no such form of file."), field="form")
    cells = _cells(rows, names, user)
    head = [_heading(rows.model, name) for name in names]
    caption = title or str(rows.model._meta.verbose_name_plural)
    content = _written(caption, conditions, head, cells, form)
    made = ExportedFile(content, form, len(cells), sm3.hexdigest(content))
    _record(rows.model, made, conditions)
    return made


def _record(model: type[Model], made: ExportedFile, conditions: str) -> None:
    record(
        MaskedExported(
            resource=model._meta.label_lower,
            form=made.form,
            rows=made.rows,
            conditions=conditions,
            digest=made.digest,
        )
    )


def _cells(rows: QuerySet[Any], names: Sequence[str], user: Any) -> list[list[str]]:
    limit = masking_settings().export_rows
    cells = [
        [_cell(one, name) for name in names]
        for one in (shown(row, user) for row in islice(rows, limit + 1))
    ]
    if len(cells) > limit:
        sentence = _("More than %(limit)d rows; narrow the conditions.")
        raise InputError(sentence % {"limit": limit}, code="too-many")
    return cells


def _written(
    title: str, conditions: str, head: list[str], cells: list[list[str]], form: str
) -> bytes:
    plain = _as_csv([head, *cells])
    facts = [
        (_("Made by"), current().actor.name or current().actor.username or "–"),
        (_("Made at"), shown_time(now())),
        (_("Conditions"), conditions or "–"),
        (_("Rows"), str(len(cells))),
        (_("SM3 of the rows"), sm3.hexdigest(plain)),
    ]
    if form == "csv":
        return b"\xef\xbb\xbf" + _as_csv([[title], *facts, []]) + plain
    table = Table(caption=title, head=head, rows=cells, empty=_("There are no rows."))
    document = Document(title=title, facts=facts, sections=[Section(title, [table])])
    file = BytesIO()
    write(document, form, file)
    return file.getvalue()


def _as_csv(lines: Iterable[Sequence[str]]) -> bytes:
    return "".join(map(csv_line, lines)).encode()


def _heading(model: type[Model], name: str) -> str:
    first = name.partition(".")[0]
    try:
        return str(model._meta.get_field(first).verbose_name)  # type: ignore[union-attr]  # a reverse relation has none
    except (FieldDoesNotExist, AttributeError):
        field = name.removeprefix("get_").removesuffix("_display")
        return _heading(model, field) if field != name else name


def _cell(row: Any, name: str) -> str:
    value: Any = row
    for part in name.split("."):
        value = getattr(value, part)
        value = value() if callable(value) else value
        if value is None:
            return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return shown_time(value)
    return value.isoformat() if isinstance(value, date) else str(value)
