"""The forms of login and password change; what is typed is never sent back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .password_words import faults_in_words, rules_in_words

LONGEST = 1024
"""Characters that are read at all; a longer password is a mistake or an attack."""


class PasswordField(forms.CharField):
    """A masked field of which the value is never sent back (clause A3.2.4)."""

    def __init__(self, *, autocomplete: str, label: Any) -> None:
        super().__init__(
            label=label,
            max_length=LONGEST,
            strip=False,
            widget=forms.PasswordInput(
                attrs={"autocomplete": autocomplete, "spellcheck": "false"},
                render_value=False,
            ),
            error_messages={
                "required": _("Enter the password."),
                "max_length": _("The password is too long."),
                "null_characters_not_allowed": _(
                    "The password has control characters."
                ),
            },
        )


class LoginForm(forms.Form):
    """The user name and the password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=254,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
        error_messages={
            "required": _("Enter the user name."),
            "max_length": _("The user name is too long."),
            "null_characters_not_allowed": _("The user name has control characters."),
        },
    )
    password = PasswordField(
        label=pgettext_lazy("jtsec", "Password"), autocomplete="current-password"
    )


class PasswordChangeForm(forms.Form):
    """The password in use, and the new one twice."""

    old_password = PasswordField(
        label=_("Present password"), autocomplete="current-password"
    )
    new_password = PasswordField(
        label=pgettext_lazy("jtsec", "New password"), autocomplete="new-password"
    )
    new_password_again = PasswordField(
        label=_("New password, again"), autocomplete="new-password"
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def rules(self) -> list[str]:
        """Return the rules a new password is held to."""
        return rules_in_words()

    def clean(self) -> dict[str, Any]:
        """Hold the new password to every rule, and to its repetition."""
        cleaned: dict[str, Any] = super().clean() or {}
        new = cleaned.get("new_password")
        again = cleaned.get("new_password_again")
        if new is None or again is None:
            return cleaned
        if new != again:
            self.add_error("new_password_again", _("The two new passwords differ."))
        if new == cleaned.get("old_password"):
            self.add_error("new_password", _("The new password is the present one."))
        try:
            validate_password(new, self.user)
        except forms.ValidationError as error:
            self.add_error("new_password", faults_in_words(error))
        return cleaned
