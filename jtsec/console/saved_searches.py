"""Searches of the audit that an auditor keeps under a name, for that auditor alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import router, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.query.api import Filter, FilterError
from jtsec.core.exceptions import InputError

from .columns import chosen_columns
from .events import SearchDropped, SearchKept
from .models import SavedSearch

MOST: Final = 30
LONGEST: Final = 50


def kept_by(owner: str, listing: str) -> QuerySet[SavedSearch]:
    """Return what somebody keeps for a list, by title."""
    found = SavedSearch.objects.filter(owner=UUID(owner), listing=listing)
    return found.order_by("title")


def keep(owner: str, listing: str, title: str, conditions: str) -> SavedSearch:
    """
    Keep the conditions of a search; under a title that is there, in its place.

    Periods stay as they were chosen: "the last 7 days" are those before the day on
    which the search is opened.

    Args:
        owner: the UID of who keeps it.
        listing: the URL name of the list.
        title: what it is called.
        conditions: the search as the query of an address.

    Raises:
        InputError: the title is none, there are too many, or the conditions make no
            sense; nothing is kept.
    """
    title = _plain(title)
    address = _checked(conditions)
    with transaction.atomic(using=router.db_for_write(SavedSearch)):
        others = SavedSearch.objects.filter(owner=UUID(owner)).exclude(
            listing=listing, title=title
        )
        if others.count() >= MOST:
            text = _("You keep %(most)d searches already; drop one first.")
            raise InputError(text % {"most": MOST}, field="title")
        kept, _made = SavedSearch.objects.update_or_create(
            owner=UUID(owner),
            listing=listing,
            title=title,
            defaults={"conditions": address},
        )
        record(SearchKept(resource=f"search:{kept.pk}", conditions=address))
    return kept


def drop(owner: str, number: int) -> str:
    """
    Keep a search no longer; of a stranger's nothing happens.

    Returns:
        The list it belonged to, "" where there was none.
    """
    with transaction.atomic(using=router.db_for_write(SavedSearch)):
        found = SavedSearch.objects.filter(owner=UUID(owner), pk=number).first()
        if found is None:
            return ""
        found.delete()
        record(SearchDropped(resource=f"search:{number}"))
    return found.listing


def _plain(title: str) -> str:
    text = " ".join(title.split())
    if not text:
        raise InputError(_("Give the search a name."), field="title", code="required")
    if len(text) > LONGEST or not text.isprintable():
        sentence = _("A name has at most %(limit)d plain characters.")
        raise InputError(sentence % {"limit": LONGEST}, field="title")
    return text


def _checked(conditions: str) -> str:
    """Return conditions as the filter itself writes them, or refuse them."""
    query = QueryDict(conditions)
    try:
        filter = Filter.from_query(query, beside=("column",))
        columns: Sequence[str] = chosen_columns(query.getlist("column"), ())
    except FilterError as error:
        raise InputError(str(error.sentence), field=error.field) from None
    if "details" in filter.conditions:
        # What somebody looks for in encrypted details is itself worth encrypting.
        raise InputError(_("Searches in encrypted details are not kept."))
    address = QueryDict(filter.as_address(), mutable=True)
    address.setlist("column", list(columns))
    return address.urlencode()
