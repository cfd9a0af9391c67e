"""
The key file in shares, for the day when the server and its disk are gone.

    cut up     every holder gets a share that he alone can open
    put back   any `needed` of them give the file, which tells whether it is whole

Fewer than `needed` holders together learn nothing of the keys (A10.3).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from jtsec.core.exceptions import InputError
from jtsec.core.wording import early_gettext as _
from jtsec.crypto import shares, sm2

from . import keyfile
from .exceptions import KeyFileCorrupt, KeysUnavailable, ShareUnreadable
from .format import parse_ring
from .holding import HOLDER
from .provider import FileKeyProvider, key_file
from .share_file import Facts, Share, open_share, read_facts, seal_share

SHORTEST_PASSWORD: Final = 12

__all__ = ["Share", "cut_up", "open_share", "put_back", "share_holder"]


def cut_up(
    locks: Mapping[str, str | sm2.PublicKey], *, needed: int, at: datetime
) -> dict[str, bytes]:
    """
    Return the share of every holder, as the content of a file.

    Args:
        locks: for each holder's name a password or a public key.
        needed: how many of them give the key file back; at least 2.
        at: the present moment.

    Raises:
        InputError: the numbers do not fit, or a password is short.
        KeysUnavailable: the keys are not in a file.
        KeyFileExposed, KeyFileCorrupt: as when it is used.
    """
    for name, lock in locks.items():
        if isinstance(lock, str) and len(lock) < SHORTEST_PASSWORD:
            raise InputError(
                _("The password of %(name)s has less than %(least)d characters.")
                % {"name": name, "least": SHORTEST_PASSWORD},
                field="password",
            )
    provider = HOLDER.current().provider
    if not isinstance(provider, FileKeyProvider):
        raise KeysUnavailable(_("the keys are not in a file that could be cut up"))
    # Unlocked: the shares are for the day when the token that locks it is gone too.
    data = provider.content(key_file())
    parse_ring(data)  # a damaged file is found now, not on the day it is needed
    pieces = shares.split(data, needed=needed, total=len(locks))
    mark, created = secrets.token_hex(8), at.astimezone(UTC).isoformat()
    return {
        name: seal_share(
            Share(Facts(mark, number, needed, len(locks), name, created), piece), lock
        )
        for (name, lock), (number, piece) in zip(
            locks.items(), pieces.items(), strict=True
        )
    }


def share_holder(data: bytes) -> str:
    """Return whose share a file is, as it says of itself."""
    return read_facts(data).holder


def put_back(opened: Sequence[Share], path: Path) -> None:
    """
    Write the key file of enough shares where none was.

    Raises:
        ShareUnreadable: too few, of two sets, or together no key file.
        KeyFileExists, KeyFileExposed, KeysUnavailable: it cannot be written there.
    """
    if len({(one.facts.set, one.facts.needed) for one in opened}) != 1:
        raise ShareUnreadable(_("the shares are not all of one set"))
    pieces = {one.facts.number: one.data for one in opened}
    needed = opened[0].facts.needed
    if len(pieces) < needed:
        raise ShareUnreadable(
            _("%(given)d shares were given, %(needed)d are needed")
            % {"given": len(pieces), "needed": needed}
        )
    try:
        data = shares.combine(pieces)
        parse_ring(data)
    except (InputError, KeyFileCorrupt):
        raise ShareUnreadable(_("the shares together are no key file")) from None
    keyfile.write_new(path, data)
