"""Reads checkpoints also where a column beside them holds no time."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models.query import ModelIterable
from django.utils import timezone

from jtsec.audit.append_only import AppendOnlyQuerySet, M
from jtsec.audit.unreadable import NO_TIME, UNREADABLE


class CheckpointRows(AppendOnlyQuerySet[M]):
    """
    Gives a checkpoint without its column of the time rather than none.

    What was signed is in the body; the column is held against it like the others.
    """

    def _fetch_all(self) -> None:
        try:
            super()._fetch_all()
        except UNREADABLE:
            if not issubclass(self._iterable_class, ModelIterable):
                raise
            self._result_cache = list(ModelIterable(self.defer("at")))
        for one in self._result_cache or ():
            if isinstance(one, self.model) and one.__dict__.get("at") is None:
                setattr(one, "at", _no_time())  # noqa: B010 - a model of any kind to mypy


def _no_time() -> datetime:
    return NO_TIME if settings.USE_TZ else timezone.make_naive(NO_TIME)
