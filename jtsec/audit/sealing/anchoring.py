"""
Brings the anchors up to date, and finds what was done to them.

An anchor follows after the commit, so that it never holds what was rolled back. What is
missing in it, because it was away or because the process died in between, is written by
the next pass. An anchor that fails is an alarm; sealing goes on without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hmac import compare_digest
from typing import Final, NamedTuple

from jtsec.core.clock import now

from .anchor import Anchor, Tail
from .anchors import anchors
from .events import AnchorAltered, AnchorFailed, AnchorResumed
from .exceptions import CannotRead
from .file_anchor import FileAnchor
from .models import AuditAnchor, AuditCheckpoint
from .reading import alias, checkpoints, checkpoints_after, last_checkpoint
from .syslog_anchor import SyslogAnchor
from .troubles import tell_end, tell_once

CHUNK: Final = 100
"""Checkpoints that are written at once."""


class Finding(NamedTuple):
    """What was done to an anchor; "" for nothing, and up to where it holds all."""

    reason: str
    number: int


def bring_up_to_date() -> None:
    """Write to every anchor what it lacks; failures are told, none is raised."""
    last = last_checkpoint()
    if last is None:
        return
    for anchor in anchors():
        kind = f"anchor:{anchor.name}"
        resource = f"audit.anchor:{anchor.name}"
        try:
            finding = _catch_up(anchor, last)
        # Whatever it is: the other anchors go on, and somebody is told.
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            event = AnchorFailed(resource=resource, reason="failed", what=what)
            tell_once(kind, "failed", event)
            continue
        if finding.reason:
            tell_once(
                kind,
                finding.reason,
                AnchorAltered(
                    resource=resource, reason=finding.reason, number=finding.number
                ),
            )
        else:
            tell_end(kind, partial(_resumed, resource))


def _resumed(resource: str, reason: str, since: str) -> AnchorResumed:
    return AnchorResumed(resource=resource, reason=reason, since=since)


def _catch_up(anchor: Anchor, last: AuditCheckpoint) -> Finding:
    """Write what an anchor lacks, and return what was found to be wrong with it."""
    rows = AuditAnchor.objects.using(alias())
    known, _is_new = rows.get_or_create(name=anchor.name)
    finding = _examine(anchor, known)
    lacking = (
        _lacking(anchor)
        if finding.reason
        else checkpoints_after(finding.number, last.number)
    )
    some: list[AuditCheckpoint] = []
    for checkpoint in lacking:
        some.append(checkpoint)
        if len(some) == CHUNK:
            _write(anchor, some)
            some = []
    _write(anchor, some)
    return finding


def _write(anchor: Anchor, some: list[AuditCheckpoint]) -> None:
    if not some:
        return
    anchor.write(some)
    tail = None if isinstance(anchor, SyslogAnchor) else anchor.tail()
    AuditAnchor.objects.using(alias()).filter(name=anchor.name).update(
        number=some[-1].number,
        hash=bytes(some[-1].hash),
        position=tail.position if tail else 0,
        since=now(),
    )


def _examine(anchor: Anchor, known: AuditAnchor) -> Finding:
    """Hold the end of an anchor against what was written to it, and the database."""
    if isinstance(anchor, SyslogAnchor):
        return Finding("", known.number)
    if isinstance(anchor, FileAnchor) and not anchor.path.exists():
        # A folder that is gone is a medium that is away: writing will say so.
        return Finding("removed" if known.number else "", 0)
    tail = anchor.tail()
    if tail is None:
        return Finding("truncated" if known.number else "", 0)
    if tail.checkpoint.number < known.number and _holds(anchor, tail, known):
        return Finding("", known.number)
    return Finding(_reason(tail, known), tail.checkpoint.number)


def _holds(anchor: Anchor, tail: Tail, known: AuditAnchor) -> bool:
    """
    Answer whether an anchor that ends with an earlier checkpoint was not cut.

    Of two processes that write at once the slower one ends it so.
    """
    if tail.position < known.position:
        return False
    wanted = known.number, bytes(known.hash)
    return any((one.number, one.hash) == wanted for one in anchor.read())


def _reason(tail: Tail, known: AuditAnchor) -> str:
    number = tail.checkpoint.number
    ours = checkpoints().filter(number=number).first()
    if tail.position < known.position or number < known.number:
        return "truncated"
    if ours is None:
        return "ahead"
    is_same = compare_digest(bytes(ours.hash), tail.checkpoint.hash)
    return "" if is_same else "other-content"


def _lacking(anchor: Anchor) -> Iterator[AuditCheckpoint]:
    """Yield the checkpoints that an altered anchor does not hold as they are."""
    try:
        there = {(one.number, one.hash) for one in anchor.read()}
    except CannotRead:
        there = set()
    for checkpoint in checkpoints_after(0):
        if (checkpoint.number, bytes(checkpoint.hash)) not in there:
            yield checkpoint
