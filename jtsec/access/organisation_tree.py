"""The tree of the organisations, as a process keeps it: numbers under numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from jtsec.identity.models import Organization

from .policy_token import database


class Tree:
    """
    Knows what lies below an organisation.

    Args:
        parents: each organisation's superior by primary key, None at the top.
        keys: their primary keys by 12-digit code.
    """

    def __init__(
        self, parents: Mapping[int, int | None], keys: Mapping[str, int]
    ) -> None:
        self._children: dict[int, list[int]] = {}
        for child, parent in parents.items():
            if parent is not None:
                self._children.setdefault(parent, []).append(child)
        self.parents = parents
        self.keys = keys
        self._codes = {key: code for code, key in keys.items()}
        # One set for all who hold something for the same place.
        self.with_below = lru_cache(maxsize=None)(self._with_below)

    def codes_of(self, organisations: Iterable[int]) -> frozenset[str]:
        """Return the 12-digit codes of organisations; of unknown ones nothing."""
        known = (self._codes.get(one) for one in organisations)
        return frozenset(code for code in known if code is not None)

    def _with_below(self, organisation: int) -> frozenset[int]:
        """Return an organisation and all below it; ends on a cycle made by SQL."""
        found = {organisation}
        level = [organisation]
        while level:
            below = {child for one in level for child in self._children.get(one, ())}
            level = list(below - found)
            found |= below
        return frozenset(found)


def load_tree() -> Tree:
    """Return the tree as the database holds it; one query."""
    rows = Organization.objects.using(database()).values_list("pk", "parent_id", "code")
    found = list(rows)
    return Tree(
        {pk: parent for pk, parent, _ in found}, {code: pk for pk, _, code in found}
    )
