"""Looks into a segment without restoring it: events that match, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.canonical import canonical
from jtsec.audit.payload import TEXT_COLUMNS, columns_of, parse
from jtsec.core.exceptions import InputError

from .events import ArchiveRead
from .folder import folder
from .proving import read_records
from .segments import moment_of, proved, segment_named

FIELDS: Final = (*TEXT_COLUMNS, "event_id")


def show(
    name: str,
    conditions: Mapping[str, str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    directory: Path | None = None,
) -> Iterator[dict[str, Any]]:
    """
    Yield the payloads of events in a segment that fit; encrypted details stay so.

    Args:
        name: the segment.
        conditions: column to what it must be; * and ? stand for anything.
        since: from this moment on.
        until: before this moment.
        directory: where its file is, instead of the settings' folder.

    Raises:
        InputError: a column that cannot be asked for.
        SegmentAltered, SegmentUnreadable: the file is not what was archived.
        AuditUnavailable: the look could not be recorded; nothing is shown.
    """
    unknown = sorted(conditions.keys() - set(FIELDS))
    if unknown:
        text = _("%(name)s is no column to filter by.") % {"name": unknown[0]}
        raise InputError(text, field=unknown[0], code="unknown-field")
    place = folder(directory)
    proved(segment_named(name), place, deep=False)
    asked = {**conditions, "since": since, "until": until}
    told = canonical({key: str(one) for key, one in asked.items() if one})
    record(ArchiveRead(resource=f"archive:{name}", conditions=told.decode()))
    return _matching(place / name, name, conditions, since, until)


def _matching(
    path: Path,
    name: str,
    conditions: Mapping[str, str],
    since: datetime | None,
    until: datetime | None,
) -> Iterator[dict[str, Any]]:
    for archived in read_records(path, name):
        payload = parse(archived.payload)
        at = moment_of(payload["at"])
        if (since and at < since) or (until and at >= until):
            continue
        columns = columns_of(payload)
        if all(
            fnmatchcase(str(columns[column]), wanted)
            for column, wanted in conditions.items()
        ):
            yield {"record": archived.id, **payload}
