"""Checks of what people hold: what contradicts the rules, and who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.core.checks import CheckMessage, Error, Info, Warning
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.core.tables import are_readable
from jtsec.identity.models import Identity

from .inconsistencies import Inconsistency, find_inconsistencies
from .models import Assignment
from .policy_token import database
from .role_book import RoleBook
from .setting_up import ENOUGH, technical_administrators

NAMED: Final = 5
FOUND: Final[tuple[tuple[str, frozenset[str], Promise], ...]] = (
    (
        "jtsec.E332",
        frozenset({"foreign-duty", "role-foreign-duty"}),
        gettext_lazy("Clause A4.4: something of another duty is held: %(found)s."),
    ),
    (
        "jtsec.E333",
        frozenset({"police-only"}),
        gettext_lazy("Clause A4.7: others hold what is for the police: %(found)s."),
    ),
    (
        "jtsec.E334",
        frozenset({"conflict", "role-conflict"}),
        gettext_lazy("Clause A4.4: functions that exclude each other: %(found)s."),
    ),
    (
        "jtsec.E335",
        frozenset({"altered", "cannot-verify"}),
        gettext_lazy("Clause A4.2: rows of the policy cannot be believed: %(found)s."),
    ),
    (
        "jtsec.E336",
        frozenset({"posts-exclude"}),
        gettext_lazy("Clause P15.1: posts that exclude each other: %(found)s."),
    ),
)


def check_inconsistencies(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E332 to E336: what nobody may hold and somebody does, or a row was altered."""
    if not _is_readable(databases):
        return []
    found = find_inconsistencies()
    return [
        Error(
            sentence % {"found": _listed(those)},
            hint=_("It gives nothing. See who and why: manage.py jtsec_roles --check"),
            id=check,
        )
        for check, reasons, sentence in FOUND
        if (those := [one for one in found if one.reason in reasons])
    ]


def check_technical_administrators(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W207: two technical administrators, so that one can stand in for the other."""
    if not _is_readable(databases):
        return []
    count = technical_administrators().count()
    if count >= ENOUGH:
        return []
    return [
        Warning(
            _("Clause P38: there are %(count)d technical administrators, not two.")
            % {"count": count},
            hint=_(
                "Register another one of the duty system; then end the setting up: "
                "manage.py jtsec_init --finish"
            ),
            id="jtsec.W207",
        )
    ]


def list_empty_roles(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """I207: roles that give nothing to whoever is given them."""
    if not _is_readable(databases):
        return []
    book = RoleBook(is_locked=False)
    codes = [role.code for role in book.by_pk.values() if not book.rights(role)]
    if not codes:
        return []
    return [
        Info(
            _("Roles that give no right: %(codes)s.") % {"codes": ", ".join(codes)},
            hint=_("Give them rights, or end them."),
            id="jtsec.I207",
        )
    ]


def _listed(found: Sequence[Inconsistency]) -> str:
    texts = [str(one) for one in found[:NAMED]]
    shown = [text if text.isprintable() else ascii(text) for text in texts]
    return "; ".join(shown) + ("; …" if len(found) > NAMED else "")


def _is_readable(databases: Sequence[str] | None) -> bool:
    """Answer whether the database is to be checked and has been migrated."""
    return are_readable(databases, database(), Assignment, Identity)


DATABASE = (check_inconsistencies, check_technical_administrators, list_empty_roles)
