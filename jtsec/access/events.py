"""What access reports to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "access:function:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.1",
    label=_("Function refused for lack of a right"),
)
class FunctionRefused(Event):
    """Somebody called a function without the right it needs."""

    resource: str
    reason: str


@event(
    "access:view:undeclared",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A3.1.1",
    label=_("Closed address called"),
)
class UndeclaredViewRefused(Event):
    """Somebody called a view that declares nothing and is therefore closed."""

    resource: str
    reason: str
