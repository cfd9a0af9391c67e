"""The page on which somebody lets another person approve in their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from jtsec.authentication.api import recorded_as
from jtsec.core.exceptions import InputError, JtsecError, VerifiedFalse
from jtsec.core.exposure import signed_in
from jtsec.identity.api import identity_of, user_by_login_name

from .delegating import delegate, delegations_of, end_delegation
from .exceptions import ApprovalRefused
from .forms import DelegationForm, EndForm
from .kinds import find_kind, known_kinds
from .models import Delegation
from .rights import missing


@signed_in
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """List who stands in for whom, and let somebody stand in."""
    kinds = list(_kinds_to_lend(request.user))
    form = DelegationForm(kinds, request.user, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _delegate(form)
            except InputError as wrong:
                form.add_error(wrong.field or None, str(wrong))
            except JtsecError as refused:
                form.add_error(None, str(refused))
                status = 403
            else:
                return redirect(f"{reverse('jtsec:approvals-delegations')}?done=1")
    return _page(request, form, bool(kinds), status=status)


@signed_in
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: UUID) -> HttpResponse:
    """Ask why a delegation that the user gave or received ends, and end it."""
    form = EndForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_delegation(number, reason=form.cleaned_data["reason"])
        except (InputError, VerifiedFalse, ApprovalRefused) as error:
            asked = DelegationForm(list(_kinds_to_lend(request.user)), request.user)
            return _page(request, asked, True, error=error, status=400)
        return redirect(f"{reverse('jtsec:approvals-delegations')}?done=1")
    found = [one for one in delegations_of(request.user) if one.pk == number]
    if not found:
        raise Http404
    context = {
        "one": _row(found[0], ""),
        "form": form,
        "recorded": recorded_as("approvals:delegation:ended"),
    }
    status = 400 if request.method == "POST" else 200
    return render(
        request, "jtsec/approvals/delegation_end.html", context, status=status
    )


def _delegate(form: DelegationForm) -> None:
    typed = form.cleaned_data
    to = user_by_login_name(typed["to"])
    if to is None or identity_of(to) is None:
        message = _("This person may not stand in for you here.")
        raise InputError(message, field="to", code="unknown")
    delegate(to, kinds=typed["kinds"], until=form.end(), reason=typed["reason"])


def _kinds_to_lend(user: Any) -> Iterator[tuple[str, str]]:
    """Yield the kinds over which somebody decides by their own right."""
    identity = identity_of(user)
    if identity is None:
        return
    for kind in known_kinds():
        if any(
            not missing(identity, one, afresh=False) for one in kind.checking_rights
        ):
            yield kind.code, str(kind.name)


def _page(
    request: HttpRequest,
    form: DelegationForm,
    may_lend: bool,
    *,
    error: JtsecError | None = None,
    status: int = 200,
) -> HttpResponse:
    own = str(getattr(identity_of(request.user), "uid", ""))
    context = {
        "rows": [_row(one, own) for one in delegations_of(request.user)],
        "form": form,
        "may_lend": may_lend,
        "error": error,
        "recorded": recorded_as("approvals:delegation:made"),
        "done": request.GET.get("done"),
        "here": "delegations",
    }
    return render(request, "jtsec/approvals/delegations.html", context, status=status)


def _row(row: Delegation, own: str) -> dict[str, Any]:
    found = ((code, find_kind(code)) for code in row.kinds)
    return {
        "row": row,
        "is_given": row.giver_uid == own,
        "kinds": [code if kind is None else kind.name for code, kind in found],
        "url": reverse("jtsec:approvals-delegation-end", args=[row.pk]),
    }
