"""People with passwords, for the tests of authentication."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from jtsec.authentication.accounts import write_account
from jtsec.core.context import acting_as, system_actor
from jtsec.identity import api
from tests.identity import people

PASSWORD = "Tianan-Men-7788!"
OTHER = "Chaoyang-Qu-5566?"


def registered(username: str, which: int, /, **other: Any) -> Any:
    """Return a registered user with `PASSWORD`, free to log in; freshly loaded."""
    with acting_as(system_actor("clerk")):
        people.person(username, which, **other)
        user = loaded(username)
        user.set_password(PASSWORD)
        user.save()
        write_account(user, must_change_password=False, must_change_why="")
    return loaded(username)


def adopted(username: str, which: int, encoded: str) -> Any:
    """Return a registered user whose stored value was there before the identity."""
    model = get_user_model()
    user = model._base_manager.create(
        **{model.USERNAME_FIELD: username, "password": encoded}
    )
    with acting_as(system_actor("clerk")):
        api.register(user, **people.particulars(which))
        write_account(loaded(username), must_change_password=False, must_change_why="")
    return loaded(username)


def loaded(username: str) -> Any:
    """Return a user as the database holds it."""
    found = api.user_by_login_name(
        username, ("jtsec_identity__organisation", "jtsec_account")
    )
    assert found is not None
    return found


def stored_password(user: Any) -> str:
    """Return the value in a user's row."""
    value: str = (
        type(user)._base_manager.values_list("password", flat=True).get(pk=user.pk)
    )
    return value


def by_sql(table: str, column: str, value: Any, **where: Any) -> None:
    """Change one column as somebody with the database's password would."""
    (name, key), *_ = where.items()
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(table)} SET {quote(column)} = %s WHERE {quote(name)} = %s",
            [value, key],
        )
        assert cursor.rowcount == 1
