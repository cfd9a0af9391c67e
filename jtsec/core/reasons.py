"""The reason somebody gives for what they do to others, as the log takes it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from .exceptions import InputError

LONGEST: Final = 200


def plain_reason(reason: str) -> str:
    """
    Return a reason in one line.

    Raises:
        InputError: there is none, or it is too long, or holds what nobody sees.
    """
    text = " ".join(reason.split())
    if not text:
        raise InputError(_("Say why."), field="reason", code="required")
    if len(text) > LONGEST or not text.isprintable():
        raise InputError(
            _("The reason must be at most %(limit)d plain characters.")
            % {"limit": LONGEST},
            field="reason",
        )
    return text
