"""
Opens a throw-away example to any scanner, behind a relay that counts.

    python -m tests.scanning.opened --as zhang --port 8232 --keep counted.json

Prints the address and waits; Ctrl+C ends it, and writes what went through. Without
`--as` nobody is logged in, and each request comes from another address.
"""

from __future__ import annotations

import argparse
import json
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.example.demonstration import Demonstration
from tests.example.visitor import Visitor
from tests.scanning.relay import Relay


@contextmanager
def opened(username: str, work: Path, *, port: int = 0) -> Iterator[Relay]:
    """
    Serve a fresh copy as one visitor sees it.

    Args:
        username: who every request is logged in as; empty for nobody.
        work: where the copy lies.
        port: of the relay; 0 for a free one.
    """
    example = Demonstration(work)
    prepared = example.prepare()
    if prepared.returncode:
        raise SystemExit(prepared.stderr)
    with example.served() as address:
        cookie = log_in(address, username) if username else ""
        target = int(address.rsplit(":", 1)[1])
        relay = Relay(port, target, cookie=cookie, has_many=not cookie)
        threading.Thread(target=relay.serve_forever, daemon=True).start()
        try:
            yield relay
        finally:
            relay.shutdown()


def log_in(address: str, username: str) -> str:
    """Log in and return the cookies that every request of the scan carries."""
    visitor = Visitor(address)
    if visitor.log_in(username).status != 302:
        raise SystemExit(f"{username} cannot log in")
    return "; ".join(f"{one.name}={one.value}" for one in visitor.cookies)


def is_logged_in(relay: Relay) -> bool:
    """Say whether the session still lives; else the rest was scanned as nobody."""
    visitor = Visitor(f"http://127.0.0.1:{relay.target}")
    visitor._opener.addheaders.append(("Cookie", relay.cookie))
    return visitor.get("/").status == 200


def wait_for_the_end() -> None:
    """Wait for Ctrl+C or SIGTERM; a shell lets what runs behind it ignore the first."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()


def main() -> None:
    """Open, wait, and keep what was counted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--as", dest="username", default="")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--keep", type=Path, required=True)
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(chosen.username, Path(folder), port=chosen.port) as relay,
    ):
        print(f"http://127.0.0.1:{relay.server_port}/", flush=True)
        wait_for_the_end()
        kept = {**relay.summary(), "logged_in_at_the_end": is_logged_in(relay)}
        chosen.keep.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
