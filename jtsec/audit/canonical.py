"""
The one way to write a mapping as bytes that are hashed, signed or authenticated.

A JSON object, keys sorted, no spaces, UTF-8, no floats that are no numbers. Plain
Python: who verifies without jtsec's database needs these bytes too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from json import encoder
from typing import Any, Final

_FORM: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def _encoder() -> Callable[[Any], str]:
    """
    Return what writes a value as JSON in this form.

    `JSONEncoder.encode` makes its C encoder anew for every value, which costs as much
    as the writing. Where Python has it, it is made once; the bytes are the same.
    """
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return _FORM.encode
    quote = encoder.encode_basestring
    write = make(None, _FORM.default, quote, None, ":", ",", True, False, False)
    return lambda value: "".join(write(value, 0))


_encode: Final = _encoder()


def canonical(value: Mapping[str, Any]) -> bytes:
    """
    Return the canonical bytes of a mapping.

    Half a surrogate pair, which a client can send in JSON, is no UTF-8; it is written
    as a JSON escape, so that it cannot make a record impossible.
    """
    return _encode(value).encode("utf-8", "backslashreplace")
