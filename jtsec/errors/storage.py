"""
Keeps sealed codes, so that a reference is enough to find one.

An attacker who finds a view that fails could fill the disk with it. So only some codes
of one place in the code, and some in all, are stored a minute; every visitor has the
code on the page all the same. Old ones are removed when new ones come.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import router
from django.db.models import Count, Q

from jtsec.core.apart import apart
from jtsec.core.clock import now

from .conf import error_settings
from .diagnosis import Diagnosis
from .models import SealedError

logger = logging.getLogger("jtsec.errors")
MINUTE = timedelta(minutes=1)
FORGET_EVERY = 50
"""Rows after which old ones are removed."""


def store(diagnosis: Diagnosis) -> None:
    """
    Store a code, unless too many came within a minute; never raises.

    Without a database the code goes to the logger, sealed as it is.
    """
    if not diagnosis.sealed:
        return
    try:
        with apart(router.db_for_write(SealedError)) as using:
            if _is_too_much(diagnosis, using):
                logger.warning("error %s is not stored: too many", diagnosis.reference)
                return
            row = SealedError.objects.using(using).create(
                reference=diagnosis.reference,
                created=now(),
                request_id=diagnosis.request_id,
                fingerprint=diagnosis.fingerprint,
                sealed=diagnosis.sealed,
            )
            if row.pk % FORGET_EVERY == 0:
                _forget_old(using)
    # Whatever fails while an error is handled must not become a second error.
    except Exception as error:
        logger.error(
            "error %s is not stored (%s): %s",
            diagnosis.reference,
            type(error).__name__,
            diagnosis.text,
        )


def _is_too_much(diagnosis: Diagnosis, using: str) -> bool:
    limits = error_settings()
    counted = (
        SealedError.objects.using(using)
        .filter(created__gt=now() - MINUTE)
        .aggregate(
            same=Count("pk", filter=Q(fingerprint=diagnosis.fingerprint)),
            all=Count("pk"),
        )
    )
    return bool(
        counted["same"] >= limits.same_per_minute
        or counted["all"] >= limits.all_per_minute
    )


def _forget_old(using: str) -> None:
    oldest = now() - timedelta(days=error_settings().retention_days)
    SealedError.objects.using(using).filter(created__lt=oldest).delete()
