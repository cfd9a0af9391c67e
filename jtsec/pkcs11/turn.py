"""
One process at a time logs in at the token.

Workers start together. SoftHSM writes at each login what it remembers of wrong PINs,
and shows the others half a token meanwhile: of 160 logins at the same instant, 54
failed. Hardware serves one login after the other as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from jtsec.keys.api import KeysUnavailable, key_file

try:
    import fcntl
except ImportError:  # Windows: there are no workers that start together
    fcntl = None  # type: ignore[assignment]  # asked before it is used


@contextmanager
def own_turn() -> Iterator[None]:
    """Hold the key file until the login is done; without one, nobody else is there."""
    if fcntl is None:
        yield
        return
    try:
        # The file and not its folder: that one is held by whoever changes the ring.
        held = os.open(key_file(), os.O_RDONLY)
    except (OSError, KeysUnavailable):
        yield  # what is wrong with the file, its reader says
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
