"""
The session engine: Django's database sessions, with an owner, limits and an end.

    SESSION_ENGINE = "jtsec.sessions.engine"

How one is read, and judged by its limits, stands in `loading`; how one is written, and
a login let in, in `saving`. Here it changes its key, and ends.
"""

from __future__ import annotations

from asgiref.sync import sync_to_async

from django.contrib.sessions.exceptions import SessionInterrupted

from . import endings, residues
from .acceleration import forget
from .models import Session, digest_of
from .saving import SavingStore


class SessionStore(SavingStore):
    """One session."""

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
