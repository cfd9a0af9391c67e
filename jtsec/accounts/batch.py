"""
Many new users from one file: examined whole, submitted whole, reviewed one by one.

With a single bad line nothing is submitted, and one run names every bad line. What is
submitted are the same applications as from the form, so a second person reviews each
(clauses A4.4, P54.3); a file is no way around that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import router, transaction
from django.utils.translation import gettext as _

from jtsec.approvals.models import ApprovalRequest
from jtsec.core.exceptions import InputError
from jtsec.identity.api import (
    Fault,
    check_registration,
    fold_login_name,
    read_rows,
    typed_values,
)

from .registration import apply_for_registration

MOST: Final = 500
ONCE: Final = ("username", "resident_id", "number")


@dataclass(frozen=True)
class Batch:
    """
    What became of a file.

    Args:
        people: how many people it names.
        faults: what is wrong, by line; with any of them nothing was submitted.
        submitted: how many applications were submitted.
    """

    people: int
    faults: tuple[Fault, ...]
    submitted: int


def apply_for_registrations(
    data: bytes, *, reason: str, encoding: str = "utf-8", dry_run: bool = False
) -> Batch:
    """
    Submit everybody a file names for review by a second person.

    Args:
        data: a CSV file; its columns are those of `jtsec_identity_import`.
        reason: what the accounts are for.
        encoding: utf-8 or gb18030.
        dry_run: only say what is wrong.

    Raises:
        jtsec.identity.api.UnusableFile: it is no such file.
        InputError: it names more people than one batch takes.
        jtsec.approvals.api.ApprovalRefused: the actor may not apply; recorded.
    """
    rows, malformed = read_rows(data, encoding)
    if len(rows) > MOST:
        text = _("A file names at most %(most)d people; this one %(count)d.")
        raise InputError(text % {"most": MOST, "count": len(rows)}, field="file")
    people = [(row.line, typed_values(row)) for row in rows]
    faults = [*malformed, *_faults(people)]
    if faults or dry_run:
        found = tuple(sorted(faults, key=lambda fault: fault.line))
        return Batch(len(people), found, 0)
    with transaction.atomic(using=router.db_for_write(ApprovalRequest)):
        for _line, values in people:
            apply_for_registration(reason=reason, **values)
    return Batch(len(people), (), len(people))


def _faults(people: list[tuple[int, dict[str, Any]]]) -> Iterator[Fault]:
    """Yield what is wrong with each line, and what two lines share."""
    seen: dict[tuple[str, str], int] = {}
    for line, values in people:
        particulars = dict(values)
        try:
            check_registration(particulars.pop("username"), **particulars)
        except InputError as error:
            yield Fault(line, error.field, str(error))
            continue
        for column in ONCE:
            first = seen.setdefault((column, _folded(column, values)), line)
            if first != line:
                said = _("The same as in line %(line)d.") % {"line": first}
                yield Fault(line, column, said)
                break


def _folded(column: str, values: Mapping[str, Any]) -> str:
    value = str(values[column])
    return fold_login_name(value) if column == "username" else value.upper()
