"""Until when something given holds."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.exceptions import InputError

from .role_forms import checked_moment


def future(moment: datetime | None) -> datetime | None:
    """
    Return when something is to end, None for no end.

    Raises:
        InputError: that is past, so it would give nothing and look as if it did.
    """
    checked = checked_moment(moment)
    if checked is not None and checked <= now():
        raise InputError(_("This time is past."), field="valid_until", code="past")
    return checked
