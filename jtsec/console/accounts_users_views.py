"""The users: found, looked at, registered and changed (clauses A3.1.4, P54.3)."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.decorators import requires
from jtsec.accounts.api import (
    ListedAccount,
    apply_for_registration,
    every_identity,
    listed,
    listed_one,
)
from jtsec.authentication.api import account_of
from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.identity.api import change, verify
from jtsec.identity.models import Identity
from jtsec.validation.api import masked

from .accounts_acts import FOLDER, Act, show_act
from .accounts_fields import NO, YES, ChangeForm, RegistrationForm
from .accounts_standing import is_over, state_of
from .page import show
from .paging import slice_of
from .people import PersonSearch, person_numbered
from .system_figures import SOON

VIEW: Final = "jtsec.view_account"
REGISTER: Final = "jtsec.register_account"
CHANGE: Final = "jtsec.maintain_account"
STATES: Final = (
    ("", gettext_lazy("Any")),
    ("used", gettext_lazy("In use")),
    ("out", gettext_lazy("Out of use")),
    ("expired", gettext_lazy("Expired")),
    ("ending", gettext_lazy("Ends within 30 days")),
    ("never", gettext_lazy("Never logged in")),
)


class UserSearch(PersonSearch):
    """Which users the list shows."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=STATES
    )

    def people(self) -> QuerySet[Identity]:
        """Return everybody who meets what was asked for."""
        found = super().people().select_related("user__jtsec_account", "organisation")
        over = Q(user__jtsec_account__valid_until__lte=now())
        match self.cleaned_data["state"]:
            case "used":
                return found.filter(is_active=True)
            case "out":
                return found.filter(is_active=False)
            case "expired":
                return found.filter(over, is_active=True)
            case "ending":
                soon = now() + SOON
                return found.filter(
                    is_active=True,
                    user__jtsec_account__valid_until__gt=now(),
                    user__jtsec_account__valid_until__lte=soon,
                )
            case "never":
                return found.filter(user__jtsec_account__login_at=None)
        return found


@require_safe
@requires(VIEW)
@never_cache
def users(request: HttpRequest) -> HttpResponse:
    """List the users, page by page."""
    form = UserSearch(request.GET)
    is_sound = form.is_valid()
    page = slice_of(request, form.people() if is_sound else every_identity())
    context = {
        "form": form,
        "page": page,
        "rows": [(one, state_of(one)) for one in listed(page.rows)],
    }
    status = 200 if is_sound else 400
    return show(request, f"{FOLDER}/users.html", context, status=status)


@require_safe
@requires(VIEW)
@never_cache
def user(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one user, and what can be done."""
    found = person_numbered(uid)
    account = listed_one(found)
    is_whole = _is_whole(found)
    context = {
        "who": found,
        "account": account,
        "state": state_of(account),
        "is_over": is_over(account),
        "is_own": current().actor.uid == str(uid),
        "is_whole": is_whole,
        "facts": _facts(account, is_whole=is_whole),
    }
    return show(request, f"{FOLDER}/user.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REGISTER)
@never_cache
@csrf_protect
def new(request: HttpRequest) -> HttpResponse:
    """Enter a new user's particulars; somebody else reviews them."""
    form = RegistrationForm(request)
    act = Act(
        title=_("Register a user"),
        clause="P54.3",
        button=_("Submit for review"),
        form=form,
        verb=lambda: apply_for_registration(
            **form.particulars(),
            valid_until=form.cleaned_data["valid_until"],
            reason=form.cleaned_data["reason"],
        ),
        done=_("Submitted. The account is there when a second person has reviewed it."),
        back=reverse("jtsec-console:users"),
        explains=_(
            "The security administrator reviews what you enter. Afterwards give the "
            "user a password here, and apply for roles."
        ),
        code="approvals:request:submitted",
    )
    return show_act(request, act)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(CHANGE)
@never_cache
@csrf_protect
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change what is known of a user."""
    found = person_numbered(uid)
    form = ChangeForm(request, initial=_initial(found))
    act = Act(
        title=_("Change %(name)s") % {"name": found.name},
        clause="A3.1.4",
        button=_("Save"),
        form=form,
        verb=lambda: change(
            found, reason=form.cleaned_data["reason"], **form.changes()
        ),
        done=_("The user is changed; before and after are recorded."),
        back=reverse("jtsec-console:user", args=(uid,)),
        explains=_("A new name or login name makes a new password necessary."),
        code="identity:person:changed",
    )
    return show_act(request, act)


def _initial(found: Identity) -> dict[str, Any]:
    return {
        "username": found.user.get_username(),
        "name": found.name,
        "resident_id": "",
        "is_police": YES if found.is_police else NO,
        "number": found.number,
        "organisation": found.organisation.code,
    }


def _is_whole(found: Identity) -> bool:
    """Answer whether a seal is whole; a broken one raises its own alarm."""
    try:
        verify(found)
    except (VerifiedFalse, CannotVerify):
        return False
    return True


def _facts(account: ListedAccount, *, is_whole: bool) -> list[tuple[Any, object]]:
    person = account.identity
    kind = (
        pgettext("jtsec person", "Police officer")
        if person.is_police
        else pgettext("jtsec person", "Not a police officer")
    )
    return [
        (_("Login name"), person.login_name),
        (_("UID"), person.uid),
        (pgettext("jtsec", "Name"), person.name),
        (_("Resident ID number"), masked(person.resident_id) if is_whole else "–"),
        (_("Kind of person"), kind),
        (_("Police or employee number"), person.number),
        (_("Organisation"), person.organisation),
        (_("Duty"), person.get_duty_display()),
        (_("Roles"), "、".join(account.roles)),
        *_times(account),
    ]


def _times(account: ListedAccount) -> list[tuple[Any, object]]:
    row = account_of(account.identity.user)
    days = account.password_days
    return [
        (_("Created at"), account.created_at),
        (pgettext("jtsec account", "Last login"), account.last_use),
        (_("Valid from"), account.valid_from),
        (_("Valid until"), account.valid_until or _("without end")),
        (pgettext("jtsec account", "Password"), "" if days is None else _days(days)),
        (
            _("Password change due"),
            _("Yes") if row and row.must_change_password else "",
        ),
        (_("Out of use since"), account.identity.deactivated_at),
        (_("reason of deactivation"), account.identity.deactivated_why),
    ]


def _days(days: int) -> str:
    return _("%(days)d days left") % {"days": days} if days else _("Expired")
