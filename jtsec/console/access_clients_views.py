"""Terminals and services that sign requests: listed, registered, ended (A4.13)."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.decorators import requires
from jtsec.authentication.api import recorded_as
from jtsec.rest.api import end_client, list_clients, register_client
from jtsec.rest.models import SignedClient

from .access_client_form import ClientForm
from .acting import Fault, carry_out, tell_done
from .ending import Ending, show_ending
from .granted import state_of
from .page import show
from .paging import slice_of

RIGHT: Final = "jtsec.maintain_client"
FOLDER: Final = "jtsec/console/access"


@require_safe
@requires(RIGHT)
@never_cache
def clients(request: HttpRequest) -> HttpResponse:
    """List the clients, ended ones too: nothing of them is ever deleted."""
    page = slice_of(request, list_clients(with_ended=True).order_by())
    context = {"page": page, "rows": [(one, state_of(one)) for one in page.rows]}
    return show(request, f"{FOLDER}/clients.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def register(request: HttpRequest) -> HttpResponse:
    """Take down the public key of a client, and what it may do with it."""
    form = ClientForm(request)
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(form, lambda: register_client(**form.cleaned_data))
        if fault is None:
            row = SignedClient.objects.get(code=form.cleaned_data["code"])
            said = _("%(name)s is registered; its number is %(number)s.")
            tell_done(request, said % {"name": row.name, "number": row.pk})
            return redirect("jtsec-console:clients")
    context = {
        "form": form,
        "fault": fault,
        "recorded": recorded_as("rest:client:registered"),
    }
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/client_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def end(request: HttpRequest, code: str) -> HttpResponse:
    """Take the key of a client out of use, for good."""
    found = get_object_or_404(list_clients(with_ended=True), code=code)
    ending = Ending(
        title=_("Take a client out of use"),
        button=_("Take out of use"),
        facts=(
            (_("Client"), f"{found.name} ({found.code})"),
            (_("Number of the client"), found.pk),
            (_("Kind of client"), found.get_kind_display()),
            (_("Account that answers for it"), found.identity.login_name),
            (_("Fingerprint of the key"), found.fingerprint),
            (_("State"), state_of(found).word),
        ),
        warning=_(
            "It is refused from this moment on every server, and neither its code nor "
            "its key can be registered again."
        ),
        done=_("The client is out of use; recorded."),
        back=reverse("jtsec-console:clients"),
        clause="A4.13",
        code="rest:client:ended",
    )
    return show_ending(request, ending, lambda reason: end_client(code, reason=reason))
