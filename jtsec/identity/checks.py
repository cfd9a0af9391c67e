"""Checks of the people in the database; they run with `--database` and on migrate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from jtsec.core.exceptions import CannotVerify, ConfigurationError, VerifiedFalse
from jtsec.core.tables import are_readable

from .conf import identity_settings
from .gate import database
from .models import Identity
from .seal import check_seal

NAMED: Final = 5
"""So many are named in a message; the rest are counted."""

IMPORT: Final = "manage.py jtsec_identity_import staff.csv --dry-run"


def check_superusers(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E300: nobody is above every right; such accounts cannot log in (D2)."""
    if not _is_readable(databases) or not _has_superusers():
        return []
    users = get_user_model()._base_manager.filter(is_superuser=True)
    names = [user.get_username() for user in users[: NAMED + 1]]
    if not names:
        return []
    kind = Warning if settings.DEBUG else Error
    return [
        kind(
            _("There are superusers, which cannot log in: %(names)s.")
            % {"names": _listed(names)},
            hint=_(
                "Clear is_superuser, and make administrators with a duty instead of "
                "createsuperuser: manage.py jtsec_init --admin username=..."
            ),
            id="jtsec.E300",
        )
    ]


def check_identities(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W301: every user has an identity; the others cannot log in (A3.1.2)."""
    if not _is_readable(databases):
        return []
    users = get_user_model()._base_manager.filter(jtsec_identity__isnull=True)
    number = users.count()
    if not number:
        return []
    return [
        Warning(
            _("%(number)d users have no identity and cannot log in.")
            % {"number": number},
            hint=_("Import them: %(command)s") % {"command": IMPORT},
            id="jtsec.W301",
        )
    ]


def check_seals(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E302: the seals of the latest identities are whole (A3.1.2)."""
    if not _is_readable(databases):
        return []
    try:
        limit = identity_settings().checked_seals
        broken = list(broken_identities(limit))
    except (ConfigurationError, CannotVerify):
        # What is wrong with the keys is said by their own checks.
        return []
    if not broken:
        return []
    return [
        Error(
            _("Identities were altered behind the application's back: %(names)s.")
            % {"names": _listed(broken[: NAMED + 1])},
            hint=_(
                "Find out who wrote to the database; then put the rows back, or say "
                "anew who it is with jtsec.identity.api.restore."
            ),
            id="jtsec.E302",
        )
    ]


def broken_identities(limit: int) -> Iterator[str]:
    """
    Yield the UIDs of identities whose seal is broken, among the latest ones.

    Args:
        limit: how many identities are looked at.

    Raises:
        CannotVerify: a key is missing; it is not known which are broken.
    """
    latest = Identity.objects.order_by("-pk").values_list("pk", "uid")[:limit]
    uids = dict(latest)
    for start in range(0, len(uids), 500):
        yield from _broken(dict(list(uids.items())[start : start + 500]))


def _broken(uids: dict[int, Any]) -> Iterator[str]:
    rows = Identity.objects.select_related("user", "organisation")
    try:
        found = list(rows.filter(pk__in=uids))
    except VerifiedFalse:
        # One ID number that does not decrypt fails the whole query: one by one, then.
        if len(uids) == 1:
            yield from map(str, uids.values())
            return
        for pk, uid in uids.items():
            yield from _broken({pk: uid})
        return
    for identity in found:
        try:
            check_seal(identity)
        except VerifiedFalse:
            yield str(identity.uid)


def _is_readable(databases: Sequence[str] | None) -> bool:
    """Answer whether the database is to be checked and has been migrated."""
    return are_readable(databases, database(), Identity, get_user_model())


def _has_superusers() -> bool:
    try:
        get_user_model()._meta.get_field("is_superuser")
    except FieldDoesNotExist:
        return False
    return True


def _listed(names: list[str]) -> str:
    text = ", ".join(name if name.isprintable() else ascii(name) for name in names)
    return text if len(names) <= NAMED else text.rpartition(", ")[0] + ", …"


DATABASE = (check_superusers, check_identities, check_seals)
