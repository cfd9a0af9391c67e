"""
One pass of the sealer, told from start to end.

Killed at any instruction it has either committed a whole checkpoint or nothing, and the
next pass finds everything as this one did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils.timezone import is_aware, make_aware

from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import moment
from jtsec.core.clock import now

from .conf import sealing_settings
from .findings import tell
from .gaps import Gap, missing_between, only, without
from .intake import Intake, late_records, new_records
from .models import ONE, AuditCheckpoint, AuditSealer
from .reading import alias, last_checkpoint
from .running import is_settled, writers
from .signing import Predecessor, is_key_due, predecessor_of, signed
from .standing import (
    Glance,
    State,
    glance,
    held,
    is_busy,
    remembered,
    state_of,
    write_back,
)


@dataclass(frozen=True)
class Pass:
    """
    What one pass did.

    Args:
        checkpoint: the checkpoint it made, None where nothing was due.
        is_finished: whether nothing due was left, as far as it could see.
        clock_back: how far the clock lies behind the newest checkpoint, in seconds;
            None where nobody looked.
    """

    checkpoint: AuditCheckpoint | None = None
    is_finished: bool = True
    clock_back: float | None = None


@dataclass(frozen=True)
class Harvest:
    """What a pass found: in the open gaps, and behind the newest sealed record."""

    late: Intake
    fresh: Intake

    @property
    def members(self) -> list[tuple[int, bytes]]:
        """Return id and leaf of what will be sealed, ascending by id."""
        return self.late.members + self.fresh.members

    @property
    def is_whole(self) -> bool:
        """Answer whether nothing was left to look at."""
        return self.late.is_exhausted and self.fresh.is_exhausted


def seal_once(using: str) -> Pass:
    """
    Make at most one checkpoint; none when another sealer is at work.

    Raises:
        CannotSeal, ConfigurationError: a key is not at hand.
        CheckpointAltered: a checkpoint to build on is not what was written.
        django.db.Error: the database refused; nothing was changed.
    """
    try:
        # Taking the lock is a write; a quiet night need not have one every second.
        return _seal(using) if is_anything_due(using) else Pass()
    except OperationalError as error:
        if is_busy(error):
            return Pass()
        raise


def is_anything_due(using: str) -> bool:
    """Answer whether a pass has something to do, from a look without a lock."""
    sealer = AuditSealer.objects.using(using).filter(pk=ONE).first()
    predecessor = predecessor_of(last_checkpoint())
    state = remembered(sealer.state, predecessor.body) if sealer else None
    if state is None or state.gaps or (predecessor.body and is_key_due(predecessor)):
        return True
    records = AuditRecord.objects.using(using)
    return records.filter(pk__gt=predecessor.last_id).exists()


def _seal(using: str) -> Pass:
    # Before the snapshot: who writes now may have drawn a number it does not show.
    before = glance(using)
    with held(using) as sealer:
        if sealer is None:
            return Pass()
        at = now()
        predecessor = predecessor_of(last_checkpoint())
        state = state_of(sealer, predecessor.body, moment(at))
        harvest = _harvest(predecessor, state, using)
        checkpoint = _checkpoint(predecessor, harvest, moment(at))
        next_state = State(
            number=predecessor.number + (checkpoint is not None),
            gaps=[
                *_left_open(state, harvest, before.beside(sealer), at),
                *_opened(predecessor, harvest, moment(at)),
            ],
            altered=_told(state.altered, harvest, "altered"),
            unknown=_told(state.unknown, harvest, "unknown"),
        )
        # In the transaction, but of this moment: who writes now may fill a new gap.
        next_state.name_running(writers(using))
        is_written = _write(sealer, checkpoint, state, next_state, harvest)
    return Pass(
        checkpoint if is_written else None,
        harvest.is_whole,
        _clock_back(predecessor, at),
    )


def _harvest(predecessor: Predecessor, state: State, using: str) -> Harvest:
    batch = sealing_settings().batch
    late = late_records(state.gaps, batch, using)
    room = batch - len(late.members)
    return Harvest(late, new_records(predecessor.last_id, room, using))


def _checkpoint(
    predecessor: Predecessor, harvest: Harvest, at: str
) -> AuditCheckpoint | None:
    """Return the next checkpoint; one without members where only a key changes."""
    members = harvest.members
    if not members and not (predecessor.body and is_key_due(predecessor)):
        return None
    return signed(predecessor, members, _passed_over(predecessor, harvest), at)


def _passed_over(
    predecessor: Predecessor, harvest: Harvest
) -> tuple[tuple[int, int], ...]:
    ids = harvest.fresh.ids
    if not ids:
        return ()
    return missing_between(predecessor.last_id + 1, ids[-1], ids)


def _opened(predecessor: Predecessor, harvest: Harvest, at: str) -> Iterator[Gap]:
    """Yield the gaps that this checkpoint opens."""
    for low, high in _passed_over(predecessor, harvest):
        yield Gap(low, high, at)


def _left_open(
    state: State, harvest: Harvest, before: Glance | None, at: datetime
) -> list[Gap]:
    """
    Return the gaps of earlier passes that may still fill, ascending.

    One in which not every record was looked at stays open, and so does the number of a
    record whose key is away: it is sealed when the key is back.
    """
    left = list(without(state.gaps, sorted(harvest.late.ids + harvest.late.sealed)))
    if before is None or not harvest.late.is_exhausted:
        return left
    settled = [gap for gap in left if is_settled(gap, before.writers, at)]
    kept = [gap for gap in left if gap not in settled]
    kept.extend(only(settled, harvest.late.unknown))
    return sorted(kept, key=lambda gap: gap.low)


def _told(before: list[int], harvest: Harvest, what: str) -> list[int]:
    """Return the ids that need no further alarm: those of now, and of this pass."""
    seen = {*getattr(harvest.late, what), *getattr(harvest.fresh, what)}
    if not harvest.is_whole:
        seen.update(before)
    return sorted(seen)


def _write(
    sealer: AuditSealer,
    checkpoint: AuditCheckpoint | None,
    state: State,
    next_state: State,
    harvest: Harvest,
) -> bool:
    """Write all that a pass changes, or nothing."""
    using = alias()
    with transaction.atomic(using=using):
        if harvest.is_whole and not harvest.late.unknown + harvest.fresh.unknown:
            sealer.complete_at = now()
        sealer.state = next_state.stored()
        if not write_back(sealer, using):
            return False
        if checkpoint is not None:
            checkpoint.save(using=using)
        tell(checkpoint, state, next_state)
    return True


def _clock_back(predecessor: Predecessor, at: datetime) -> float:
    """Return by how many seconds the clock lies behind the newest checkpoint."""
    if predecessor.body is None:
        return 0.0
    made_at = predecessor.body.made_at
    present = at if is_aware(at) else make_aware(at)
    return max(0.0, (made_at - present).total_seconds())
