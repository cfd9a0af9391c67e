"""Settings of the audit."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import at_least, matching


@settings_section("JTSEC_AUDIT_")
class AuditSettings(Section):
    """Says how long events stay, and which models report their changes."""

    retention_days: int = option(
        400,
        "Days an event stays in the database before it may leave into an archive.",
        clause="A5.9",
        valid=at_least(1),
        floor=at_least(365),
    )
    anchors: tuple[str, ...] = option(
        (),
        "Where checkpoints are written down outside of the database: file:/path, "
        "syslog:/path, syslog:host:port or database:alias. Without one nobody can "
        "prove that the end of the log was not cut.",
        clause="A5.8",
        valid=matching(
            r"(file|syslog):/.+|syslog:[^/].*|database:\S+",
            "an anchor such as file:/srv/anchor.log",
        ),
    )
    models: tuple[str, ...] = option(
        (),
        'Models whose every change is recorded, as "app.Model", or "app.*" for all.',
        clause="A5.1",
        valid=matching(r"\w+\.(\w+|\*)", gettext_noop('a model such as "app.Model"')),
    )
    sensitive_fields: tuple[str, ...] = option(
        (),
        'Fields of such models that are encrypted in the audit, as "app.Model.field"; '
        "encrypted fields always are.",
        clause="A5.8",
        valid=matching(
            r"\w+\.\w+\.\w+", gettext_noop('a field such as "app.Model.field"')
        ),
    )


def audit_settings() -> AuditSettings:
    """Return the settings in force."""
    return load(AuditSettings)
