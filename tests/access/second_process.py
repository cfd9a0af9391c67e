"""
Another process of the application, which says when its answers about somebody change.

    python -m tests.access.second_process NAME COOKIE SECONDS

Every few milliseconds it asks what a request would ask, and calls the guarded page with
the session; each change is a line of JSON with the time.
"""

from __future__ import annotations

import json
import sys
import time

import django

RIGHT = "auth.view_group"
PAGE = "/right/"


def watch(name: str, cookie: str, seconds: float) -> None:
    """Print each change of the decision and of the page's answer."""
    from django.conf import settings
    from django.test import Client

    from jtsec.access.api import decide
    from tests.authentication.persons import loaded

    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = cookie
    end = time.monotonic() + seconds
    last: tuple[str, int, str] | None = None
    while time.monotonic() < end:
        reason = decide(loaded(name), RIGHT).reason
        page = browser.get(PAGE, headers={"accept": "application/json"})
        code = "" if page.status_code == 200 else page.json().get("code", "")
        if (reason, page.status_code, code) != last:
            last = (reason, page.status_code, code)
            line = {"at": time.time(), "reason": reason, "page": page.status_code}
            print(json.dumps({**line, "code": code}), flush=True)
        time.sleep(0.02)


def main() -> None:
    """Set the application up as the tests of the guard serve it."""
    django.setup()
    from django.test import override_settings

    with override_settings(
        ROOT_URLCONF="tests.guard.urls",
        SESSION_COOKIE_SECURE=False,
        CSRF_COOKIE_SECURE=False,
    ):
        watch(sys.argv[1], sys.argv[2], float(sys.argv[3]))


if __name__ == "__main__":
    main()
