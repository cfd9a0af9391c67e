"""
Loads a session: its data are for one row alone, and a limit ends it when it is read.

Limits are judged from the row that is loaded anyway, so that a request costs no
further query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import router, transaction

from jtsec.core.clock import now
from jtsec.core.row_by_key import row_by_key

from . import endings
from .acceleration import forget
from .claims import claimed_user, without_claim
from .conf import session_settings
from .models import Session, SessionQuerySet, digest_of


class LoadingStore(DatabaseStore):
    """
    One session, as far as it is read.

    Attributes:
        row: the row it was loaded from or last written to; None when there is none.
        ended: why the session that the browser presented is no longer alive.
    """

    if TYPE_CHECKING:  # Django's own, which its stubs leave out
        _session: dict[str, Any]

        def _get_session(self, no_load: bool = False) -> dict[str, Any]: ...
        def _get_or_create_session_key(self) -> str: ...

    def __init__(self, session_key: str | None = None) -> None:
        self.row: Session | None = None
        self.ended: endings.EndReason | None = None
        self._untold = False
        self._unwritten = False
        self._digest = ""
        self._just_written: str | None = None
        super().__init__(session_key)

    # ── what a session is signed for ──────────────────────────────────────────────

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model of the registry."""
        return Session

    def bind(self, digest: str) -> None:
        """Sign and verify data for a stored key instead of a cookie's value."""
        self._digest = digest

    @property
    def digest(self) -> str:
        """Return the stored key, "" for a session that has none yet."""
        return digest_of(self.session_key) if self.session_key else self._digest

    @property
    def key_salt(self) -> str:
        """
        Return what the data are signed for: this row and no other.

        Somebody who can write to the table could otherwise copy an administrator's
        data into the row of a cookie of his own.
        """
        return f"jtsec.sessions.{self.digest}"

    # ── reading ───────────────────────────────────────────────────────────────────

    def load(self) -> dict[str, Any]:
        """Return the data, {} for a session that is unknown, ended or over a limit."""
        row = self._get_session_from_db()
        if row is None:
            return {}
        data: dict[str, Any] = self.decode(row.session_data)
        if claimed_user(data) != row.user_id:
            # A login that no gate let in, by whichever way it got there.
            return without_claim(data)
        return data

    def load_once(self) -> None:
        """Load the session, if that has not happened yet."""
        self._get_session()

    async def aload(self) -> dict[str, Any]:
        """See `load`."""
        return await sync_to_async(self.load)()

    def _get_session_from_db(self) -> Session | None:
        """Return the row of a live session; else forget the key, keep the reason."""
        row = self._find()
        if row is not None and (why := self._judge(row)) is not None:
            if row.user_id is not None:
                self.ended, self._untold = why, True
            row = None
        if row is None:
            self._session_key = None
        else:
            self.row = row
            self._note_activity(row)
        return row

    async def _aget_session_from_db(self) -> Session | None:
        return await sync_to_async(self._get_session_from_db)()

    def _find(self) -> Session | None:
        return row_by_key(Session.objects, "pk", self.digest)

    def _judge(self, row: Session) -> endings.EndReason | None:
        """Return why a row is not alive, ending it where its limit has passed."""
        if row.ended_at is not None:
            return endings.EndReason.of(row.ended_why)
        why = endings.limit_passed(row, now())
        if why is not None:
            endings.end_at_limit(row, why)
        return why

    def _note_activity(self, row: Session) -> None:
        """
        Write the last activity, once a minute at most.

        Within a transaction, after it: the row's lock would make the user's other
        requests wait for this one's view.
        """
        at = now()
        due = at - session_settings().seen_every
        if row.last_seen_at > due:
            return

        def write() -> None:
            rows = Session.objects.filter(pk=row.pk, last_seen_at__lte=due).open()
            if rows.update(last_seen_at=at):
                forget([row.pk])

        transaction.on_commit(write, using=router.db_for_write(Session), robust=True)
        row.last_seen_at = at

    def exists(self, session_key: str | None) -> bool:
        """Answer whether there is an open session under a cookie's value."""
        if not session_key:
            return False
        rows: SessionQuerySet = Session.objects.filter(pk=digest_of(session_key))
        return rows.open().exists()

    async def aexists(self, session_key: str | None) -> bool:
        """See `exists`."""
        return await sync_to_async(self.exists)(session_key)

    def is_empty(self) -> bool:
        """
        Answer whether the cookie may be deleted.

        Not before the reason of an end was told: the page that tells it comes after
        a redirect, and finds the reason by this cookie.
        """
        waits = self._untold and not self.modified
        return super().is_empty() and not waits

    def abandon(self, why: endings.EndReason) -> None:
        """Stand for a session that was just ended, as if it had been loaded so."""
        self._session_cache: dict[str, Any] = {}
        self._session_key = None
        self.row, self.modified, self._unwritten = None, False, False
        self.ended, self._untold = why, True

    def reason_told(self) -> None:
        """Let the cookie of an ended session be deleted with this response."""
        self._untold = False
