"""Two accounts on the server of the run, that must give their passwords."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.db import connection

from jtsec.core.context import Actor, acting_as
from jtsec.secrets import api, rotation
from jtsec.secrets.accounts import (
    Account,
    Accounts,
    dump_accounts,
    new_accounts,
    parse_accounts,
)
from jtsec.secrets.leaving import Patience
from jtsec.secrets.server import lets_in
from tests.keyring import private_key

DBA_KEY = private_key("database administrator")
OPS = Actor("person", "u-1", "ops", "王五", False, "", "system")
NAME = "db.accounts"
KEPT = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, SECOND = "First-Password-1", "Second-Password-2"
GROUP = "jtsec_must_say_passwords"
RULE = f"local all +{GROUP} scram-sha-256\n"


def run(*statements: str) -> list[Any]:
    """Run statements as the server's owner; return the rows of the last one."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def two_accounts() -> Iterator[Accounts]:
    """Make two accounts with the same rights, kept in the store as `NAME`."""
    suffix = token_hex(4)
    first = Account(f"app_a_{suffix}", FIRST)
    second = Account(f"app_b_{suffix}", SECOND)
    with (
        _on_postgresql(first, second) if _is_postgresql() else _on_mysql(first, second)
    ):
        made = new_accounts(first, second)
        api.keep(NAME, dump_accounts(made), at=KEPT)
        yield made


def rotate(deliver: Path, **patience: float) -> rotation.Rotation:
    """Change the passwords as the technical administrator."""
    with acting_as(OPS):
        return rotation.rotate(
            NAME,
            deliver=deliver,
            reason="two months are over",
            patience=Patience(**{"wait": 60, "quiet": 1, **patience}),  # type: ignore[arg-type]  # by_dba is 0 or 1 here
            tell=lambda line: None,
        )


def kept() -> Accounts:
    """Return the accounts as the store has them."""
    return parse_accounts(api.secret(NAME))


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


@contextmanager
def _on_postgresql(*accounts: Account) -> Iterator[None]:
    for statement in on_postgresql(run, *accounts):
        run(statement)
    while lets_in("default", Account(accounts[0].user, "wrong")):
        time.sleep(0.05)  # the server reads its rules when it comes to it
    names = ", ".join(one.user for one in accounts)
    owner = accounts[0].user + "_owner"
    try:
        yield
    finally:
        run(f"DROP OWNED BY {owner}, {names}", f"DROP ROLE {names}, {owner}")


def on_postgresql(ask: Callable[[str], list[Any]], *accounts: Account) -> list[str]:
    """Return what makes these accounts, that have to say their passwords there."""
    owner = accounts[0].user + "_owner"
    rules = Path(ask("SHOW hba_file")[0][0])
    if RULE not in (text := rules.read_text()):
        rules.write_text(RULE + text)
    is_there = ask(f"SELECT 1 FROM pg_roles WHERE rolname = '{GROUP}'")
    names = ", ".join(one.user for one in accounts)
    return [
        *([] if is_there else [f"CREATE ROLE {GROUP}"]),
        "SELECT pg_reload_conf()",
        f"CREATE ROLE {owner}",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {owner}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {owner}",
        *(
            f"CREATE ROLE {one.user} LOGIN PASSWORD '{one.password}'"
            for one in accounts
        ),
        f"GRANT {owner}, {GROUP} TO {names}",
        *(f"ALTER ROLE {one.user} SET role = {owner}" for one in accounts),
    ]


@contextmanager
def _on_mysql(*accounts: Account) -> Iterator[None]:
    database = connection.settings_dict["NAME"]
    for one in accounts:
        run(
            f"CREATE USER '{one.user}'@'localhost' IDENTIFIED BY '{one.password}'",
            f"GRANT ALL ON `{database}`.* TO '{one.user}'@'localhost'",
        )
    try:
        yield
    finally:
        for one in accounts:
            run(f"DROP USER '{one.user}'@'localhost'")
