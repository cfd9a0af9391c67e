"""The Django app: one label, one migration history, one list of connections."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WIRED = (
    "core",
    "keys",
    "fields",
    "audit",
    "rotation",
    "secrets",
    "pkcs11",
    "errors",
    "validation",
    "identity",
    "sessions",
    "authentication",
    "monitoring",
    "protection",
    "access",
    "approvals",
    "accounts",
    "console",
    "rest",
    "preset",
    "testing",
)
"""The controls, from the bottom up; each has a `wiring.wire()`."""


class JtsecConfig(AppConfig):
    """Connects every control when Django starts."""

    name = "jtsec"
    label = "jtsec"
    verbose_name = _("Security controls")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect checks and signals, control by control, in the order listed."""
        for control in WIRED:
            import_module(f"jtsec.{control}.wiring").wire()
