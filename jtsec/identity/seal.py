"""
The seal over an identity: HMAC-SM3 of everything that says who somebody is.

An edit by SQL cannot make a matching seal, for the key is not in the database. The
UID and the primary key of the user are inside, so that a whole seal copied from
another row, or rows exchanged between two users, do not match either. The format is
written down, with a test vector, in docs/reference/formats.md.
"""

from __future__ import annotations

from jtsec.core.exceptions import VerifiedFalse


class SealBroken(VerifiedFalse):
    """
    Says that an identity was altered behind the application's back.

    Args:
        uid: whose, "" when not even that can be read.
        disagrees: the field that contradicts the user's row, "" when only the whole
            is known to differ: a seal tells that something changed, not what.
    """

    def __init__(self, uid: str, disagrees: str = "") -> None:
        what = disagrees or "something it covers"
        super().__init__(f"the seal of identity {uid or '?'} is broken: {what} differs")
        self.uid = uid
        self.disagrees = disagrees
