"""A server whose interface takes signed requests; for gunicorn."""

from __future__ import annotations

import os
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.rest.signed_settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from jtsec.access import functions  # noqa: E402 - needs the apps
from jtsec.crypto import sm3  # noqa: E402 - needs the apps
from jtsec.rest import accepting  # noqa: E402 - needs the apps
from jtsec.rest.models import UsedNonce  # noqa: E402 - needs the apps
from tests.rest.declared import FUNCTIONS  # noqa: E402 - needs the apps

WITHOUT_KEY = "JTSEC_TEST_LOOK_THEN_WRITE"

for one in FUNCTIONS:
    functions.declare(one)


def look_then_write(client: str, nonce: str, signed_at: int) -> bool:
    """Remember nonces as others do: looked for before, written after."""
    digest = sm3.hexdigest(f"{client}\n{nonce}".encode())
    if UsedNonce.objects.filter(pk=digest).exists():
        return False
    time.sleep(0.05)  # as long as a busy server takes between the two
    UsedNonce.objects.bulk_create(
        [UsedNonce(digest=digest, signed_at=signed_at)], ignore_conflicts=True
    )
    return True


if os.environ.get(WITHOUT_KEY):
    vars(accepting)["use_up"] = look_then_write
