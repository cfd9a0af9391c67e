"""
Which recordings are optional: the ones that somebody declared to be.

Whatever nobody declared is mandatory. So a control that forgets to declare one, or a
name that is misspelt, is recorded and cannot be switched off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Recording:
    """
    One kind of optional recording.

    Args:
        kind: its name; with `*` at the end, all that begin like it.
        title: as it is shown.
        by_default: whether it is recorded where no policy says anything.
    """

    kind: str
    title: str | Promise
    by_default: bool

    def is_of(self, kind: str) -> bool:
        """Answer whether this is the declaration of a kind."""
        return fits(self.kind, kind)


_optional: dict[str, Recording] = {}


def declare_optional(
    kind: str, title: str | Promise, *, by_default: bool = True
) -> None:
    """
    Declare that one kind of recording may be switched on and off by policies.

    Args:
        kind: its name; with `*` at the end, all that begin like it.
        title: as it is shown.
        by_default: whether it is recorded where no policy says anything.
    """
    _optional[kind] = Recording(kind, title, by_default)


def optional_recordings() -> Iterator[Recording]:
    """Yield what was declared, by name."""
    yield from (_optional[kind] for kind in sorted(_optional))


def declaration_of(kind: str) -> Recording | None:
    """Return the closest declaration of a kind, None for what is mandatory."""
    found = [one for one in _optional.values() if one.is_of(kind)]
    return max(found, key=lambda one: len(one.kind), default=None)


def fits(pattern: str, text: str) -> bool:
    """Answer whether a text is a pattern, or begins like one that ends with `*`."""
    if pattern.endswith("*"):
        return text.startswith(pattern[:-1])
    return text == pattern
