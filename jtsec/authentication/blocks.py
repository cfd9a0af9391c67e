"""
Locks of users and blacklisted terminals: their history, and how they are lifted.

Every lock and every blacklisting leaves a row that stays: when, until when, after how
many failures, from where; and, once lifted, by whom and why (A3.2.7, P44.4).
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import router, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.acts import require_leave
from jtsec.core.clock import now
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import CannotVerify, InputError, Refused, VerifiedFalse
from jtsec.core.reasons import plain_reason
from jtsec.core.source import Source
from jtsec.identity.api import fold_login_name, verify_actor

from .conf import authentication_settings
from .counters import Charge, digest_of
from .events import BlockLifted, BlockLiftedInEmergency, LiftRefused
from .models import Block, Counter, Dimension


def list_blocks(*, dimension: str = "", with_history: bool = False) -> QuerySet[Block]:
    """
    Return the blocks in force, the newest first.

    Args:
        dimension: "user" or "terminal", "" for both.
        with_history: those that ended as well.
    """
    found = Block.objects.order_by("-since", "-pk")
    if dimension:
        found = found.filter(dimension=dimension)
    return found if with_history else found.filter(_in_force())


def block_of_user(login_name: str) -> Block | None:
    """Return the lock in force of a user, whichever way the name is written."""
    return _in_force_for(Dimension.USER, fold_login_name(login_name))


def block_of_terminal(key: str) -> Block | None:
    """Return the block in force of a terminal, by the key that lists show."""
    return _in_force_for(Dimension.TERMINAL, key)


def note_block(
    alias: str,
    charge: Charge,
    *,
    failures: int,
    until: int | None,
    source: Source,
) -> Block | None:
    """
    Write that somebody was locked just now; once for each lock.

    The caller's transaction holds the counter's row, so nobody else is here.

    Args:
        alias: the database.
        charge: whose counter.
        failures: how many there were.
        until: milliseconds since 1970, None until it is lifted.
        source: where the last failure came from.

    Returns:
        The new row, or None where one is in force already.
    """
    rows = Block.objects.using(alias)
    if rows.filter(_in_force(), digest=charge.digest).exists():
        return None
    return rows.create(
        digest=charge.digest,
        dimension=charge.dimension,
        subject=charge.subject,
        since=now(),
        until=None if until is None else datetime.fromtimestamp(until / 1000, UTC),
        failures=failures,
        last_address=source.address,
        last_terminal=source.terminal or source.mac,
    )


def lift(block: Block, *, reason: str) -> None:
    """
    Lift a lock or take a terminal off the blacklist.

    The counter begins anew. Who does it is the actor of the context.

    Args:
        block: a block in force.
        reason: why, in words, at most 200 characters.

    Raises:
        InputError: there is no reason, or the block has ended.
        Refused: "lift-not-allowed": the actor's duty may not;
            "lift-own-lock": nobody lifts their own, nor that of the terminal they
            sit at. Both leave an event.
        jtsec.core.acts.ApprovalRequired: a second person has to approve it; recorded.
    """
    require_leave("authentication.unlock", block=_resource(block))
    actor = current().actor
    reason = plain_reason(reason)
    fault = _fault_of(block, actor)
    if fault:
        record(LiftRefused(resource=_resource(block), reason=fault))
        raise Refused(fault, _("You may not lift this."))
    with transaction.atomic(using=router.db_for_write(Block)):
        _end(block, actor, reason)
        record(BlockLifted(resource=_resource(block), reason=reason))


def lift_in_emergency(block: Block, *, reason: str, operator: str) -> None:
    """
    Lift a lock from the server's console when every administrator is locked.

    Asks for no duty, for nobody is there who has it; raises an alarm instead.

    Args:
        block: a block in force.
        reason: why, in words.
        operator: the account of the operating system that does it.

    Raises:
        InputError: there is no reason, or the block has ended.
        Refused: "not-on-console": the actor is a person with a request, not the
            system.
    """
    actor = current().actor
    reason = plain_reason(reason)
    if actor.kind != "system" or current().request is not None:
        record(LiftRefused(resource=_resource(block), reason="not-on-console"))
        raise Refused("not-on-console", _("You may not lift this."))
    with transaction.atomic(using=router.db_for_write(Block)):
        _end(block, actor, reason)
        record(
            BlockLiftedInEmergency(
                resource=_resource(block), reason=reason, operator=operator
            )
        )


def _fault_of(block: Block, actor: Actor) -> str:
    """Return why this actor may not lift this block, "" when they may."""
    duties = authentication_settings().lift_duties
    if actor.kind != "person" or actor.duty not in duties:
        return "lift-not-allowed"
    own = fold_login_name(actor.username)
    if block.dimension == Dimension.USER and block.subject == own:
        return "lift-own-lock"
    sits_there = current().request is not None and block.subject == current().source.key
    if block.dimension == Dimension.TERMINAL and sits_there:
        return "lift-own-lock"
    try:
        verify_actor()
    except (VerifiedFalse, CannotVerify):
        return "lift-not-allowed"
    return ""


def _end(block: Block, actor: Actor, reason: str) -> None:
    """Begin the counter anew, then close the history; in the order of the lockout."""
    at = now()
    Counter.objects.filter(digest=block.digest).update(
        failures=0,
        pending=0,
        blocked_until=0,
        window_from=int(at.timestamp() * 1000),
    )
    ended = Block.objects.filter(_in_force(), pk=block.pk).update(
        lifted_at=at,
        lifted_by=actor.username[:150],
        lifted_by_uid=actor.uid,
        lift_reason=reason,
    )
    if not ended:
        raise InputError(_("This lock has ended already."), code="not-in-force")
    block.refresh_from_db()


def _in_force_for(dimension: str, subject: str) -> Block | None:
    wanted = digest_of(dimension, subject)
    return list_blocks().filter(digest=wanted).first()


def _in_force() -> Q:
    return Q(lifted_at=None) & (Q(until=None) | Q(until__gt=now()))


def _resource(block: Block) -> str:
    return f"{block.dimension}:{block.subject}"
