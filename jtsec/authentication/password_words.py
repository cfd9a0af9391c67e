"""
The rules of passwords as the pages say them.

Django's own rule beside ours calls a password 密码 and the reader 你, where every other
line of the page says 口令 and 您; an adopter's rules are told in their own words.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    get_default_password_validators,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def rules_in_words() -> list[str]:
    """Return the rules a new password is held to."""
    told = (_told(one) for one in get_default_password_validators())
    return [text for text in told if text]


def faults_in_words(error: ValidationError) -> ValidationError:
    """Return what is wrong with a password, every fault in our words."""
    return ValidationError([_in_our_words(one) for one in error.error_list])


def _told(rule: Any) -> str:
    if isinstance(rule, CommonPasswordValidator):
        return _("No password that many people use.")
    return str(rule.get_help_text())


def _in_our_words(fault: ValidationError) -> ValidationError:
    if fault.code == "password_too_common":
        return ValidationError(_("Many people use this password."), code=fault.code)
    return fault
