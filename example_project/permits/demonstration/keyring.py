"""The demonstration's keys, made once, and whether they belong to its database."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from jtsec.core.exceptions import CannotVerify, ConfigurationError, VerifiedFalse
from jtsec.crypto.exceptions import CryptoError
from jtsec.identity.api import user_by_login_name, verify
from jtsec.identity.models import Identity
from jtsec.management import first_keys

from .exceptions import NotReady
from .people import PEOPLE

AFRESH = "要从头开始，请执行: manage.py demo --fresh"


def key_file() -> Path:
    """Return where the key ring is."""
    return Path(settings.JTSEC_KEYS_FILE)


def error_key_file() -> Path:
    """
    Return where the private half of the error key is.

    A real deployment takes this file off the machine; see `jtsec_init`.
    """
    return Path(settings.ERROR_KEY_FILE)


def require_agreement() -> bool:
    """
    Answer whether somebody is registered, once keys and database belong together.

    New keys over an old database would not open what is in it, so nothing is made
    before this is known.

    Raises:
        NotReady: the keys of a filled database are gone, or are others.
    """
    if not _is_anybody_registered():
        return False
    if not key_file().exists():
        raise NotReady(
            f"数据库里已有数据，但密钥文件 {key_file()} 不在了，加密的内容无法解开。"
            f"请把密钥文件放回原处；{AFRESH}"
        )
    try:
        user = user_by_login_name(PEOPLE[0].username)
        if user is not None:
            verify(user.jtsec_identity)
    except (VerifiedFalse, CannotVerify, ConfigurationError, CryptoError) as error:
        raise NotReady(
            f"密钥文件 {key_file()} 不能用于这个数据库，或数据已被改动。"
            f"请换回原来的密钥文件；{AFRESH}"
        ) from error
    return True


def make_keys() -> bool:
    """
    Make the key ring, and the error key pair, where there are none.

    Returns:
        Whether the ring was made now.

    Raises:
        NotReady: they cannot be kept, or used, where they are to be.
    """
    try:
        ring, _ = first_keys.make_keys(key_file(), error_key_file())
    except (ConfigurationError, CryptoError) as error:
        raise NotReady(
            f"密钥文件 {key_file()} 不能使用: {error}。请用环境变量 "
            "JTSEC_EXAMPLE_PRIVATE 指定一个只有您本人能写、且不在代码目录内的目录。"
        ) from error
    return ring.was_created


def _is_anybody_registered() -> bool:
    try:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
        return Identity._meta.db_table in tables and Identity.objects.exists()
    except DatabaseError as error:
        raise NotReady(f"数据库连接不上: {str(error).strip()}") from error
