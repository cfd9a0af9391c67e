"""The incident form of an alarm as a document that can be signed (clause P61)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jtsec.audit.alarms.api import IncidentForm

from .document import Document, Facts, Section, Table


def incident_document(form: IncidentForm) -> Document:
    """Return an incident form as a document."""
    way = Table(
        _("From the alarm to its closure"),
        [_("Time"), _("Step"), _("Who"), pgettext("jtsec", "What they said")],
        [(one.at, one.step, one.who, one.note) for one in form.timeline],
        widths=[22, 18, 20, 40],
        empty=_("Nothing was done yet."),
    )
    return Document(
        title=form.title,
        facts=[],
        sections=[
            Section(_("The incident"), [Facts(list(form.rows))]),
            Section(_("Its handling"), [way]),
        ],
        signatures=list(form.signatures),
    )
