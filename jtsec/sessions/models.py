"""The table of sessions, which is the registry of who is logged in."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.core.clock import now
from jtsec.crypto import sm3

from .conf import session_settings

OPENING_GATE = 1


def digest_of(session_key: str) -> str:
    """
    Return what stands for a cookie's value in the database.

    The value itself is never stored: whoever steals the table, or a backup of it,
    cannot log in with anything found there.

    Args:
        session_key: the value of the cookie.

    Returns:
        The SM3 hash in 64 hexadecimal digits.
    """
    return sm3.hexdigest(session_key.encode())


def within_limits(at: datetime) -> models.Q:
    """Return what holds for an open session whose limits have not passed."""
    idle_since = at - session_settings().idle
    return models.Q(expire_date__gt=at, last_seen_at__gt=idle_since)


class SessionQuerySet(models.QuerySet["Session"]):
    """Questions to the registry."""

    def open(self) -> SessionQuerySet:
        """Return the sessions that nobody and nothing has ended yet."""
        return self.filter(ended_at__isnull=True)

    def live(self, at: datetime | None = None) -> SessionQuerySet:
        """Return the sessions that are within both limits, and so hold a place."""
        return self.open().filter(within_limits(at or now()))

    def overdue(self, at: datetime | None = None) -> SessionQuerySet:
        """Return the open sessions whose limit has passed with nobody coming back."""
        return self.open().filter(~within_limits(at or now()))


class SessionManager(BaseSessionManager.from_queryset(SessionQuerySet)):  # type: ignore[misc]  # built while running
    """Keeps the way to store a session by its cookie value that Django offers."""

    def save(
        self, session_key: str, session_dict: dict[str, Any], expire_date: datetime
    ) -> Session:
        """
        Store the data of an anonymous session under a cookie value.

        A login written in this way is not believed when the session is loaded: it
        has passed no gate.
        """
        store = Session.get_session_store_class()(session_key)
        row = Session(
            session_key=digest_of(session_key),
            session_data=store.encode(session_dict),
            expire_date=expire_date,
        )
        if session_dict:
            row.save()
        else:
            row.delete()
        return row


class Session(AbstractBaseSession):
    """
    One session: whose, from where, since when, and why it ended.

    A row outlives its session for `JTSEC_SESSIONS_KEPT_DAYS`, without its data, so
    that the next page can say what happened.
    """

    session_key = models.CharField(
        pgettext_lazy("jtsec", "session key"), max_length=64, primary_key=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.CASCADE,
        related_name="jtsec_sessions",
    )
    is_administrator = models.BooleanField(_("administrator"), default=False)
    address = models.CharField(_("address"), max_length=45, blank=True)
    terminal = models.CharField(_("terminal"), max_length=128, blank=True)
    created_at = models.DateTimeField(_("login time"), default=now)
    last_seen_at = models.DateTimeField(_("last activity"), default=now)
    ended_at = models.DateTimeField(_("end"), null=True)
    ended_why = models.CharField(_("why it ended"), max_length=32, blank=True)
    notice = models.TextField(_("notice to the user"), blank=True)

    objects: ClassVar[SessionManager] = SessionManager()

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        indexes = (
            models.Index(fields=["user", "ended_at"], name="jtsec_session_of_user"),
            models.Index(fields=["ended_at"], name="jtsec_session_ended"),
        )

    @property
    def terminal_name(self) -> str:
        """Return the terminal, where a gateway names one; else ""."""
        kind, _colon, name = self.terminal.partition(":")
        return "" if kind == "address" else name

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Return the store of the engine the project has chosen."""
        return import_module(settings.SESSION_ENGINE).SessionStore

    def get_decoded(self) -> dict[str, Any]:
        """Return the session's data; they are signed for this row alone."""
        store = self.get_session_store_class()()
        store.bind(self.session_key)
        decoded: dict[str, Any] = store.decode(self.session_data)
        return decoded


class SessionGate(models.Model):
    """
    The one row through which every login passes, one after the other.

    Changing it is the first statement of an admission. That takes its lock, on
    SQLite the write lock of the whole file, so that what is counted next cannot
    change before the new session is counted too.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    passed_at = models.DateTimeField(_("last admission"), default=now)

    class Meta:
        verbose_name = _("session gate")
        verbose_name_plural = _("session gates")
