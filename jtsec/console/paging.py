"""Lists page by page: never all rows, the last page as quick as the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest

ROWS: Final = 50
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """
    Some rows of a list, and the way to the next ones.

    Args:
        rows: at most `ROWS`.
        following: the address of the next page, with the search kept; "" at the end.
        first: the address of the first page, "" where this is it.
    """

    rows: list[Row]
    following: str
    first: str


def slice_of(
    request: HttpRequest, rows: QuerySet[Row], *, newest_first: bool = False
) -> Slice[Row]:
    """
    Return the page of a list that an address asks for, in the order of the keys.

    What cannot be a key is the first page: the address is somebody's to type.

    Args:
        request: `after` in its address is the key of the last row seen.
        rows: the whole list; its order is replaced.
        newest_first: whether it runs backwards.
    """
    after = _key(rows, request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(**{"pk__lt" if newest_first else "pk__gt": after})
    found = list(rows.order_by("-pk" if newest_first else "pk")[: ROWS + 1])
    more = len(found) > ROWS
    shown = found[:ROWS]
    return Slice(
        shown,
        _address(request, str(shown[-1].pk)) if more else "",
        _address(request, "") if after is not None else "",
    )


def _key(rows: QuerySet[Any], text: str) -> Any:
    """Return a typed key as the table writes it, None where it cannot be one."""
    if not text or len(text) > 64 or not text.isprintable():
        return None
    try:
        return rows.model._meta.pk.to_python(text)
    except ValidationError:
        return None


def _address(request: HttpRequest, after: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "after"}
    if after:
        kept["after"] = after
    return "?" + urlencode(kept)
