"""An application as executors, pages and the form see it: plain values, no row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Application:
    """
    An application as it was approved: what an executor is given.

    Args:
        id: its number.
        kind: the code of its kind.
        resource: what it is about, "app.model:pk" or another subject.
        payload: what is to be done, as JSON gave it back.
        before: how the object stood, for the form.
        after: how it is to stand.
        reason: why, in the words of who submitted it.
        maker: the UID of who submitted it.
        makers: the UIDs of everybody who submitted or edited it.
        submitted_at: when.
    """

    id: UUID
    kind: str
    resource: str
    payload: Content
    before: Content
    after: Content
    reason: str
    maker: str
    makers: tuple[str, ...]
    submitted_at: datetime
