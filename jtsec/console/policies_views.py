"""The audit policies: what is recorded and alarmed for whom (clauses A5.3, P43)."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.decorators import requires
from jtsec.audit.policies import api as policies
from jtsec.audit.policies.api import Aspect, AuditPolicy
from jtsec.audit.rules.api import RULES
from jtsec.core.exceptions import InputError, JtsecError, Refused, VerifiedFalse

from . import policy_rows
from .acting import tell_done
from .applying import recorded_for, said
from .page import show
from .policy_acts import ACT, adding, changing, retiring
from .policy_forms import (
    PolicyForm,
    ScopeForm,
    TargetForm,
    add_thresholds,
    shown_value,
    tell,
    thresholds_in,
)

RIGHT: Final = "jtsec.change_auditpolicy"
FOLDER: Final = "jtsec/console/policies"
LAST: Final = ("reason", "password")
ADDED: Final = "audit:policy:added"
CHANGES: Final = ("audit:policy:changed", "audit:policy:retired")


class NewForm(PolicyForm, ScopeForm):
    """A new policy: what it says and for whom."""

    field_order = ("scope", "user", "organisation", "duty", "police", "is_on")


@require_safe
@requires(RIGHT)
@never_cache
def policies_list(request: HttpRequest) -> HttpResponse:
    """Show every rule, and the policies in force."""
    with_retired = request.GET.get("retired") == "1"
    context = {
        "rules": [policy_rows.rule_row(rule) for rule in RULES.values()],
        "policies": policy_rows.policy_rows(with_retired=with_retired),
        "recordings": policies.optional_recordings(),
        "with_retired": with_retired,
        "altered": policies.in_force().altered,
    }
    return show(request, f"{FOLDER}/policies.html", context)


@require_safe
@requires(RIGHT)
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Ask what a new policy is to be about."""
    form = TargetForm(request.GET or None)
    if request.GET and form.is_valid():
        try:
            aspect, target = form.aim()
        except InputError as error:
            form.add_error(error.field, str(error))
        else:
            return redirect("jtsec-console:policy-new", aspect, target)
    return show(request, f"{FOLDER}/choose.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def new(request: HttpRequest, aspect: str, target: str) -> HttpResponse:
    """Set a policy about something."""
    draft = AuditPolicy(aspect=aspect, target=target)
    if aspect not in Aspect.values or (aspect == Aspect.RULE and target not in RULES):
        raise Http404
    form = NewForm(request, initial=request.GET.dict())
    _shape(form, draft)
    if request.method != "POST":
        return _page(request, draft, form)
    if form.is_valid():
        try:
            adding(
                scope=form.cleaned_data["scope"],
                scope_value=form.scope_value(),
                aspect=aspect,
                target=target,
                **_said(form),
            )()
        except InputError as error:
            tell(form, error)
        except Refused as refused:
            return _page(request, draft, form, str(refused.sentence), status=403)
        else:
            done = said(ACT, _("The policy is set and recorded."))
            tell_done(request, done)
            return redirect("jtsec-console:policies")
    return _page(request, draft, form, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def policy(request: HttpRequest, number: int) -> HttpResponse:
    """Show a policy; change it, or put it out of force."""
    found = policies.policy_numbered(number)
    if found is None:
        raise Http404
    form = PolicyForm(request, initial=_initial(found))
    _shape(form, found)
    if request.method != "POST" or found.retired_at is not None:
        return _page(request, found, form)
    is_end = request.POST.get("act") == "retire"
    if form.is_valid():
        try:
            if is_end:
                retiring(number, reason=form.cleaned_data["reason"])()
            else:
                changing(number, **_said(form))()
        except InputError as error:
            tell(form, error)
        except (Refused, VerifiedFalse) as refused:
            return _page(request, found, form, _sentence(refused), status=403)
        else:
            done = (
                _("The policy is retired.") if is_end else _("The policy is changed.")
            )
            tell_done(request, said(ACT, done))
            return redirect("jtsec-console:policies")
    return _page(request, found, form, status=400)


def _shape(form: forms.Form, draft: AuditPolicy) -> None:
    """Leave out what has no meaning for what the policy is about."""
    if draft.aspect == Aspect.RECORDING:
        del form.fields["severity"]
    add_thresholds(
        form,
        RULES.get(draft.target) if draft.aspect == Aspect.RULE else None,
        draft.thresholds,
    )
    form.order_fields([name for name in form.fields if name not in LAST])


def _said(form: forms.Form) -> dict[str, Any]:
    severity = form.cleaned_data.get("severity")
    return {
        "is_on": form.cleaned_data["is_on"] == "on",
        "severity": int(severity) if severity else None,
        "thresholds": thresholds_in(form),
        "reason": form.cleaned_data["reason"],
    }


def _initial(found: AuditPolicy) -> dict[str, Any]:
    return {
        "is_on": "on" if found.is_on else "off",
        "severity": "" if found.severity is None else str(found.severity),
    }


def _sentence(error: JtsecError) -> str:
    if isinstance(error, Refused):
        return error.sentence
    return _("This policy was changed past the console; it cannot be changed here.")


def _page(
    request: HttpRequest,
    found: AuditPolicy,
    form: forms.Form,
    fault: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    rule = RULES.get(found.target) if found.aspect == Aspect.RULE else None
    context = {
        "policy": found,
        "title": policy_rows.title_of(found),
        "explains": rule.explains if rule else "",
        "whom": policy_rows.whom(found, shown_value(found)) if found.pk else "",
        "form": form,
        "fault": fault,
        "recorded": recorded_for(ACT, *(CHANGES if found.pk else (ADDED,))),
    }
    return show(request, f"{FOLDER}/policy.html", context, status=status)
