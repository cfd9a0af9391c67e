"""Settings of identity."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import Rule, at_least
from jtsec.core.wording import early_gettext as _

DUTIES = ("business", "system", "security", "audit")


class _SomeDuties(Rule):
    """At least one duty, and no other word."""

    def fault(self, value: tuple[str, ...]) -> str:
        """Return what is wrong, or ""."""
        strange = [word for word in value if word not in DUTIES]
        if strange:
            return _("%(value)r is not one of %(words)s.") % {
                "value": strange[0],
                "words": ", ".join(DUTIES),
            }
        return "" if value else _("Nobody could manage identities.")

    def __str__(self) -> str:
        return "duties: " + ", ".join(DUTIES)


class _NoBusinessUsers(Rule):
    """Administrators only."""

    def fault(self, value: tuple[str, ...]) -> str:
        """Return what is wrong, or ""."""
        if "business" in value:
            return _("Business users must not manage identities.")
        return ""

    def __str__(self) -> str:
        return "no business users"


@settings_section("JTSEC_IDENTITY_")
class IdentitySettings(Section):
    """Says who may manage identities, and how much is checked at start."""

    manager_duties: tuple[str, ...] = option(
        ("system",),
        "The duties whose people may register, change and deactivate others.",
        clause="A3.1.4",
        valid=_SomeDuties(),
        floor=_NoBusinessUsers(),
    )
    checked_seals: int = option(
        1000,
        "How many identities the system check verifies, the latest ones first.",
        clause="A3.1.2",
        valid=at_least(1),
    )


def identity_settings() -> IdentitySettings:
    """Return the settings in force."""
    return load(IdentitySettings)
