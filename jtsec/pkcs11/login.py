"""
Opens a session with the PIN, and spends no try that a person may still need.

A token locks itself after a few wrong PINs. A wrong one is therefore tried once in a
process, however often the keys are asked for, and never where it may be the last try.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import Final

from pkcs11 import Session, Token, TokenFlag
from pkcs11 import exceptions as codes

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.wording import early_gettext as _
from jtsec.secrets.api import secret

from .conf import pkcs11_settings
from .exceptions import PinRefused, TokenUnavailable, reason_of

REFUSALS: Final = (
    codes.PinIncorrect,
    codes.PinInvalid,
    codes.PinLenRange,
    codes.PinExpired,
    codes.PinLocked,
)
LAST_TRY: Final = TokenFlag.USER_PIN_FINAL_TRY | TokenFlag.USER_PIN_LOCKED


class Login:
    """Logs in at one token; remembers a PIN that was refused."""

    __slots__ = ("_refused",)

    def __init__(self) -> None:
        self._refused = b""

    def pin(self) -> str:
        """
        Return the PIN to try.

        Raises:
            TokenUnavailable: the secret cannot be had.
            PinRefused: the token refused this very one before.
        """
        name = pkcs11_settings().pin_secret
        try:
            found = secret(name)
        except ConfigurationError as error:
            raise TokenUnavailable(
                _("the PIN of the token: %(reason)s") % {"reason": error}
            ) from None
        if compare_digest(found.encode(), self._refused):
            raise PinRefused(
                _("the token refused the PIN; it is not tried again: change %(name)s")
                % {"name": name}
            )
        return found

    def open(self, token: Token, pin: str, *, is_writing: bool = False) -> Session:
        """
        Return a session of the user.

        Raises:
            PinRefused: the PIN is wrong or locked, or one try is left.
            PKCS11Error: the token does not answer.
        """
        if token.flags & LAST_TRY:
            raise PinRefused(
                _("the token has one try of the PIN left, or none: log in by hand")
            )
        try:
            return token.open(rw=is_writing, user_pin=pin)
        except codes.UserAlreadyLoggedIn:
            return token.open(rw=is_writing)  # the login is the process's
        except REFUSALS as error:
            self._refused = pin.encode()
            raise PinRefused(
                _("the token refused the PIN: %(reason)s")
                % {"reason": reason_of(error)}
            ) from None
