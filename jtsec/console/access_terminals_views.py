"""From which terminal somebody may use critical functions (clause A4.11)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.api import bind_terminal, bindings_of, unbind
from jtsec.access.decorators import requires
from jtsec.access.models import TerminalBinding
from jtsec.authentication.api import recorded_as

from .access_terminal_form import BindForm
from .acting import Fault, carry_out, tell_done
from .ending import Ending, show_ending
from .granted import state_of
from .granted_page import show_granted
from .page import show
from .people import names_of, person_numbered

RIGHT: Final = "jtsec.bind_terminal"
FOLDER: Final = "jtsec/console/access"


@require_safe
@requires(RIGHT)
@never_cache
def terminals(request: HttpRequest) -> HttpResponse:
    """List the terminals that are bound, and find a person."""
    live = TerminalBinding.objects.filter(ended_at=None)
    return show_granted(
        request,
        f"{FOLDER}/terminals.html",
        live.select_related("identity__organisation"),
        view="jtsec-console:terminals-of",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the terminals of a person, and bind one more."""
    who = person_numbered(uid)
    form = BindForm(who, request)
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
        "recorded": recorded_as("access:terminal:bound"),
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
        code="access:terminal:unbound",
    )
    return show_ending(request, ending, lambda reason: unbind(found, reason=reason))
