"""Settings of the accounts."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_ACCOUNTS_")
class AccountsSettings(Section):
    """Says when an account counts as unused, and how long a review takes."""

    unused_days: int = option(
        365,
        "Days without a login after which an account is suspended.",
        clause="P44.1",
        valid=between(1, 3650),
        floor=between(1, 365),
    )
    review_days: int = option(
        30,
        "Days after the opening of a quarterly review within which every account is "
        "to be confirmed; whichever is not, may then be put out of use.",
        clause="P32",
        valid=between(1, 92),
    )


def accounts_settings() -> AccountsSettings:
    """Return the settings in force."""
    return load(AccountsSettings)
