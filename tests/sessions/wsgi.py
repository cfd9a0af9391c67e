"""The small project behind a real server; its gate can be taken away."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.sessions.project"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

if os.environ.get("JTSEC_TEST_WITHOUT_GATE"):
    from jtsec.sessions import admission, free_place

    # More than a user may have, in each process; after that they may come as they do.
    together = threading.Barrier(5)

    def and_wait(question: Callable[..., Any]) -> Callable[..., Any]:
        """Stay where the gate would keep the others out, until others have come in."""

        def ask(*arguments: Any) -> Any:
            answer = question(*arguments)
            with contextlib.suppress(threading.BrokenBarrierError):
                together.wait(timeout=10)
            return answer

        return ask

    admission._take_gate = lambda: None
    free_place.take = and_wait(free_place.take)
    admission._look = and_wait(admission._look)
