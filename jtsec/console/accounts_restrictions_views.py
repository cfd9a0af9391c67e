"""From where and when users may log in, and the places this speaks of (A3.2.8)."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from jtsec.access.decorators import requires
from jtsec.authentication.api import (
    account_of,
    define_place,
    recorded_as,
    set_restrictions,
)
from jtsec.authentication.models import Account, Place
from jtsec.identity.models import Identity

from .accounts_acts import FOLDER, Act, show_act
from .acting import Fault, carry_out
from .confirming import ConfirmedForm
from .grant_fields import WordsField
from .page import show
from .paging import slice_of
from .people import PersonSearch, person_numbered

RIGHT: Final = "jtsec.restrict_login"
WORKDAYS: Final = "workdays"
DAYS: Final = (
    (WORKDAYS, gettext_lazy("Working days by the calendar")),
    *((str(day + 1), name) for day, name in dates.WEEKDAYS.items()),
)
KINDS: Final = ("networks", "terminals", "places", "weekdays", "hours")


class RestrictionsForm(ConfirmedForm):
    """From where and when one user may log in; what is empty restricts nothing."""

    networks = WordsField(
        label=gettext_lazy("Addresses and networks"),
        help_text=gettext_lazy("Such as 10.1.0.0/16; several with spaces between."),
    )
    terminals = WordsField(label=gettext_lazy("Terminal ids or MACs"))
    places = forms.MultipleChoiceField(
        label=gettext_lazy("Places"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Days"),
        required=False,
        choices=DAYS,
        widget=forms.CheckboxSelectMultiple,
    )
    hours = WordsField(
        label=gettext_lazy("Hours"),
        help_text=gettext_lazy("Such as 08:00-18:00; 22:00-06:00 goes over midnight."),
    )
    field_order = (*KINDS, "reason", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["places"]
        names = Place.objects.order_by("name").values_list("name", flat=True)
        places.choices = [(name, name) for name in names]
        if not places.choices:
            places.help_text = _("No place is defined yet. Define one on the list.")

    def wanted(self) -> dict[str, Any]:
        """Return what `set_restrictions` takes."""
        typed = self.cleaned_data
        days = [int(day) if day.isdecimal() else day for day in typed["weekdays"]]
        return {**typed, "weekdays": days}


class PlaceForm(ConfirmedForm):
    """A place, new or known."""

    name = forms.CharField(label=gettext_lazy("Place"), max_length=100)
    networks = WordsField(
        label=gettext_lazy("Networks in it"),
        help_text=gettext_lazy("Such as 10.1.0.0/16; several with spaces between."),
    )
    field_order = ("name", "networks", "reason", "password")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def restrictions(request: HttpRequest) -> HttpResponse:
    """List who is restricted and how, find a user, and define places."""
    search = PersonSearch(request.GET)
    is_asked = any(request.GET.get(name) for name in search.fields)
    is_sound = search.is_valid()
    found = search.people() if is_asked and is_sound else _restricted()
    page = slice_of(request, found.select_related("user__jtsec_account"))
    form = PlaceForm(request)
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(form, lambda: define_place(**form.cleaned_data))
        if fault is None:
            messages.success(
                request, _("The place is set; accounts bound to it follow.")
            )
            return redirect("jtsec-console:restrictions")
    context = {
        "search": search,
        "is_asked": is_asked,
        "page": page,
        "rows": [(one, *_shown(account_of(one.user))) for one in page.rows],
        "places": Place.objects.order_by("name"),
        "form": form,
        "fault": fault,
        "recorded": recorded_as("authentication:place:defined"),
    }
    status = fault.status if fault else 200 if is_sound else 400
    return show(request, f"{FOLDER}/restrictions.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Set from where and when one user may log in."""
    found = person_numbered(uid)
    form = RestrictionsForm(request, initial=_initial(found))
    act = Act(
        title=_("Login restrictions of %(name)s") % {"name": found.name},
        clause="A3.2.8",
        button=_("Save"),
        form=form,
        verb=lambda: set_restrictions(found.user, **form.wanted()),
        done=_("The restrictions are set and recorded."),
        back=reverse("jtsec-console:restrictions"),
        facts=[
            (_("User"), f"{found.name} ({found.login_name})"),
            (_("Organisation"), found.organisation),
            (_("Duty"), found.get_duty_display()),
        ],
        explains=_(
            "Every kind that is filled in must hold; in a kind one entry is enough. "
            "Live sessions are held to it at once."
        ),
        code="authentication:account:restricted",
    )
    return show_act(request, act)


def _restricted() -> QuerySet[Identity]:
    """Return whoever is restricted in any way."""
    rows = Identity.objects.select_related("organisation").defer("resident_id")
    free = Q()
    for kind in KINDS:
        empty: Any = {} if kind == "places" else []
        free &= Q(**{f"user__jtsec_account__{kind}": empty})
    return rows.filter(user__jtsec_account__isnull=False).exclude(free)


def _initial(found: Identity) -> dict[str, Any]:
    account = account_of(found.user)
    if account is None:
        return {}
    known = {kind: getattr(account, kind) for kind in KINDS}
    days = [str(day) for day in account.weekdays]
    return {**known, "places": list(account.places), "weekdays": days}


def _shown(account: Account | None) -> tuple[list[str], list[str]]:
    """Return the words for from where, and for when."""
    if account is None:
        return [], []
    names = {value: str(label) for value, label in DAYS}
    days = [names.get(str(day), str(day)) for day in account.weekdays]
    where = [*account.networks, *account.terminals, *account.places]
    return where, [*days, *account.hours]
