"""What nobody sends by mistake: the example answers it clearly, and never breaks."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.example.demonstration import Demonstration
from tests.example.test_permits import application
from tests.example.visitor import LOGIN, PASSWORD, Visitor

ELSEWHERE = (
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\t//evil.example",
    "javascript:alert(1)",
    "http://127.0.0.1.evil.example/",
)


@pytest.mark.clause("A8.1", "A10.1")
@pytest.mark.parametrize(
    "fields",
    [
        b"",
        b"username=zhang",
        b"password=x",
        b"username=&password=",
        b"username=zh%00ang&password=x",
        b"username=zhang&password=x%00",
        b"username=%ff%fe&password=%ff",
        b"username=zh%0d%0aang&password=x",
        b"username=zh%e2%80%8bang&password=x",
        b"username=" + b"a" * 100_000 + b"&password=x",
        b"username=zhang&username=li&password=x",
        b"username[]=zhang&password[]=x",
    ],
)
def test_a_malformed_login_is_refused(visitor: Visitor, fields: bytes) -> None:
    """Nobody gets in, nothing breaks, no trace is shown."""
    answer = visitor.post(LOGIN, fields)
    assert answer.status in {200, 400}
    assert "Traceback" not in answer.text
    assert visitor.get("/").target.startswith(LOGIN)


@pytest.mark.clause("A8.1")
def test_a_password_of_ten_megabytes_is_refused(visitor: Visitor) -> None:
    """It is not hashed, not stored and not echoed."""
    body = b"username=zhang&password=" + b"x" * 10_000_000
    answer = visitor.post(LOGIN, body)
    assert answer.status in {200, 400, 413}
    assert len(answer.text) < 100_000
    assert visitor.log_in("zhang").status == 302


@pytest.mark.clause("A8.1")
@pytest.mark.parametrize(
    "path",
    [
        "/permits/?plate=%00",
        "/permits/?plate=%FF",
        "/permits/?owner_id_number=1%27%20OR%201%3D1--",
        "/permits/?owner_phone=" + "1" * 5000,
        "/permits/?page=%E2%91%A0",
        "/permits/?" + "&".join(f"a{n}=1" for n in range(2000)),
        "/permits/TX%00/",
        "/permits/TX202601010000000%0A/",
        "/permits/..%2f..%2fetc%2fpasswd/",
        "/%00",
        "/static/..%2f..%2fexample%2fsettings.py",
        "/static/jtsec/../../manage.py",
        "/accounts/last-login/?next=%00",
    ],
)
def test_a_strange_address_gets_a_clear_answer(officer: Visitor, path: str) -> None:
    """A page or a refusal; never an error of the server."""
    answer = officer.get(path)
    assert answer.status in {200, 400, 404}
    assert "Traceback" not in answer.text
    assert "DJANGO_SETTINGS_MODULE" not in answer.text


@pytest.mark.clause("A8.1")
def test_a_form_without_its_token_is_refused(officer: Visitor) -> None:
    """Another site cannot file an application in somebody's name."""
    answer = officer.post("/permits/new/", {}, form="/static/jtsec/jtsec.css")
    assert answer.status == 403
    assert "Traceback" not in answer.text


@pytest.mark.clause("A3.2.7")
def test_a_forged_address_is_not_believed(
    served: tuple[Demonstration, str], visitor: Visitor
) -> None:
    """The notice and the audit name the connection, not the header."""
    visitor._opener.addheaders.append(("X-Forwarded-For", "203.0.113.9"))
    visitor.log_in("li", "Wrong@Guess2026")
    visitor.log_in("li")
    told = visitor.get("/accounts/last-login/").text
    assert "203.0.113.9" not in told and "127.0.0.1" in told
    assert "203.0.113.9" not in served[0].manage("demo_audit", "--last", "9").stdout


@pytest.mark.clause("A3.2.4")
def test_no_password_is_written_anywhere(
    served: tuple[Demonstration, str], visitor: Visitor
) -> None:
    """Neither in the database, nor in the audit's log, nor on the terminal."""
    visitor.log_in("zhang", "Wrong@Guess7731")
    visitor.log_in("zhang", PASSWORD)
    served[0].manage("demo_audit")
    folder = served[0].folder
    written = [
        *folder.glob("var/example.sqlite3*"),
        folder / "var" / "audit.log",
    ]
    raw = b"".join(path.read_bytes() for path in written)
    for secret in (PASSWORD, "Wrong@Guess7731"):
        assert secret.encode() not in raw
        assert json.dumps(secret).encode() not in raw
    assert b"Wrong@Guess7731" not in (folder / "server.log").read_bytes()


def test_a_style_sheet_is_not_offered_to_other_sites(visitor: Visitor) -> None:
    """No answer says that every origin may read it."""
    answer = visitor.get("/static/jtsec/jtsec.css")
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] is None
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_login_leads_to_another_site(visitor: Visitor, target: str) -> None:
    """Neither at once nor by the button of the notice."""
    fields = {"username": "wang", "password": PASSWORD, "next": target}
    answer = visitor.post(LOGIN, fields)
    assert answer.status == 302
    assert answer.target.startswith("/accounts/last-login/")
    assert "evil" not in answer.headers["Location"]
    assert "evil" not in visitor.get(answer.target).text


def test_what_a_form_does_not_ask_for_is_not_taken(officer: Visitor) -> None:
    """No label above the own clearance, and no state of one's own choice."""
    assert officer.post("/permits/new/", application(sensitivity="2")).status == 400
    chosen = application() | {"state": "approved", "number": "TX2026010100000000"}
    filed = officer.post("/permits/new/", chosen).target
    assert filed.startswith("/permits/TX") and "TX2026010100000000" not in filed
    assert "待审批" in officer.get(filed).text


@pytest.mark.concurrency
def test_many_visitors_at_once_are_all_answered(
    served: tuple[Demonstration, str],
) -> None:
    """Eight browsers log in and look at the same time; SQLite makes them wait."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(log_in_and_look, [served[1]] * 24))
    assert all(status < 500 for status in answers)


def log_in_and_look(address: str) -> int:
    """Return the worst status of a login and a look at the list."""
    visitor = Visitor(address)
    return max(visitor.log_in("zhang").status, visitor.get("/permits/").status)
