"""
The session engine: Django's database sessions, with an owner, limits and an end.

    SESSION_ENGINE = "jtsec.sessions.engine"

Limits are judged when a session is loaded, from the row that is loaded anyway, so
that a request costs no further query. A login is believed only where the row says
that it passed the gate (see `admission`), whichever code made it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.base import (
    VALID_KEY_CHARS,
    CreateError,
    UpdateError,
)
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import IntegrityError, router, transaction
from django.utils.crypto import get_random_string

from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.core.row_by_key import row_by_key
from jtsec.core.source import Source
from jtsec.identity.api import user_by_pk

from . import admission, endings, residues
from .acceleration import forget
from .claims import claimed_user, without_claim
from .conf import session_settings
from .models import Session, SessionQuerySet, digest_of


class SessionStore(DatabaseStore):
    """
    One session.

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

    # ── writing ───────────────────────────────────────────────────────────────────

    def save(self, must_create: bool = False) -> None:
        """
        Write the session; a login in it takes its place first.

        Raises:
            UpdateError: the session was ended meanwhile; it is not resurrected.
            CreateError: must_create, and the key is taken.
            jtsec.core.exceptions.Refused: there is no place for the login.
        """
        data = self._get_session(no_load=must_create)
        if self.session_key is None:
            self.create()
            return
        user = self._unadmitted_user(data)
        if user is not None:
            self.admit(user, current().source, must_create=must_create)
        elif must_create or self._unwritten:
            self._insert(self.create_model_instance(data))
        else:
            self._update(data)

    async def asave(self, must_create: bool = False) -> None:
        """See `save`."""
        await sync_to_async(self.save)(must_create)

    def admit(
        self, user: AbstractBaseUser, source: Source, *, must_create: bool = False
    ) -> None:
        """
        Write the session as a user's, if there is a place; see `admission.admit`.

        A refused login leaves no session behind.
        """
        if self.session_key is None:
            self._session_key = self._get_new_session_key()
            self._unwritten = True
        insert = must_create or self._unwritten
        row = self.create_model_instance(self._get_session(no_load=must_create))
        try:
            admission.admit(row, user, source, insert=insert)
        except IntegrityError as error:
            if insert:
                raise CreateError from error
            raise
        except admission.SessionRefused:
            self.flush()
            raise
        self._note_written(row)

    def create(self) -> None:
        """Write a new session under a new key."""
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    async def acreate(self) -> None:
        """See `create`."""
        await sync_to_async(self.create)()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row as it would be written now."""
        at, source = now(), current().source
        key = self._get_or_create_session_key()
        return Session(
            session_key=digest_of(key),
            session_data=self.encode(data),
            expire_date=self._end_of(at),
            address=source.address,
            terminal=source.key,
            created_at=at,
            last_seen_at=at,
        )

    async def acreate_model_instance(self, data: dict[str, Any]) -> Session:
        """See `create_model_instance`."""
        return await sync_to_async(self.create_model_instance)(data)

    def _insert(self, row: Session) -> None:
        using = router.db_for_write(Session, instance=row)
        try:
            with transaction.atomic(using=using):
                row.save(force_insert=True, using=using)
        except IntegrityError as error:
            raise CreateError from error
        self._note_written(row)

    def _note_written(self, row: Session) -> None:
        self.row, self._unwritten = row, False
        self._just_written = self._plain(self._session_cache)

    def _plain(self, data: dict[str, Any]) -> str:
        return repr(self.serializer().dumps(data))

    def _update(self, data: dict[str, Any]) -> None:
        """Change the data and nothing else: saving is no activity."""
        written, self._just_written = self._just_written, None
        if written is not None and written == self._plain(data):
            # The login wrote it a moment ago; the end of the request need not.
            return
        begun = self.row.created_at if self.row else now()
        changes: dict[str, Any] = {
            "session_data": self.encode(data),
            "expire_date": self._end_of(begun),
        }
        if claimed_user(data) is None:
            # The login was taken out of the data; its place is free.
            changes |= {"user_id": None, "is_administrator": False}
        rows = Session.objects.filter(pk=self.digest).open()
        if not rows.update(**changes):
            raise UpdateError
        forget([self.digest])

    def _end_of(self, begun: datetime) -> datetime:
        """Return the absolute end; the project's own expiry can only be earlier."""
        own: datetime = self.get_expiry_date()
        return min(own, begun + session_settings().absolute)

    # ── whose it is ───────────────────────────────────────────────────────────────

    def _unadmitted_user(self, data: dict[str, Any]) -> AbstractBaseUser | None:
        """Return a user who is logged in by the data and has not passed the gate."""
        claimed = claimed_user(data)
        if claimed is None or (self.row and self.row.user_id == claimed):
            return None
        return user_by_pk(claimed)

    # ── new keys and the end ──────────────────────────────────────────────────────

    def _get_new_session_key(self) -> str:
        """Return a new key of 165 random bits; nobody need ask whether it is taken."""
        return get_random_string(32, VALID_KEY_CHARS)

    async def _aget_new_session_key(self) -> str:
        return self._get_new_session_key()

    def cycle_key(self) -> None:
        """
        Give the session a new key, in one statement, so that it is never two.

        Owner, place and limits stay: a changed password buys no more hours.

        Raises:
            SessionInterrupted: it was ended meanwhile; a new key would resurrect it.
        """
        data = self._session
        old = self.digest
        had_key = self.session_key is not None and not self._unwritten
        self._session_key = self._get_new_session_key()
        self.modified = True
        if not had_key:
            self._unwritten = True
            return
        rows = Session.objects.filter(pk=old).open()
        renamed = rows.update(session_key=self.digest, session_data=self.encode(data))
        forget([old])
        if not renamed and self.row is not None and self.row.user_id is not None:
            self._session_key = None
            raise SessionInterrupted("The session was ended meanwhile.")
        self._unwritten = not renamed
        if self.row is not None:
            self.row.session_key = self.digest
            if self.row.user_id is not None:
                residues.remove([old])

    async def acycle_key(self) -> None:
        """See `cycle_key`."""
        await sync_to_async(self.cycle_key)()

    def flush(self) -> None:
        """End the session and start an empty one without a key."""
        super().flush()
        self.row, self._untold, self._unwritten = None, False, False

    async def aflush(self) -> None:
        """See `flush`."""
        await sync_to_async(self.flush)()

    def delete(self, session_key: str | None = None) -> None:
        """End the session of a user, keeping the reason; remove an anonymous one."""
        key = session_key or self.session_key
        if key is None or (key == self.session_key and self._unwritten):
            return
        digest = digest_of(key)
        if not endings.close([digest], endings.EndReason.LOGGED_OUT):
            Session.objects.filter(pk=digest, user__isnull=True).delete()
            forget([digest])

    async def adelete(self, session_key: str | None = None) -> None:
        """See `delete`."""
        await sync_to_async(self.delete)(session_key)

    @classmethod
    def clear_expired(cls) -> None:
        """End what is over a limit, and forget what ended long ago."""
        endings.clear_expired()

    @classmethod
    async def aclear_expired(cls) -> None:
        """See `clear_expired`."""
        await sync_to_async(cls.clear_expired)()
