"""Whether a right somebody received still has the ground it was given on (A4.8)."""

from __future__ import annotations

from jtsec.identity.models import Identity

from .believing import Belief, believed
from .models import RightGrant


def is_founded(grant: RightGrant, identity: Identity) -> bool:
    """
    Answer whether a right passed on for use counts.

    Taking a source back ends what came from it, and nobody is given what came through
    their own hands. Both are looked at once more: whoever writes to the database may
    end one row and leave the other, or put themselves where somebody else stood.

    Args:
        grant: whole; its source is joined.
        identity: who is to use it.
    """
    source = grant.source
    return (
        source.ended_at is None
        and source.right == grant.right
        and str(identity.uid) not in source.chain
        and believed(source) is Belief.WHOLE
    )
