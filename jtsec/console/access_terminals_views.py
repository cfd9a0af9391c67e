"""From which terminal somebody may use critical functions (clause A4.11)."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.api import bind_terminal, bindings_of, functions, unbind
from jtsec.access.decorators import requires
from jtsec.access.models import TerminalBinding
from jtsec.identity.models import Identity

from .acting import Fault, ReasonForm, carry_out, tell_done
from .ending import Ending, show_ending
from .grant_fields import MomentField, WordsField
from .granted import state_of
from .page import show
from .paging import slice_of
from .people import PersonSearch, names_of, people_asked_for, person_numbered

RIGHT: Final = "jtsec.bind_terminal"
FOLDER: Final = "jtsec/console/access"


class BindForm(ReasonForm):
    """What a terminal is known by; what is given must all fit."""

    right = forms.ChoiceField(label=gettext_lazy("For which function"), required=False)
    networks = WordsField(label=gettext_lazy("Networks or addresses"))
    terminal = forms.CharField(
        label=gettext_lazy("Terminal id or MAC"), required=False, max_length=64
    )
    certificate = forms.CharField(
        label=gettext_lazy("Certificate fingerprint"),
        required=False,
        max_length=8000,
        help_text=gettext_lazy("SHA-256 or SM3, or the certificate itself."),
    )
    valid_until = MomentField(label=gettext_lazy("Valid until"))
    field_order = ("right", "networks", "terminal", "certificate", "valid_until")

    def __init__(self, person: Identity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (one.right, f"{one.title or one.right} ({one.right})")
            for one in functions()
            if one.critical and one.duty == person.duty
        ]
        field: Any = self.fields["right"]
        field.choices = [("", _("Every critical function of the person")), *offered]


@require_safe
@requires(RIGHT)
@never_cache
def terminals(request: HttpRequest) -> HttpResponse:
    """List the terminals that are bound, and find a person."""
    search = PersonSearch(request.GET)
    is_asked = any(request.GET.get(name) for name in search.fields)
    people = people_asked_for(request, search) if is_asked else None
    live = TerminalBinding.objects.filter(ended_at=None)
    live = live.select_related("identity__organisation")
    page = None if is_asked else slice_of(request, live.defer("identity__resident_id"))
    context = {
        "search": search,
        "is_asked": is_asked,
        "people": people,
        "view": "jtsec-console:terminals-of",
        "page": page,
        "rows": [(one, state_of(one)) for one in page.rows] if page else [],
    }
    status = 400 if is_asked and people is None else 200
    return show(request, f"{FOLDER}/terminals.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the terminals of a person, and bind one more."""
    who = person_numbered(uid)
    form = BindForm(who, request.POST or None)
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(form, lambda: bind_terminal(who, **form.cleaned_data))
        if fault is None:
            tell_done(request, _("The terminal is bound and recorded."))
            return redirect("jtsec-console:terminals-of", uid)
    bound = list(bindings_of(who))
    names = names_of(one.made_by for one in bound)
    context = {
        "who": who,
        "rows": [(one, state_of(one), names[one.made_by]) for one in bound],
        "form": form,
        "fault": fault,
    }
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/terminals_of.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def take_back(request: HttpRequest, number: UUID) -> HttpResponse:
    """Take one terminal from one person."""
    rows = TerminalBinding.objects.select_related("identity__user")
    found = get_object_or_404(rows.defer("identity__resident_id"), pk=number)
    who = found.identity
    ending = Ending(
        title=_("Unbind a terminal"),
        button=_("Unbind"),
        facts=(
            (_("Person"), f"{who.name} ({who.login_name})"),
            (_("For which function"), found.right or _("Every critical function")),
            (_("Networks or addresses"), " ".join(found.networks)),
            (_("Terminal id or MAC"), found.terminal),
            (_("Certificate fingerprint"), found.certificate),
        ),
        warning=_("The live sessions of the person end, so that no open page goes on."),
        done=_("The terminal is unbound and recorded."),
        back=reverse("jtsec-console:terminals-of", args=(who.uid,)),
        clause="A4.11",
    )
    return show_ending(request, ending, lambda reason: unbind(found, reason=reason))
