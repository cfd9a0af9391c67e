"""The front door of the example: who comes in, what they read, where they may go."""

from __future__ import annotations

import re

import pytest

from tests.example.visitor import LOGIN, Visitor

PEOPLE = {
    "sysadmin": "系统管理",
    "secadmin": "安全管理",
    "auditor": "审计管理",
    "zhang": "业务办理",
    "li": "业务办理",
    "wang": "业务办理",
}
ADMINISTRATORS = ("sysadmin", "secadmin", "auditor")
NOTICE = "/accounts/last-login/"
CLOSED = (
    "/",
    "/permits/",
    "/permits/new/",
    "/permits/demo-error/",
    "/permits/TX2026010100000001/",
    NOTICE,
    "/accounts/password/",
    "/accounts/sessions/",
)


@pytest.mark.clause("A3.1.1")
@pytest.mark.parametrize("path", CLOSED)
def test_a_stranger_sees_the_login_page_and_nothing_else(
    visitor: Visitor, path: str
) -> None:
    """Every page of the example sends strangers to log in."""
    answer = visitor.get(path)
    assert answer.status == 302
    assert answer.target.startswith(LOGIN)


@pytest.mark.clause("A3.1.2", "A3.2.12")
@pytest.mark.parametrize("username", PEOPLE)
def test_each_of_the_six_accounts_logs_in(visitor: Visitor, username: str) -> None:
    """The login leads to the notice with time and source, the home names the duty."""
    answer = visitor.log_in(username)
    assert (answer.status, answer.target) == (302, NOTICE)
    notice = visitor.get(NOTICE)
    assert notice.status == 200
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", notice.text)
    assert "127.0.0.1" in notice.text
    home = visitor.get("/").text
    assert PEOPLE[username] in home
    assert ("非警员" in home) == (username == "wang")


@pytest.mark.clause("A3.2.12")
def test_a_failure_is_told_at_the_next_login(visitor: Visitor) -> None:
    """Who mistyped, or whose password was tried, reads of it after the login."""
    assert visitor.log_in("li", "Wrong@Guess2026").status == 200
    visitor.log_in("li")
    told = visitor.get(NOTICE).text
    rows = re.findall(r"<td>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d</td>\s*<td>127", told)
    assert len(rows) == 1


@pytest.mark.clause("A3.2.4")
def test_a_wrong_password_and_an_unknown_user_get_the_same_page(
    visitor: Visitor,
) -> None:
    """The answer tells nobody which names exist, and never sends a password back."""
    texts = set()
    for name in ("zhang", "nobody"):
        answer = visitor.log_in(name, "Wrong@Guess2026")
        assert answer.status == 200
        assert "Wrong@Guess2026" not in answer.text
        text = re.sub(r'value="[^"]*"', "", answer.text)
        texts.add(text)
    assert len(texts) == 1


@pytest.mark.clause("A4.3")
@pytest.mark.parametrize("username", ADMINISTRATORS)
def test_an_administrator_does_no_business(visitor: Visitor, username: str) -> None:
    """The home says so, and the pages of the business refuse with a sentence."""
    visitor.log_in(username)
    home = visitor.get("/").text
    assert "没有业务权限" in home
    assert "manage.py" in home
    assert 'href="/permits/' not in home
    for path in ("/permits/", "/permits/new/", "/permits/TX2026010100000001/"):
        refused = visitor.get(path)
        assert refused.status == 403
        assert "<h1>" in refused.text
        assert "Traceback" not in refused.text


@pytest.mark.clause("A3.2.11", "A9.3")
def test_a_second_login_ends_the_first_and_tells_it(
    served: tuple[object, str],
) -> None:
    """Only one place is left, and the other one reads why."""
    first, second = Visitor(served[1]), Visitor(served[1])
    first.log_in("zhang")
    assert first.get("/").status == 200
    second.log_in("zhang")
    assert second.get("/").status == 200
    ended = first.get("/")
    assert ended.status == 302
    told = first.get(ended.target)
    assert 'class="jtsec-alert jtsec-alert-warn"' in told.text


def test_logging_out_is_for_forms_alone(officer: Visitor) -> None:
    """A link of another site cannot log anybody out; the button does."""
    assert officer.get("/accounts/logout/").status == 405
    assert officer.get("/").status == 200
    assert officer.post("/accounts/logout/", {}, form="/").status == 302
    assert officer.get("/").target.startswith(LOGIN)


@pytest.mark.clause("A3.2.4")
def test_a_password_in_the_address_is_refused(visitor: Visitor) -> None:
    """Right or wrong, it is not looked at."""
    refused = visitor.get(f"{LOGIN}?username=zhang&password=Jtsec@Demo2026")
    assert refused.status == 400
    assert "Jtsec@Demo2026" not in refused.text
    assert visitor.get("/").target.startswith(LOGIN)


def test_the_way_asked_for_is_kept_and_stays_on_this_site(visitor: Visitor) -> None:
    """`next` leads on after the notice; another site's address does not."""
    fields = {"username": "zhang", "password": "Jtsec@Demo2026"}
    kept = visitor.post(LOGIN, {**fields, "next": "/permits/"})
    assert kept.target == f"{NOTICE}?next=/permits/".replace(
        "=/permits/", "=%2Fpermits%2F"
    )
    assert 'href="/permits/"' in visitor.get(kept.target).text
    foreign = Visitor(visitor.address)
    led = foreign.post(LOGIN, {**fields, "next": "https://example.org/"})
    assert led.target == NOTICE


def test_every_answer_protects_its_reader(officer: Visitor) -> None:
    """Policy, no sniffing, no framing, nothing kept by the browser."""
    headers = officer.get("/permits/").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "no-store" in headers["Cache-Control"]
    assert "Server" not in headers
