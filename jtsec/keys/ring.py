"""A ring of keys in memory: found by id, and by purpose where one is active."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jtsec.core.wording import early_gettext as _

from .exceptions import KeyFileCorrupt, UnknownKey
from .key import ALGORITHM_OF, Key, Purpose, State


class Ring:
    """
    The keys of one moment; never changed, only replaced by a newer one.

    Args:
        keys: any number a purpose, at most one of them active, at most one coming.

    Raises:
        KeyFileCorrupt: an id or a material stands twice, two keys of a purpose are
            active or coming, or a key's algorithm is not that of its purpose.
    """

    __slots__ = ("_active", "_by_id", "_coming")

    def __init__(self, keys: Iterable[Key]) -> None:
        self._by_id: dict[str, Key] = {}
        self._active: dict[Purpose, Key] = {}
        self._coming: dict[Purpose, Key] = {}
        seen: set[bytes] = set()
        for key in keys:
            if key.id in self._by_id:
                raise KeyFileCorrupt(_("the key %(id)s stands twice") % {"id": key.id})
            if key.algorithm is not ALGORITHM_OF[key.purpose]:
                raise KeyFileCorrupt(
                    _("the key %(id)s is not of its purpose's kind") % {"id": key.id}
                )
            # One secret for two purposes: what one control gives away, opens another.
            if key.material is not None and key.material in seen:
                raise KeyFileCorrupt(
                    _("the key %(id)s equals another key") % {"id": key.id}
                )
            self._by_id[key.id] = key
            if key.material is not None:
                seen.add(key.material)
            self._place(key)

    def _place(self, key: Key) -> None:
        """Remember the one active and the one coming key of a purpose."""
        single = {State.ACTIVE: self._active, State.COMING: self._coming}
        if single.get(key.state, {}).setdefault(key.purpose, key) is not key:
            raise KeyFileCorrupt(
                _("two keys are %(state)s for %(purpose)s")
                % {"state": key.state, "purpose": key.purpose}
            )

    def __iter__(self) -> Iterator[Key]:
        return iter(self._by_id.values())

    def active(self, purpose: Purpose) -> Key:
        """Return the key that new data of a purpose gets, or raise `UnknownKey`."""
        try:
            return self._active[purpose]
        except KeyError:
            raise UnknownKey(
                _("the ring has no active key for %(purpose)s") % {"purpose": purpose}
            ) from None

    def coming(self, purpose: Purpose) -> Key | None:
        """Return the key that will be the next active one, if one is prepared."""
        return self._coming.get(purpose)

    def get(self, key_id: str) -> Key:
        """Return the key of an id, active or retired, or raise `UnknownKey`."""
        try:
            return self._by_id[key_id]
        except KeyError:
            raise UnknownKey(
                _("the ring has no key %(key_id)r") % {"key_id": key_id}
            ) from None

    def has(self, key_id: str) -> bool:
        """Answer whether there is a key of an id."""
        return key_id in self._by_id

    def missing(self) -> list[Purpose]:
        """Return the purposes without an active key."""
        return [purpose for purpose in Purpose if purpose not in self._active]
