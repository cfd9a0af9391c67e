"""JSON with limits; plain Python, so that the limits are tested without a framework."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

LARGEST: Final = 2**63
DIGITS: Final = 20
STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""
One that never ends reaches to the end of the text: else each quote in it would be tried
anew, and a megabyte of them would take for ever.
"""

STRUCTURE: Final = re.compile(r"[\[\]{},]")
UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class MalformedJson(ValueError):
    """Says that a text is no JSON, or beyond a limit."""


def parse_json(body: bytes, *, depth: int, items: int) -> Any:
    """
    Return what JSON in UTF-8 says.

    Args:
        body: of bounded length.
        depth: how deep lists and objects may stand in each other.
        items: how many values there may be altogether.

    Raises:
        MalformedJson: it is none; a name stands twice in an object; a number is not
            finite or needs more than 64 bits; a text holds NUL or half of a surrogate
            pair; or it goes beyond a limit.
    """
    try:
        text = body.decode("utf-8")
        # Before it is parsed: the parser calls itself for every level.
        _require_bounds(text, depth, items)
        found = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_no_constant,
        )
    except MalformedJson:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedJson("not JSON") from error
    for one in _texts(found):
        if UNSTORABLE.search(one):
            raise MalformedJson("a character that cannot be stored")
    return found


def _require_bounds(text: str, depth: int, items: int) -> None:
    level = count = 0
    for sign in STRUCTURE.findall(STRING.sub('""', text)):
        if sign in "[{":
            level += 1
            if level > depth:
                raise MalformedJson("too deep")
        elif sign in "]}":
            level -= 1
        count += sign in "[{,"
        if count > items:
            raise MalformedJson("too many values")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJson("a name twice")
    return found


def _integer(text: str) -> int:
    if len(text) > DIGITS or not -LARGEST <= int(text) < LARGEST:
        raise MalformedJson("a number too large")
    return int(text)


def _float(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise MalformedJson("a number too large")
    return found


def _no_constant(name: str) -> NoReturn:
    raise MalformedJson(f"{name} is no JSON")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)
