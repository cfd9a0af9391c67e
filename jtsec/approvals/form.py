"""The form of an application: before and after, who approved, who did it (P45)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jtsec.audit.reports.api import Document, Section, Table
from jtsec.core import clock

from .application import Application, Content
from .content import application_of
from .kinds import Kind, find_kind
from .listing import find_with_history
from .models import ApprovalRequest, ApprovalStep, State, StepKind
from .rows import Held


def form(row: ApprovalRequest) -> Document:
    """
    Return an application as a form that can be printed and signed.

    Raises:
        ApprovalRefused: it was altered, or cannot be verified; recorded.
    """
    return form_of(find_with_history(row.pk))


def form_of(held: Held) -> Document:
    """Return the form of an application that is in hand and verified."""
    row, kind = held.row, find_kind(held.row.kind)
    application = application_of(row)
    title = row.kind if kind is None else str(kind.form_title or kind.name)
    return Document(
        title=title,
        facts=list(_facts(row, application, kind)),
        sections=[
            Section(_("What is applied for"), [_comparison(application)]),
            Section(_("Approval and execution"), [_way(held, kind)]),
        ],
        signatures=[
            _("Applicant"),
            *(() if kind is None else (str(step.name) for step in kind.steps)),
            _("Carried out by"),
            _("Date"),
        ],
    )


def comparison(before: Content, after: Content) -> list[tuple[str, str, str, bool]]:
    """Return name, before, after, and whether they differ, in a settled order."""
    names = [*before, *(name for name in after if name not in before)]
    return [
        (
            str(name),
            shown(before.get(name)),
            shown(after.get(name)),
            before.get(name) != after.get(name),
        )
        for name in names
    ]


def shown(value: Any) -> str:
    """Return a value of a payload as people read it."""
    if value is None or value in ("", [], (), {}):
        return "–"
    if isinstance(value, bool):
        yes, no = pgettext("jtsec approval", "yes"), pgettext("jtsec approval", "no")
        return yes if value else no
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {shown(one)}" for name, one in value.items())
    return str(value)


def moment(at: datetime | None) -> str:
    """Return a time as people read it, in the zone of the project."""
    return "–" if at is None else clock.shown(at)


def step_name(done: ApprovalStep, kind: Kind | None) -> str:
    """Return what a step is called: an approval by the name of its kind's step."""
    label = str(StepKind(done.kind).label)
    if done.kind != StepKind.APPROVED or kind is None or done.step >= len(kind.steps):
        return label
    return f"{label} · {kind.steps[done.step].name}"


def next_step(row: ApprovalRequest) -> str:
    """Return what an application waits for, in words."""
    kind = find_kind(row.kind)
    if row.state == State.PENDING and kind is not None and row.step < len(kind.steps):
        return str(kind.steps[row.step].name)
    return str(State(row.state).label)


def _facts(
    row: ApprovalRequest, application: Application, kind: Kind | None
) -> Iterator[tuple[str, str]]:
    yield _("Application number"), str(row.pk)
    yield _("Kind of application"), str(row.kind if kind is None else kind.name)
    yield _("Subject of the application"), row.subject
    yield _("Applicant"), f"{row.maker_name} ({row.maker_username})"
    yield _("Submitted at"), moment(row.submitted_at)
    yield pgettext("jtsec act", "Reason"), application.reason
    if kind is not None:
        for label, value in kind.describe(application):
            yield str(label), shown(value)
    yield pgettext("jtsec approval", "State"), row.get_state_display()
    yield pgettext("jtsec approval", "Closed at"), moment(row.closed_at)


def _comparison(application: Application) -> Table:
    rows: Sequence[tuple[str, str, str]] = [
        (name, before, after)
        for name, before, after, _changed in comparison(
            application.before, application.after
        )
    ]
    return Table(
        _("Before and after"),
        [pgettext("jtsec approval", "Item"), _("Before"), _("After")],
        rows,
        widths=[24, 38, 38],
        empty=_("The application names nothing before and after."),
    )


def _way(held: Held, kind: Kind | None) -> Table:
    return Table(
        _("From the application to its end"),
        [_("Time"), _("Step"), _("Who"), _("In place of"), _("Note")],
        [
            (
                moment(one.at),
                step_name(one, kind),
                f"{one.actor_name or one.actor_username}",
                one.for_name or "–",
                one.note or "–",
            )
            for one in held.steps
        ],
        widths=[22, 22, 16, 14, 26],
        empty=_("Nothing was done yet."),
    )
