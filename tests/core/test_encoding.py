"""A charset that a client names cannot make a page fail."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client, RequestFactory

from jtsec import middleware
from jtsec.core.encoding import forget_unreadable

ADDRESS = "/accounts/login/"
CONTENT = "multipart/form-data; boundary=B; charset="
FORM = (
    b'--B\r\nContent-Disposition: form-data; name="username"\r\n\r\nzhang\r\n'
    b'--B\r\nContent-Disposition: form-data; name="password"\r\n\r\nwrong \xff\r\n'
    b"--B--\r\n"
)
UNREADABLE = ["hex", "rot13", "base64", "zlib", "idna", "punycode", "undefined"]


def sent(charset: str) -> int:
    """Return the status of a form that names a charset."""
    client = Client(raise_request_exception=False)
    return client.generic("POST", ADDRESS, FORM, CONTENT + charset).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("charset", [*UNREADABLE, "nonsense", "unicode_escape"])
def test_a_form_in_an_unreadable_charset_is_read_as_ever(charset: str) -> None:
    """The login page says that it is wrong, and no error is left behind."""
    assert sent(charset) == 200


@pytest.mark.django_db
def test_taken_at_its_word_it_would_be_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection taken away."""
    monkeypatch.setattr(middleware, "forget_unreadable", lambda request: None)
    assert sent("hex") == 500


@pytest.mark.parametrize("charset", ["gb18030", "utf-16", "latin-1", "utf-8"])
def test_a_charset_in_which_text_is_written_stays(charset: str) -> None:
    """An older program may send its forms in GB 18030."""
    content: Any = CONTENT + charset
    request = RequestFactory().generic("POST", ADDRESS, FORM, content)
    forget_unreadable(request)
    assert request.encoding == charset
