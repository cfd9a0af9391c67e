"""The door to access: what a view demands, and whether its caller has it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jtsec.audit.api import record
from jtsec.core.exceptions import Refused
from jtsec.core.exposure import Requirement

from .events import FunctionRefused, UndeclaredViewRefused
from .functions import bind_right, may_use
from .requirements import dotted_path, requirement_of

__all__ = ["bind_right", "dotted_path", "may_use", "require_right", "requirement_of"]

SENTENCE = _("You do not have the right to use this function.")


def require_right(request: HttpRequest, requirement: Requirement) -> None:
    """
    Let a request through to a function, or refuse (clauses A3.1.1, A4.1).

    Args:
        request: a request whose user is logged in and in good standing.
        requirement: what the view demands.

    Raises:
        Refused: the view declares nothing, or the user lacks the right. The refusal
            is recorded.
    """
    if requirement.kind == "undeclared":
        record(UndeclaredViewRefused(resource=request.path, reason="undeclared"))
        raise Refused("view-undeclared", str(SENTENCE))
    if requirement.kind == "right" and not may_use(request.user, requirement.right):
        record(FunctionRefused(resource=request.path, reason=requirement.right))
        raise Refused("right-missing", str(SENTENCE))
