"""
The password once more before a dangerous act, and what will be recorded of it (A4.4).

An open session at a desk nobody sits at is nobody. The password is charged like that
of a login before it is looked at, so no page that asks is a place to guess it either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.audit.events import label_of
from jtsec.core.context import current
from jtsec.core.exceptions import InputError

from .exceptions import LoginRefused
from .forms import PasswordField


class PasswordAgain(forms.Form):
    """
    Asks for the password of who is logged in.

    A form that takes harmless acts too removes the field for those.

    Args:
        user: who is logged in.
        data: what was typed, None to ask.
    """

    password = PasswordField(
        label=gettext_lazy("Your password, once more"), autocomplete="current-password"
    )
    password.help_text = gettext_lazy("A wrong one counts as a failed login.")

    def __init__(self, user: Any, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self._user = user

    def clean(self) -> dict[str, Any]:
        """Compare the password; only when nothing else is wrong, for it is charged."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or "password" not in self.fields:
            return cleaned
        try:
            require_password(self._user, cleaned.pop("password"))
        except LoginRefused as refused:
            raise ValidationError(refused.sentence) from None
        except InputError as wrong:
            self.add_error("password", str(wrong))
        return cleaned


def require_password(user: Any, typed: str) -> None:
    """
    Return if this is the password of who is logged in; charged like a login.

    Raises:
        InputError: nothing was typed, which is not charged, or something else.
        LoginRefused: the user or the terminal is at its limit; recorded.
    """
    if not typed:
        message = _("Enter the password.")
        raise InputError(message, field="password", code="password-missing")
    if not user.check_password(typed):
        message = _("The password is wrong.")
        raise InputError(message, field="password", code="password-wrong")


@dataclass(frozen=True)
class Recorded:
    """
    What the audit will say of an act.

    Args:
        username: the actor's login name; a browser wants one beside a password.
        who: the actor.
        where: the actor's address and terminal.
        what: the name of the event, "" where the page's title says it.
    """

    username: str
    who: str
    where: str
    what: str


def recorded_as(*codes: str) -> Recorded:
    """
    Return what will be recorded of who asks now.

    Args:
        codes: of the events one of which comes of it; "" or none where the page's
            title says it.
    """
    context = current()
    source = context.source
    parts = (source.address, source.terminal or source.mac)
    return Recorded(
        username=context.actor.username,
        who=f"{context.actor.name} ({context.actor.username})",
        where=" · ".join(part for part in parts if part),
        what=" / ".join(str(label_of(code)) for code in codes if code),
    )
