"""Makes the kinds for jtsec's own acts known, and whose their rights are."""

from __future__ import annotations

from jtsec.access.api import bind_right

from ..kinds import register_kind
from . import assignments, locks, policies, roles, validity

SET_UP = frozenset(("jtsec.request_assignment",))
"""What the administrator made at installation may ask for as well (A4.5, P38)."""
OWN = (assignments, roles, locks, validity, policies)


def register_own_kinds() -> None:
    """
    Register every kind, whether or not the setting puts its act under approval.

    Somebody may always ask for a second person where none is demanded.
    """
    for one in OWN:
        for right, (duty, title) in one.RIGHTS.items():
            bind_right(right, duty, title, set_up=right in SET_UP)
        register_kind(one.KIND)
