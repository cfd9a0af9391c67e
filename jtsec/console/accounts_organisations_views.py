"""The organisations and their tree (clause A3.1.4)."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.decorators import requires
from jtsec.identity.api import (
    create_organisation,
    deactivate_organisation,
    move_organisation,
    rename_organisation,
)
from jtsec.identity.models import Organization

from .accounts_acts import FOLDER, Act, show_act
from .accounts_fields import NewOrganisationForm, OrganisationForm
from .confirming import ConfirmedForm
from .page import show

RIGHT: Final = "jtsec.maintain_organization"
ROWS: Final = 50


class SearchForm(forms.Form):
    """Which organisations the list shows."""

    text = forms.CharField(
        label=gettext_lazy("Name or beginning of the code"),
        required=False,
        max_length=100,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("In use")),
            ("all", gettext_lazy("Those out of use as well")),
        ],
    )
    after = forms.RegexField(r"\A\d{12}\Z", required=False, widget=forms.HiddenInput)


@require_safe
@requires(RIGHT)
@never_cache
def organisations(request: HttpRequest) -> HttpResponse:
    """List the organisations by their code, page by page."""
    form = SearchForm(request.GET)
    is_sound = form.is_valid()
    found = _found(form.cleaned_data if is_sound else {})
    shown, more = found[:ROWS], len(found) > ROWS
    context = {
        "form": form,
        "rows": shown,
        "page": {
            "first": "?" + urlencode(_kept(request))
            if request.GET.get("after")
            else "",
            "following": "?" + urlencode({**_kept(request), "after": shown[-1].code})
            if more
            else "",
        },
    }
    status = 200 if is_sound else 400
    return show(request, f"{FOLDER}/organisations.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def new(request: HttpRequest) -> HttpResponse:
    """Make an organisation."""
    form = NewOrganisationForm(request)
    act = Act(
        title=_("New organisation"),
        clause="A3.1.4",
        button=_("Make the organisation"),
        form=form,
        verb=lambda: create_organisation(
            code=form.cleaned_data["code"],
            name=form.cleaned_data["name"],
            parent=form.superior(),
            reason=form.cleaned_data["reason"],
        ),
        done=_("The organisation is made and recorded."),
        back=reverse("jtsec-console:organisations"),
        code="identity:organisation:created",
    )
    return show_act(request, act)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Rename an organisation or put it elsewhere in the tree."""
    found = _organisation(code)
    parent = found.parent
    initial = {"name": found.name, "parent": parent.code if parent else ""}
    form = OrganisationForm(request, initial=initial, without=code)
    act = Act(
        title=found.name,
        clause="A3.1.4",
        button=_("Save"),
        form=form,
        verb=lambda: _change(found, form),
        done=_("The organisation is changed and recorded."),
        back=reverse("jtsec-console:organisations"),
        facts=_facts(found),
        code="identity:organisation:changed",
    )
    return show_act(request, act)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Put an organisation out of use."""
    found = _organisation(code)
    form = ConfirmedForm(request)
    act = Act(
        title=_("Put %(name)s out of use") % {"name": found.name},
        clause="A3.1.4",
        button=_("Put out of use"),
        form=form,
        verb=lambda: deactivate_organisation(found, reason=form.cleaned_data["reason"]),
        done=_("The organisation is out of use; that is recorded."),
        back=reverse("jtsec-console:organisations"),
        facts=_facts(found),
        warning=_("Nobody can be registered in it any more."),
        is_danger=True,
        code="identity:organisation:changed",
    )
    return show_act(request, act)


def _found(asked: dict[str, Any]) -> list[Organization]:
    rows = Organization.objects.select_related("parent").annotate(
        people=Count("identities", filter=Q(identities__is_active=True))
    )
    if text := asked.get("text", "").strip():
        rows = rows.filter(Q(name__contains=text) | Q(code__startswith=text))
    if asked.get("state") != "all":
        rows = rows.filter(is_active=True)
    if after := asked.get("after"):
        rows = rows.filter(code__gt=after)
    return list(rows.order_by("code")[: ROWS + 1])


def _kept(request: HttpRequest) -> dict[str, str]:
    return {
        name: request.GET[name] for name in ("text", "state") if name in request.GET
    }


def _organisation(code: str) -> Organization:
    found = Organization.objects.select_related("parent").filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _facts(found: Organization) -> list[tuple[Any, object]]:
    people = found.identities.filter(is_active=True).count()
    state = _("In use") if found.is_active else _("Out of use")
    return [
        (_("Organisation code"), found.code),
        (_("superior organisation"), found.parent or _("At the top")),
        (_("State"), state),
        (_("People in use"), str(people)),
        (_("Organisations under it"), str(found.children.count())),
    ]


def _change(found: Organization, form: OrganisationForm) -> None:
    """Do what differs, both or neither."""
    superior, name = form.superior(), form.cleaned_data["name"]
    why = form.cleaned_data["reason"]
    with transaction.atomic():
        if name != found.name:
            rename_organisation(found, name, reason=why)
        if superior != found.parent:
            move_organisation(found, superior, reason=why)
