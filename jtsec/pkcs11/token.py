"""
The token as this process has it: opened when first asked for, and anew when lost.

A PKCS#11 library belongs to the process that made it ready; a child that goes on with
its parent's session speaks into the parent's connection to the hardware. So it is
closed before every fork, and opened by whoever asks next, parent or child. The library
is taken for this module's own: nothing else in the process should keep sessions in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Final, NamedTuple, TypeVar

import pkcs11
from pkcs11 import Session
from pkcs11.exceptions import NoSuchKey, PKCS11Error

from jtsec.core.clock import elapsed
from jtsec.core.wording import early_gettext as _

from .conf import pkcs11_settings
from .exceptions import TokenUnavailable, as_token_errors
from .locking import LockingKey, make_locking_key
from .login import Login
from .turn import own_turn

T = TypeVar("T")
ASK_AGAIN_AFTER: Final = 1.0
"""Seconds for which a token that failed is not asked: a request each would queue."""


class Place(NamedTuple):
    """Which key of which token is open, and in which process."""

    module: str
    token: str
    key: str
    process: int


class Opened(NamedTuple):
    """An open session, where, and the key in it."""

    place: Place
    session: Session
    key: LockingKey


class Failure(NamedTuple):
    """What went wrong, where, and when."""

    place: Place
    at: float
    error: TokenUnavailable


class Token:
    """One session with one token; asked by several threads, one at a time."""

    def __init__(self) -> None:
        self._alone = Lock()
        self._opened: Opened | None = None
        self._failed: Failure | None = None
        self._loaded: list[str] = []
        self._logins: dict[str, Login] = {}

    def use(self, work: Callable[[LockingKey], T]) -> T:
        """
        Return what a piece of work does with the key; once more where that was lost.

        Raises:
            TokenUnavailable: the token cannot be asked, or has no such key.
            PinRefused: it does not take the PIN.
            KeyCanLeave: it would give the key out.
        """
        with self._alone:
            place = _configured()
            if self._opened is not None and self._opened.place == place:
                with suppress(TokenUnavailable), as_token_errors():
                    return work(self._opened.key)
            self._require_pause(place)
            try:
                with as_token_errors():
                    return work(self._anew(place))
            except TokenUnavailable as error:
                self._failed = Failure(place, elapsed(), error)
                raise

    def make_key(self) -> None:
        """
        Make the key in the token, unless there is one of its label.

        Raises:
            TokenUnavailable, PinRefused: the token cannot be asked, or refuses.
        """
        with self._alone, as_token_errors():
            place = _configured()
            session = self._session(place, is_writing=True)
            try:
                LockingKey(session, place.key)
            except NoSuchKey:
                make_locking_key(session, place.key)
            finally:
                self._close()

    def before_fork(self) -> None:
        """Leave nothing open for the child; no thread is inside while it is made."""
        self._alone.acquire()
        self._close()

    def after_fork(self) -> None:
        """Let parent and child open it anew, each for itself."""
        self._alone.release()

    def _require_pause(self, place: Place) -> None:
        """Raise what was raised last, where that is a moment ago."""
        failed = self._failed
        if failed is None or failed.place != place:
            return
        if elapsed() - failed.at < ASK_AGAIN_AFTER:
            raise type(failed.error)(*failed.error.args)

    def _anew(self, place: Place) -> LockingKey:
        session = self._session(place)
        self._opened = Opened(place, session, LockingKey(session, place.key))
        return self._opened.key

    def _session(self, place: Place, *, is_writing: bool = False) -> Session:
        """Return a session begun from nothing: what was lost may be there again."""
        login = self._logins.setdefault(place.token, Login())
        pin = login.pin()  # before anything is closed or asked
        self._close()
        with own_turn():
            library = pkcs11.lib(place.module)
            self._loaded = [place.module]
            found = library.get_token(token_label=place.token)
            return login.open(found, pin, is_writing=is_writing)

    def _close(self) -> None:
        """End what is open; that it is lost already is no fault here."""
        opened, self._opened = self._opened, None
        if opened is not None and opened.place.process == os.getpid():
            with suppress(PKCS11Error):
                opened.session.close()
        while self._loaded:
            with suppress(PKCS11Error):
                pkcs11.lib(self._loaded.pop()).finalize()


def _configured() -> Place:
    settings = pkcs11_settings()
    if not settings.module or not settings.token:
        raise TokenUnavailable(
            _("no token is configured (JTSEC_PKCS11_MODULE, JTSEC_PKCS11_TOKEN)")
        )
    return Place(settings.module, settings.token, settings.key, os.getpid())


TOKEN: Final = Token()

if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(
        before=TOKEN.before_fork,
        after_in_parent=TOKEN.after_fork,
        after_in_child=TOKEN.after_fork,
    )
