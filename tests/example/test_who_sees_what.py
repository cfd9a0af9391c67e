"""
Every address of the example with every account, compared with the reviewed table.

    UPDATE_REFERENCE=1 pytest tests/example/test_who_sees_what.py    writes it anew
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from tests.example.demonstration import Demonstration
from tests.example.who_sees_what import (
    ACCOUNTS,
    ALLOWED,
    BROKEN,
    LOG_IN,
    NOTHING,
    REFUSED,
    STRANGER,
    Address,
    addresses,
    as_page,
    asked,
)

pytestmark = pytest.mark.slow
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "example-access.md"
OPEN_TO_STRANGERS = {"/accounts/login/", "/accounts/logout/"}
Table = tuple[Sequence[Address], Mapping[str, Sequence[str]]]


@pytest.fixture(scope="module")
def table(served: tuple[Demonstration, str]) -> Table:
    """Ask for everything once."""
    demonstration, address = served
    with closing(sqlite3.connect(demonstration.database)) as database:
        (number,) = database.execute(
            "SELECT p.number FROM permits_permit p JOIN auth_user u"
            " ON u.id = p.filed_by_id WHERE u.username = 'zhang'"
            " AND p.attachment <> '' AND p.sensitivity = 0 LIMIT 1"
        ).fetchone()
        (uid,) = database.execute(
            "SELECT i.uid FROM jtsec_identity i JOIN auth_user u ON u.id = i.user_id"
            " WHERE u.username = 'wang'"
        ).fetchone()
    known = {"permit": number, "uid": str(UUID(uid))}
    found = addresses(demonstration, known)
    return found, asked(address, found)


def opened(table: Table, account: str) -> set[str]:
    """Return the routes that an account came into."""
    places, signs = table
    passed = {ALLOWED, NOTHING, BROKEN}
    return {
        one.route
        for one, sign in zip(places, signs[account], strict=True)
        if sign in passed
    }


@pytest.mark.clause("A4.1", "A4.3", "A4.4")
def test_everybody_gets_what_the_reviewed_table_says(table: Table) -> None:
    """One address more, or one cell that differs, is looked at by somebody."""
    page = as_page(*table)
    if os.environ.get("UPDATE_REFERENCE"):
        PAGE.write_text(page, "utf-8")
    assert page == PAGE.read_text("utf-8")


@pytest.mark.clause("A10.1")
def test_nothing_fails_but_what_fails_on_purpose(table: Table) -> None:
    """Whatever number, code or name stands in an address."""
    places, signs = table
    for account in ACCOUNTS:
        broken = [
            one.path
            for one, sign in zip(places, signs[account], strict=True)
            if sign == BROKEN and one.route != "/permits/demo-error/"
        ]
        assert not broken, account


@pytest.mark.clause("A3.1.1")
def test_a_stranger_gets_the_login_page_and_no_other(table: Table) -> None:
    """Everything else sends them there, interfaces too."""
    places, signs = table
    for one, sign in zip(places, signs[STRANGER], strict=True):
        assert sign == (ALLOWED if one.route in OPEN_TO_STRANGERS else LOG_IN), one


@pytest.mark.clause("A4.4", "A4.5")
def test_no_page_of_an_administrator_is_anothers(table: Table) -> None:
    """What asks for a right is opened by one of the duties, and by no other."""
    rights = {one.route for one in table[0] if "." in one.demand}
    duties = (("sysadmin",), ("secadmin",), ("auditor",), ACCOUNTS[4:])
    mine = [
        set().union(*(opened(table, account) for account in duty)) & rights
        for duty in duties
    ]
    for place, one in enumerate(mine):
        for other in mine[place + 1 :]:
            assert not one & other
    assert set().union(*mine) == rights


@pytest.mark.clause("A4.7", "A4.11")
def test_the_owner_is_for_police_at_their_terminal(table: Table) -> None:
    """Zhang alone: li has no terminal, wang is no police officer."""
    places, signs = table
    owners = [place for place, one in enumerate(places) if "owner" in one.route]
    assert len(owners) == 2
    for account in ACCOUNTS[1:]:
        wanted = ALLOWED if account == "zhang" else REFUSED
        assert {signs[account][place] for place in owners} == {wanted}, account
