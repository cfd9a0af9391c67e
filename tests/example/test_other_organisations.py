"""What belongs to another organisation, or is too sensitive, is not there at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.example.demonstration import Demonstration
from tests.example.visitor import Visitor


def permits(demonstration: Demonstration, condition: str) -> list[Any]:
    """Return numbers and attachments, as SQL sees them."""
    with closing(sqlite3.connect(demonstration.database)) as database:
        return database.execute(
            "SELECT p.number, p.attachment FROM permits_permit p"
            " JOIN jtsec_organization o ON o.id = p.organisation_id"
            f" WHERE {condition}"
        ).fetchall()


@pytest.fixture
def wang(served: tuple[Demonstration, str]) -> Visitor:
    """Return wang, of the vehicle office, logged in."""
    visitor = Visitor(served[1])
    assert visitor.log_in("wang").status == 302
    return visitor


@pytest.mark.clause("A4.1")
def test_files_of_another_organisation_cannot_be_guessed(
    served: tuple[Demonstration, str], wang: Visitor
) -> None:
    """By the number, by the name on the disk, or by a way out of the folder."""
    demonstration = served[0]
    kept = "p.attachment <> '' AND o.code"
    own = permits(demonstration, f"{kept} = '110000000103' AND p.sensitivity = 0")
    others = permits(demonstration, f"{kept} <> '110000000103'")
    assert wang.get(f"/permits/{own[0][0]}/attachment/").text.startswith("%PDF")
    for number, name in others:
        assert wang.get(f"/permits/{number}/attachment/").status == 404
        assert wang.get(f"/permits/{number}/").status == 404
        assert wang.call(f"/api/permits/{number}/").status == 404
        assert wang.get(f"/media/{name}").status == 404
    for way in ("../../private/jtsec.keys", "%2e%2e%2fexample.sqlite3", "a%00.pdf"):
        assert wang.get(f"/permits/{own[0][0]}/attachment/{way}").status == 404
        assert wang.get(f"/media/permits/{way}").status in (400, 404)
    told = demonstration.manage("demo_audit", "--last", "200").stdout
    assert "other-organisation" in told
    assert "access:file:refused" in told


@pytest.mark.clause("A4.14")
def test_what_is_above_the_clearance_is_filtered_out_and_attempts_are_recorded(
    served: tuple[Demonstration, str], wang: Visitor
) -> None:
    """Of wang's own office: wang is not cleared for it, li is."""
    demonstration, address = served
    sensitive = permits(demonstration, "o.code = '110000000103' AND p.sensitivity = 1")
    number = sensitive[0][0]
    assert wang.get(f"/permits/{number}/").status == 404
    assert wang.get(f"/permits/{number}/attachment/").status == 404
    told = demonstration.manage("demo_audit", "--last", "10").stdout
    assert "原因 label" in told
    li = Visitor(address)
    assert li.log_in("li").status == 302
    assert li.get(f"/permits/{number}/").status == 200
