"""What is done to one user's account (clauses A3.2.9, A4.4, P37)."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from jtsec.access.decorators import requires
from jtsec.access.models import Role
from jtsec.accounts.api import (
    activate,
    apply_for_duty,
    apply_for_reset,
    needs_approval,
    reset_password,
    set_validity,
)
from jtsec.approvals.api import apply_for_assignment
from jtsec.authentication.api import account_of, recorded_as
from jtsec.identity.api import deactivate
from jtsec.identity.models import Identity

from .accounts_acts import FOLDER, Act, show_act
from .accounts_fields import ActivationForm, DutyForm, PlaceField, ValidityForm
from .acting import Fault, carry_out
from .confirming import ConfirmedForm
from .grant_fields import MomentField
from .page import show
from .people import person_numbered

CHANGE: Final = "jtsec.maintain_account"
PASSWORD: Final = "jtsec.reset_password"
ROLE: Final = "jtsec.request_assignment"
DUTY: Final = "jtsec.request_duty"
SUBMITTED: Final = "approvals:request:submitted"


class RoleForm(ConfirmedForm):
    """Which role somebody is to get."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    organisation = PlaceField(label=gettext_lazy("For which organisation"))
    with_below = forms.BooleanField(
        label=gettext_lazy("With those below"), required=False
    )
    valid_from = MomentField(label=gettext_lazy("Valid from"))
    valid_until = MomentField(label=gettext_lazy("Valid until"))
    field_order = (
        *("role", "organisation", "with_below"),
        *("valid_from", "valid_until", "reason", "password"),
    )

    def __init__(self, person: Identity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = Role.objects.filter(duty=person.duty, ended_at=None).order_by("name")
        role: Any = self.fields["role"]
        role.choices = [("", "–"), *((one.code, str(one)) for one in roles)]
        organisation: Any = self.fields["organisation"]
        organisation.offer()


@require_http_methods(["GET", "HEAD", "POST"])
@requires(CHANGE)
@never_cache
@csrf_protect
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put an account out of use."""
    found = person_numbered(uid)
    form = ConfirmedForm(request)
    act = Act(
        title=_("Put %(name)s out of use") % {"name": found.name},
        clause="A3.2.9",
        button=_("Put out of use"),
        form=form,
        verb=lambda: deactivate(found, reason=form.cleaned_data["reason"]),
        done=_("The account is out of use; that is recorded."),
        back=_back(found),
        facts=_facts(found),
        warning=_(
            "The live sessions end at once. Nothing of the person is removed, and "
            "nothing of it is given to anybody else."
        ),
        is_danger=True,
        code="identity:person:deactivated",
    )
    return show_act(request, act)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(CHANGE)
@never_cache
@csrf_protect
def reopen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Activate an account and extend its validity."""
    found = person_numbered(uid)
    form = ActivationForm(request)
    act = Act(
        title=_("Activate %(name)s and extend the validity") % {"name": found.name},
        clause="A3.2.9",
        button=_("Activate"),
        form=form,
        verb=lambda: activate(
            found, until=form.cleaned_data["until"], reason=form.cleaned_data["reason"]
        ),
        done=_("Done and recorded; what needs a second person was submitted."),
        back=_back(found),
        facts=_facts(found),
        explains=_("The next login permits nothing but a change of the password."),
    )
    return show_act(request, act)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(CHANGE)
@never_cache
@csrf_protect
def validity(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Set from when to when an account is valid."""
    found = person_numbered(uid)
    account = account_of(found.user)
    initial = {
        "valid_from": account.valid_from if account else None,
        "valid_until": account.valid_until if account else None,
    }
    form = ValidityForm(request, initial=initial)
    act = Act(
        title=_("Validity of %(name)s") % {"name": found.name},
        clause="A3.2.9",
        button=_("Save"),
        form=form,
        verb=lambda: set_validity(found, **form.cleaned_data),
        done=_("Done and recorded; what needs a second person was submitted."),
        back=_back(found),
        facts=_facts(found),
        explains=_("Who is logged in outside of it is logged out at the next request."),
    )
    return show_act(request, act)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PASSWORD)
@never_cache
@csrf_protect
def password(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give somebody a password for one login; told on this one answer, once."""
    found = person_numbered(uid)
    if needs_approval(found):
        return _ask_for_reset(request, found)
    form = ConfirmedForm(request)
    told: list[str] = []
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(
            form,
            lambda: told.append(
                reset_password(found.user, reason=form.cleaned_data["reason"])
            ),
        )
    context = {
        "who": found,
        "facts": _facts(found),
        "form": form,
        "fault": fault,
        "recorded": recorded_as("accounts:password:reset"),
        "password": told[0] if told else "",
        "back": _back(found),
    }
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/password.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(ROLE)
@never_cache
@csrf_protect
def role(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Apply for a role on somebody's behalf."""
    found = person_numbered(uid)
    initial = {"organisation": found.organisation.code, "with_below": True}
    form = RoleForm(found, request, initial=initial)
    act = Act(
        title=_("Apply for a role for %(name)s") % {"name": found.name},
        clause="A4.4",
        button=_("Submit for approval"),
        form=form,
        verb=lambda: apply_for_assignment(found, **form.cleaned_data),
        done=_("Submitted. The security administrator decides."),
        back=_back(found),
        facts=_facts(found),
        explains=_("Only roles of the person's duty can be applied for."),
        code=SUBMITTED,
    )
    return show_act(request, act)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DUTY)
@never_cache
@csrf_protect
def duty(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Apply for the change of somebody's duty."""
    found = person_numbered(uid)
    form = DutyForm(request)
    act = Act(
        title=_("Change the duty of %(name)s") % {"name": found.name},
        clause="A4.4",
        button=pgettext("jtsec account", "Submit the application"),
        form=form,
        verb=lambda: apply_for_duty(found, **form.cleaned_data),
        done=_("Submitted. The security administrator decides."),
        back=_back(found),
        facts=_facts(found),
        explains=_(
            "With a duty come its functions, so a second person approves it. It is "
            "refused while roles of the present duty are held."
        ),
        code=SUBMITTED,
    )
    return show_act(request, act)


def _ask_for_reset(request: HttpRequest, found: Identity) -> HttpResponse:
    """An administrator's password: apply first, reset when that is approved."""
    form = ConfirmedForm(request)
    act = Act(
        title=_("Reset the password"),
        clause="A4.4",
        button=pgettext("jtsec account", "Submit the application"),
        form=form,
        verb=lambda: apply_for_reset(found, reason=form.cleaned_data["reason"]),
        done=_("Submitted. When it is approved, come back here within a day."),
        back=_back(found),
        facts=_facts(found),
        explains=_(
            "Whoever hands out an administrator's password could use it first. So the "
            "security administrator approves its reset."
        ),
        code=SUBMITTED,
    )
    return show_act(request, act)


def _back(found: Identity) -> str:
    return reverse("jtsec-console:user", args=(found.uid,))


def _facts(found: Identity) -> list[tuple[Any, object]]:
    return [
        (_("User"), f"{found.name} ({found.login_name})"),
        (_("Organisation"), found.organisation),
        (_("Duty"), found.get_duty_display()),
    ]
