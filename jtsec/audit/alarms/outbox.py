"""
The messages that have to leave, kept in a table until they have.

They are written in the transaction that raises the alarm and sent afterwards, outside
of every transaction. A worker claims a message by one UPDATE that moves its time of
the next attempt behind the worker's own longest time: two workers do not send it at
once, and what a killed one had in its hands comes due by itself. Each message carries
its number, the same at every attempt, so that a receiver can tell what it has already.

A receiver that fails is left alone for a while, doubled each time, with all that waits
for it; the others do not wait with it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Final

from django.db import router
from django.db.models import F, Q, QuerySet

from jtsec.audit.api import record
from jtsec.audit.transactions import is_in_transaction
from jtsec.core.clock import now
from jtsec.core.identifiers import uuid7

from . import channels
from .conf import alarm_settings
from .events import DeliveryGivenUp, DeliveryResent
from .exceptions import NotDelivered
from .message import message_of
from .models import Alarm, AlarmDelivery, DeliveryState, StepKind

logger = logging.getLogger("jtsec.audit.alarms")

LONGEST_PAUSE: Final = timedelta(minutes=15)
FAULT_LENGTH: Final = 255


@dataclass
class Delivered:
    """
    What one pass did.

    Args:
        sent: messages their receivers have.
        failed: attempts that failed; tried again.
        given_up: messages given up; shown, and an alarm of their own.
        waiting: messages that wait after the pass.
    """

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    waiting: int = 0


def enqueue(alarm: Alarm, why: StepKind) -> None:
    """Write a message for every receiver, in the transaction in force."""
    at = now()
    rows = []
    for channel, target in channels.targets():
        number = uuid7(at)
        rows.append(
            AlarmDelivery(
                number=number,
                alarm=alarm,
                channel=channel,
                target=target,
                why=why,
                message=message_of(alarm, why, number),
                created_at=at,
                next_at=at,
            )
        )
    AlarmDelivery.objects.using(alarm._state.db).bulk_create(rows)


def deliver_due() -> Delivered:
    """
    Send what is due, each message once, and return what came of it.

    Any number of processes may do so at the same time. It takes at most the timeout of
    an attempt for each receiver that does not answer.

    Raises:
        RuntimeError: inside a transaction, which would stay open while a receiver
            keeps us waiting.
        django.db.Error: the table cannot be read or written.
    """
    alias = router.db_for_write(AlarmDelivery)
    if is_in_transaction(alias):
        raise RuntimeError("deliver_due() belongs outside of any transaction")
    done = Delivered()
    failed: set[int] = set()
    while (row := _next_due(failed)) is not None:
        if not _claim(row):
            continue
        try:
            channels.send(row.channel, row.target, row.message)
        except NotDelivered as error:
            failed.add(row.pk)
            _fail(row, str(error), done)
        else:
            _settle(row)
            done.sent += 1
    done.waiting = AlarmDelivery.objects.filter(state=DeliveryState.WAITING).count()
    return done


def undelivered(limit: int = 200) -> list[AlarmDelivery]:
    """Return the messages that were given up or failed so far, the newest first."""
    rows = AlarmDelivery.objects.select_related("alarm").order_by("-id")
    failed = Q(state=DeliveryState.WAITING, attempts__gt=0)
    return list(rows.filter(Q(state=DeliveryState.GIVEN_UP) | failed)[:limit])


def send_again(row: AlarmDelivery) -> None:
    """Put a message that was given up back into the queue; recorded."""
    at = now()
    given_up = AlarmDelivery.objects.filter(pk=row.pk, state=DeliveryState.GIVEN_UP)
    if given_up.update(
        state=DeliveryState.WAITING, next_at=at, created_at=at, attempts=0, claim=""
    ):
        record(
            DeliveryResent(
                resource=f"{row.channel}:{row.target}", alarm=str(row.alarm.number)
            )
        )


def _next_due(failed: set[int]) -> AlarmDelivery | None:
    """Return the message that has been due longest, but none that failed before."""
    return (
        AlarmDelivery.objects.filter(_is_due(), state=DeliveryState.WAITING)
        .exclude(pk__in=failed)
        .select_related("alarm")
        .order_by("next_at", "id")
        .first()
    )


def _is_due() -> Q:
    """
    Return what holds for messages whose time has come.

    Further away than any pause is none of ours: the clock was set back since, and an
    alarm must not wait until it is that late again.
    """
    at = now()
    return Q(next_at__lte=at) | Q(next_at__gt=at + max(LONGEST_PAUSE, _lease()))


def _lease() -> timedelta:
    """Return how long a message is held: behind the longest time of an attempt."""
    return timedelta(seconds=3 * alarm_settings().timeout_seconds + 30)


def _claim(row: AlarmDelivery) -> bool:
    """Take a message for as long as an attempt can last; False when another did."""
    token = token_hex(16)
    mine = AlarmDelivery.objects.filter(
        _is_due(), pk=row.pk, state=DeliveryState.WAITING, claim=row.claim
    ).update(claim=token, next_at=now() + _lease(), attempts=F("attempts") + 1)
    row.claim = token
    row.attempts += 1
    return bool(mine)


def _settle(row: AlarmDelivery) -> None:
    at = now()
    # Whoever holds the claim by now: the receiver has the message.
    AlarmDelivery.objects.filter(pk=row.pk).exclude(state=DeliveryState.SENT).update(
        state=DeliveryState.SENT, sent_at=at, claim="", fault=""
    )
    # It answers again, so what waits for it need not wait longer.
    _waiting_for(row).filter(next_at__gt=at).update(next_at=at)


def _fail(row: AlarmDelivery, fault: str, done: Delivered) -> None:
    at = now()
    mine = AlarmDelivery.objects.filter(
        pk=row.pk, claim=row.claim, state=DeliveryState.WAITING
    )
    cut = fault[:FAULT_LENGTH]
    logger.warning("alarm message %s not delivered: %s", row.number, cut)
    if at - row.created_at >= timedelta(hours=alarm_settings().give_up_hours):
        if mine.update(state=DeliveryState.GIVEN_UP, claim="", fault=cut):
            done.given_up += 1
            _report(row, cut)
    elif mine.update(claim="", fault=cut, next_at=at + _pause(row.attempts)):
        done.failed += 1
    # A queue of a thousand for a dead receiver is one attempt, not a thousand.
    later = at + _pause(row.attempts)
    _waiting_for(row).filter(next_at__lt=later).update(next_at=later)


def _waiting_for(row: AlarmDelivery) -> QuerySet[AlarmDelivery]:
    """Return what nobody has in hand and waits for the same receiver."""
    return AlarmDelivery.objects.filter(
        state=DeliveryState.WAITING,
        channel=row.channel,
        target=row.target,
        claim="",
    )


def _pause(attempts: int) -> timedelta:
    doubled: int = alarm_settings().retry_seconds * 2 ** min(attempts - 1, 16)
    return min(timedelta(seconds=doubled), LONGEST_PAUSE)


def _report(row: AlarmDelivery, fault: str) -> None:
    record(
        DeliveryGivenUp(
            resource=f"{row.channel}:{row.target}",
            alarm=str(row.alarm.number),
            attempts=row.attempts,
            reason=fault,
        )
    )
