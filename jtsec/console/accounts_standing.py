"""How an account stands, in words, as the pages show it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.accounts.api import ListedAccount

WORDS: Final = MappingProxyType(
    {
        "": (pgettext_lazy("jtsec account", "In use"), "good"),
        "inactive": (pgettext_lazy("jtsec account", "Out of use"), "bad"),
        "not-yet-valid": (_("Not valid yet"), "warn"),
        "account-expired": (pgettext_lazy("jtsec account", "Expired"), "warn"),
        "account-dormant": (_("Unused for too long"), "warn"),
        "account-missing": (_("Account data missing"), "bad"),
    }
)
"""What the pages call each reason why nobody can enter, and its tone."""


def state_of(account: ListedAccount) -> dict[str, str | Promise]:
    """Return word and tone of how an account stands."""
    word, tone = WORDS.get(account.reason, (account.reason, "bad"))
    return {"word": word, "tone": tone}


def is_over(account: ListedAccount) -> bool:
    """Answer whether an account has to be activated before it is used again."""
    return account.reason in ("inactive", "account-expired", "account-dormant")
