"""Settings of the approvals: what stands under them, and how long things may wait."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between, matching

ACT = matching(
    r"[a-z_]+\.[a-z-]+", gettext_noop('the name of an act such as "access.assign"')
)


@settings_section("JTSEC_APPROVALS_")
class ApprovalsSettings(Section):
    """Says which of jtsec's own acts need a second person."""

    acts: tuple[str, ...] = option(
        ("access.assign",),
        "Acts that a person does by an approved application only: access.assign, "
        "access.change-role, authentication.unlock, authentication.extend-validity, "
        "audit.change-policy.",
        clause="A4.4",
        valid=ACT,
    )
    deadline_days: int = option(
        30,
        "Days an application may wait for its next step, where its kind says nothing.",
        valid=between(1, 365),
    )
    delegation_days: int = option(
        30,
        "Days for which somebody may let another person approve in their place.",
        valid=between(1, 180),
    )


def approvals_settings() -> ApprovalsSettings:
    """Return the settings in force."""
    return load(ApprovalsSettings)
