"""
Saves a session: never one that was ended meanwhile, and a login through the gate alone.

A login is believed only where the row says that it passed the gate (see `admission`),
whichever code made it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.base import (
    VALID_KEY_CHARS,
    CreateError,
    UpdateError,
)
from django.db import IntegrityError, router, transaction
from django.utils.crypto import get_random_string

from jtsec.core.clock import now
from jtsec.core.context import current
from jtsec.core.source import Source
from jtsec.identity.api import user_by_pk

from . import admission
from .acceleration import forget
from .claims import claimed_user
from .conf import session_settings
from .loading import LoadingStore
from .models import Session, digest_of


class SavingStore(LoadingStore):
    """One session, as far as it is read and written."""

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

    def _unadmitted_user(self, data: dict[str, Any]) -> AbstractBaseUser | None:
        """Return a user who is logged in by the data and has not passed the gate."""
        claimed = claimed_user(data)
        if claimed is None or (self.row and self.row.user_id == claimed):
            return None
        return user_by_pk(claimed)

    def _get_new_session_key(self) -> str:
        """Return a new key of 165 random bits; nobody need ask whether it is taken."""
        return get_random_string(32, VALID_KEY_CHARS)

    async def _aget_new_session_key(self) -> str:
        return self._get_new_session_key()
