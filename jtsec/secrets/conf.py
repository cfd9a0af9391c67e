"""What was looked at and is no secret; how old a database's password may become."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between
from jtsec.crypto.sm2 import PublicKey

from .delivery import read_recipient
from .exceptions import SecretsUnavailable


@settings_section("JTSEC_SECRETS_")
class SecretsSettings(Section):
    """Says which findings are none, and what holds for passwords of databases."""

    reviewed: tuple[str, ...] = option(
        (),
        "Findings of the search for plaintext secrets that were looked at and are "
        "none, each as the check names it: `path:NAME` or `settings:NAME`.",
        clause="A10.3",
    )
    database_password_days: int = option(
        60,
        "Days after which the password of a database is overdue.",
        clause="P44.2",
        valid=between(1, 366),
        floor_by_profile={"internet": between(1, 62)},
    )
    dba_key_file: str = option(
        "",
        "PEM file with the database administrator's public SM2 key, to which new "
        "passwords are sealed.",
        clause="P44.2",
    )


def secrets_settings() -> SecretsSettings:
    """Return the settings in force."""
    return load(SecretsSettings)


def dba_key() -> PublicKey:
    """
    Return the key to which new passwords are sealed.

    Raises:
        SecretsUnavailable: none is named, or the file holds none.
    """
    named = secrets_settings().dba_key_file
    if not named:
        raise SecretsUnavailable(
            _("JTSEC_SECRETS_DBA_KEY_FILE names no key to seal new passwords to")
        )
    return read_recipient(Path(named))
