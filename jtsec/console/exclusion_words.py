"""Functions and what excludes them, in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.access.api import Exclusion, function_of

SENTENCES: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "foreign-duty": _("Belongs to another duty: %(right)s"),
        "police-only": _("For police officers only: %(right)s"),
        "conflict": _("Exclude each other: %(right)s, %(other)s"),
    }
)


def title_of(right: str) -> str:
    """Return what people call a function, the right itself where nobody says."""
    found = function_of(right)
    return str(found.title or right) if found is not None else right


def titles_of(rights: Iterable[str]) -> list[str]:
    """Return what people call functions, in order."""
    return sorted(map(title_of, rights))


def sentence_of(exclusion: Exclusion) -> str:
    """Return what stands against somebody holding something."""
    sentence = SENTENCES.get(exclusion.reason)
    if sentence is None:
        return str(exclusion)
    return str(sentence) % {
        "right": title_of(exclusion.right),
        "other": title_of(exclusion.other),
    }
