"""
How a key follows another: coming, active, replaced, retired.

    prepare      a new key is coming: every process learns of it before it is used
    activate     it protects what is written now; the one before is replaced
    retire       nothing stored is under the replaced one any more

A key that was once in the ring stays there: backups and archives are read with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Final

from jtsec.core.exceptions import InputError
from jtsec.core.wording import early_gettext as _
from jtsec.crypto import sm2

from .generation import new_key
from .holding import HOLDER, LOOK_AGAIN_AFTER
from .key import Key, Purpose, State
from .provider import Alteration

SETTLED_AFTER: Final = 2 * LOOK_AGAIN_AFTER + 0.5
"""Seconds after which every process on this machine goes by a changed ring."""

_NUMBER: Final = re.compile(r"-([0-9]+)$")


Announce = Callable[[str], None]


def _say_nothing(key_id: str) -> None:
    """Announce a key to nobody."""


def prepare(
    purpose: Purpose,
    error_key: sm2.PublicKey | None = None,
    *,
    announce: Announce = _say_nothing,
) -> Key:
    """
    Return the coming key of a purpose, made now unless there is one.

    Args:
        purpose: what it is for.
        announce: told the id just before the ring is changed; what it raises ends the
            change.
        error_key: for `Purpose.ERROR`, the public key to enter; its private half is
            never here.

    Raises:
        InputError: the error key is missing, or given for another purpose.
        KeysUnavailable, KeyFileExposed, KeyFileCorrupt: the ring cannot be changed.
    """
    if (purpose is Purpose.ERROR) is not (error_key is not None):
        raise InputError(
            _("The error key, and it alone, is made elsewhere and given here."),
            field="error_key",
        )

    def alter(keys: list[Key]) -> list[Key]:
        if any(_is(key, purpose, State.COMING) for key in keys):
            return keys
        mine = (key.id for key in keys if key.purpose is purpose)
        number = _last_number(mine) + 1
        made = new_key(purpose, number, error_key=error_key)
        announce(made.id)
        return [*keys, replace_state(made, State.COMING)]

    change(alter)
    found = HOLDER.current().ring.coming(purpose)
    if found is None:  # a provider that did not do as it was told
        raise InputError(_("The key was not added to the ring."), field="purpose")
    return found


def activate(purpose: Purpose, *, announce: Announce = _say_nothing) -> str:
    """
    Let the coming key of a purpose protect what is written from now on.

    Args:
        purpose: what it is for.
        announce: as for `prepare`.

    Returns:
        Its id.

    Raises:
        InputError: no key is coming.
        KeysUnavailable, KeyFileExposed, KeyFileCorrupt: the ring cannot be changed.
    """
    ids = {State.COMING: "", State.ACTIVE: ""}

    def alter(keys: list[Key]) -> list[Key]:
        mine = {key.state: key.id for key in keys if key.purpose is purpose}
        ids.update({state: mine.get(state, "") for state in ids})
        if not ids[State.COMING]:
            raise InputError(_("No key is prepared for this purpose."), field="purpose")
        announce(ids[State.COMING])
        after = {
            ids[State.COMING]: State.ACTIVE,
            ids[State.ACTIVE]: State.REPLACED,
        }
        return [replace_state(key, after.get(key.id, key.state)) for key in keys]

    change(alter)
    return ids[State.COMING]


def retire(key_ids: Collection[str], *, announce: Announce = _say_nothing) -> list[str]:
    """Note of replaced keys that nothing stored is under them; return which."""
    retired: list[str] = []

    def alter(keys: list[Key]) -> list[Key]:
        retired[:] = [
            key.id for key in keys if key.id in key_ids and key.state is State.REPLACED
        ]
        for key_id in retired:
            announce(key_id)
        return [
            replace_state(key, State.RETIRED) if key.id in retired else key
            for key in keys
        ]

    change(alter)
    return retired


def change(alter: Alteration) -> None:
    """Change the keys where they are held, and go by the new ones here at once."""
    provider = HOLDER.current().provider
    provider.change(alter)
    HOLDER.drop()


def replace_state(key: Key, state: State) -> Key:
    """Return a key in another state."""
    return replace(key, state=state)


def _is(key: Key, purpose: Purpose, state: State) -> bool:
    return key.purpose is purpose and key.state is state


def _last_number(key_ids: Iterable[str]) -> int:
    numbers = (_NUMBER.search(one) for one in key_ids)
    return max((int(one[1]) for one in numbers if one), default=0)
