"""Roles: what each one gives, and what a change would mean (clauses A4.3, A4.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.api import function_of, role_of
from jtsec.access.decorators import requires
from jtsec.access.models import Assignment, Role
from jtsec.identity.models import Duty

from .access_role_acts import ACT, changing, ending_of, making
from .access_role_forms import DutyForm, RoleForm, initial_of
from .access_role_preview import Shown, asked_again, seen_before, shown_effects
from .access_role_search import RoleSearch
from .acting import Fault, carry_out, tell_done
from .applying import codes_for, recorded_for, said
from .ending import Ending, show_ending
from .function_matrix import HEAD, matrix_of
from .granted import state_of
from .page import show
from .paging import slice_of

RIGHT: Final = "jtsec.change_role"
FOLDER: Final = "jtsec/console/access"


@require_safe
@requires(RIGHT)
@never_cache
def roles(request: HttpRequest) -> HttpResponse:
    """List the roles, each with its duty, its functions and how many hold it."""
    form = RoleSearch(request.GET)
    is_sound = form.is_valid()
    found = Role.objects.filter(form.condition() if is_sound else Q(ended_at=None))
    live = Count("assignments", filter=Q(assignments__ended_at=None))
    page = slice_of(request, found.annotate(holders=live))
    context = {
        "form": form,
        "page": page,
        "rows": [(one, state_of(one), _parents(one)) for one in page.rows],
    }
    status = 200 if is_sound else 400
    return show(request, f"{FOLDER}/roles.html", context, status=status)


@require_safe
@requires(RIGHT)
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Ask whose a new role is to be."""
    form = DutyForm(request.GET or None)
    if form.is_bound and form.is_valid():
        return redirect("jtsec-console:role-new", form.cleaned_data["duty"])
    status = 400 if form.is_bound else 200
    return show(request, f"{FOLDER}/role_choose.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def new(request: HttpRequest, duty: str) -> HttpResponse:
    """Make a role of a duty."""
    if duty not in Duty.values:
        raise Http404
    form = RoleForm(duty, None, request.POST or None)
    fault: Fault | None = None
    again = asked_again(request, is_asked=form.is_valid())
    if request.method == "POST":
        fault = carry_out(form, making(duty, form)) if again.is_valid() else Fault(400)
        if fault is None:
            done = said(ACT, _("The role is made and recorded."))
            tell_done(request, done)
            return redirect("jtsec-console:roles")
    context = {
        "title": _("New role"),
        "duty": Duty(duty).label,
        "fault": fault,
        "again": again,
        "recorded": recorded_for(ACT, "access:role:created"),
    }
    return _form_page(request, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def role(request: HttpRequest, code: str) -> HttpResponse:
    """Show a role; change it, once it was shown what that means for whom."""
    found = _role_coded(code)
    form = RoleForm(found.duty, found, request.POST or None, initial=initial_of(found))
    fault: Fault | None = None
    effects: Shown | None = None
    is_seen = False
    if request.method == "POST":
        fault = carry_out(form, lambda: _looked_at(found, form))
        effects = shown_effects(found, form) if fault is None else None
        is_seen = effects is not None and seen_before(request, effects)
    again = asked_again(request, is_asked=is_seen)
    if is_seen:
        sound = again.is_valid()
        fault = carry_out(form, changing(found, form)) if sound else Fault(400)
        if fault is None:
            tell_done(request, said(ACT, _("The role is changed and recorded.")))
            return redirect("jtsec-console:role", code)
    held = Assignment.objects.filter(role=found, ended_at=None)
    held = held.select_related("identity__organisation", "organisation")
    context = {
        "title": str(found),
        "role": found,
        "state": state_of(found),
        "duty": found.get_duty_display(),
        "fault": fault,
        "effects": effects,
        "again": again,
        "recorded": recorded_for(ACT, "access:role:changed"),
        "holders": slice_of(request, held.defer("identity__resident_id")),
    }
    return _form_page(request, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End a role, and take it from all who hold it."""
    found = _role_coded(code)
    holders = Assignment.objects.filter(role=found, ended_at=None).count()
    ending = Ending(
        title=_("End a role"),
        button=_("End the role"),
        facts=(
            (_("Role"), str(found)),
            (_("Duty"), found.get_duty_display()),
            (_("Holders"), str(holders)),
        ),
        warning=_("It is taken from all who hold it, and their live sessions end."),
        done=said(ACT, _("The role is ended and recorded.")),
        back=reverse("jtsec-console:roles"),
        clause="A4.6",
        code=codes_for(ACT, "access:role:ended")[0],
    )
    return show_ending(request, ending, lambda why: ending_of(found, why))


def _parents(role: Role) -> list[str]:
    """Return the names of the roles that one builds on."""
    known = dict(Role.objects.filter(code__in=role.parents).values_list("code", "name"))
    return [str(known.get(code, code)) for code in role.parents]


def _role_coded(code: str) -> Role:
    found = role_of(code)
    if found is None:
        raise Http404
    return found


def _looked_at(found: Role, form: RoleForm) -> None:
    """Let the verb's own check of the form speak before anything is shown."""
    shown_effects(found, form)


def _form_page(
    request: HttpRequest, form: RoleForm, context: Mapping[str, Any]
) -> HttpResponse:
    parents = form["parents"].value() or ()
    above = Role.objects.filter(ended_at=None, code__in=parents)
    marked = {
        "chosen": form["rights"].value() or (),
        "inherited": {right for one in above for right in one.rights},
    }
    others = [one for one in form.offered if function_of(one.right) is None]
    drawn = {
        "form": form,
        "head": HEAD,
        "lines": matrix_of(
            [one for one in form.offered if one not in others], **marked
        ),
        "other_lines": matrix_of(others, **marked),
        "others_chosen": any(one.right in marked["chosen"] for one in others),
    }
    fault: Fault | None = context["fault"]
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/role.html", {**context, **drawn}, status=status)
