"""What a function demands or is, as badges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.access.api import Function


@dataclass(frozen=True)
class Mark:
    """One attribute of a function, as a badge."""

    word: str | Promise
    tone: str = ""


def marks_of(function: Function) -> Iterator[Mark]:
    """Yield what a function demands or is, as badges."""
    if function.police_only:
        yield Mark(_("Police officers only"), "warn")
    if function.critical:
        yield Mark(_("Bound terminal only"), "warn")
    if function.core:
        yield Mark(_("Each use recorded"))
    if function.sensitivity:
        yield Mark(_("Clearance %(level)d") % {"level": function.sensitivity})
    if function.propagatable:
        yield Mark(_("May be passed on"))
    if function.by_duty:
        yield Mark(_("Comes with the duty"))
