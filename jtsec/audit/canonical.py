"""
The one way to write a mapping as bytes that are hashed, signed or authenticated.

A JSON object, keys sorted, no spaces, UTF-8, no floats that are no numbers. Plain
Python: who verifies without jtsec's database needs these bytes too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

_encode: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


def canonical(value: Mapping[str, Any]) -> bytes:
    """
    Return the canonical bytes of a mapping.

    Half a surrogate pair, which a client can send in JSON, is no UTF-8; it is written
    as a JSON escape, so that it cannot make a record impossible.
    """
    return _encode(value).encode("utf-8", "backslashreplace")
