"""How a page finds people: by search, page by page, without their ID numbers."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from jtsec.identity.models import Duty, Identity

from .paging import Slice, slice_of


class PersonSearch(forms.Form):
    """Whom a list shows."""

    text = forms.CharField(
        label=_("User name, name or number"), required=False, max_length=150
    )
    duty = forms.ChoiceField(
        label=_("Duty"), required=False, choices=[("", _("Any")), *Duty.choices]
    )
    office = forms.CharField(
        label=_("Organisation code"), required=False, max_length=12
    )

    def people(self) -> QuerySet[Identity]:
        """Return everybody who meets what was asked for; those out of use too."""
        asked = self.cleaned_data
        found = _rows()
        if text := asked["text"].strip():
            meant = Q(login_name__istartswith=text) | Q(name__startswith=text)
            found = found.filter(meant | Q(number=text))
        if asked["duty"]:
            found = found.filter(duty=asked["duty"])
        if office := asked["office"].strip():
            found = found.filter(organisation__code__startswith=office)
        return found


def people_asked_for(
    request: HttpRequest, form: PersonSearch
) -> Slice[Identity] | None:
    """Return a page of whom a search finds; None where the search is malformed."""
    return slice_of(request, form.people()) if form.is_valid() else None


def person_numbered(uid: UUID) -> Identity:
    """Return a person by UID, or raise `Http404`."""
    found = _rows().filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def names_of(uids: Iterable[str]) -> dict[str, str]:
    """
    Return how lists call those who did something.

    Args:
        uids: UIDs of people, and names of commands, which stay as they are.
    """
    wanted = set(uids)
    known = _rows().filter(uid__in=[uid for uid in map(_uuid, wanted) if uid])
    names = {str(one.uid): f"{one.name} ({one.login_name})" for one in known}
    return {one: names.get(one, one) for one in wanted}


def _rows() -> QuerySet[Identity]:
    """
    Return people without what is encrypted.

    No list needs it; and one ID number that SQL made unreadable would hide everybody
    else on the page.
    """
    rows = Identity.objects.select_related("organisation", "user")
    return rows.defer("resident_id", "adopted_password")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
