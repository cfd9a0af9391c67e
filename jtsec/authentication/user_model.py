"""
The project's user model, told to compare and set passwords for their owner.

`user.check_password(raw)` knows whose password it is; a hasher does not. Views,
libraries and tests call it, and each of them would accept a value copied from another
row. So the two methods of the one user model are wrapped when Django has started, in
the open and nowhere else: for users with an identity they go through `asking` and
`passwords`, for all others nothing changes.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async

from django.contrib.auth.base_user import AbstractBaseUser

from jtsec.identity.api import identity_of

from .asking import is_password_of
from .binding import hash_for
from .composition import require_good_form
from .confirmed import is_guess_of_owner
from .validators import HistoryValidator

_MARK = "_jtsec_is_bound"


def bind_user_model(model: type[AbstractBaseUser]) -> None:
    """Wrap `check_password`, `acheck_password` and `set_password` of a model, once."""
    if _MARK in vars(model):
        return
    setattr(model, _MARK, True)
    plain_check, plain_set = model.check_password, model.set_password

    @wraps(plain_check)
    def check_password(self: AbstractBaseUser, raw_password: str) -> bool:
        if self.pk is None or identity_of(self) is None:
            return plain_check(self, raw_password)
        return is_password_of(self, raw_password)

    @wraps(plain_set)
    def set_password(self: AbstractBaseUser, raw_password: str | None) -> None:
        identity = identity_of(self) if self.pk is not None else None
        if identity is None or raw_password is None:
            plain_set(self, raw_password)
            return
        require_good_form(raw_password)
        if is_guess_of_owner(self):
            # The rule has kept silent when it was asked.
            HistoryValidator().require_unused(raw_password, self)
        with hash_for(identity):
            plain_set(self, raw_password)

    async def acheck_password(self: AbstractBaseUser, raw_password: str) -> bool:
        is_right: bool = await sync_to_async(check_password)(self, raw_password)
        return is_right

    patched: dict[str, Any] = {
        "check_password": check_password,
        "acheck_password": acheck_password,
        "set_password": set_password,
    }
    for name, method in patched.items():
        setattr(model, name, method)
