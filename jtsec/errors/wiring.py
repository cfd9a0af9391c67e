"""Connects the errors: Django's default handlers, checks, and what can be proved."""

from __future__ import annotations

from django.conf import urls

from jtsec.core.evidence import register_evidence
from jtsec.core.gates import register


def wire() -> None:
    """
    Put our pages where Django looks for its defaults, and register the checks.

    A project that names handlers in its own URLconf keeps them; E101 tells it so.
    """
    from . import checks, evidence, handlers

    for status, name in checks.HANDLERS.items():
        setattr(urls, f"handler{status}", getattr(handlers, name))
    register(checks.check_error_key, "jtsec")
    register(checks.check_handlers, "jtsec")
    register(checks.check_rest_handler, "jtsec")
    register(checks.check_debug, "jtsec", deploy=True)
    register_evidence("errors", evidence.facts)
