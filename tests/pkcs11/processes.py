"""
What processes of their own run: as little of Django as the keys need.

    python -m tests.pkcs11.processes guarded|unguarded     forks beside a busy thread
    gunicorn --preload tests.pkcs11.processes:application  serves from forked workers
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

SETTINGS = "JTSEC_TEST_SETTINGS"
NAMES = ("PROFILE", "KEYS_PROVIDER", "KEYS_FILE", "PKCS11_MODULE", "PKCS11_TOKEN")


def as_environment() -> dict[str, str]:
    """Return the environment in which the settings of the moment are in force."""
    chosen = {f"JTSEC_{name}": getattr(settings, f"JTSEC_{name}") for name in NAMES}
    named = os.environ | {SETTINGS: json.dumps(chosen)}
    named.pop("DJANGO_SETTINGS_MODULE", None)
    return named


def mac() -> bytes:
    """Return a MAC under the ring as this process has it."""
    from jtsec.keys import api as keys

    return keys.mac(keys.Purpose.SEAL, b"x")[1]


def application(environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the process and a MAC under the ring, read anew."""
    from jtsec.keys import api as keys

    keys.reload()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {mac().hex()}".encode()]


def fork_beside_a_busy_thread(patience: int) -> None:
    """Print what became of three children: 0 well, 14 hung until the alarm."""
    from jtsec.keys import api as keys
    from jtsec.pkcs11.token import TOKEN

    expected, inside = mac(), threading.Event()

    def work(key: Any) -> None:
        inside.set()
        time.sleep(0.3)

    busy = threading.Thread(target=lambda: TOKEN.use(work))
    busy.start()
    inside.wait()
    children = []
    for _ in range(3):
        child = os.fork()
        if not child:
            signal.alarm(patience)
            keys.reload()
            os._exit(0 if mac() == expected else 1)
        children.append(child)
    busy.join()
    ended = [os.waitpid(one, 0)[1] for one in children]
    keys.reload()
    print(*ended, mac() == expected)


if SETTINGS in os.environ:
    settings.configure(**json.loads(os.environ[SETTINGS]))
    if sys.argv[-1] == "unguarded":
        os.register_at_fork = lambda **hooks: None
    mac()  # the parent has the token open before it forks
    if __name__ == "__main__":
        fork_beside_a_busy_thread(2 if sys.argv[-1] == "unguarded" else 30)
