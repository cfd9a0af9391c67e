"""The password rules as Django's validators, for `AUTH_PASSWORD_VALIDATORS`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.identity.api import identity_of

from .composition import require_good_form
from .conf import authentication_settings
from .confirmed import is_guess_of_another, is_guess_of_owner
from .hashers import password_bytes
from .history import has_history, was_used
from .identifiers import identifiers_in
from .passwords import matches


class CompositionValidator:
    """Demands length, a letter, a digit and a symbol, and names what is missing."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with one entry for each rule that is broken."""
        require_good_form(password)

    def get_help_text(self) -> str:
        """Return the rule, for the form."""
        return _(
            "At least %(length)d characters, with a letter, a digit and a symbol."
        ) % {"length": authentication_settings().password_min_length}


class IdentifierValidator:
    """Refuses a password that holds the owner's login name, name or numbers."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if it does."""
        if password_bytes(password) is not None and identifiers_in(password, user):
            raise ValidationError(self.get_help_text(), code="password_identifier")

    def get_help_text(self) -> str:
        """Return the rule, for the form."""
        return _(
            "The password must not contain your user name, name, police or employee "
            "number, or the end of your ID number."
        )


class HistoryValidator:
    """
    Refuses the present password and the last ones before it.

    In a request it answers nobody who may be guessing (see `confirmed`): the owner
    who has not shown the present password is answered when the new one is set, and
    what somebody else sets has to be changed at the next login.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if it was used; one or two hashes."""
        if _is_unknown(user) or is_guess_of_another(user) or is_guess_of_owner(user):
            return
        self.require_unused(password, user)

    def require_unused(self, password: str, user: Any) -> None:
        """Raise ValidationError if it was used, whoever asks."""
        identity = identity_of(user)
        if not authentication_settings().password_history or identity is None:
            return
        # A password from before the first change under jtsec is in no history.
        is_present = (
            not has_history(user) and matches(user, password, upgrades=False).is_right
        )
        if is_present or was_used(user, identity, password):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        """Return the rule, for the form."""
        number = authentication_settings().password_history
        return ngettext(
            "The password must differ from your last password.",
            "The password must differ from your last %(number)d passwords.",
            number,
        ) % {"number": number}


class MinimumAgeValidator:
    """
    Refuses a second change too soon after the first, by the owner.

    A change that is due, or that somebody else makes for the owner, is never too soon.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if it is too soon."""
        wait = timedelta(hours=authentication_settings().password_min_age_hours)
        if not wait or _is_unknown(user) or not _is_the_owner(user):
            return
        try:
            account = user.jtsec_account
        except ObjectDoesNotExist:
            return
        is_recent = now() - account.password_set_at < wait
        if is_recent and not account.must_change_password:
            raise ValidationError(self.get_help_text(), code="password_too_young")

    def get_help_text(self) -> str:
        """Return the rule, for the form."""
        hours = authentication_settings().password_min_age_hours
        if not hours:
            return ""
        return ngettext(
            "The password can be changed again after %(hours)d hour.",
            "The password can be changed again after %(hours)d hours.",
            hours,
        ) % {"hours": hours}


def _is_unknown(user: Any) -> bool:
    return user is None or user.pk is None


def _is_the_owner(user: Any) -> bool:
    identity = identity_of(user)
    return identity is not None and current().actor.uid == str(identity.uid)
