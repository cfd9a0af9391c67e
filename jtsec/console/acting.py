"""How a page carries an act out, and says what was wrong or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.core.exceptions import CannotVerify, InputError, Refused, VerifiedFalse

ALTERED = _(
    "What this is about was changed past the application, or cannot be checked. "
    "Nothing was done; an alarm was raised."
)
REFUSED = _("You may not do this.")
StrOrPromise = str | Promise
Act = Callable[[], object]


@dataclass(frozen=True)
class Fault:
    """
    Why nothing was done.

    Args:
        status: 400 for what was typed wrongly, 403 for a refusal.
        sentence: what the page says above all, "" where the fields say it.
        reason: the code of a refusal.
    """

    status: int
    sentence: StrOrPromise = ""
    reason: str = ""


class ReasonForm(forms.Form):
    """What every act of an administrator asks for."""

    reason = forms.CharField(
        label=pgettext_lazy("jtsec act", "Reason"),
        max_length=200,
        help_text=_("Recorded with your name."),
        # Or a browser takes it for the name that belongs to the password below it.
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def carry_out(form: forms.Form, act: Act) -> Fault | None:
    """
    Do what a form asks for.

    Args:
        form: a bound form; what is malformed is said beside its fields.
        act: calls the verb, with what the form holds.

    Returns:
        None when it was done.
    """
    if not form.is_valid():
        return Fault(400)
    try:
        act()
    except InputError as error:
        tell(form, error)
        return Fault(400)
    except Refused as refused:
        return Fault(403, refused.sentence or REFUSED, refused.reason)
    except (VerifiedFalse, CannotVerify):
        return Fault(403, ALTERED, "altered")
    return None


def tell_done(request: HttpRequest, sentence: StrOrPromise) -> None:
    """Have the next page say what was done; a project without messages does not."""
    messages.success(request, str(sentence), fail_silently=True)


def tell(form: forms.Form, error: InputError) -> None:
    """
    Put what is wrong beside its field, or above all where there is no such field.

    A list of one in a verb is a single field on a page: "terminals" is "terminal".
    """
    names = (error.field, error.field.removesuffix("s"))
    known = [name for name in names if name in form.fields]
    form.add_error(known[0] if known else None, str(error))
