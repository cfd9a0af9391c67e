"""What gunicorn serves of it."""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.audit.sealing.killed_settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
