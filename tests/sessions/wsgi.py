"""The small project behind a real server; its gate can be taken away."""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.sessions.project"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

if os.environ.get("JTSEC_TEST_WITHOUT_GATE"):
    from jtsec.sessions import admission

    admission._take_gate = lambda: None
