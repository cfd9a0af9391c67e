"""Until when something given holds."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.exceptions import InputError

from .models import Propagation
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


def until(wanted: datetime | None, source: Propagation) -> datetime | None:
    """
    Return when something passed on ends: with its source where nothing is said.

    Raises:
        InputError: that is past, or later than the source.
    """
    moment = future(wanted)
    if source.valid_until is None:
        return moment
    if moment is not None and moment > source.valid_until:
        raise InputError(
            _("It cannot last longer than the right to pass it on."),
            field="valid_until",
            code="beyond-source",
        )
    return moment or source.valid_until
