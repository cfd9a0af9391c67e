"""
A dangerous act asks who is there once more, and says what will be recorded (A4.4).

An open session at a desk nobody sits at is no administrator. The password is charged
like that of a login before it is looked at, so this is no place to guess it either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import label_of
from jtsec.authentication.api import LoginRefused
from jtsec.core.context import current

from .acting import ReasonForm


class ConfirmedForm(ReasonForm):
    """A reason, and the password of who is logged in."""

    password = forms.CharField(
        label=_("Your password, once more"),
        max_length=512,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("A wrong one counts as a failed login."),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self._user: Any = request.user

    def clean(self) -> dict[str, Any]:
        """Compare the password; only when nothing else is wrong, for it is charged."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            is_right = self._user.check_password(cleaned.pop("password"))
        except LoginRefused as refused:
            raise ValidationError(refused.sentence) from None
        if not is_right:
            self.add_error("password", _("The password is wrong."))
        return cleaned


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


def recorded_as(code: str = "") -> Recorded:
    """
    Return what will be recorded of who asks now.

    Args:
        code: of the event, "" where several may come of it.
    """
    context = current()
    source = context.source
    parts = (source.address, source.terminal or source.mac)
    return Recorded(
        username=context.actor.username,
        who=f"{context.actor.name} ({context.actor.username})",
        where=" · ".join(part for part in parts if part),
        what=str(label_of(code)) if code else "",
    )
